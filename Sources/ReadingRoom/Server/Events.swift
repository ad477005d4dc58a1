// Server-sent events (HTML Standard, section 9.2): the wire for pages, the ledger's rows for programs.

internal import Foundation
internal import Hummingbird
internal import ServiceLifecycle

struct Events: Sendable {
    let archive: Archive
    let live: LiveWire
    let board: WireBoard

    /// How often a page is told at most, and how often it is seen whether it is still there.
    private static let interval = Duration.seconds(1)
    private static let heartbeat = 15

    private static let headers: HTTPFields = [
        .contentType: "text/event-stream", .cacheControl: "no-store",
        // A proxy that gathers an answer would hold it for ever.
        .known("X-Accel-Buffering"): "no",
    ]

    /// The wire's lines whenever something came, once a second at most.
    func wire() -> Response {
        Response(
            status: .ok, headers: Self.headers,
            body: ResponseBody { [live, board] writer in
                var shown: UInt64?
                var quiet = 0
                while !Task.isShuttingDownGracefully {
                    let now = live.generation
                    if now != shown {
                        let html = WirePage.rows(try await board.newest()).text
                        // The first time a page has it already.
                        if shown != nil || quiet > 0 {
                            let data = String(decoding: try JSON.bytes(html), as: UTF8.self)
                            try await writer.write(ByteBuffer(string: "event: wire\ndata: \(data)\n\n"))
                        } else {
                            try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                        }
                        (shown, quiet) = (now, 0)
                    } else {
                        quiet += 1
                        if quiet % Self.heartbeat == 0 {
                            try await writer.write(ByteBuffer(string: ": still here\n\n"))
                        }
                    }
                    try await Task.sleep(for: Self.interval)
                }
                try await writer.finish(nil)
            })
    }

    /// The ledger's rows, each with its cursor as the event's id: a consumer who comes back with `Last-Event-ID` goes on there.
    func ledger(after cursor: String?) async throws -> Response {
        // First the stream, then what was before it: so nothing falls between the two.
        let (missed, rows) = live.follow(after: cursor)
        var before: [String] = missed?.map { Self.event($0.cursor, $0.line) } ?? []
        var last = missed?.last?.id ?? 0
        if missed == nil, let cursor {
            let older = try await archive.output(["ledger", "--json", "--since", cursor])
            for line in older.split(separator: UInt8(ascii: "\n")) {
                guard let record = try? JSONDecoder().decode(Record.self, from: Data(line)) else { continue }
                before.append(Self.event(record.cursor, String(decoding: line, as: UTF8.self)))
                last = record.id
            }
        }
        let (first, newest) = (before.joined(), last)
        return Response(
            status: .ok, headers: Self.headers,
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "retry: 2000\n\n" + first))
                for await row in rows.cancelOnGracefulShutdown() where row.id > newest {
                    try await writer.write(ByteBuffer(string: Self.event(row.cursor, row.line)))
                }
                try await writer.finish(nil)
            })
    }

    private static func event(_ id: String, _ line: String) -> String { "id: \(id)\nevent: row\ndata: \(line)\n\n" }
}
