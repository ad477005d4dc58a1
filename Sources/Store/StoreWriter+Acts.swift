// What is written besides deliveries: the service's marks, and the acts of people.

internal import Foundation
internal import GRDB

extension StoreWriter {
    /// How the service stopped last, and how far the spool was durably finished.
    public struct Mark: Sendable, Equatable {
        /// All files of rows up to this id are durably out of the spool.
        public var finished: Int64
        /// Whether the last stop was clean: then nothing needs recovering.
        public var isClean: Bool
        /// The store's random name.
        public var store: String
    }

    public func mark() throws(StoreError) -> Mark {
        do {
            return try pool.read { db in
                guard let row = try Row.fetchOne(db, sql: "SELECT finished, clean, store FROM mark WHERE id = 1")
                else {
                    throw StoreError(.damaged, "the store has lost its mark", hint: "restore the last backup")
                }
                return Mark(finished: row[0], isClean: row[1], store: row[2])
            }
        } catch { throw StoreError(error, doing: "reading the mark") }
    }

    /// Notes that the spool is durable up to a row, and whether the service stops cleanly.
    public func setMark(finished: Int64, isClean: Bool) throws(StoreError) {
        do {
            try pool.write {
                try $0.execute(
                    sql: "UPDATE mark SET finished = ?, clean = ? WHERE id = 1", arguments: [finished, isClean])
            }
        } catch { throw StoreError(error, doing: "writing the mark") }
    }

    /// The ledger rows after an id whose files may still be in the spool.
    public func rows(after id: Int64) throws(StoreError) -> [LedgerRow] {
        do {
            return try pool.read { db in
                try Row.fetchAll(
                    db, sql: "SELECT \(LedgerRow.columns) FROM ledger WHERE id > ? ORDER BY id", arguments: [id]
                ).map(LedgerRow.init)
            }
        } catch { throw StoreError(error, doing: "reading the ledger") }
    }

    /// Notes what a person did.
    public func note(act kind: String, story: Int64?, detail: String) throws(StoreError) {
        do {
            try pool.write { try StoreWriter.note(act: kind, story: story, detail: detail, $0) }
        } catch { throw StoreError(error, doing: "noting \(kind)") }
    }

    /// Removes a document's bytes and readings for ever; the ledger row, its hash and the act stay.
    ///
    /// - Throws: ``StoreError/Kind/notFound`` if the story has no text (any more).
    public func redact(_ id: Int64, reason: String) throws(StoreError) {
        do {
            try pool.write { db in
                try db.execute(sql: "DELETE FROM document WHERE id = ?", arguments: [id])
                guard db.changesCount == 1 else {
                    throw StoreError(
                        .notFound, "story \(id) has no text to redact",
                        hint: "`copytaster ledger` shows which rows have a story of their own")
                }
                try db.execute(
                    sql: "DELETE FROM reading WHERE id BETWEEN ? AND ?",
                    arguments: [id * Schema.revisions, (id + 1) * Schema.revisions - 1])
                // A rule's sentence may quote the text.
                try db.execute(
                    sql: "UPDATE relation SET rule = 'redacted' WHERE id BETWEEN ? AND ? OR of = ?",
                    arguments: [id * Schema.revisions, (id + 1) * Schema.revisions - 1, id])
                try StoreWriter.note(act: "redact", story: id, detail: reason, db)
            }
        } catch { throw StoreError(error, doing: "redacting story \(id)") }
        // The log still holds the pages.
        try checkpoint()
    }

    private static func note(act kind: String, story: Int64?, detail: String, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO act (at, kind, story, detail) VALUES (?, ?, ?, ?)",
            arguments: [Int64(Date().timeIntervalSince1970 * 1_000_000), kind, story, detail])
    }
}
