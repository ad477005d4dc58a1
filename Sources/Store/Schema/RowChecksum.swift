// A checksum: 64 bits over everything that a row says, kept in the row. SQLite's integrity_check proves that the pages
// fit together, the chain proves the ledger, and the ledger's digests prove the documents; the checksum is what proves
// the other rows, one by one, so that damage is told from truth without a second copy.
//
// It guards against disks and cosmic rays, not against people: who can write the file can also checksum anew.

internal import GRDB

/// Sums up one row. Each step is reversible, so any change within eight bytes changes the outcome for certain,
/// any other one but for one time in 2^64.
struct RowChecksum {
    /// The tables whose rows are checksummed; the numbers are part of the format.
    enum Table: UInt64 { case reading = 1, relation, sketch, audit, checkpoint }

    private var state: UInt64

    init(_ table: Table, id: Int64) {
        state = 0x9E37_79B9_7F4A_7C15
        mix(table.rawValue)
        add(id)
    }

    private init() { state = 0xD1B5_4A32_D192_ED03 }

    /// The sum of bytes alone, to be added later as one number.
    static func sum(of bytes: [UInt8]) -> Int64 {
        var checksum = RowChecksum()
        checksum.add(bytes)
        return checksum.value
    }

    @inline(__always)
    private mutating func mix(_ word: UInt64) {
        state = (state ^ word) &* 0xD6E8_FEB8_6659_FD93
        state ^= state >> 32
    }

    mutating func add(_ number: Int64?) {
        mix(number == nil ? 1 : 2)
        mix(UInt64(bitPattern: number ?? 0))
    }

    mutating func add(_ number: Double) { mix(number.bitPattern) }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    mutating func add(_ bytes: [UInt8]) {
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

    var value: Int64 { Int64(bitPattern: state ^ state >> 29) }
}

extension RowChecksum {
    /// - Parameter sum: the ``sum(of:)`` of the encoded fields, which the workers make.
    static func reading(_ id: Int64, parser: Int64, made: Int64, sum: Int64) -> Int64 {
        var checksum = RowChecksum(.reading, id: id)
        checksum.add(parser)
        checksum.add(made)
        checksum.add(sum)
        return checksum.value
    }

    static func relation(
        _ id: Int64, of: Int64, kind: String, _ resemblance: Double, _ containment: Double, _ containmentOf: Double,
        rule: String
    ) -> Int64 {
        var checksum = RowChecksum(.relation, id: id)
        checksum.add(of)
        checksum.add(kind)
        checksum.add(resemblance)
        checksum.add(containment)
        checksum.add(containmentOf)
        checksum.add(rule)
        return checksum.value
    }

    static func sketch(_ id: Int64, sha: Int64, version: Int64?, fingerprint: [UInt8]) -> Int64 {
        var checksum = RowChecksum(.sketch, id: id)
        checksum.add(sha)
        checksum.add(version)
        checksum.add(fingerprint)
        return checksum.value
    }

    static func audit(_ id: Int64, at: Int64, kind: String, story: Int64?, detail: String) -> Int64 {
        var checksum = RowChecksum(.audit, id: id)
        checksum.add(at)
        checksum.add(kind)
        checksum.add(story)
        checksum.add(detail)
        return checksum.value
    }

    static func checkpoint(finished: Int64, isClean: Bool, store: String, unchecked: Int64) -> Int64 {
        var checksum = RowChecksum(.checkpoint, id: 1)
        checksum.add(finished)
        checksum.add(isClean ? 1 : 0)
        checksum.add(store)
        checksum.add(unchecked)
        return checksum.value
    }
}

extension RowChecksum {
    /// Rows that an earlier version wrote keep a NULL: sealing them would write the whole store anew. `checkpoint.unchecked`
    /// is the last ledger row of that time; no later row may lack its checksum.
    static func registerMigration(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("3: checksums") { db in
            try db.execute(
                sql: """
                    ALTER TABLE reading ADD COLUMN checksum INTEGER;
                    ALTER TABLE relation ADD COLUMN checksum INTEGER;
                    ALTER TABLE sketch ADD COLUMN checksum INTEGER;
                    ALTER TABLE audit ADD COLUMN checksum INTEGER;
                    ALTER TABLE checkpoint ADD COLUMN unchecked INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE checkpoint ADD COLUMN checksum INTEGER;
                    UPDATE checkpoint SET unchecked = (SELECT coalesce(max(id), 0) FROM ledger);
                    """)
            for row in try Row.fetchAll(db, sql: "SELECT \(StoredAuditEntry.columns) FROM audit") {
                let audit = try StoredAuditEntry(row, mayLackChecksum: true)
                try db.execute(
                    sql: "UPDATE audit SET checksum = ? WHERE id = ?", arguments: [audit.expectedChecksum, audit.id])
            }
            try StoredCheckpoint.fetch(db, mayLackChecksum: true).save(db)
        }
    }
}
