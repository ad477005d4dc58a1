// Where the log goes: to the journal when journald listens to us, else to standard error in the form that suits it.
//
// systemd.exec(5), $JOURNAL_STREAM: when standard error is connected to the journal, the variable holds the device and
// inode of that descriptor. Only if they still match may a program switch to the native protocol; if they do not, the
// user sent standard error somewhere on purpose.

internal import Glibc
public import Logging
internal import Synchronization

/// The log level that all handlers share, so that a reload can change it.
public final class LogThreshold: Sendable {
    private let value: Mutex<Logger.Level>

    public init(_ level: Logger.Level = .info) { value = Mutex(level) }

    public var level: Logger.Level {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

/// Where the log goes.
public enum LogDestination: Sendable, Equatable {
    case journal
    case standardError(ConsoleStyle)

    /// What is known about standard error.
    struct StandardError: Sendable, Equatable {
        var device: UInt64
        var inode: UInt64
        var isTerminal: Bool
    }

    /// The right place for this process.
    public static func choose() -> LogDestination {
        choose(
            journalStream: environment("JOURNAL_STREAM"), noColour: environment("NO_COLOR"),
            terminal: environment("TERM"), standardError: .current(), journalIsReachable: { Journald.isReachable() })
    }

    static func choose(
        journalStream: String?, noColour: String?, terminal: String?, standardError: StandardError?,
        journalIsReachable: () -> Bool
    ) -> LogDestination {
        if let journalStream, let standardError, matches(journalStream, standardError) {
            return journalIsReachable() ? .journal : .standardError(.prefixed)
        }
        guard let standardError, standardError.isTerminal else { return .standardError(.dated) }
        // no-color.org: any value but the empty one means no colours.
        let isPlain = !(noColour ?? "").isEmpty || terminal == nil || terminal == "dumb"
        return .standardError(isPlain ? .plain : .coloured)
    }

    /// `device:inode` in decimal.
    private static func matches(_ stream: String, _ standardError: StandardError) -> Bool {
        let parts = stream.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && UInt64(parts[0]) == standardError.device && UInt64(parts[1]) == standardError.inode
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}

extension LogDestination.StandardError {
    /// The corresponding C function is `fstat`.
    static func current() -> Self? {
        var status = stat()
        guard unsafe fstat(STDERR_FILENO, &status) == 0 else { return nil }
        return Self(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), isTerminal: isatty(STDERR_FILENO) == 1)
    }
}

/// Sends everything that is logged from now on to the right place; once for a process. The threshold that comes back
/// changes the level of every logger that has none of its own.
@discardableResult
public func bootstrapLogging(
    level: Logger.Level = .info, destination: LogDestination = .choose()
) -> LogThreshold {
    let threshold = LogThreshold(level)
    LoggingSystem.bootstrap { label in
        switch destination {
        case .journal: JournalLogHandler(label: label, threshold: threshold)
        case .standardError(let style): ConsoleLogHandler(label: label, style: style, threshold: threshold)
        }
    }
    return threshold
}
