// One run of the proof, check by check. Four things make a row true: SQLite's pages fit together, the chain covers the
// ledger, the ledger's digests cover the documents, and checksums cover the rest.

internal import GRDB
internal import Resemblance

/// Collects the faults of one check, the first ten in words.
final class Faults {
    private(set) var listed: [String] = []
    private var count = 0

    func add(_ fault: @autoclosure () -> String) {
        count += 1
        if count <= 10 { listed.append(fault()) }
        if count == 11 { listed.append("... and more") }
    }

    /// Runs a part of the proof; what it throws is a fault.
    func attempt(_ body: () throws -> Void) {
        do { try body() } catch { add(StoreError(error, doing: "reading the store").message) }
    }

    func check(_ name: String, _ finding: String) -> Verification.Check {
        Verification.Check(name: name, finding: finding, faults: listed)
    }
}

/// Proves a store. Lives for one run.
final class Proof {
    private let db: Database
    private let expectedHead: String?
    private let recorded: ChainHead?
    private var result = Verification()
    private var losses = LossReport()
    private var redacted: Set<Int64> = []
    private let (chain, documents, contents, references) = (Faults(), Faults(), Faults(), Faults())
    private var (stored, readings, relations, audits) = (0, 0, 0, 0)
    /// What the rows of parts are checked against: the newest row.
    private var last: Int64 = 0

    init(_ db: Database, expectedHead: String?, recorded: ChainHead?) {
        self.db = db
        self.expectedHead = expectedHead
        self.recorded = recorded
    }

    func run(_ progress: (Int64, Int64) -> Void) -> Verification {
        let pages = Faults()
        var integrity: [String] = []
        pages.attempt {
            integrity = try Row.fetchAll(db, sql: "PRAGMA integrity_check(10)").map {
                String.fromDatabaseValue($0[0]) ?? "something unreadable"
            }
            if integrity != ["ok"] { for fault in integrity { pages.add(fault) } }
        }
        pages.attempt { try Schema.compare(db) }
        documents.attempt { for fault in try CompressionDictionary.faults(db) { documents.add(fault) } }
        var finished: Int64 = 0
        contents.attempt {
            let checkpoint = try StoredCheckpoint.fetch(db)
            (result.epoch, finished) = (checkpoint.epoch, checkpoint.finished)
        }
        contents.attempt { try checkAuditLog() }
        chain.attempt { try checkLedger(progress) }
        references.attempt { try checkStrangers() }
        chain.attempt { try checkPartCount() }
        chain.attempt {
            let last = max(try Int64.fetchOne(db, sql: "SELECT max(id) FROM ledger") ?? 0, losses.lastID)
            if finished > last {
                chain.add("the checkpoint says that row \(finished) is finished, but the ledger ends with row \(last)")
            }
        }
        result.lost = losses.lostCount
        let kept = stored - redacted.union(losses.textless).count
        result.checks = [
            pages.check("SQLite", "integrity_check says \(integrity.first ?? "nothing")"),
            chain.check(
                "chain",
                "\(result.rows) ledger rows\(result.parts > 0 ? " and their \(result.parts) parts" : ""), each hashed over the one before\(recovered)"
            ),
            documents.check(
                "documents",
                "\(kept) documents have the bytes that were delivered"
                    + (redacted.isEmpty ? "" : ", \(redacted.count) were redacted")
                    + (losses.textless.isEmpty ? "" : ", \(losses.textless.count) were lost before a recovery")),
            contents.check(
                "contents",
                "\(readings) readings, \(relations) relations and \(audits) entries of the audit log are as they were written"
            ),
            references.check("references", "every repeat refers to an earlier story"),
        ]
        return result
    }

    /// What a recovery left out is not hidden.
    private var recovered: String {
        guard !losses.lost.isEmpty || !losses.unchained.isEmpty else { return "" }
        return
            " (a recovery told of \(losses.lostCount) rows that are lost and \(losses.unchained.count) that follow a gap)"
    }

