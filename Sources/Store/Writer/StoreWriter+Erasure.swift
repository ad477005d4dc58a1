// What a redaction leaves to be done once it is committed: the log still has the old pages, the search index the words,
// the spool the files. Until all that is erased, which another process can hold up by reading, the store remembers it:
// a `redact` or `discard` entry without an `erased` one.

internal import Foundation
package import GRDB
internal import Resemblance

extension StoreWriter {
    /// The coding of a document that was redacted. Its row stays, empty: where rows of the middle are deleted, SQLite
    /// moves their neighbours together, and what it moves leaves copies that no later redaction would find.
    package static let erasedCoding = -1

    /// Removes a document's bytes and readings; the ledger row, its hash and the audit entry stay. What is left of them on the
    /// disk is erased one place after the other, ``emptyLog(patience:)`` last.
    ///
    /// - Throws: ``StoreError/Kind/notFound`` if the story has no text (any more), ``StoreError/Kind/busy`` if its
    ///   redaction is under way.
    public func redact(_ id: Int64, reason: String) throws(StoreError) {
        do {
            try pool.write { db in
                // The container of parts goes with each of them, and not alone.
                if try StoreReader.row(id, db)?.verdict == .parts { throw try Self.noText(id, db) }
                try db.execute(
                    sql: "UPDATE document SET coding = ?1, bytes = x'' WHERE id = ?2 AND coding <> ?1",
                    arguments: [Self.erasedCoding, id])
                guard db.changesCount == 1 else { throw try Self.noText(id, db) }
                let ids = Schema.ids(of: id)
                for row in try Row.fetchAll(
                    db, sql: "SELECT \(StoredReading.columns) FROM reading WHERE id BETWEEN ? AND ?",
                    arguments: [ids.lowerBound, ids.upperBound])
                {
                    let old = try StoredReading(row)
                    let blank = StoredReading(id: old.id, parser: old.parser, made: old.made, fields: [])
                    try db.execute(
                        sql: "UPDATE reading SET fields = x'', text = NULL, checksum = ? WHERE id = ?",
                        arguments: [blank.checksum, old.id])
                }
                try Self.blankContainers(of: id, db)
                try Self.blankRules(of: id, db)
                try Self.blankChanges(of: id, db)
                try Self.note(action: "redact", story: id, detail: reason, db)
            }
        } catch { throw StoreError(error, doing: "redacting story \(id)") }
    }

    /// Why there is nothing to redact.
    private static func noText(_ id: Int64, _ db: Database) throws -> StoreError {
        if try unfinished(db).contains(id) {
            return StoreError(
                .busy, "the redaction of story \(id) is under way: its last bytes are not erased yet",
                hint: "another process reads the store (fuser -v on it says which); the service finishes it by itself")
        }
        if let row = try StoreReader.row(id, db), row.verdict == .identical, let of = row.of {
            return StoreError(
                .notFound, "row \(id) has no text of its own: it repeats story \(of)", hint: "redact story \(of)")
        }
        if let row = try StoreReader.row(id, db), row.verdict == .parts {
            return StoreError(
                .notFound, "row \(id) holds parts, and no text of its own",
                hint: "redact its parts, one by one: \(row.partIDs.lowerBound) to \(row.partIDs.upperBound - 1)")
        }
        return StoreError(
            .notFound, "story \(id) has no text to redact",
            hint: "`copytaster ledger` shows which rows have a story of their own")
    }

    /// A rule's sentence may quote the text.
    private static func blankRules(of id: Int64, _ db: Database) throws {
        let ids = Schema.ids(of: id)
        for row in try Row.fetchAll(
            db, sql: "SELECT \(StoredRelation.columns) FROM relation WHERE id BETWEEN ? AND ? OR of = ?",
            arguments: [ids.lowerBound, ids.upperBound, id])
        {
            var relation = try StoredRelation(row)
            relation.rule = "redacted"
            try db.execute(
                sql: "UPDATE relation SET rule = ?, checksum = ? WHERE id = ?",
                arguments: [relation.rule, relation.checksum, relation.id])
        }
    }

