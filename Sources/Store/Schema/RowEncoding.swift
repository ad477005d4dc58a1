// The canonical encoding of a ledger row and of a part: what the chain is hashed over, the same whatever engine keeps the
// rows. docs/format.md defines it, with test vectors that RowEncodingTests holds against this file.
//
// A field is a number, a length and its bytes. Fields stand in the order of their numbers, and one that is absent is left
// out, so that what later versions add leaves the encoding of earlier rows as it is.

public import Resemblance

package struct RowEncoding {
    /// The fields of a ledger row; the numbers are part of the format and never used for anything else.
    package enum Row: UInt8 {
        case id = 1, desk, content, received, name, size, sha256, verdict, of, reason, passages, parts, claim, inode,
            born
        case modified
    }

    /// The fields of a part of a delivery.
    package enum Part: UInt8 {
        case id = 1, delivery, number, name, format, mediaType, kept, start, size, sha256, verdict, of, reason, passages
    }

    package private(set) var bytes: [UInt8]
    private var last: UInt8 = 0

    /// Begins a ledger row; `previous` is the chain after the row before.
    package init(after previous: [UInt8]) { bytes = Array("copytaster/row/1\n".utf8) + previous }

    private init(_ heading: String) { bytes = Array(heading.utf8) }

    /// Begins a part of a delivery.
    package static func part() -> RowEncoding { RowEncoding("copytaster/part/1\n") }

    package mutating func add(_ field: Row, _ number: Int64?) { add(field.rawValue, number) }
    package mutating func add(_ field: Row, _ content: [UInt8]?) { add(field.rawValue, content) }
    package mutating func add(part field: Part, _ number: Int64?) { add(field.rawValue, number) }
    package mutating func add(part field: Part, _ content: [UInt8]?) { add(field.rawValue, content) }

    private mutating func add(_ field: UInt8, _ number: Int64?) {
        guard let number else { return }
        begin(field, 8)
        append(UInt64(bitPattern: number))
    }

    private mutating func add(_ field: UInt8, _ content: [UInt8]?) {
        guard let content else { return }
        begin(field, content.count)
        bytes += content
    }

    private mutating func begin(_ field: UInt8, _ length: Int) {
        precondition(field > last, "fields stand in the order of their numbers")
        last = field
        bytes.append(field)
        append(UInt32(length))
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe bytes += $0 }
    }

    package var digest: SHA256Digest { SHA256Digest(of: bytes) }
}

extension SharedPassage {
    private static let numbers = 4

    /// Each passage is four numbers of eight bytes, in the order in which they stand in the story.
    public static func encoded(_ passages: [SharedPassage]) -> [UInt8] {
        passages.flatMap { passage in
            [Int64(passage.range.lowerBound), Int64(passage.range.count), passage.of, Int64(passage.ofStart)].flatMap {
                number in
                (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            }
        }
    }

    /// What ``encoded(_:)`` wrote; nil if these are no passages.
    public static func decoded(_ bytes: [UInt8]) -> [SharedPassage]? {
        guard bytes.count % (8 * numbers) == 0 else { return nil }
        var passages: [SharedPassage] = []
        for start in stride(from: 0, to: bytes.count, by: 8 * numbers) {
            let values = (0..<numbers).map { number in
                bytes[start + 8 * number..<start + 8 * (number + 1)].reduce(Int64(0)) { $0 << 8 | Int64($1) }
            }
            // No text has 2^40 bytes, so that no sum overflows.
            guard values.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }) else { return nil }
            passages.append(
                SharedPassage(
                    range: Int(values[0])..<Int(values[0] + values[1]), of: values[2], ofStart: Int(values[3])))
        }
        return passages
    }
}