    private func checkAuditLog() throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT \(StoredAuditEntry.columns) FROM audit ORDER BY id")
        while let row = try rows.next() {
            let audit = try StoredAuditEntry(row)
            audits += 1
            if audit.id != audits { contents.add("entries \(audits) to \(audit.id - 1) of the audit log are missing") }
            if audit.kind == "redact", let story = audit.story { redacted.insert(story) }
        }
        losses = try LossReport.recorded(db)
    }

    private func checkLedger(_ progress: (Int64, Int64) -> Void) throws {
        last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM ledger") ?? 0
        var head = ChainHead(lastID: 0, chain: LedgerRow.chainStart)
        var foundHead = expectedHead == nil || expectedHead == SHA256Digest(bytes: head.chain)?.description
        let rows = try Row.fetchCursor(db, sql: "SELECT \(LedgerRow.columns) FROM ledger ORDER BY id")
        while let raw = try rows.next() {
            let checked = try CheckedRow(raw, "ledger")
            do throws(StoreError) {
                let row = try LedgerRow(checked)
                let stored = try LedgerRow.storedChain(checked)
                if let fault = losses.fault(of: row, stored, after: head) { chain.add(fault) }
                head.chain = stored
                check(row)
                result.counts[row.verdict, default: 0] += 1
            } catch { chain.add(error.message) }
            head.lastID = checked.id
            result.rows += 1
            if !foundHead, SHA256Digest(bytes: head.chain)?.description == expectedHead { foundHead = true }
            if recorded?.lastID == checked.id, recorded?.chain != head.chain {
                chain.add("row \(checked.id) is not the one that was committed: another store took this one's place")
            }
            if checked.id % 1024 == 0 { progress(checked.id, last) }
        }
        result.head = SHA256Digest(bytes: head.chain)?.description ?? ""
        if !foundHead, let expectedHead {
            chain.add("no row has the head \(expectedHead): rows were cut off the end, or it is another store's")
        }
        if let recorded, recorded.lastID > max(head.lastID, losses.lastID) {
            chain.add("row \(recorded.lastID) was committed, but the ledger ends with row \(head.lastID)")
        }
    }

    private func check(_ row: LedgerRow) {
        if row.verdict == .parts { chain.attempt { try checkParts(row) } }
        let isContainer = row.verdict == .parts
        if isContainer { documents.attempt { try checkContainer(row) } }
        if row.hasDocument {
            stored += 1
            documents.attempt { try checkDocument(row) }
            contents.attempt { try checkReadings(row) }
            contents.attempt { try checkSketch(row) }
            contents.attempt { try checkRelations(row) }
        }
        guard row.verdict == .identical, let of = row.of else { return }
        references.attempt {
            let other = try StoreReader.row(of, db)
            // Of a row that a recovery could not prove, nothing follows.
            let isProven = !losses.isLost(of) && losses.unchained[row.id] == nil && losses.unchained[of] == nil
            if isProven, other?.sha256 != row.sha256 {
                references.add("row \(row.id) is said to be identical to \(of), but its hash differs")
            }
        }
    }

    /// The rows of a delivery's parts, which its own row seals.
    private func checkParts(_ row: LedgerRow) throws {
        let parts = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT \(PartRow.columns) FROM part WHERE id >= ? AND id < ? ORDER BY id"),
            arguments: [row.partIDs.lowerBound, row.partIDs.upperBound]
        ).map { try PartRow($0) }
        result.parts += parts.count
        if losses.isPartless(row.id) { return }
        if Int64(parts.count) != row.parts?.count {
            chain.add(
                "\(row.parts?.count ?? 0) parts of delivery \(row.id) were recorded, and \(parts.count) are there")
        } else if PartsSeal(parts) != row.parts {
            chain.add("the parts of delivery \(row.id) are not those that were recorded")
        }
        for part in parts {
            result.partCounts[part.verdict, default: 0] += 1
            check(LedgerRow(part, of: row))
        }
    }

    /// Parts that belong to no delivery; those of one that is being committed come after the newest row.
    private func checkPartCount() throws {
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM part WHERE id < ?", arguments: [last]) ?? 0
        if count != result.parts { chain.add("\(count - result.parts) parts belong to no delivery") }
    }

    /// A container is kept only if that is configured, and goes with the first of its parts that is redacted.
    private func checkContainer(_ row: LedgerRow) throws {
        guard let document = try StoredDocument.fetch(db, id: row.id) else { return }
        stored += 1
        if SHA256Digest(of: document.bytes) != row.sha256 {
            documents.add("the bytes of delivery \(row.id) are not those that were delivered")
        }
        contents.attempt { try checkReadings(row) }
    }

    private func checkDocument(_ row: LedgerRow) throws {
        guard let document = try StoredDocument.fetch(db, id: row.id) else {
            if !redacted.contains(row.id), !losses.textless.contains(row.id) {
                documents.add("story \(row.id) has lost its document or its reading")
            }
            return
        }
        if SHA256Digest(of: document.bytes) != row.sha256 {
            documents.add("the bytes of story \(row.id) are not those that were delivered")
        }
        _ = try document.reading()
    }

    private func checkReadings(_ row: LedgerRow) throws {
        var expected = Schema.ids(of: row.id).lowerBound
        for reading in try rows(of: row, StoredReading.columns, "reading") {
            let reading = try StoredReading(reading)
            if reading.id != expected { contents.add("an earlier reading of story \(row.id) is missing") }
            expected = reading.id + 1
            readings += 1
        }
    }

    private func checkRelations(_ row: LedgerRow) throws {
        var expected = Schema.ids(of: row.id).lowerBound
        var deciding: Int64?
        for relation in try rows(of: row, StoredRelation.columns, "relation") {
            let relation = try StoredRelation(relation)
            if relation.id != expected { contents.add("a relation of story \(row.id) is missing") }
            if relation.kind == row.verdict.rawValue, deciding == nil { deciding = relation.of }
            expected = relation.id + 1
            relations += 1
        }
        if row.of != deciding, !losses.isRecovered {
            contents.add("story \(row.id) has lost the relation that decided")
        }
    }

    private func checkSketch(_ row: LedgerRow) throws {
        let found = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT \(StoredSketch.columns) FROM sketch WHERE id = ?"), arguments: [row.id])
        guard let sketch = try found.next().map({ try StoredSketch($0) }) else {
            // Without a text it cannot be made again.
            let isExcused = losses.textless.contains(row.id) || losses.isRecovered && redacted.contains(row.id)
            if !isExcused { contents.add("story \(row.id) has lost its fingerprint") }
            return
        }
        if UInt64(bitPattern: sketch.sha) != row.sha256?.prefix {
            contents.add("the fingerprint of story \(row.id) is another story's")
        }
    }

    private func rows(of row: LedgerRow, _ columns: String, _ table: String) throws -> [Row] {
        let ids = Schema.ids(of: row.id)
        return try Row.fetchAll(
            db.cachedStatement(sql: "SELECT \(columns) FROM \(table) WHERE id BETWEEN ? AND ? ORDER BY id"),
            arguments: [ids.lowerBound, ids.upperBound])
    }

    /// Rows that belong to no row of the ledger.
    private func checkStrangers() throws {
        for (table, divisor) in [("document", 1), ("reading", 256), ("relation", 256), ("sketch", 1)] {
            let strangers =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) FROM \(table)
                            LEFT JOIN ledger ON ledger.id = \(table).id / \(divisor)
                            LEFT JOIN part ON part.id = \(table).id / \(divisor)
                        WHERE coalesce(ledger.verdict, part.verdict, 'rejected') IN ('identical', 'rejected')
                        """) ?? 0
            if strangers > 0 { references.add("\(strangers) rows of \(table) have no story in the ledger") }
        }
    }
}
