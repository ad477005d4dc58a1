// One run of the proof, check by check. Four things make a row true: SQLite's pages fit together, the chain covers the
// ledger, the ledger's digests cover the documents, and seals cover the rest.

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
    private let witnessed: WitnessedHead?
    private var result = Verification()
    private var gaps = Gaps()
    private var redacted: Set<Int64> = []
    private var unsealed: Int64 = 0
    private let (chain, documents, contents, references) = (Faults(), Faults(), Faults(), Faults())
    private var (stored, readings, ties, acts) = (0, 0, 0, 0)

    init(_ db: Database, expectedHead: String?, witnessed: WitnessedHead?) {
        self.db = db
        self.expectedHead = expectedHead
        self.witnessed = witnessed
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
        documents.attempt { for fault in try PackingDictionary.faults(db) { documents.add(fault) } }
        var finished: Int64 = 0
        contents.attempt {
            let mark = try StoredMark.fetch(db)
            (unsealed, finished) = (mark.unsealed, mark.finished)
        }
        contents.attempt { try checkActs() }
        chain.attempt { try checkLedger(progress) }
        references.attempt { try checkStrangers() }
        chain.attempt {
            let last = max(try Int64.fetchOne(db, sql: "SELECT max(id) FROM ledger") ?? 0, gaps.lastID)
            if finished > last {
                chain.add("the mark says that row \(finished) is finished, but the ledger ends with row \(last)")
            }
        }
        result.lost = gaps.lostCount
        let kept = stored - redacted.union(gaps.textless).count
        result.checks = [
            pages.check("SQLite", "integrity_check says \(integrity.first ?? "nothing")"),
            chain.check("chain", "\(result.rows) ledger rows, each hashed over the one before\(salvaged)"),
            documents.check(
                "documents",
                "\(kept) documents have the bytes that were delivered"
                    + (redacted.isEmpty ? "" : ", \(redacted.count) were redacted")
                    + (gaps.textless.isEmpty ? "" : ", \(gaps.textless.count) were lost before a salvage")),
            contents.check("contents", "\(readings) readings, \(ties) ties and \(acts) acts are as they were sealed"),
            references.check("references", "every repeat refers to an earlier story"),
        ]
        return result
    }

    /// What a salvage left out is not hidden.
    private var salvaged: String {
        guard !gaps.lost.isEmpty || !gaps.unchained.isEmpty else { return "" }
        return " (a salvage told of \(gaps.lostCount) rows that are lost and \(gaps.unchained.count) that follow a gap)"
    }

    private func checkActs() throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT \(StoredAct.columns) FROM act ORDER BY id")
        while let row = try rows.next() {
            let act = try StoredAct(row)
            acts += 1
            if act.id != acts { contents.add("acts \(acts) to \(act.id - 1) are missing") }
            if act.kind == "redact", let story = act.story { redacted.insert(story) }
        }
        gaps = try Gaps.recorded(db)
    }

    private func checkLedger(_ progress: (Int64, Int64) -> Void) throws {
        let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM ledger") ?? 0
        var head = WitnessedHead(lastID: 0, chain: LedgerRow.chainStart)
        var foundHead = expectedHead == nil || expectedHead == SHA256Digest(bytes: head.chain)?.description
        let rows = try Row.fetchCursor(db, sql: "SELECT \(LedgerRow.columns) FROM ledger ORDER BY id")
        while let raw = try rows.next() {
            let cells = try Cells(raw, "ledger")
            do throws(StoreError) {
                let row = try LedgerRow(cells)
                let stored = try LedgerRow.storedChain(cells)
                if let fault = gaps.fault(of: row, stored, after: head) { chain.add(fault) }
                head.chain = stored
                check(row)
                result.counts[row.verdict, default: 0] += 1
            } catch { chain.add(error.message) }
            head.lastID = cells.id
            result.rows += 1
            if !foundHead, SHA256Digest(bytes: head.chain)?.description == expectedHead { foundHead = true }
            if witnessed?.lastID == cells.id, witnessed?.chain != head.chain {
                chain.add("row \(cells.id) is not the one that was committed: another store took this one's place")
            }
            if cells.id % 1024 == 0 { progress(cells.id, last) }
        }
        result.head = SHA256Digest(bytes: head.chain)?.description ?? ""
        if !foundHead, let expectedHead {
            chain.add("no row has the head \(expectedHead): rows were cut off the end, or it is another store's")
        }
        if let witnessed, witnessed.lastID > max(head.lastID, gaps.lastID) {
            chain.add("row \(witnessed.lastID) was committed, but the ledger ends with row \(head.lastID)")
        }
    }

    private func check(_ row: LedgerRow) {
        if row.isStory {
            stored += 1
            documents.attempt { try checkDocument(row) }
            contents.attempt { try checkReadings(row) }
            contents.attempt { try checkSketch(row) }
            contents.attempt { try checkTies(row) }
        }
        guard row.verdict == .identical, let of = row.of else { return }
        references.attempt {
            let other = try StoreReader.row(of, db)
            // Of a row that a salvage could not prove, nothing follows.
            let isProven = !gaps.isLost(of) && gaps.unchained[row.id] == nil && gaps.unchained[of] == nil
            if isProven, other?.sha256 != row.sha256 {
                references.add("row \(row.id) is said to be identical to \(of), but its hash differs")
            }
        }
    }

    private func checkDocument(_ row: LedgerRow) throws {
        guard let document = try StoredDocument.fetch(db, id: row.id) else {
            if !redacted.contains(row.id), !gaps.textless.contains(row.id) {
                documents.add("story \(row.id) has lost its document or its reading")
            }
            return
        }
        if SHA256Digest(of: document.bytes) != row.sha256 {
            documents.add("the bytes of story \(row.id) are not those that were delivered")
        }
        _ = try document.reading()
    }

    /// Rows of the time before there were seals may lack one.
    private func mayLackSeal(_ row: LedgerRow) -> Bool { row.id <= unsealed }

    private func checkReadings(_ row: LedgerRow) throws {
        var expected = Schema.ids(of: row.id).lowerBound
        for reading in try rows(of: row, StoredReading.columns, "reading") {
            let reading = try StoredReading(reading, mayLackSeal: mayLackSeal(row))
            if reading.id != expected { contents.add("an earlier reading of story \(row.id) is missing") }
            expected = reading.id + 1
            readings += 1
        }
    }

    private func checkTies(_ row: LedgerRow) throws {
        var expected = Schema.ids(of: row.id).lowerBound
        var deciding: Int64?
        for tie in try rows(of: row, StoredTie.columns, "relation") {
            let tie = try StoredTie(tie, mayLackSeal: mayLackSeal(row))
            if tie.id != expected { contents.add("a tie of story \(row.id) is missing") }
            if tie.kind == row.verdict.rawValue, deciding == nil { deciding = tie.of }
            expected = tie.id + 1
            ties += 1
        }
        if row.of != deciding, !gaps.isSalvaged { contents.add("story \(row.id) has lost the tie that decided") }
    }

    private func checkSketch(_ row: LedgerRow) throws {
        let found = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT \(StoredSketch.columns) FROM sketch WHERE id = ?"), arguments: [row.id])
        guard let sketch = try found.next().map({ try StoredSketch($0, mayLackSeal: mayLackSeal(row)) }) else {
            // Without a text it cannot be made again.
            let isExcused = gaps.textless.contains(row.id) || gaps.isSalvaged && redacted.contains(row.id)
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
                        SELECT count(*) FROM \(table) LEFT JOIN ledger ON ledger.id = \(table).id / \(divisor)
                        WHERE ledger.id IS NULL OR ledger.verdict IN ('identical', 'rejected')
                        """) ?? 0
            if strangers > 0 { references.add("\(strangers) rows of \(table) have no story in the ledger") }
        }
    }
}
