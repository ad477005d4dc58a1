// How members of the group are answered: over a socket, by the very commands that they typed.
//
// A connection is a session of any number of requests, one after another. A request is a line of JSON; the answer is a
// row of frames: a byte that says what follows, its length (four bytes, the highest first), and so many bytes.
//
//     {"version":1,"arguments":["search","--json","rice"]}
//     o  bytes for standard output
//     e  bytes for standard error
//     m  a ledger row, in decimal: all up to it has been sent (`ledger` alone; go on after it in another session)
//     x  the exit code, in decimal: the end of this answer
//
// docs/operations.md says it for those who write a client.

public import Files
internal import Foundation

/// What a visitor asks.
public struct ReadRequest: Codable, Sendable {
    public static let version = 1
    /// A request's length at most.
    public static let longest = 64 << 10

    public var version = ReadRequest.version
    public var arguments: [String]
    public var terminal: Shape?

    public init(arguments: [String], terminal: Shape? = nil) {
        self.arguments = arguments
        self.terminal = terminal
    }

    /// What the output should look like; what is absent is that of a file.
    public struct Shape: Codable, Sendable {
        public var interactive: Bool?
        public var colour: Bool?
        public var columns: Int?
        public var timezone: String?

        public init(interactive: Bool? = nil, colour: Bool? = nil, columns: Int? = nil, timezone: String? = nil) {
            self.interactive = interactive
            self.colour = colour
            self.columns = columns
            self.timezone = timezone
        }
    }
}

/// One piece of an answer.
public enum ReadFrame: Equatable {
    case out([UInt8])
    case message([UInt8])
    case mark(Cursor)
    case end(Int32)

    /// More than any frame that is sent, so that nobody need make room for what a broken one claims.
    public static let longest = 4 << 20

    public var bytes: [UInt8] {
        let (kind, payload): (Unicode.Scalar, [UInt8]) =
            switch self {
            case .out(let bytes): ("o", bytes)
            case .message(let bytes): ("e", bytes)
            case .mark(let cursor): ("m", Array("\(cursor)".utf8))
            case .end(let code): ("x", Array("\(code)".utf8))
            }
        let length = UInt32(payload.count)
        return [UInt8(ascii: kind)] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + payload
    }

    /// The next one that comes; nil at the end, and where what comes is none.
    public static func next(_ lines: inout SocketLines) throws(FileError) -> ReadFrame? {
        guard let head = try lines.next(bytes: 5) else { return nil }
        let length = head[1...].reduce(0) { $0 << 8 | Int($1) }
        guard length <= longest, let payload = try lines.next(bytes: length) else { return nil }
        func number() -> Int64? { Int64(String(decoding: payload, as: UTF8.self)) }
        switch Unicode.Scalar(head[0]) {
        case "o": return .out(payload)
        case "e": return .message(payload)
        case "m": return Cursor(String(decoding: payload, as: UTF8.self)).map { .mark($0) }
        case "x": return number().map { .end(Int32(truncatingIfNeeded: $0)) }
        default: return nil
        }
    }
}
