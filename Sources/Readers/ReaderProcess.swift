// One reader process: start, ask, receive, end.

internal import Files
internal import Glibc
internal import Parts

/// How a reader process failed.
struct ReaderFailure: Error, CustomStringConvertible {
    var description: String
    /// The exit code of a program that ended by itself; 127 if there was none to run.
    var exitCode: Int32?
}

/// A process and the socket to it; used by one thread at a time.
final class ReaderProcess: @unchecked Sendable {
    // Unchecked: the pool hands a process to one thread at a time, under its mutex.
    private let number: pid_t
    private let socket: LocalSocket
    private(set) var files = 0
    private var status: Int32?

    init(program: String, arguments: [String]) throws(FileError) {
        let (ours, theirs) = try LocalSocket.pair()
        number = try Self.spawn(program, arguments, socket: theirs)
        socket = ours
    }

    deinit { end() }

    /// The child has the socket as standard input and output, and no other file but standard error, whoever opened it.
    private static func spawn(_ program: String, _ arguments: [String], socket: LocalSocket) throws(FileError) -> pid_t
    {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, socket.number, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, socket.number, 1)
        unsafe Files.Process.closeFiles(from: 3, in: &actions)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Signals that this process ignores or blocks are its own affair.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words = unsafe ([program] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { for index in unsafe words.indices { unsafe free(words[index]) } }
        var environment = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: 1)
        var child = pid_t()
        let code = unsafe posix_spawn(&child, program, &actions, &attributes, words, &environment)
        withExtendedLifetime(socket) {}
        guard code == 0 else { throw FileError(.open, code, path: program) }
        return child
    }

    /// Whether it has not ended yet.
    var isAlive: Bool {
        if status != nil { return false }
        var status: Int32 = 0
        guard unsafe waitpid(number, &status, WNOHANG) == number else { return true }
        self.status = status
        return false
    }

    /// Ends it and waits for that.
    func end() {
        guard status == nil else { return }
        kill(number, SIGKILL)
        wait()
    }

    private func wait() {
        guard status == nil else { return }
        var status: Int32 = 0
        while unsafe waitpid(number, &status, 0) < 0, errno == EINTR {}
        self.status = status
    }

    /// Asks for the parts of a file; what the reader says of the delivery as a whole, or how it failed.
    func read(_ file: Descriptor, _ request: ReadRequest, until deadline: ContinuousClock.Instant, each: (Part) -> Void)
        -> Result<PartRejection?, ReaderFailure>
    {
        files += 1
        var receiver = PartReceiver(limits: request.limits, deliverySize: request.size)
        do throws(FileError) {
            try socket.limit(to: .seconds(request.limits.seconds))
            try socket.writeLine(request.line, passing: [file])
            while !receiver.isComplete {
                guard let bytes = try receive(until: deadline) else {
                    end()
                    return .failure(ReaderFailure(description: "was not done after \(request.limits.seconds) seconds"))
                }
                if bytes.isEmpty { return .failure(ReaderFailure(description: howItEnded())) }
                do throws(PartStreamError) { for part in try receiver.feed(bytes) { each(part) } } catch {
                    end()
                    return .failure(ReaderFailure(description: "sent what no reader sends: \(error)"))
                }
            }
            return .success(receiver.rejection)
        } catch {
            // A socket whose other side is gone says so while it is written to.
            return .failure(ReaderFailure(description: error.isBusy ? "took no request" : howItEnded()))
        }
    }

    /// What came; empty if the other side is gone, nil if the time is over.
    private func receive(until deadline: ContinuousClock.Instant) throws(FileError) -> [UInt8]? {
        let left = deadline - ContinuousClock.now
        guard left > .zero, try socket.wait(for: left) else { return nil }
        return try socket.read(most: 256 << 10)
    }

    /// Whoever closed the socket ends now, unless he lives on on purpose: then he is ended after a second, and this is false.
    private func endsByItself() -> Bool {
        for _ in 0..<100 where isAlive { Files.Process.sleep(for: .milliseconds(10)) }
        guard isAlive else { return true }
        end()
        return false
    }

    private func howItEnded() -> String { endsByItself() ? Self.ending(status ?? 0) : "closed its socket" }

    static func ending(_ status: Int32) -> String {
        let signal = status & 0x7F
        guard signal != 0 else { return "ended with \(status >> 8 & 0xFF)" }
        let meaning: [Int32: String] = [
            SIGSEGV: "a memory fault", SIGABRT: "it gave up", SIGILL: "a trap", SIGTRAP: "a trap",
            SIGBUS: "a memory fault",
            SIGSYS: "it tried what its sandbox forbids", SIGKILL: "it was killed",
            SIGXCPU: "it used up its processor time",
        ]
        return "ended by signal \(signal)" + (meaning[signal].map { " (\($0))" } ?? "")
    }

    /// Runs a program to its end, with `input` on its standard input: its output, at most `most` bytes.
    static func output(
        of program: String, _ arguments: [String], input: [UInt8] = [], most: Int = 1 << 20, seconds: Int
    ) throws(ReaderFailure) -> [UInt8] {
        let process: ReaderProcess
        var output: [UInt8] = []
        var isLate = false
        do throws(FileError) {
            process = try ReaderProcess(program: program, arguments: arguments)
            let deadline = ContinuousClock.now + .seconds(seconds)
            try process.socket.limit(to: .seconds(seconds))
            // Who does not take all of it says why by how it ends.
            try? process.socket.write(input)
            shutdown(process.socket.number, Int32(SHUT_WR))
            while output.count <= most {
                guard let bytes = try process.receive(until: deadline) else {
                    isLate = true
                    break
                }
                if bytes.isEmpty { break }
                output.append(contentsOf: bytes)
            }
        } catch { throw ReaderFailure(description: "\(error)") }
        if isLate { throw ReaderFailure(description: "was not done after \(seconds) seconds") }
        if output.count > most { throw ReaderFailure(description: "gave more than \(most) bytes") }
        guard process.endsByItself() else { throw ReaderFailure(description: "closed its output and went on") }
        guard let status = process.status, status == 0 else {
            throw ReaderFailure(
                description: ending(process.status ?? 0),
                exitCode: process.status.flatMap { $0 & 0x7F == 0 ? $0 >> 8 & 0xFF : nil })
        }
        return output
    }
}
