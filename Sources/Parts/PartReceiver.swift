// The receiving side of a stream of parts: see PartStream.swift for the form and the promises.

internal import Story
internal import Text

/// Makes parts of what a reader process sends, as it comes.
public struct PartReceiver: Sendable {
    private let limits: ReadLimits
    /// How many bytes the delivery has.
    private let deliverySize: Int
    private var buffer: [UInt8] = []
    private var at = 0
    private var greeted = false
    /// How many parts came, and how many bytes of their own they had.
    public private(set) var count = 0
    private var ownBytes = 0
    /// Whether the end came, and what the reader said of the delivery as a whole.
    public private(set) var isComplete = false
    public private(set) var rejection: PartRejection?

    public init(limits: ReadLimits, deliverySize: Int) {
        self.limits = limits
        self.deliverySize = deliverySize
    }

    /// Takes what came, and gives the parts that are whole.
    public mutating func feed(_ bytes: [UInt8]) throws(PartStreamError) -> [Part] {
        if at > 0 {
            buffer.removeFirst(at)
            at = 0
        }
        buffer.append(contentsOf: bytes)
        var parts: [Part] = []
        while let (kind, content) = try frame() {
            var frame = FrameReader(buffer, content, limits)
            if isComplete { throw Self.failure("something follows the end") }
            switch kind {
            case FrameKind.greeting where !greeted:
                guard buffer[content] == PartStream.greeting[...] else {
                    throw Self.failure("the reader speaks another version: are both packages of the same version?")
                }
                greeted = true
                frame.at = content.upperBound
            case FrameKind.part where greeted:
                count += 1
                if count > limits.parts { throw Self.failure("more than \(limits.parts) parts") }
                let part = try frame.part(deliverySize: deliverySize)
                if case .own(let own) = part.bytes { ownBytes += own.count }
                if ownBytes > limits.totalBytes {
                    throw Self.failure("more than \(limits.totalBytes) bytes in its parts")
                }
                parts.append(part)
            case FrameKind.end where greeted:
                guard try frame.number() == UInt64(count) else { throw Self.failure("the number of parts is wrong") }
                if try frame.flag() { rejection = try frame.rejection() }
                isComplete = true
            default: throw Self.failure("a frame of kind \(kind) in a wrong place")
            }
            guard frame.isAtEnd else { throw Self.failure("a frame that is longer than what it says") }
            at = content.upperBound + PartStream.checksumLength
        }
        return parts
    }

    /// The next frame, if it is there and whole.
    private func frame() throws(PartStreamError) -> (UInt8, Range<Int>)? {
        guard buffer.count - at >= PartStream.headLength else { return nil }
        var length = 0
        for index in (0..<4).reversed() { length = length << 8 | Int(buffer[at + index]) }
        // A part's bytes and texts, its fields with theirs, and room for the rest.
        let most = limits.partBytes + 3 * limits.textBytes + 1 << 20
        if length > most { throw Self.failure("a frame of \(length) bytes") }
        let start = at + PartStream.headLength
        guard buffer.count - start >= length + PartStream.checksumLength else { return nil }
        let content = start..<start + length
        var stated: UInt64 = 0
        for index in (0..<8).reversed() { stated = stated << 8 | UInt64(buffer[content.upperBound + index]) }
        let kind = buffer[at + 4]
        guard stated == PartStream.checksum(kind, buffer[content]) else { throw Self.failure("a wrong checksum") }
        return (kind, content)
    }

    private static func failure(_ what: String) -> PartStreamError { PartStreamError(description: what) }
}

/// Reads one frame's content.
private struct FrameReader {
    let bytes: [UInt8]
    let end: Int
    let limits: ReadLimits
    var at: Int

