// Somebody who asks the read service: one session, one request after another.

public import Files
internal import Foundation

/// How a command ended.
public struct ReadAnswer: Sendable, Equatable {
    /// The exit code, of sysexits(3).
    public var code: Int32
    /// What it said on standard error.
    public var messages: String

    public init(code: Int32, messages: String) {
        self.code = code
        self.messages = messages
    }
}

/// A session of the read service. Used from one thread at a time.
public struct ReadConnection: ~Copyable {
    private var lines: SocketLines

    /// Connects with the read service that listens at `path`.
    public init(path: String) throws(FileError) {
        let folder = (path as NSString).deletingLastPathComponent
        lines = SocketLines(
            try LocalSocket(
                connecting: Directory(path: folder.isEmpty ? "." : folder), name: FileName(ofPath: path) ?? "read"))
    }

    /// Has a command carried out.
    ///
    /// - Parameters:
    ///   - arguments: the command and its options, as they are typed.
    ///   - output: gets what comes for standard output, in pieces; false ends the listening, and the session with it.
    /// - Returns: how it ended; nil if the session broke, or was ended by `output`.
    public mutating func ask(
        _ arguments: [String], terminal: ReadRequest.Shape? = nil, output: ([UInt8]) -> Bool
    ) throws(FileError) -> ReadAnswer? {
        let request = ReadRequest(arguments: arguments, terminal: terminal)
        guard let line = try? JSONEncoder().encode(request) else { return nil }
        // Whoever is turned away is not listened to, but told why.
        try? lines.socket.writeLine(Array(line))
        var messages: [UInt8] = []
        while let frame = try ReadFrame.next(&lines) {
            switch frame {
            case .out(let bytes): if !output(bytes) { return nil }
            case .message(let bytes): messages += bytes
            case .mark: break
            case .end(let code):
                return ReadAnswer(code: code, messages: String(decoding: messages, as: UTF8.self))
            }
        }
        return nil
    }
}