    /// So does the audit entry of a reparse: it says which words were read differently.
    private static func blankChanges(of id: Int64, _ db: Database) throws {
        for row in try Row.fetchAll(
            db, sql: "SELECT \(StoredAuditEntry.columns) FROM audit WHERE story = ? AND kind = 'reparse'",
            arguments: [id])
        {
            var audit = try StoredAuditEntry(row)
            audit.detail = "redacted"
            try db.execute(
                sql: "UPDATE audit SET detail = ?, checksum = ? WHERE id = ?",
                arguments: [audit.detail, audit.checksum, audit.id])
        }
    }

    /// Redacted stories and discarded rejections of which something may still be on the disk.
    public func unfinishedErasures() throws(StoreError) -> [Int64] {
        do { return try pool.read { try Self.unfinished($0) } } catch {
            throw StoreError(error, doing: "reading the audit log")
        }
    }

    private static func unfinished(_ db: Database) throws -> [Int64] {
        var open: [Int64] = []
        for row in try Row.fetchAll(
            db,
            sql:
                "SELECT \(StoredAuditEntry.columns) FROM audit WHERE kind IN ('redact', 'discard', 'erased') ORDER BY id"
        ) {
            let audit = try StoredAuditEntry(row)
            guard let story = audit.story else { continue }
            if audit.kind == "erased" { open.removeAll { $0 == story } } else { open.append(story) }
        }
        return open
    }

    /// The deliveries that held redacted stories as parts: the same file again is not something that the store has.
    public func containers(ofRedacted stories: some Sequence<Int64>) throws(StoreError) -> [Int64] {
        do {
            return try pool.read { db in
                guard try Int64.fetchOne(db, sql: "SELECT id FROM part LIMIT 1") != nil else { return [] }
                return try stories.flatMap { try Self.deliveries(withBytesOf: $0, db) }.filter {
                    try StoreReader.row($0, db)?.verdict == .parts
                }
            }
        } catch { throw StoreError(error, doing: "reading the ledger") }
    }

    /// The stories whose text was removed.
    public func redactedStories() throws(StoreError) -> Set<Int64> {
        do {
            return try pool.read { db in
                Set(
                    try Row.fetchAll(db, sql: "SELECT \(StoredAuditEntry.columns) FROM audit WHERE kind = 'redact'")
                        .compactMap { try StoredAuditEntry($0).story })
            }
        } catch { throw StoreError(error, doing: "reading the audit log") }
    }

    /// The deliveries that brought the bytes of a row, as a file or in one; its own among them.
    public func deliveries(withBytesOf id: Int64) throws(StoreError) -> [Int64] {
        do { return try pool.read { try Self.deliveries(withBytesOf: id, $0) } } catch {
            throw StoreError(error, doing: "reading the ledger")
        }
    }

    package static func deliveries(withBytesOf id: Int64, _ db: Database) throws -> [Int64] {
        let row = try StoreReader.row(id, db)
        var found: Set<Int64> = [row?.part?.delivery ?? id]
        found.formUnion(
            try Int64.fetchAll(
                db, sql: "SELECT delivery FROM part WHERE of = ? AND verdict = ?",
                arguments: [id, Verdict.identical.rawValue]))
        // And the files that are the same as one of these.
        for delivery in found.union([id]) {
            found.formUnion(
                try Int64.fetchAll(
                    db, sql: "SELECT id FROM ledger WHERE of = ? AND verdict = ?",
                    arguments: [delivery, Verdict.identical.rawValue]))
        }
        return found.sorted()
    }

    /// Blanks the containers that hold a part's bytes, where containers are kept.
    private static func blankContainers(of id: Int64, _ db: Database) throws {
        for delivery in try deliveries(withBytesOf: id, db) where delivery != id {
            try db.execute(
                sql: """
                    UPDATE document SET coding = ?1, bytes = x'' WHERE id = ?2 AND EXISTS
                        (SELECT 1 FROM ledger WHERE ledger.id = ?2 AND verdict = ?3)
                    """, arguments: [erasedCoding, delivery, Verdict.parts.rawValue])
        }
    }

    /// Notes that nothing is left of redacted stories and discarded rejections, the log included.
    public func noteErased(_ ids: [Int64]) throws(StoreError) {
        do {
            try pool.write { db in
                for id in ids { try Self.note(action: "erased", story: id, detail: "", db) }
            }
        } catch { throw StoreError(error, doing: "noting what was erased") }
    }
}
