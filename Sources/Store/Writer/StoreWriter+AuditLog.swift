// What is written besides deliveries: the service's checkpoints, and the audit log of people.

internal import Files
package import GRDB

extension StoreWriter {
    /// How the service stopped last, and how far the spool was durably finished.
    public struct Checkpoint: Sendable, Equatable {
        /// All files of rows up to this id are durably out of the spool.
        public var finished: Int64
        /// Whether the last stop was clean: then nothing needs recovering.
        public var isClean: Bool
        /// The store's epoch.
        public var epoch: String
    }

    public func lastCheckpoint() throws(StoreError) -> Checkpoint {
        do {
            let checkpoint = try pool.read { try StoredCheckpoint.fetch($0) }
            return Checkpoint(finished: checkpoint.finished, isClean: checkpoint.isClean, epoch: checkpoint.epoch)
        } catch { throw StoreError(error, doing: "reading the checkpoint") }
    }

    /// Notes that the spool is durable up to a row, and whether the service stops cleanly.
    public func setCheckpoint(finished: Int64, isClean: Bool) throws(StoreError) {
        do {
            try pool.write { db in
                var checkpoint = try StoredCheckpoint.fetch(db)
                checkpoint.finished = finished
                checkpoint.isClean = isClean
                try checkpoint.save(db)
            }
        } catch { throw StoreError(error, doing: "writing the checkpoint") }
    }

    /// The ledger rows after an id whose files may still be in the spool.
    public func rows(after id: Int64) throws(StoreError) -> [LedgerRow] {
        do {
            return try pool.read { db in
                try Row.fetchAll(
                    db, sql: "SELECT \(LedgerRow.columns) FROM ledger WHERE id > ? ORDER BY id", arguments: [id]
                ).map { try LedgerRow($0) }
            }
        } catch { throw StoreError(error, doing: "reading the ledger") }
    }

    /// The rejections after an id whose files a person brought back: what lies in the spool is a new delivery.
    public func requeued(after id: Int64) throws(StoreError) -> Set<Int64> {
        do {
            return try pool.read { db in
                let rows = try Row.fetchAll(
                    db, sql: "SELECT \(StoredAuditEntry.columns) FROM audit WHERE kind = 'requeue' AND story > ?",
                    arguments: [id])
                return Set(try rows.compactMap { try StoredAuditEntry($0).story })
            }
        } catch { throw StoreError(error, doing: "reading the audit log") }
    }

    /// Notes what a person did.
    public func note(action kind: String, story: Int64?, detail: String) throws(StoreError) {
        do {
            try pool.write { try StoreWriter.note(action: kind, story: story, detail: detail, $0) }
        } catch { throw StoreError(error, doing: "noting \(kind)") }
    }

    package static func note(action kind: String, story: Int64?, detail: String, _ db: Database) throws {
        let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM audit") ?? 0
        guard last < CheckedRow.largestID else { throw StoreError(damaged: "the audit log has lost its count") }
        try StoredAuditEntry(
            id: last + 1, at: Process.wallMicroseconds, kind: kind, story: story, detail: detail
        ).insert(into: db)
    }
}
