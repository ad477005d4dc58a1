// Is it a store, of this format, with the tables as they were made? A garbled schema would give garbled answers.

internal import Foundation
internal import GRDB

extension Schema {
    /// Throws unless this program knows the store's format.
    ///
    /// - Parameter isReading: a reader does not bring an older format up to date, so it cannot read it.
    static func check(_ db: Database, path: String, isReading: Bool) throws {
        let known = migrator.migrations
        let found = try applied(db)
        let newest = found.compactMap(number).max() ?? 0
        guard newest <= known.compactMap(number).max() ?? 0 else {
            throw StoreError(
                .tooNew, "\(path) was made by a newer copytaster",
                hint: "install that version, or restore a backup made before the upgrade")
        }
        guard found == Set(known.prefix(found.count)) else {
            throw StoreError(damaged: "\(path) does not say in which format it is")
        }
        // Who only reads goes on as far as it can; `verify` compares.
        if !isReading, !found.isEmpty { try compare(db, upTo: known[found.count - 1]) }
        if isReading, found.count < known.count {
            throw StoreError(
                .tooOld, "\(path) is of an older format",
                hint: "start the service (or restart it): it brings the store to the format of this version")
        }
    }

    private static func applied(_ db: Database) throws -> Set<String> {
        guard try db.tableExists("grdb_migrations") else {
            guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
                throw StoreError(damaged: "the store does not say in which format it is")
            }
            return []
        }
        return Set(
            try Row.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations").map { row in
                guard case .string(let identifier) = (row[0] as DatabaseValue).storage else {
                    throw StoreError(damaged: "the store does not say in which format it is")
                }
                return identifier
            })
    }

    private static func number(_ migration: String) -> Int? {
        migration.split(separator: ":").first.flatMap { Int($0) }
    }

    /// The tables must be those that the same migrations make, to the letter.
    static func compare(_ db: Database, upTo last: String? = migrator.migrations.last) throws {
        let expected = last == migrator.migrations.last ? try newest.get() : try made(upTo: last ?? "")
        guard try tables(db) == expected else {
            throw StoreError(damaged: "the store's tables are not as they were made")
        }
    }

    private static let newest = Result { try made(upTo: migrator.migrations.last ?? "") }

    private static func made(upTo last: String) throws -> [[String?]] {
        let fresh = try DatabaseQueue()
        try migrator.migrate(fresh, upTo: last)
        return try fresh.read(tables)
    }

    private static func tables(_ db: Database) throws -> [[String?]] {
        try Row.fetchAll(db, sql: "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").map { row in
            (0..<4).map { String.fromDatabaseValue(row[$0]) }
        }
    }
}
