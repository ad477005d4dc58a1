// What is new, for all readers at once: one thread follows the ledger, whatever the number of readers.
//
// Promises: a reader who does not take what is sent misses it, and holds up nobody; a consumer of rows who does not is ended,
// and goes on where he was; what is counted is bounded.

internal import Files
internal import Foundation
internal import Logging
internal import ReadProtocol
internal import Synchronization

/// Follows the ledger.
final class LiveWire: Sendable {
    /// A row, as it is sent to consumers.
    struct Row: Sendable {
        var cursor: String
        var id: Int64
        /// The line of JSON as the archive gave it.
        var line: String
    }

    /// How many rows are kept for consumers who come back.
    static let kept = 10_000
    /// A consumer who is so many rows behind is ended.
    static let mostBehind = 4_096
    private static let retryInterval = Duration.seconds(1)

    private let socket: String
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var recent: [Row] = []
        var figures = Figures()
        var consumers: [Int: AsyncStream<Row>.Continuation] = [:]
        var nextConsumer = 0
        /// Rises with every row: whoever shows the wire looks whether it did.
        var generation: UInt64 = 0
        var lastCursor: String?
        var trouble: String?
    }

    init(socket: String, logger: Logger) {
        self.socket = socket
        self.logger = logger
    }

    /// Changes whenever a row came.
    var generation: UInt64 { state.withLock { $0.generation } }
    /// What was counted since yesterday.
    var figures: Figures { state.withLock { $0.figures } }
    /// Why nothing new can come at the moment.
    var trouble: String? { state.withLock { $0.trouble } }

    /// The rows that come from now on; the stream ends if the consumer falls behind.
    ///
    /// - Returns: the rows after `cursor` that are still kept, nil if it is further back than those; and the stream.
    func follow(after cursor: String?) -> (missed: [Row]?, rows: AsyncStream<Row>) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Row.self, bufferingPolicy: .bufferingOldest(Self.mostBehind))
        let missed: [Row]? = state.withLock { state in
            let number = state.nextConsumer
            state.nextConsumer += 1
            state.consumers[number] = continuation
            continuation.onTermination = { [weak self] _ in
                // Not at once: the stream may end within the lock.
                Task { self?.state.withLock { $0.consumers[number] = nil } }
            }
            guard let cursor else { return [] }
            if cursor == state.lastCursor { return [] }
            guard let place = state.recent.firstIndex(where: { $0.cursor == cursor }) else { return nil }
            return Array(state.recent[(place + 1)...])
        }
        return (missed, stream)
    }

    /// Starts the thread. It ends with the process.
    func start() {
        let thread = Thread { [self] in
            while true {
                let why = listen()
                state.withLock { state in
                    if state.trouble == nil { logger.warning("the ledger is not followed at the moment: \(why)") }
                    state.trouble = why
                }
                Files.Process.sleep(for: Self.retryInterval)
            }
        }
        thread.name = "wire"
        thread.start()
    }

    /// Follows until the session breaks; returns why it did.
    private func listen() -> String {
        do throws(FileError) {
            var connection = try ReadConnection(path: socket)
            if state.withLock({ $0.lastCursor }) == nil {
                // What came since yesterday is counted, not shown.
                if let why = try take(["ledger", "--json", "--since", "24h"], &connection, isNews: false) {
                    return why
                }
                let newest = try take(["ledger", "--json", "--limit", "1"], &connection, isNews: false)
                if let newest { return newest }
            }
            let cursor = state.withLock { $0.lastCursor } ?? "0"
            return try take(["ledger", "--json", "--follow", "--since", cursor], &connection, isNews: true)
                ?? "the read service ended the session"
        } catch { return error.description }
    }

    /// Takes the rows that a command prints; a sentence if it failed.
    private func take(
        _ arguments: [String], _ connection: inout ReadConnection, isNews: Bool
    ) throws(FileError) -> String? {
        var rest: [UInt8] = []
        let decoder = JSONDecoder()
        let answer = try connection.ask(arguments) { bytes in
            rest += bytes
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[start..<end]
                start = end + 1
                guard let record = try? decoder.decode(Record.self, from: Data(line)) else { continue }
                add(record, String(decoding: line, as: UTF8.self), isNews: isNews)
            }
            rest.removeFirst(start)
            return true
        }
        guard let answer else { return "the read service ended the session" }
        if answer.code == EX_PROTOCOL {
            // Another store, or one that was restored: begin anew with it.
            state.withLock { ($0.lastCursor, $0.recent) = (nil, []) }
        }
        return answer.code == 0 ? nil : answer.messages.split(separator: "\n").first.map(String.init) ?? "it failed"
    }

    private func add(_ record: Record, _ line: String, isNews: Bool) {
        let row = Row(cursor: record.cursor, id: record.id, line: line)
        state.withLock { state in
            state.trouble = nil
            // The newest row is read once more to have a cursor where nothing came since yesterday.
            if state.recent.last?.id == record.id { return }
            state.figures.count(record)
            state.lastCursor = record.cursor
            state.recent.append(row)
            if state.recent.count > 2 * Self.kept { state.recent.removeFirst(Self.kept) }
            state.generation += 1
            guard isNews else { return }
            for (number, consumer) in state.consumers {
                if case .enqueued = consumer.yield(row) { continue }
                consumer.finish()
                state.consumers[number] = nil
            }
        }
    }
}

/// What came since yesterday, by hour and by source.
struct Figures: Sendable {
    /// More sources than that are counted together: anybody who delivers can make one.
    static let mostSources = 256

    struct Hour: Sendable, Equatable {
        var arrivals: Int64 = 0
        var verdicts: [String: Int64] = [:]
    }

    struct Source: Sendable, Equatable {
        var deliveries: Int64 = 0
        var last = ""
    }

    /// By the beginning of the hour, such as `2026-11-24T11`, in UTC.
    private(set) var hours: [String: Hour] = [:]
    /// By the first directory of the name; "" for files at the top.
    private(set) var sources: [String: Source] = [:]

    mutating func count(_ record: Record) {
        let hour = String(record.received.prefix(13))
        hours[hour, default: Hour()].arrivals += 1
        hours[hour, default: Hour()].verdicts[record.verdict, default: 0] += 1
        if hours.count > 48, let oldest = hours.keys.min() { hours[oldest] = nil }
        let parts = record.name.split(separator: "/", maxSplits: 1)
        var source = parts.count > 1 ? String(parts[0]) : ""
        if sources[source] == nil, sources.count >= Self.mostSources { source = "(others)" }
        sources[source, default: Source()].deliveries += 1
        sources[source, default: Source()].last = record.received
    }
}