    init(_ bytes: [UInt8], _ range: Range<Int>, _ limits: ReadLimits) {
        self.bytes = bytes
        self.limits = limits
        at = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { at == end }

    private func failure(_ what: String) -> PartStreamError { PartStreamError(description: what) }

    mutating func byte() throws(PartStreamError) -> UInt8 {
        guard at < end else { throw failure("a frame that is cut off") }
        at += 1
        return bytes[at - 1]
    }

    mutating func flag() throws(PartStreamError) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw failure("a flag that is neither yes nor no")
        }
    }

    mutating func short() throws(PartStreamError) -> Int {
        guard end - at >= 4 else { throw failure("a frame that is cut off") }
        var value = 0
        for index in (0..<4).reversed() { value = value << 8 | Int(bytes[at + index]) }
        at += 4
        return value
    }

    mutating func number() throws(PartStreamError) -> UInt64 {
        guard end - at >= 8 else { throw failure("a frame that is cut off") }
        var value: UInt64 = 0
        for index in (0..<8).reversed() { value = value << 8 | UInt64(bytes[at + index]) }
        at += 8
        return value
    }

    mutating func blob(most: Int, _ what: String) throws(PartStreamError) -> [UInt8] {
        let count = try short()
        guard count <= most else { throw failure("\(what) of \(count) bytes") }
        guard count <= end - at else { throw failure("a frame that is cut off") }
        defer { at += count }
        return Array(bytes[at..<at + count])
    }

    /// UTF-8 without control characters: what is shown on terminals and kept in the store.
    mutating func text(most: Int, _ what: String) throws(PartStreamError) -> [UInt8] {
        let text = try blob(most: most, what)
        guard UTF8Check.isValid(text), Decoding.withoutControls(text) == text else {
            throw failure("\(what) that is no clean text")
        }
        return text
    }

    mutating func string(most: Int, _ what: String) throws(PartStreamError) -> String {
        String(decoding: try text(most: most, what), as: UTF8.self)
    }

    mutating func rejection() throws(PartStreamError) -> PartRejection {
        PartRejection(
            code: try string(most: 64, "a code"), sentence: try string(most: ReadLimits.sentenceBytes, "a sentence"),
            hint: try string(most: ReadLimits.sentenceBytes, "a hint"))
    }

    mutating func part(deliverySize: Int) throws(PartStreamError) -> Part {
        let name = try string(most: ReadLimits.nameBytes, "a name")
        let formatName = try string(most: 32, "a format")
        guard let format = Format(rawValue: formatName) else { throw failure("an unknown format") }
        let mediaType = try string(most: 255, "a media type")
        let place: Part.Bytes
        if try flag() {
            place = .own(try blob(most: limits.partBytes, "a part"))
        } else {
            let (start, count) = (try number(), try number())
            guard start <= UInt64(deliverySize), count <= UInt64(deliverySize) - start else {
                throw failure("a part outside the delivery")
            }
            place = .range(Int(start)..<Int(start + count))
        }
        let content: Part.Content
        switch try byte() {
        case 0: content = .story(try reading())
        case 1: content = .kept(try reading())
        case 2: content = .rejected(try rejection())
        default: throw failure("a content of an unknown kind")
        }
        return Part(name: name, format: format, mediaType: mediaType, bytes: place, content: content)
    }

    mutating func reading() throws(PartStreamError) -> Reading {
        let text = try text(most: limits.textBytes, "a text")
        let noteCount = try short()
        guard noteCount <= ReadLimits.notes else { throw failure("\(noteCount) notes") }
        var notes: [String] = []
        for _ in 0..<noteCount { notes.append(try string(most: ReadLimits.sentenceBytes, "a note")) }
        let fieldCount = try short()
        guard fieldCount <= limits.fields else { throw failure("\(fieldCount) fields") }
        var fields: [Field] = []
        for _ in 0..<fieldCount { fields.append(try field(in: text)) }
        return Reading(text: text, encoding: .utf8, notes: notes, fields: fields)
    }

    private mutating func field(in text: [UInt8]) throws(PartStreamError) -> Field {
        guard let kind = Field.Kind(rawValue: try string(most: 32, "a field's kind")) else {
            throw failure("a field of an unknown kind")
        }
        let (start, count) = (try short(), try short())
        guard start <= text.count, count <= text.count - start, isBoundary(start, text),
            isBoundary(start + count, text)
        else { throw failure("a field outside its text") }
        var field = Field(kind, start..<start + count, rule: try string(most: ReadLimits.ruleBytes, "a rule"))
        if try flag() { field.value = try string(most: ReadLimits.valueBytes, "a value") }
        field.picture = try short()
        guard field.picture <= limits.fields else { throw failure("picture \(field.picture)") }
        return field
    }

    private func isBoundary(_ at: Int, _ text: [UInt8]) -> Bool { at == text.count || text[at] & 0xC0 != 0x80 }
}
