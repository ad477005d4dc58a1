// What is to be shipped, asked of the read service: so the process that reaches out to another machine can neither open the
// store nor command the service. And the hidden command that answers.

internal import ArgumentParser
internal import Backup
internal import Files
internal import Foundation
internal import ReadProtocol
internal import Store

/// The read service as a source of shipments. Keeps its session: starting one costs more than what is asked of it.
final class ServedShipping: ShipmentSource {
    private let client: ReadClient
    private var session: SocketLines?

    init(_ client: ReadClient) { self.client = client }

    func next(after cursor: ShippingCursor?, limit: Int, isPointWanted: Bool) throws -> Shipment {
        var arguments = ["ship", "--limit", "\(limit)"]
        if let cursor { arguments += ["--after", cursor.text] }
        if isPointWanted { arguments.append("--point") }
        return try Shipment(encoded: ask(arguments))
    }

    /// The head of the chain, or the hash of a row.
    func head(_ row: Int64? = nil) throws -> StoreReader.Head? {
        let output = try ask(["ship", "--head"] + (row.map { ["--row", "\($0)"] } ?? []))
        return (try? JSONDecoder().decode(HeadRecord.self, from: Data(output)))?.head
    }

    private func ask(_ arguments: [String]) throws -> [UInt8] {
        var lines = try session ?? SocketLines(client.connect())
        session = nil
        let request = ReadRequest(arguments: arguments)
        try? lines.socket.writeLine(Array(JSONEncoder().encode(request)))
        var output: [UInt8] = []
        var messages: [UInt8] = []
        while let frame = try? ReadFrame.next(&lines) {
            switch frame {
            case .out(let bytes): output += bytes
            case .message(let bytes): messages += bytes
            case .mark: break
            case .end(let code):
                guard code == 0 else { throw CommandError(served: messages, code) }
                session = lines
                return output
            }
        }
        throw CommandError(
            "the read service ended without an answer", hint: "see journalctl -u copytaster-read", code: EX_TEMPFAIL)
    }
}

extension CommandError {
    /// What a command of the read service said when it failed: `copytaster: MESSAGE`, and a line with the hint.
    fileprivate init(served messages: [UInt8], _ code: Int32) {
        let lines = String(decoding: messages, as: UTF8.self).split(separator: "\n", maxSplits: 1).map(String.init)
        let message = (lines.first ?? "the read service refused").replacing("copytaster: ", with: "")
        let hint = lines.count > 1 ? lines[1].trimmingCharacters(in: .whitespacesAndNewlines) : nil
        self.init(message, hint: hint, code: code)
    }
}

/// Where a process that ships or signs gets what it needs: from the store if it may open it, else from the read service.
enum ArchiveSource {
    static func shipping(_ settings: Settings) throws -> any ShipmentSource {
        switch ReadAccess(settings) {
        case .direct: StoreShipping(try StoreReader(directory: settings.state))
        case .service(let path): ServedShipping(ReadClient(path: path))
        }
    }

    static func head(_ settings: Settings) throws -> StoreReader.Head {
        switch ReadAccess(settings) {
        case .direct: return try StoreReader(directory: settings.state).head()
        case .service(let path):
            guard let head = try ServedShipping(ReadClient(path: path)).head() else {
                throw CommandError(
                    "the read service does not tell the head of the chain", hint: "is it of the same version?",
                    code: EX_PROTOCOL)
            }
            return head
        }
    }

    /// The hash of a ledger row; nil if there is no such row.
    static func chain(of row: Int64, _ settings: Settings) throws -> String? {
        switch ReadAccess(settings) {
        case .direct: try StoreReader(directory: settings.state).chain(of: row)
        case .service(let path): try ServedShipping(ReadClient(path: path)).head(row)?.chain
        }
    }
}

/// A head as the read service tells it.
private struct HeadRecord: Codable {
    var row: Int64
    var chain: String
    var epoch: String

    init(_ head: StoreReader.Head) { (row, chain, epoch) = (head.row, head.chain, head.epoch) }

    var head: StoreReader.Head { StoreReader.Head(row: row, chain: chain, epoch: epoch) }
}

struct Ship: ServedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what came since a cursor, for `backup --follow`.", shouldDisplay: false)

    @Option(name: .long) var after: String?
    @Option(name: .long) var limit = 4 << 20
    @Flag(name: .long) var point = false
    @Flag(name: .long) var head = false
    @Option(name: .long) var row: Int64?
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let reader = try shared.reader()
        if head { return try tellHead(reader) }
        let cursor = after.flatMap { ShippingCursor($0) }
        guard after == nil || cursor != nil, (0...(64 << 20)).contains(limit) else {
            throw CommandError("this is no cursor of a backup", hint: "`backup --follow` has them", code: EX_USAGE)
        }
        let shipment = try StoreShipping(reader).next(after: cursor, limit: limit, isPointWanted: point)
        Output.write(shipment.encoded)
    }

    private func tellHead(_ reader: StoreReader) throws {
        var head = try reader.head()
        if let row {
            guard let chain = try reader.chain(of: row) else { return Output.line("{}") }
            (head.row, head.chain) = (row, chain)
        }
        Output.line(String(decoding: try JSONEncoder().encode(HeadRecord(head)), as: UTF8.self))
    }
}
