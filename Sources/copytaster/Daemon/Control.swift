// How commands reach the running daemon: one JSON line in, one out, over a Unix socket in the state
// directory that only root and the service's own user can connect to.

internal import Files
internal import Foundation
internal import Store

/// What a command asks of the daemon.
struct ControlRequest: Codable {
    enum Action: String, Codable { case status, reload, redact, requeue, reparse, pass }

    var action: Action
    var id: Int64?
    var ids: [Int64]?
    var reason: String?
}

/// What the daemon answers.
struct ControlReply: Codable {
    var ok = true
    var message: String?
    var hint: String?
    /// The exit code that the command ends with when it is not ok.
    var code: Int32?
    var live: LiveFigures?

    init(_ message: String? = nil) { self.message = message }

    init(_ error: any Error) {
        let failure = CommandError(error) ?? CommandError("\(error)", code: EX_SOFTWARE)
        ok = false
        message = failure.more.isEmpty ? failure.message : failure.line
        hint = failure.more.isEmpty ? failure.hint : nil
        code = failure.code
    }
}

/// What only the running daemon knows.
struct LiveFigures: Codable {
    var pid: Int32
    var since: String
    var waiting: Int
    var inflight: Int
    var filespersecond: Double
    var indexbytes: Int
    var last: String?
    var trouble: String?
    var senders: [SenderRecord] = []
    /// What has to wait in the inbox, and why.
    var deferred: [DeferralRecord] = []
}

enum Control {
    static let name: FileName = "control"

    /// Asks the daemon that holds this state directory; nil if none runs.
    static func ask(_ request: ControlRequest, state: String) throws -> ControlReply? {
        try converse(request, state: state)?.reply
    }

    /// Throws if this user may not open the state directory: that is no sign that no daemon runs.
    static func demandAccess(to state: String) throws {
        do throws(FileError) { _ = try Directory(path: state) } catch {
            if error.isForbidden { throw forbidden(state) }
        }
    }

    private static func forbidden(_ state: String) -> CommandError {
        CommandError(
            "only root and the service's own user may do this with the store in \(state)",
            hint: "try again with sudo; a store of your own is named with --state",
            code: EX_NOPERM)
    }

    /// Asks, and keeps the line open.
    static func converse(
        _ request: ControlRequest, state: String
    ) throws -> (reply: ControlReply, lines: SocketLines)? {
        try demandAccess(to: state)
        guard let directory = try? Directory(path: state) else { return nil }
        let socket: LocalSocket
        do throws(FileError) {
            socket = try LocalSocket(connecting: directory, name: name)
        } catch {
            if error.isForbidden { throw forbidden(state) }
            return nil
        }
        var lines = SocketLines(socket)
        try socket.writeLine(Array(JSONEncoder().encode(request)))
        guard let line = try lines.next() else {
            throw CommandError(
                "the daemon ended without an answer", hint: "see journalctl -u copytaster", code: EX_TEMPFAIL)
        }
        return (try JSONDecoder().decode(ControlReply.self, from: Data(line)), lines)
    }

    /// Asks, and fails as the daemon says.
    static func demand(_ request: ControlRequest, state: String) throws -> ControlReply? {
        guard let reply = try ask(request, state: state) else { return nil }
        guard reply.ok else {
            throw CommandError(reply.message ?? "the daemon refused", hint: reply.hint, code: reply.code ?? EX_SOFTWARE)
        }
        return reply
    }

    /// Visitors at once; whoever comes then waits for a place, until one of them is done or silent for too long.
    private static let places = 32
    /// A request has to come, and its answer to be taken, within so many seconds.
    private static let patience = Duration.seconds(10)
    /// The pause after a visitor could not be let in.
    private static let retryInterval = Duration.milliseconds(200)

    /// Answers visitors for the life of the process, each in a thread of its own. Who comes to pass files is handed on
    /// with the line to him, and must not be waited for.
    static func serve(
        _ directory: Directory, answer: @escaping @Sendable (ControlRequest) -> ControlReply,
        pass: @escaping @Sendable (sending SocketLines) -> Void
    ) throws {
        let socket = try LocalSocket(listening: directory, name: name)
        let room = DispatchSemaphore(value: places)
        let thread = Thread {
            while true {
                room.wait()
                do throws(FileError) {
                    let visitor = try socket.accept()
                    let thread = Thread {
                        defer { room.signal() }
                        // The visitor went away, or was too slow: there is nobody to answer.
                        try? attend(visitor, answer: answer, pass: pass)
                    }
                    thread.name = "control"
                    thread.start()
                } catch {
                    // No descriptors, perhaps: a pause may mend it.
                    room.signal()
                    Files.Process.sleep(for: retryInterval)
                }
            }
        }
        thread.name = "control"
        thread.start()
    }

    private static func attend(
        _ visitor: LocalSocket, answer: (ControlRequest) -> ControlReply, pass: (sending SocketLines) -> Void
    ) throws {
        let peer = try visitor.peer()
        guard peer == 0 || peer == geteuid() else { return }
        try visitor.limit(to: patience)
        var lines = SocketLines(visitor)
        guard let line = try lines.next() else { return }
        let request = try? JSONDecoder().decode(ControlRequest.self, from: Data(line))
        let reply: ControlReply
        switch request {
        case nil: reply = ControlReply(CommandError("not understood", code: EX_PROTOCOL))
        case let request? where try peer != 0 && request.action != .status && isReader(visitor.peerProcess()):
            reply = ControlReply(CommandError("the read service may only ask how the service is", code: EX_NOPERM))
        case let request?: reply = answer(request)
        }
        try visitor.writeLine(Array((try? JSONEncoder().encode(reply)) ?? Data()))
        guard request?.action == .pass, reply.ok else { return }
        // What is passed comes when it is read; and its answers wait for the disk.
        try visitor.limit(to: nil)
        pass(lines)
    }

    /// Whether a process of the service's own user belongs to the read service, which deals with strangers: should one
    /// of them take it over, he must not change anything. Of a process that is gone, too, nothing good can be said.
    private static func isReader(_ process: Int32) -> Bool {
        guard let group = FileManager.default.contents(atPath: "/proc/\(process)/cgroup") else { return true }
        return String(decoding: group, as: UTF8.self).contains("copytaster-read")
    }
}
