// swift-log into the journal, with native fields.
//
// Promise: every record has MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, CODE_FILE, CODE_LINE and CODE_FUNC, a MESSAGE_ID when
// it is of a known kind, and each metadata key as COPYTASTER_KEY. A record that the journal refuses goes to standard
// error instead.

public import Logging

/// Writes log events to journald.
public struct JournalLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private var ownLevel: Logger.Level?
    private let label: String
    private let threshold: LogThreshold
    private let sink: any JournalSink
    private let fallback: ConsoleLogHandler

    public init(label: String, threshold: LogThreshold = LogThreshold()) {
        self.init(
            label: label, threshold: threshold, sink: Journald(),
            fallback: ConsoleLogHandler(label: label, style: .prefixed, threshold: threshold))
    }

    init(label: String, threshold: LogThreshold, sink: any JournalSink, fallback: ConsoleLogHandler) {
        self.label = label
        self.threshold = threshold
        self.sink = sink
        self.fallback = fallback
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
        let all = event.mergedMetadata(handler: metadata, provider: metadataProvider)
        let record = JournalRecord(event, metadata: all, label: label)
        if sink.send(record) != 0 { fallback.write(event, metadata: all) }
    }
}

extension LogEvent {
    /// What is known about the event: the handler's metadata, then the provider's, then the event's own, which wins.
    func mergedMetadata(handler: Logger.Metadata, provider: Logger.MetadataProvider?) -> Logger.Metadata {
        var all = handler
        if let provided = provider?.get() { all.merge(provided) { _, new in new } }
        if let metadata { all.merge(metadata) { _, new in new } }
        return all
    }
}
