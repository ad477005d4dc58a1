// How a row is written and read: one way for each table. What a row says is proved by a checksum that is made of it when it
// is written, and compared when it is read; the ledger is proved by its chain, documents and dictionaries by digests.

internal import Foundation
package import GRDB
internal import GRDBSQLite

/// A row of one table.
package protocol StoredRow {
    static var table: String { get }
    /// All columns, the id first.
    static var columns: String { get }
    /// Throws unless the row is as it was written.
    init(_ row: CheckedRow) throws(StoreError)
    /// Binds every column, in order.
    func bind(to statement: InsertStatement)
}

extension StoredRow {
    package init(_ row: Row) throws(StoreError) { try self.init(CheckedRow(row, Self.table)) }

    /// Adds the row to its table.
    package func insert(into db: Database) throws {
        let statement = try InsertStatement(Self.self, db)
        bind(to: statement)
        try statement.run(db)
    }
}

/// A prepared INSERT whose parameters are bound one after another, straight through SQLite's C interface: GRDB's arguments
/// cost more than the rows themselves.
///
/// SQLite copies what is bound, so nothing here outlives its call. Whether binding worked is told by `run`.
@safe package final class InsertStatement {
    /// Keeps the statement prepared.
    private let owner: Statement
    private let statement: OpaquePointer
    private var place: CInt = 0
    private var failure: CInt = SQLITE_OK

    package init(_ type: (some StoredRow).Type, _ db: Database) throws {
        let places = type.columns.split(separator: ",").map { _ in "?" }.joined(separator: ", ")
        owner = try db.cachedStatement(sql: "INSERT INTO \(type.table) (\(type.columns)) VALUES (\(places))")
        unsafe self.statement = owner.sqliteStatement
        // It may have been run through GRDB, which resets a statement before its next run: until then it takes no
        // parameters (SQLITE_MISUSE).
        unsafe sqlite3_reset(self.statement)
    }

    private func next() -> CInt {
        place += 1
        return place
    }

    private func note(_ code: CInt) { if code != SQLITE_OK { failure = code } }

    package func bind(_ value: Int64) { note(unsafe sqlite3_bind_int64(statement, next(), value)) }

    package func bind(_ value: Double) { note(unsafe sqlite3_bind_double(statement, next(), value)) }

    package func bind(_ value: Int64?) {
        guard let value else { return bindNull() }
        bind(value)
    }

    package func bind(_ value: [UInt8]?) {
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

    package func bind(_ value: String?) {
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
    package func run(_ db: Database) throws {
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
