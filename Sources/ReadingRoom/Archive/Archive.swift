// The archive, as the room sees it: the read service, asked by a few sessions at once.
//
// Promises: nothing of a page waits on the cooperative pool; not more than `sessions` questions are under way, however many
// readers there are; what the service says of a question that fails reaches the reader as a sentence.

internal import Files
internal import Foundation
internal import ReadProtocol
internal import Synchronization

/// Why a question has no answer.
struct ArchiveError: Error, Equatable {
    /// Of sysexits(3); 1 where nothing was found.
    var code: Int32
    /// What the command said, its hint and the place in a query included.
    var message: String

    /// The read service is not there, or turned the room away.
    static func unavailable(_ why: String) -> ArchiveError { ArchiveError(code: EX_UNAVAILABLE, message: why) }
}

/// Asks the read service.
final class Archive: Sendable {
    /// The service lets one user have eight sessions; two are left for who follows the ledger.
    static let sessions = 6
    /// Questions that may wait: more readers than that are told to come again.
    static let mostWaiting = 400

    /// Where the service listens.
    let socket: String
    private let queue: OperationQueue
    private let idle = Mutex<[Session]>([])

    /// A session that can be kept in a list.
    private final class Session: @unchecked Sendable {
        // Only whoever took it out of the list touches it.
        var connection: ReadConnection
        init(path: String) throws(FileError) { connection = try ReadConnection(path: path) }
    }

    init(socket: String) {
        self.socket = socket
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = Self.sessions
        queue.name = "archive"
    }

    /// What a command prints.
    func output(_ arguments: [String]) async throws -> [UInt8] {
        guard queue.operationCount < Self.mostWaiting else {
            throw ArchiveError(code: EX_TEMPFAIL, message: "too many readers ask at once: try again in a moment")
        }
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { [self] in
                continuation.resume(with: Result { try ask(arguments) })
            }
        }
    }

    /// The lines of a command's `--json`.
    func records<Line: Decodable & Sendable>(_ type: Line.Type = Record.self, _ arguments: [String]) async throws
        -> [Line]
    {
        let output = try await output(arguments)
        let decoder = JSONDecoder()
        return try output.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(type, from: Data($0)) }
    }

    private func ask(_ arguments: [String]) throws -> [UInt8] {
        var output: [UInt8] = []
        // A session that was idle may have ended with the service meanwhile: once more with a new one.
        if let session = idle.withLock({ $0.popLast() }) {
            if let answer = try? session.connection.ask(
                arguments,
                output: {
                    output += $0; return true
                })
            {
                return try finish(answer, output, session)
            }
            output = []
        }
        let session: Session
        do throws(FileError) { session = try Session(path: socket) } catch {
            throw ArchiveError.unavailable(
                error.isForbidden
                    ? "the reading room may not ask the read service: its user must be in the group copytaster"
                    : "the read service is not there (\(error.reason)): systemctl start copytaster-read.socket")
        }
        guard
            let answer = try session.connection.ask(
                arguments,
                output: {
                    output += $0; return true
                })
        else {
            throw ArchiveError.unavailable(
                "the read service ended without an answer; see journalctl -u copytaster-read")
        }
        return try finish(answer, output, session)
    }

    private func finish(_ answer: ReadAnswer, _ output: [UInt8], _ session: Session) throws -> [UInt8] {
        idle.withLock { $0.append(session) }
        guard answer.code == 0 else {
            let message = answer.messages.trimmingPrefix("copytaster: ").trimmingCharacters(in: .newlines)
            throw ArchiveError(code: answer.code, message: message.isEmpty ? "the command failed" : message)
        }
        return output
    }
}
