// One journal record, built as bytes. Pure.
//
// Promise: every field name is one that journald accepts (systemd.journal-fields(7), sd_journal_sendv(3): upper-case
// letters, digits and underscores, not starting with an underscore or a digit, at most 64 bytes; anything else would be
// dropped without a word), and a value arrives byte for byte, line breaks and all. What this service says about itself
// begins with COPYTASTER_; a metadata key cannot pose as MESSAGE or as another program's field.

internal import Logging

/// The fields of one record, each `NAME=value`.
struct JournalRecord: Sendable, Equatable {
    private(set) var bytes: [UInt8] = []
    /// Where each field lies in ``bytes``.
    private(set) var fields: [Range<Int>] = []

    mutating func add(_ name: String, _ value: some Sequence<UInt8>) {
        let start = bytes.count
        bytes += name.utf8
        bytes.append(UInt8(ascii: "="))
        bytes += value
        fields.append(start..<bytes.count)
    }

    mutating func add(_ name: String, _ value: String) { add(name, value.utf8) }

    /// The fields as text, for tests and for a person who debugs.
    var texts: [String] { fields.map { String(decoding: bytes[$0], as: UTF8.self) } }

    static let identifier = "copytaster"

    /// The record of a log event.
    init(_ event: LogEvent, metadata: Logger.Metadata, label: String) {
        let kind = metadata[Logger.eventKey].flatMap(Self.event)
        add("MESSAGE", Self.message(of: event))
        add("PRIORITY", String(Self.priority(event.level)))
        add("SYSLOG_IDENTIFIER", Self.identifier)
        if let kind { add("MESSAGE_ID", kind.messageID) }
        add("CODE_FILE", event.file)
        add("CODE_LINE", String(event.line))
        add("CODE_FUNC", event.function)
        add("COPYTASTER_LOGGER", label)
        if let kind { add("COPYTASTER_EVENT", kind.rawValue) }
        if let error = event.error { add("COPYTASTER_ERROR", "\(error)") }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where kind == nil || key != Logger.eventKey {
            add(Self.fieldName(key), Self.valueBytes(value))
        }
    }

    init() {}

    /// The sentence, with the error behind it when there is one.
    static func message(of event: LogEvent) -> String {
        event.error.map { "\(event.message): \($0)" } ?? event.message.description
    }

    /// syslog(3)'s numbers.
    static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// `story` becomes COPYTASTER_STORY; whatever a name may not contain becomes an underscore.
    static func fieldName(_ key: String) -> String {
        var name = "COPYTASTER_"
        for byte in key.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): name.unicodeScalars.append(Unicode.Scalar(byte - 32))
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default: name += "_"
            }
        }
        return String(name.prefix(64))
    }

    static func event(_ value: Logger.MetadataValue) -> Event? {
        switch value {
        case .stringConvertible(let value): value as? Event ?? Event(rawValue: value.description)
        case .string(let text): Event(rawValue: text)
        default: nil
        }
    }

    static func valueBytes(_ value: Logger.MetadataValue) -> [UInt8] {
        if case .stringConvertible(let value) = value, let raw = value as? RawBytes { return raw.bytes }
        return Array(value.description.utf8)
    }
}
