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

/// The folding of every scalar: one flat table, of which most pages are never touched. It is unpacked in two milliseconds, at
/// the first letter beyond ASCII.
struct SearchFoldingTable: Sendable {
    static let shared = SearchFoldingTable()

    /// The kind in bits 0...1, whether it is mapped to one (4) or to none or several (8), and from bit 4 on to what.
    struct Entry {
        var raw: UInt32

        var kind: ScalarKind { ScalarKind(rawValue: raw & 3) ?? .separator }
        var isMapped: Bool { raw & 12 != 0 }
        var mapsToOne: Bool { raw & 4 != 0 }
        var payload: UInt32 { raw >> 4 }

        /// Nothing is left of it.
        static let dropped = Entry(raw: 8)
    }

    /// The table ends here: what comes behind is Han, tags that are dropped, or nothing.
    private static let end: UInt32 = 0x30000

    private var entries = [UInt32](repeating: 0, count: Int(end))
    /// The foldings into none or several: how many, then the scalars. The first one is none.
    private var pool: [UInt32] = [0]

    @inline(__always)
    subscript(_ scalar: UInt32) -> Entry {
        if scalar < Self.end { return Entry(raw: entries[Int(scalar)]) }
        if scalar < 0x40000 { return Entry(raw: ScalarKind.unspaced.rawValue) }
        return scalar &- 0xE0000 < 0x1000 ? .dropped : Entry(raw: 0)
    }

    /// What an entry folds to that is not mapped to one.
    func several(_ entry: Entry) -> ArraySlice<UInt32> {
        let start = Int(entry.payload)
        return pool[start + 1..<start + 1 + Int(pool[start])]
    }

    private init() {
        for byte in 0..<0x80 where Letters.isDigit(UInt8(byte)) || Letters.isAsciiLetter(UInt8(byte)) {
            entries[byte] = ScalarKind.letter.rawValue
        }
        NumberRecords.forEach(SearchFoldingData.classes) { fields in
            for scalar in fields[0]...fields[0] + fields[1] where scalar < Int(Self.end) {
                entries[scalar] = UInt32(fields[2])
            }
        }
        var last = 0
        NumberRecords.forEach(SearchFoldingData.runs) { fields in
            last += fields[0]
            for index in 0..<(fields.count > 2 ? fields[2] : 1) {
                let scalar = last + index * (fields.count > 3 ? fields[3] : 1)
                if scalar < Int(Self.end) { entries[scalar] |= UInt32(scalar + fields[1]) << 4 | 4 }
            }
        }
        NumberRecords.forEach(SearchFoldingData.several) { fields in
            guard fields[0] < Int(Self.end) else { return }
            entries[fields[0]] |= UInt32(pool.count) << 4 | 8
            pool.append(UInt32(fields.count - 1))
            pool.append(contentsOf: fields.dropFirst().map { UInt32($0) })
        }
    }
}
