// swift-log for people: a coloured line on a terminal, a dated one in a file, `<N>` before it for a journal stream.
//
// Promise: one event is one line and one write(2), so that lines of several threads never mix (pipe(7), PIPE_BUF; a
// terminal takes a line as a whole). Nothing that stood in a file's name reaches the terminal as a control character.
// Sentences are complete in themselves: the fields of a file's report are shown at level debug only.

internal import Glibc
public import Logging

/// How a line on standard error looks.
public enum ConsoleStyle: Sendable, Equatable {
    /// A terminal that shows colours: time of day, coloured level.
    case coloured
    /// A terminal that does not, or where NO_COLOR is set: the same without colours.
    case plain
    /// A file or a pipe: date and time in UTC.
    case dated
    /// A journal stream: `<N>` says the priority (sd-daemon(3)); journald adds the time.
    case prefixed
}

/// Writes log events to standard error.
public struct ConsoleLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private var ownLevel: Logger.Level?
    private let style: ConsoleStyle
    private let threshold: LogThreshold
    private let wallClock: @Sendable () -> time_t
    private let put: @Sendable ([UInt8]) -> Void

    public init(label: String, style: ConsoleStyle, threshold: LogThreshold = LogThreshold()) {
        self.init(style: style, threshold: threshold, wallClock: { time(nil) }, put: Self.putToStandardError)
    }

    init(
        style: ConsoleStyle, threshold: LogThreshold, wallClock: @escaping @Sendable () -> time_t,
        put: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.style = style
        self.threshold = threshold
        self.wallClock = wallClock
        self.put = put
    }

    /// The handler's own level when one was set, else the one that all share.
    public var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        write(event, metadata: event.mergedMetadata(handler: metadata, provider: metadataProvider))
    }

    func write(_ event: LogEvent, metadata: Logger.Metadata) {
        put(Array(line(event, metadata: metadata).utf8) + [UInt8(ascii: "\n")])
    }

    /// The line, without its end.
    func line(_ event: LogEvent, metadata: Logger.Metadata) -> String {
        let text = PrintableText.line(JournalRecord.message(of: event)) + fields(metadata)
        switch style {
        case .prefixed: return "<\(JournalRecord.priority(event.level))>" + text
        case .dated: return "\(CivilTime.dateAndTime(wallClock())) \(Self.word(event.level)): \(text)"
        case .plain: return "\(CivilTime.timeOfDay(wallClock())) \(Self.word(event.level)): \(text)"
        case .coloured:
            let (begin, end) = Self.colours(event.level)
            let time = "\u{1b}[2m\(CivilTime.timeOfDay(wallClock()))\u{1b}[0m"
            let word = event.level >= .warning ? "\(Self.word(event.level)): " : ""
            return "\(time) \(begin)\(word)\(text)\(end)"
        }
    }

    /// The keys that a sentence has already said in words.
    private static let toldInWords: Set<String> = [
        Logger.eventKey, "verdict", "story", "of", "family", "file", "sha256", "resemblance", "containment", "reason",
        "headline",
    ]

    private func fields(_ metadata: Logger.Metadata) -> String {
        let everything = logLevel <= .debug
        return
            metadata
            .filter { everything || !Self.toldInWords.contains($0.key) }
            .sorted { $0.key < $1.key }
            .map { " \(PrintableText.line($0.key))=\(PrintableText.line($0.value.description))" }
            .joined()
    }

    private static func word(_ level: Logger.Level) -> String { level.rawValue }

    /// Bold red for what stops the service, red for errors, yellow for warnings, dim for debugging.
    private static func colours(_ level: Logger.Level) -> (begin: String, end: String) {
        switch level {
        case .critical: ("\u{1b}[1;31m", "\u{1b}[0m")
        case .error: ("\u{1b}[31m", "\u{1b}[0m")
        case .warning: ("\u{1b}[33m", "\u{1b}[0m")
        case .notice, .info: ("", "")
        case .debug, .trace: ("\u{1b}[2m", "\u{1b}[0m")
        }
    }

    /// Writes all of it, or gives up: there is no third place to complain to.
    private static func putToStandardError(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written < 0 && errno != EINTR { return }
            rest = rest.dropFirst(max(0, written))
        }
    }
}
