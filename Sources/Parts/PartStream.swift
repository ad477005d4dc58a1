// How parts come out of a reader process. A stream is a run of frames:
//
//     length (4 bytes)  kind (1)  content  checksum (8)
//
// `length` is that of the content; numbers are little-endian; the checksum is FNV-1a over kind and content, under which no two
// contents that differ in one byte are alike. The first frame is the greeting with the version, then a frame for each
// part, then the end with their number, which also says if the delivery as a whole was rejected. Texts are UTF-8, lengths first.
//
// Promises of the receiving side: it trusts nothing. Whatever the bytes are, it gives parts that keep to the limits and whose
// ranges lie in their texts, or throws; it never traps, and its memory is bounded by the limits.

internal import Story
internal import Text

/// Why a stream is not what a reader that works would send.
public struct PartStreamError: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String

    public init(description: String) { self.description = description }
}

enum FrameKind {
    static let greeting: UInt8 = 1
    static let part: UInt8 = 2
    static let end: UInt8 = 3
}

/// The sending side.
public enum PartStream {
    static let greeting = Array("copytaster/parts/1".utf8)
    static let headLength = 5
    static let checksumLength = 8

    /// The frame that begins a stream.
    public static func begin() -> [UInt8] { frame(FrameKind.greeting, greeting) }

    /// The frame of one part.
    public static func encode(_ part: Part) -> [UInt8] {
        var content = FrameWriter()
        content.string(part.name)
        content.string(part.format.rawValue)
        content.string(part.mediaType)
        switch part.bytes {
        case .range(let range):
            content.byte(0)
            content.number(UInt64(range.lowerBound))
            content.number(UInt64(range.count))
        case .own(let bytes):
            content.byte(1)
            content.blob(bytes)
        }
        switch part.content {
        case .story(let reading):
            content.byte(0)
            content.reading(reading)
        case .kept(let reading):
            content.byte(1)
            content.reading(reading)
        case .rejected(let rejection):
            content.byte(2)
            content.rejection(rejection)
        }
        return frame(FrameKind.part, content.bytes)
    }

    /// The frame that ends a stream of so many parts.
    public static func end(parts: Int, rejection: PartRejection? = nil) -> [UInt8] {
        var content = FrameWriter()
        content.number(UInt64(parts))
        content.byte(rejection == nil ? 0 : 1)
        if let rejection { content.rejection(rejection) }
        return frame(FrameKind.end, content.bytes)
    }

    private static func frame(_ kind: UInt8, _ content: [UInt8]) -> [UInt8] {
        var frame = FrameWriter()
        frame.bytes.reserveCapacity(content.count + headLength + checksumLength)
        frame.short(UInt32(content.count))
        frame.byte(kind)
        frame.bytes.append(contentsOf: content)
        frame.number(checksum(kind, content[...]))
        return frame.bytes
    }

    static func checksum(_ kind: UInt8, _ content: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = (0xCBF2_9CE4_8422_2325 ^ UInt64(kind)) &* 0x100_0000_01B3
        for byte in content { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}

struct FrameWriter {
    var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func short(_ value: UInt32) {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    mutating func number(_ value: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
    }

    mutating func blob(_ blob: [UInt8]) {
        short(UInt32(blob.count))
        bytes.append(contentsOf: blob)
    }

    mutating func string(_ text: String) { blob(Array(text.utf8)) }

    mutating func rejection(_ rejection: PartRejection) {
        string(rejection.code)
        string(rejection.sentence)
        string(rejection.hint)
    }

    mutating func reading(_ reading: Reading) {
        blob(reading.text)
        short(UInt32(reading.notes.count))
        for note in reading.notes { string(note) }
        short(UInt32(reading.fields.count))
        for field in reading.fields {
            string(field.kind.rawValue)
            short(UInt32(field.range.lowerBound))
            short(UInt32(field.range.count))
            string(field.rule)
            byte(field.value == nil ? 0 : 1)
            if let value = field.value { string(value) }
            short(UInt32(field.picture))
        }
    }
}
