// A checksum: 64 bits over everything that a row says, kept in the row. SQLite's integrity_check proves that the pages
// fit together, the chain proves the ledger, and the ledger's digests prove the documents; the checksum is what proves
// the other rows, one by one, so that damage is told from truth without a second copy.
//
// It guards against disks and cosmic rays, not against people: who can write the file can also checksum anew.

/// Sums up one row. Each step is reversible, so any change within eight bytes changes the outcome for certain,
/// any other one but for one time in 2^64.
package struct RowChecksum {
    /// The tables whose rows are checksummed; the numbers are part of the format.
    package enum Table: UInt64 { case reading = 1, relation, sketch, audit, checkpoint, part }

    private var state: UInt64

    package init(_ table: Table, id: Int64) {
        state = 0x9E37_79B9_7F4A_7C15
        mix(table.rawValue)
        add(id)
    }

    private init() { state = 0xD1B5_4A32_D192_ED03 }

    /// The sum of bytes alone, to be added later as one number.
    package static func sum(of bytes: [UInt8]) -> Int64 {
        var checksum = RowChecksum()
        checksum.add(bytes)
        return checksum.value
    }

    @inline(__always)
    private mutating func mix(_ word: UInt64) {
        state = (state ^ word) &* 0xD6E8_FEB8_6659_FD93
        state ^= state >> 32
    }

    package mutating func add(_ number: Int64?) {
        mix(number == nil ? 1 : 2)
        mix(UInt64(bitPattern: number ?? 0))
    }

    package mutating func add(_ number: Double) { mix(number.bitPattern) }

    package mutating func add(_ text: String) { add(Array(text.utf8)) }

    package mutating func add(_ bytes: [UInt8]) {
        mix(UInt64(bytes.count))
        unsafe bytes.withUnsafeBytes { bytes in
            var at = 0
            while at + 8 <= bytes.count {
                unsafe mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
                at += 8
            }
            var rest: UInt64 = 0
            while at < bytes.count {
                unsafe rest = rest << 8 | UInt64(bytes[at])
                at += 1
            }
            mix(rest)
        }
    }

    package var value: Int64 { Int64(bitPattern: state ^ state >> 29) }
}
