// Is it a store, of this format, with the tables as they were made? A garbled schema would give garbled answers.

internal import GRDB

extension Schema {
    /// Throws unless this program knows the store's format.
    ///
    /// - Returns: whether it is a store; false for a file without anything in it.
    @discardableResult
    static func check(_ db: Database, path: String, isReading: Bool) throws -> Bool {
        let found = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let isOurs = try Int32.fetchOne(db, sql: "PRAGMA application_id") == applicationID
        if found == 0, !isOurs, try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0, !isReading {
            return false
        }
        guard isOurs, found > 0 else {
            throw StoreError(damaged: "\(path) does not say that it is a store, and in which format")
        }
        guard found <= format else {
            throw StoreError(
                .tooNew, "\(path) was made by a newer copytaster",
                hint: "install that version, or restore a backup made before the upgrade")
        }
        // Who only reads goes on as far as it can; `verify` compares.
        if !isReading { try compare(db) }
        return true
    }

    /// The tables must be those that this program makes, to the letter.
    static func compare(_ db: Database) throws {
        guard try tables(db) == (try expected.get()) else {
            throw StoreError(damaged: "the store's tables are not as they were made")
        }
    }

    private static let expected = Result {
        try DatabaseQueue().write { db in
            try create(db)
            return try tables(db)
        }
    }

    private static func tables(_ db: Database) throws -> [[String?]] {
        try Row.fetchAll(db, sql: "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").map { row in
            (0..<4).map { String.fromDatabaseValue(row[$0]) }
        }
    }
}
