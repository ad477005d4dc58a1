// Unicode folding for comparison: what a scalar beyond ASCII becomes before words are hashed.
//
// Texts that are equal under NFKC and case folding give the same words; white space, quotes, dashes and other
// punctuation only separate words. The tables are generated (FoldingData.swift) and unpacked once, in a
// millisecond, into a two-stage table: two loads a scalar.

internal import Text

/// What a scalar is to the word scanner.
enum ScalarClass: UInt32 {
    /// Ends a word.
    case separator
    /// Part of a word.
    case letter
    /// A word of its own: scripts that put no spaces between words are read character by character.
    case ideograph
    /// Belongs to whatever stands before it.
    case mark
    /// Has no width and no meaning of its own (soft hyphen, joiners): dropped.
    case ignorable
}

/// The folding of every scalar.
struct FoldingTable: Sendable {
    static let shared = FoldingTable()

    /// An entry of the table: class in bits 0...2, mapping in bits 3...4, its payload above: what the scalar folds to
    /// or, of one that folds to itself, its combining class.
    struct Entry {
        var raw: UInt32

        var scalarClass: ScalarClass { ScalarClass(rawValue: raw & 7) ?? .separator }
        var isMapped: Bool { raw & 0x18 != 0 }
        var mapsToOne: Bool { raw & 0x18 == 0x08 }
        var payload: UInt32 { raw >> 5 }
    }

    /// For each 256 scalars, where their entries begin.
    private var blocks: [UInt32]
    private var entries: [UInt32]
    /// The foldings into several scalars: length, then the scalars.
    private var pool: [UInt32] = []

    /// The folding of a scalar; of a number that is no scalar, a separator.
    @inline(__always)
    subscript(_ scalar: UInt32) -> Entry {
        let block = Int(scalar >> 8)
        guard block < blocks.count else { return Entry(raw: 0) }
        return Entry(raw: entries[Int(blocks[block]) + Int(scalar & 0xFF)])
    }

    /// The canonical combining class of a mark (Unicode Standard, 3.11); 0 for those that others never pass.
    func combiningClass(_ mark: UInt32) -> UInt8 {
        let entry = self[mark]
        return entry.isMapped ? 0 : UInt8(truncatingIfNeeded: entry.payload)
    }

    /// The scalars that an entry folds to, if it folds to several.
    func several(_ entry: Entry) -> ArraySlice<UInt32> {
        let start = Int(entry.payload)
        return pool[start + 1..<start + 1 + Int(pool[start])]
    }

    private init() {
        // The first five blocks are all of one class each; the others are copied from them when they change.
        blocks = [UInt32](repeating: 0, count: 0x1100)
        entries = (0..<5).flatMap { [UInt32](repeating: $0, count: 256) }
        NumberRecords.forEach(FoldingData.classes) { fields in
            fill(first: fields[0], last: fields[0] + fields[1], class: UInt32(fields[2]))
        }
        NumberRecords.forEach(FoldingData.combining) { fields in
            for scalar in fields[0]...fields[0] + fields[1] {
                let place = place(scalar)
                entries[place] |= UInt32(fields[2]) << 5
            }
        }
        NumberRecords.forEach(FoldingData.runs) { fields in
            for index in 0..<fields[1] {
                let scalar = fields[0] + index * fields[2]
                map(scalar, UInt32(scalar + fields[3]) << 5 | 0x08)
            }
        }
        NumberRecords.forEach(FoldingData.several) { fields in
            map(fields[0], UInt32(pool.count) << 5 | 0x10)
            pool.append(UInt32(fields.count - 1))
            pool.append(contentsOf: fields.dropFirst().map { UInt32($0) })
        }
    }

    private mutating func fill(first: Int, last: Int, class value: UInt32) {
        var scalar = first
        while scalar <= last {
            if scalar & 0xFF == 0 && scalar + 255 <= last && blocks[scalar >> 8] == 0 {
                blocks[scalar >> 8] = value * 256
                scalar += 256
            } else {
                entries[place(scalar)] = value
                scalar += 1
            }
        }
    }

    private mutating func map(_ scalar: Int, _ mapping: UInt32) {
        let place = place(scalar)
        entries[place] = entries[place] & 7 | mapping
    }

    /// The index of a scalar's entry in a block that is its own.
    private mutating func place(_ scalar: Int) -> Int {
        let block = Int(blocks[scalar >> 8])
        if block < 5 * 256 {
            blocks[scalar >> 8] = UInt32(entries.count)
            entries.append(contentsOf: entries[block..<block + 256])
        }
        return Int(blocks[scalar >> 8]) + scalar & 0xFF
    }
}

/// Puts conjoining Hangul letters together (Unicode Standard, section 3.12), so that both forms fold alike.
enum Hangul {
    /// The syllable that `next` makes with `held` (a leading consonant, or a syllable without a final one).
    static func compose(_ held: UInt32, _ next: UInt32) -> UInt32? {
        if held &- 0x1100 < 19 && next &- 0x1161 < 21 {
            return 0xAC00 + ((held - 0x1100) * 21 + (next - 0x1161)) * 28
        }
        if held &- 0xAC00 < 11172 && (held - 0xAC00) % 28 == 0 && next &- 0x11A8 < 27 {
            return held + (next - 0x11A7)
        }
        return nil
    }
}
