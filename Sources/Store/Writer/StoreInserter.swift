// What one commit writes, row by row, straight through SQLite's C interface: GRDB's arguments cost more
// than the rows themselves. The statements are GRDB's own, prepared once for the connection that writes.

internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Resemblance

/// Inserts the rows of one batch. Lives as long as its transaction.
struct StoreInserter {
    private let db: Database
    private let made: Int64
    private let ledger, document, reading, sketch, relation: InsertStatement

    /// - Parameter made: when the readings were made, in microseconds since 1970.
    init(_ db: Database, made: Int64) throws {
        self.db = db
        self.made = made
        func insert(_ table: String, _ columns: String) throws -> InsertStatement {
            let places = columns.split(separator: ",").map { _ in "?" }.joined(separator: ", ")
            return InsertStatement(
                try db.cachedStatement(sql: "INSERT INTO \(table) (\(columns)) VALUES (\(places))"))
        }
        ledger = try insert("ledger", LedgerRow.columns)
        document = try insert("document", "id, coding, bytes")
        reading = try insert("reading", StoredReading.columns)
        sketch = try insert("sketch", StoredSketch.columns)
        relation = try insert("relation", StoredRelation.columns)
    }

    /// Inserts what one delivered file adds.
    func insert(_ entry: StoreEntry, chain: [UInt8]) throws {
        let row = entry.row
        ledger.bind(row.id, row.received)
        ledger.bind(row.name)
        ledger.bind(row.size)
        ledger.bind(row.sha256?.bytes)
        ledger.bind(row.verdict.rawValue)
        ledger.bind(row.of)
        ledger.bind(row.reason?.stored)
        ledger.bind(row.identity.claim)
        ledger.bind(Int64(bitPattern: row.identity.inode))
        ledger.bind(row.identity.born)
        ledger.bind(row.identity.modified)
        ledger.bind(chain)
        try ledger.run(db)
        guard let content = entry.content else { return }
        document.bind(row.id, Int64(content.compressed.coding))
        document.bind(content.compressed.bytes)
        try document.run(db)
        let (first, parser) = (row.id * Schema.revisions, Int64(content.parser))
        reading.bind(first, parser)
        reading.bind(made)
        reading.bind(content.fields)
        reading.bind(RowChecksum.reading(first, parser: parser, made: made, sum: content.fieldsSum))
        try reading.run(db)
        let (sha, version) = (
            Int64(bitPattern: row.sha256?.prefix ?? 0), content.version.map { Int64(bitPattern: $0) }
        )
        sketch.bind(row.id, sha)
        sketch.bind(version)
        sketch.bind(content.fingerprint)
        sketch.bind(RowChecksum.sketch(row.id, sha: sha, version: version, fingerprint: content.fingerprint))
        try sketch.run(db)
        for (place, found) in content.relations.prefix(Int(Schema.revisions)).enumerated() {
            let id = first + Int64(place)
            relation.bind(id, found.of)
            relation.bind(found.kind.rawValue)
            relation.bind(found.resemblance)
            relation.bind(found.containment)
            relation.bind(found.containmentOf)
            relation.bind(found.rule)
            relation.bind(
                RowChecksum.relation(
                    id, of: found.of, kind: found.kind.rawValue, found.resemblance, found.containment,
                    found.containmentOf,
                    rule: found.rule))
            try relation.run(db)
        }
    }
}

/// A prepared statement whose parameters are bound one after another.
///
/// SQLite copies what is bound, so nothing here outlives its call. Whether binding worked is told by `run`.
@safe private final class InsertStatement {
    /// Keeps the statement prepared.
    private let owner: Statement
    private let statement: OpaquePointer
    private var place: CInt = 0
    private var failure: CInt = SQLITE_OK

    init(_ statement: Statement) {
        owner = statement
        unsafe self.statement = statement.sqliteStatement
        // It may have been run through GRDB, which resets a statement before its next run: until then it takes no
        // parameters (SQLITE_MISUSE).
        unsafe sqlite3_reset(self.statement)
    }

    private func next() -> CInt {
        place += 1
        return place
    }

    private func note(_ code: CInt) { if code != SQLITE_OK { failure = code } }

    func bind(_ first: Int64, _ second: Int64) {
        bind(first)
        bind(second)
    }

    func bind(_ value: Int64) { note(unsafe sqlite3_bind_int64(statement, next(), value)) }

    func bind(_ value: Double) { note(unsafe sqlite3_bind_double(statement, next(), value)) }

    func bind(_ value: Int64?) {
        guard let value else { return bindNull() }
        bind(value)
    }

    func bind(_ value: [UInt8]?) {
        guard let value else { return bindNull() }
        let place = next()
        note(
            unsafe value.withUnsafeBytes { bytes in
                // An empty array has no address, and SQLite would take that for NULL.
                unsafe bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, place, 0)
                    : sqlite3_bind_blob64(statement, place, bytes.baseAddress, UInt64(bytes.count), transient)
            })
    }

    func bind(_ value: String?) {
        guard var value else { return bindNull() }
        let place = next()
        note(
            value.withUTF8 { text in
                unsafe text.withMemoryRebound(to: CChar.self) {
                    unsafe sqlite3_bind_text64(
                        statement, place, $0.baseAddress, UInt64($0.count), transient, UInt8(SQLITE_UTF8))
                }
            })
    }

    private func bindNull() { note(unsafe sqlite3_bind_null(statement, next())) }

    /// Inserts the row that was bound, and forgets it.
    func run(_ db: Database) throws {
        let bound = failure
        (place, failure) = (0, SQLITE_OK)
        let code = bound == SQLITE_OK ? unsafe sqlite3_step(statement) : bound
        let message = code == SQLITE_DONE ? nil : db.lastErrorMessage
        unsafe sqlite3_reset(statement)
        guard code == SQLITE_DONE else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: owner.sql)
        }
    }
}

/// SQLITE_TRANSIENT, which is a cast that Swift does not import.
@safe private let transient = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
