// The real program, run as a person or systemd would run it.

public import Foundation

/// A run of the program with its own state and spool.
public final class Program {
    public let scratch: Scratch
    public private(set) var daemon: Process?
    private let environment: [String: String]
    private let umask: String?

    /// - Parameter umask: in octal digits; without it, that of the tests, which Foundation changes for moments.
    public init(_ scratch: Scratch = Scratch(), environment: [String: String] = [:], umask: String? = nil) {
        self.scratch = scratch
        self.umask = umask
        var all = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("COPYTASTER_") && $0.key != "NOTIFY_SOCKET" && $0.key != "JOURNAL_STREAM"
        }
        all.merge(environment) { $1 }
        self.environment = all
    }

    deinit { daemon?.terminate() }

    public var inbox: String { scratch.path("spool/inbox") }
    private var places: [String] { ["--state", scratch.path("state"), "--spool", scratch.path("spool")] }

    /// What a command printed, and how it ended.
    public struct Result: Sendable {
        public var status: Int32
        public var output: Data
        public var errors: String
        public var text: String { String(decoding: output, as: UTF8.self) }
        public var lines: [String] { text.split(separator: "\n").map(String.init) }
        /// The lines as JSON objects.
        public var records: [[String: Any]] {
            lines.compactMap { (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any] }
        }
    }

    private func process(_ arguments: [String]) -> Process {
        let process = Process()
        if let umask {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "umask \(umask); exec \"$0\" \"$@\"", Checkout.program] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: Checkout.program)
            process.arguments = arguments
        }
        process.environment = environment
        return process
    }

    /// Runs a command to its end.
    @discardableResult
    public func run(_ arguments: String..., withPlaces: Bool = true) throws -> Result {
        try run(arguments, withPlaces: withPlaces)
    }

    public func run(_ arguments: [String], withPlaces: Bool = true) throws -> Result {
        let process = process(arguments + (withPlaces ? places : []))
        let (out, err) = (scratch.path(".out-\(UUID().uuidString)"), scratch.path(".err-\(UUID().uuidString)"))
        for path in [out, err] { close(creat(path, 0o600)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: err))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        defer { for path in [out, err] { unlink(path) } }
        return Result(
            status: process.terminationStatus, output: FileManager.default.contents(atPath: out) ?? Data(),
            errors: String(decoding: FileManager.default.contents(atPath: err) ?? Data(), as: UTF8.self))
    }

    /// Runs a command to its end with its output and messages on a terminal of 80 columns; what came there.
    public func onTerminal(_ arguments: [String], pager: String) throws -> String {
        // What posix_openpt(3) and unlockpt(3) do, which this module of C does not show.
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (number, lock): (Int32, Int32) = (0, 0)
        let (getNumber, setLock): (UInt, UInt) = (0x8004_5430, 0x4004_5431)
        guard master >= 0, ioctl(master, setLock, &lock) == 0, ioctl(master, getNumber, &number) == 0 else {
            throw POSIXError(.ENOTTY)
        }
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        let process = process(arguments + places)
        process.environment?["PAGER"] = pager
        process.environment?["NO_COLOR"] = nil
        let handle = FileHandle(fileDescriptor: terminal, closeOnDealloc: false)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        close(terminal)
        // It ends with EIO, once nobody has the terminal open.
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(master, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        process.waitUntilExit()
        close(master)
        return String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
    }

    /// Runs a command to its end, and says whether that was its own.
    public func runToTheEnd(
        _ arguments: [String], errors: FileHandle = .nullDevice
    ) throws -> (status: Int32, reason: Process.TerminationReason) {
        let process = try begin(arguments, errors: errors)
        process.waitUntilExit()
        return (process.terminationStatus, process.terminationReason)
    }

    /// Begins a command, silently.
    public func begin(_ arguments: [String], errors: FileHandle = .nullDevice) throws -> Process {
        let process = process(arguments + places)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Starts the daemon and waits until it answers.
    public func start(_ extra: [String] = []) throws {
        let process = process(["run"] + places + extra)
        let log = scratch.path("log")
        if !FileManager.default.fileExists(atPath: log) { close(creat(log, 0o600)) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try handle.seekToEnd()
        process.standardError = handle
        process.standardOutput = handle
        process.standardInput = FileHandle.nullDevice
        unlink(scratch.path("state/control"))
        try process.run()
        daemon = process
        _ = eventually { !process.isRunning || FileManager.default.fileExists(atPath: scratch.path("state/control")) }
    }

    /// SIGTERM, and its end; the exit status.
    @discardableResult
    public func stop() -> Int32 {
        daemon?.terminate()
        daemon?.waitUntilExit()
        return daemon?.terminationStatus ?? -1
    }

    public func kill() {
        if let daemon { Foundation.kill(daemon.processIdentifier, SIGKILL) }
        daemon?.waitUntilExit()
    }

    public var log: String {
        String(decoding: FileManager.default.contents(atPath: scratch.path("log")) ?? Data(), as: UTF8.self)
    }

    public func ledger() throws -> [[String: Any]] { try run("ledger", "--json").records }

    /// Waits until the ledger has so many rows.
    public func await(_ count: Int, within seconds: Double = 60) throws -> Bool {
        try eventually(within: seconds) { try lastRow() >= count }
    }

    /// The number of the newest ledger row.
    public func lastRow() throws -> Int {
        try run("ledger", "--json", "--limit", "1").records.last?["id"] as? Int ?? 0
    }

    /// Delivers as senders should: written elsewhere, then moved in.
    public func deliver(_ bytes: [UInt8], as name: String) {
        let hidden = scratch.write(bytes, to: "outgoing/\(UUID().uuidString)")
        let target = inbox + "/" + name
        try? FileManager.default.createDirectory(
            atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        rename(hidden, target)
    }

    /// Resident memory of the daemon in bytes.
    public var residentBytes: Int {
        guard let daemon,
            let text = try? String(contentsOfFile: "/proc/\(daemon.processIdentifier)/statm", encoding: .utf8)
        else { return 0 }
        return (Int(text.split(separator: " ")[1]) ?? 0) * 4096
    }

    /// Processor time of the daemon in clock ticks.
    public var processorTicks: Int {
        guard let daemon,
            let text = try? String(contentsOfFile: "/proc/\(daemon.processIdentifier)/stat", encoding: .utf8)
        else { return 0 }
        let fields = text.split(separator: " ")
        return (Int(fields[13]) ?? 0) + (Int(fields[14]) ?? 0)
    }
}
