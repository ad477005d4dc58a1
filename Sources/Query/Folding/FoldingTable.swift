// What each scalar is folded to for searching: a two-stage table, unpacked once from SearchFoldingData.swift.

internal import Text

/// What a scalar is in a text that is searched.
enum ScalarKind: UInt32 {
    /// Stands between words.
    case separator
    case letter
    /// A letter of a script without spaces between words.
    case unspaced
}

/// The folding of every scalar.
struct SearchFoldingTable: Sendable {
    static let shared = SearchFoldingTable()

    /// The kind in bits 0...1, whether it is mapped to one (4) or to none or several (8), and from bit 4 on to what.
    struct Entry {
        var raw: UInt32

        var kind: ScalarKind { ScalarKind(rawValue: raw & 3) ?? .separator }
        var isMapped: Bool { raw & 12 != 0 }
        var mapsToOne: Bool { raw & 4 != 0 }
        var payload: UInt32 { raw >> 4 }
    }

    /// For each 256 scalars, where their entries begin; the first three blocks are of one kind each.
    private var blocks = [UInt32](repeating: 0, count: 0x1100)
    private var entries: [UInt32] = (0..<3).flatMap { [UInt32](repeating: $0, count: 256) }
    /// The foldings into none or several: how many, then the scalars.
    private var pool: [UInt32] = []

    @inline(__always)
    subscript(_ scalar: UInt32) -> Entry {
        Entry(raw: entries[Int(blocks[Int(scalar >> 8)]) + Int(scalar & 0xFF)])
    }

    /// What an entry folds to that is not mapped to one.
    func several(_ entry: Entry) -> ArraySlice<UInt32> {
        let start = Int(entry.payload)
        return pool[start + 1..<start + 1 + Int(pool[start])]
    }

    private init() {
        for byte in 0..<0x80 where SearchFoldingTable.isLetter(UInt8(byte)) { set(byte, 1) }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { set(Int(byte), UInt32(byte | 0x20) << 4 | 4 | 1) }
        NumberRecords.forEach(SearchFoldingData.classes) { fields in
            fill(fields[0]...fields[0] + fields[1], UInt32(fields[2]))
        }
        var last = 0
        NumberRecords.forEach(SearchFoldingData.runs) { fields in
            last += fields[0]
            for index in 0..<(fields.count > 2 ? fields[2] : 1) {
                let scalar = last + index * (fields.count > 3 ? fields[3] : 1)
                map(scalar, UInt32(scalar + fields[1]) << 4 | 4)
            }
        }
        NumberRecords.forEach(SearchFoldingData.several) { fields in
            map(fields[0], UInt32(pool.count) << 4 | 8)
            pool.append(UInt32(fields.count - 1))
            pool.append(contentsOf: fields.dropFirst().map { UInt32($0) })
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { Letters.isDigit(byte) || Letters.isAsciiLetter(byte) }

    private mutating func fill(_ scalars: ClosedRange<Int>, _ kind: UInt32) {
        var scalar = scalars.lowerBound
        while scalar <= scalars.upperBound {
            if scalar & 0xFF == 0, scalar + 255 <= scalars.upperBound, blocks[scalar >> 8] == 0 {
                blocks[scalar >> 8] = kind * 256
                scalar += 256
            } else {
                set(scalar, kind)
                scalar += 1
            }
        }
    }

    private mutating func map(_ scalar: Int, _ mapping: UInt32) {
        let kind = self[UInt32(scalar)].kind.rawValue
        set(scalar, kind | mapping)
    }

    private mutating func set(_ scalar: Int, _ entry: UInt32) {
        var block = Int(blocks[scalar >> 8])
        if block < 3 * 256 {
            let copy = entries[block..<block + 256]
            block = entries.count
            blocks[scalar >> 8] = UInt32(block)
            entries.append(contentsOf: copy)
        }
        entries[block + scalar & 0xFF] = entry
    }
}
