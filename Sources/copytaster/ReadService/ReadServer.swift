// The read service: takes visitors, and starts a process for each (ReadSession). It opens no store and reads no byte of
// theirs.

internal import Files
internal import Foundation
internal import Logging
internal import ReadProtocol
internal import Supervision
internal import Synchronization

/// Takes visitors until nobody has come for a while.
final class ReadServer: Sendable {
    struct Limits: Sendable {
        /// Visitors at once, in all and of one user.
        var all = 64
        var each = 8
        /// With no visitor for so many seconds it ends; systemd starts it again for the next one.
        var idle = 300.0
    }

    /// How often it looks whether nobody is there any more.
    private static let idleCheck = Duration.seconds(10)
    /// The pause after a visitor could not be let in.
    private static let retryInterval = Duration.milliseconds(100)

    private let socket: LocalSocket
    private let arguments: [String]
    private let limits: Limits
    private let logger = Logger(label: "copytaster")
    private let state = Mutex(State())

    private struct State {
        var sessions: [UInt32: Int] = [:]
        var lastSeen = Date()
        /// When somebody was last told of as turned away: once a minute is enough.
        var lastRefusal = Date.distantPast
        var count: Int { sessions.values.reduce(0, +) }
    }

    /// - Parameters:
    ///   - socket: where visitors come.
    ///   - arguments: the command line of a session.
    init(_ socket: LocalSocket, arguments: [String], limits: Limits) {
        self.socket = socket
        self.arguments = arguments
        self.limits = limits
    }

    func run(endsWhenIdle: Bool) throws {
        while true {
            let isCalled = try socket.wait(for: Self.idleCheck)
            if isCalled { try admit() }
            let isIdle = state.withLock { $0.count == 0 && -$0.lastSeen.timeIntervalSinceNow > limits.idle }
            // Whoever came meanwhile is still in the socket's queue, which systemd keeps.
            if endsWhenIdle, isIdle, !isCalled { return }
        }
    }

    private func admit() throws {
        let visitor: LocalSocket
        do throws(FileError) { visitor = try socket.accept() } catch {
            // He went away again; or there are no descriptors left, which a pause may mend.
            return Files.Process.sleep(for: Self.retryInterval)
        }
        guard let user = try? visitor.peer() else { return }
        let refusal: String? = state.withLock { state in
            state.lastSeen = Date()
            if state.count >= limits.all { return "all its \(limits.all) places are taken" }
            if state.sessions[user, default: 0] >= limits.each {
                return "user \(user) has \(limits.each) sessions already"
            }
            state.sessions[user, default: 0] += 1
            return nil
        }
        if let refusal { return turnAway(visitor, refusal) }
        do { try start(visitor, of: user) } catch {
            leave(user)
            logger.record(.readFailed, "no session of the read service can be started: \(error)")
        }
    }

    /// By posix_spawn(3), since Foundation's `Process` wants more of the kernel than the unit allows.
    private func start(_ visitor: LocalSocket, of user: UInt32) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, visitor.number, STDIN_FILENO)
        // Every other descriptor closes itself.
        unsafe posix_spawn_file_actions_addclose(&actions, socket.number)
        var words = unsafe (["copytaster"] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let code = unsafe posix_spawn(&process, "/proc/self/exe", &actions, nil, &words, environ)
        guard code == 0 else { throw CommandError(FileError.reason(code), code: EX_OSERR) }
        let started = process
        let thread = Thread { [self] in
            var status: Int32 = 0
            while unsafe waitpid(started, &status, 0) < 0, errno == EINTR {}
            leave(user)
            let signal = status & 0x7F
            if signal != 0, ![SIGALRM, SIGPROF, SIGTERM, SIGKILL].contains(signal) {
                logger.record(
                    .readFailed, "a session of the read service, of user \(user), ended by signal \(signal)")
            }
        }
        thread.name = "session"
        thread.start()
        withExtendedLifetime(visitor) {}
    }

    private func leave(_ user: UInt32) {
        state.withLock { state in
            state.lastSeen = Date()
            let left = state.sessions[user, default: 1] - 1
            state.sessions[user] = left > 0 ? left : nil
        }
    }

    private func turnAway(_ visitor: LocalSocket, _ why: String) {
        let mustTell = state.withLock { state in
            defer { if -state.lastRefusal.timeIntervalSinceNow > 60 { state.lastRefusal = Date() } }
            return -state.lastRefusal.timeIntervalSinceNow > 60
        }
        if mustTell { logger.record(.readRefused, "the read service turned a visitor away: \(why)") }
        let words = "copytaster: the read service is busy: \(why)\n  try again in a moment\n"
        // It fits into the socket's buffer: no visitor can keep us waiting.
        try? visitor.write(ReadFrame.message(Array(words.utf8)).bytes + ReadFrame.end(EX_TEMPFAIL).bytes)
    }
}
