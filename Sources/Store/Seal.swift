// A seal: 64 bits over everything that a row says, kept in the row. SQLite's integrity_check proves that the pages
// fit together, the chain proves the ledger, and the ledger's digests prove the documents; the seal is what proves
// the other rows, one by one, so that damage is told from truth without a second copy.
//
// It guards against disks and cosmic rays, not against people: who can write the file can also seal anew.

internal import GRDB

/// Sums up one row. Each step is reversible, so any change within eight bytes changes the outcome for certain,
/// any other one but for one time in 2^64.
struct Seal {
    /// The tables whose rows are sealed; the numbers are part of the format.
    enum Table: UInt64 { case reading = 1, relation, sketch, act, mark }

    private var state: UInt64

    init(_ table: Table, id: Int64) {
        state = 0x9E37_79B9_7F4A_7C15
        mix(table.rawValue)
        add(id)
    }

    private init() { state = 0xD1B5_4A32_D192_ED03 }

    /// The sum of bytes alone, to be added later as one number.
    static func sum(of bytes: [UInt8]) -> Int64 {
        var seal = Seal()
        seal.add(bytes)
        return seal.value
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

extension Seal {
    /// - Parameter sum: the ``sum(of:)`` of the encoded fields, which the workers make.
    static func reading(_ id: Int64, parser: Int64, made: Int64, sum: Int64) -> Int64 {
        var seal = Seal(.reading, id: id)
        seal.add(parser)
        seal.add(made)
        seal.add(sum)
        return seal.value
    }

    static func relation(
        _ id: Int64, of: Int64, kind: String, _ resemblance: Double, _ containment: Double, _ containmentOf: Double,
        rule: String
    ) -> Int64 {
        var seal = Seal(.relation, id: id)
        seal.add(of)
        seal.add(kind)
        seal.add(resemblance)
        seal.add(containment)
        seal.add(containmentOf)
        seal.add(rule)
        return seal.value
    }

    static func sketch(_ id: Int64, sha: Int64, version: Int64?, fingerprint: [UInt8]) -> Int64 {
        var seal = Seal(.sketch, id: id)
        seal.add(sha)
        seal.add(version)
        seal.add(fingerprint)
        return seal.value
    }

    static func act(_ id: Int64, at: Int64, kind: String, story: Int64?, detail: String) -> Int64 {
        var seal = Seal(.act, id: id)
        seal.add(at)
        seal.add(kind)
        seal.add(story)
        seal.add(detail)
        return seal.value
    }

    static func mark(finished: Int64, isClean: Bool, store: String, unsealed: Int64) -> Int64 {
        var seal = Seal(.mark, id: 1)
        seal.add(finished)
        seal.add(isClean ? 1 : 0)
        seal.add(store)
        seal.add(unsealed)
        return seal.value
    }
}

extension Seal {
    /// Rows that an earlier version wrote keep a NULL: sealing them would write the whole store anew. `mark.unsealed`
    /// is the last ledger row of that time; no later row may lack its seal.
    static func registerMigration(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("3: seals") { db in
            try db.execute(
                sql: """
                    ALTER TABLE reading ADD COLUMN seal INTEGER;
                    ALTER TABLE relation ADD COLUMN seal INTEGER;
                    ALTER TABLE sketch ADD COLUMN seal INTEGER;
                    ALTER TABLE act ADD COLUMN seal INTEGER;
                    ALTER TABLE mark ADD COLUMN unsealed INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE mark ADD COLUMN seal INTEGER;
                    UPDATE mark SET unsealed = (SELECT coalesce(max(id), 0) FROM ledger);
                    """)
            for row in try Row.fetchAll(db, sql: "SELECT \(StoredAct.columns) FROM act") {
                let act = try StoredAct(row, mayLackSeal: true)
                try db.execute(sql: "UPDATE act SET seal = ? WHERE id = ?", arguments: [act.expectedSeal, act.id])
            }
            try StoredMark.fetch(db, mayLackSeal: true).save(db)
        }
    }
}
