// Makes a reading of what a format states: writes the text that its fields are ranges of, one block a line with a blank line
// between, so that it reads as copy does. Promises: the text is clean UTF-8; ranges lie in it; limits are kept, with a note.
//
// What a format leaves open and copy says in its first words (dateline, place, agency; the kind of update in a headline; the
// language) is read from the text by the same rules as plain copy.

public import Story
internal import Text

/// A reading in the making.
public struct ReadingBuilder: Sendable {
    private var text: [UInt8] = []
    private var fields: [Field] = []
    private var notes: [String]
    private let limits: ReadLimits
    private var isCut = false
    /// How many pictures there are so far.
    public private(set) var pictures = 0

    public init(notes: [String] = [], limits: ReadLimits = ReadLimits()) {
        self.notes = notes
        self.limits = limits
    }

    /// Whether a field of this kind is there already.
    public func has(_ kind: Field.Kind) -> Bool { fields.contains { $0.kind == kind } }

    /// The values of the fields of a kind so far.
    public func values(_ kind: Field.Kind) -> [String] {
        fields.lazy.filter { $0.kind == kind }.map { $0.value ?? String(decoding: text[$0.range], as: UTF8.self) }
    }

    /// Whether the body has any words.
    public var hasBody: Bool { fields.contains { $0.kind == .paragraph } }

    public mutating func note(_ note: String) {
        if notes.count < ReadLimits.notes { notes.append(Self.clean(note, most: ReadLimits.sentenceBytes)) }
    }

    /// A value that stands in no line of the text.
    public mutating func state(_ kind: Field.Kind, _ value: String, rule: String, picture: Int = 0) {
        let value = Self.clean(value, most: ReadLimits.valueBytes)
        guard !value.isEmpty, fields.count < limits.fields else { return }
        fields.append(
            Field(kind, 0..<0, rule: Self.clean(rule, most: ReadLimits.ruleBytes), value: value, picture: picture))
    }

    /// A block of the text that is a field: a headline, a byline, a paragraph.
    ///
    /// - Parameter value: the normalised value, where it is not the text itself.
    public mutating func write(
        _ kind: Field.Kind, _ content: String, rule: String, value: String? = nil, picture: Int = 0
    ) {
        write(kind, Array(content.utf8), rule: rule, value: value, picture: picture)
    }

    public mutating func write(
        _ kind: Field.Kind, _ content: [UInt8], rule: String, value: String? = nil, picture: Int = 0
    ) {
        let content = Self.cleanBytes(content)
        guard !content.isEmpty, fields.count < limits.fields else { return }
        guard text.count + content.count + 2 <= limits.textBytes else {
            if !isCut { notes.append("The text is longer than \(limits.textBytes) bytes; the rest was left out.") }
            isCut = true
            return
        }
        if !text.isEmpty { text.append(contentsOf: [0x0A, 0x0A]) }
        let start = text.count
        text.append(contentsOf: content)
        fields.append(
            Field(
                kind, start..<text.count, rule: Self.clean(rule, most: ReadLimits.ruleBytes),
                value: value.map { Self.clean($0, most: ReadLimits.valueBytes) }, picture: picture))
    }

    /// Begins another picture: the number for its caption, credit and renditions.
    public mutating func nextPicture() -> Int {
        defer { pictures += 1 }
        return pictures
    }

    /// The reading.
    public func reading() -> Reading {
        var reading = Reading(text: text, encoding: .utf8, notes: notes, fields: fields)
        let copy = Reading(of: text)
        for field in copy.fields where copy.text == text {
            switch field.kind {
            case .dateline, .located, .infosource:
                guard !has(field.kind), let paragraph = fields.first(where: { $0.kind == .paragraph })?.range,
                    paragraph.contains(field.range.lowerBound)
                else { continue }
            case .updatekind:
                guard !has(.updatekind), let headline = fields.first(where: { $0.kind == .headline })?.range,
                    headline.contains(field.range.lowerBound)
                else { continue }
            case .language, .displaytitle:
                if has(field.kind) || has(.headline) && field.kind == .displaytitle { continue }
            default: continue
            }
            reading.fields.append(field)
        }
        reading.fields.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        return reading
    }

    static func clean(_ string: String, most: Int) -> String {
        var bytes = cleanBytes(Array(string.utf8), isOneLine: true)
        if bytes.count > most {
            var end = most
            while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
            bytes.removeSubrange(end...)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Valid UTF-8 without control characters, trimmed; on one line if asked.
    static func cleanBytes(_ bytes: [UInt8], isOneLine: Bool = false) -> [UInt8] {
        var bytes = Decoding.decode(bytes, as: .utf8)
        if isOneLine { for index in bytes.indices where bytes[index] < Byte.space { bytes[index] = Byte.space } }
        let end = (bytes.lastIndex { $0 > Byte.space } ?? -1) + 1
        let start = bytes.firstIndex { $0 > Byte.space } ?? end
        return start == 0 && end == bytes.count ? bytes : Array(bytes[start..<max(start, end)])
    }
}
