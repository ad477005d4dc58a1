// Deliveries of thousands of parts. They are committed in steps, so that no transaction, and no log, grows with the
// delivery: first the parts, then, with the last of them, the ledger's row. Until that is there, nobody is given a part. What an
// end in between leaves is removed by the next start, which reads the file again: only the row makes a delivery.

internal import Files
internal import GRDB
internal import Synchronization

extension StoreWriter {
    /// Parts in one transaction, at most.
    static let partsAtOnce = 4096

    /// Commits entries in as many transactions as their parts need. If one fails, those before it stay, and the same
    /// entries can be appended again.
    func appendInSteps(_ entries: [StoreEntry], progress: () -> Void) throws {
        for entry in entries where entry.row.id > lastID {
            var parts = entry.parts[...]
            let done = newestPart.withLock { $0 }
            parts = parts.drop { $0.row.id <= done }
            while parts.count > Self.partsAtOnce {
                let step = parts.prefix(Self.partsAtOnce)
                try pool.write { db in
                    let inserter = try EntryInserter(db, made: Process.wallMicroseconds)
                    for part in step { try inserter.insert(part) }
                }
                parts = parts.dropFirst(step.count)
                newestPart.withLock { $0 = step.last?.row.id ?? $0 }
                progress()
            }
            var after = head.withLock { $0 }
            try pool.write { db in
                let inserter = try EntryInserter(db, made: Process.wallMicroseconds)
                for part in parts { try inserter.insert(part) }
                try Self.insert(entry, &after, inserter)
            }
            noteCommitted(after)
            newestPart.withLock { $0 = 0 }
            progress()
        }
    }

    /// Removes the parts of a delivery whose row was never committed.
    static func removeUnfinished(_ db: Database, after last: Int64) throws {
        while let newest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM part WHERE id > ?", arguments: [last]) {
            let first = max(last + 1, newest - Int64(partsAtOnce) + 1)
            let ids = Schema.ids(of: first).lowerBound...Schema.ids(of: newest).upperBound
            try db.inTransaction {
                for table in ["part", "document", "sketch"] {
                    try db.execute(
                        sql: "DELETE FROM \(table) WHERE id BETWEEN ? AND ?", arguments: [first, newest])
                }
                for table in ["reading", "relation"] {
                    try db.execute(
                        sql: "DELETE FROM \(table) WHERE id BETWEEN ? AND ?",
                        arguments: [ids.lowerBound, ids.upperBound])
                }
                return .commit
            }
        }
    }
}
