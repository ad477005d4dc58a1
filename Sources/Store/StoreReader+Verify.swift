// The proof: that nothing in the store was changed, removed or invented, from the disk alone.

internal import Foundation
internal import GRDB
public import Resemblance

/// What `verify` looked at and found.
public struct Verification: Sendable {
    /// One thing that was checked.
    public struct Check: Sendable {
        public var name: String
        /// What was seen, as a sentence.
        public var finding: String
        /// What is wrong; empty if nothing is. At most ten are listed.
        public var faults: [String]

        public var isSound: Bool { faults.isEmpty }
    }

    public var checks: [Check] = []
    public var rows = 0
    public var counts: [Verdict: Int] = [:]
    /// The hash of the newest row.
    public var head = ""

    public var isSound: Bool { checks.allSatisfy(\.isSound) }
}

/// Collects the faults of one check, the first ten in words.
private struct Faults {
    var listed: [String] = []
    var count = 0

    mutating func add(_ fault: @autoclosure () -> String) {
        count += 1
        if count <= 10 { listed.append(fault()) }
        if count == 11 { listed.append("... and more") }
    }
}

extension StoreReader {
    /// Proves the hash chain, every document's hash, the references between rows and SQLite's integrity.
    ///
    /// - Parameters:
    ///   - expectedHead: a chain head noted earlier (from the journal); some row must have it.
    ///   - progress: told how many rows of how many are done.
    public func verify(
        expectedHead: String? = nil, progress: (Int64, Int64) -> Void = { _, _ in }
    ) throws(StoreError) -> Verification {
        try read("verifying the store") { db in
            var result = Verification()
            let integrity = try String.fetchAll(db, sql: "PRAGMA integrity_check(10)")
            result.checks.append(
                Verification.Check(
                    name: "SQLite", finding: "integrity_check says \(integrity.first ?? "nothing")",
                    faults: integrity == ["ok"] ? [] : integrity))
            let dictionaries = try PackingDictionary.faults(db)
            if !dictionaries.isEmpty {
                result.checks.append(
                    Verification.Check(name: "dictionaries", finding: "both copies are sound", faults: dictionaries))
            }
            try StoreReader.verifyRows(db, expectedHead: expectedHead, into: &result, progress: progress)
            return result
        }
    }

    private static func verifyRows(
        _ db: Database, expectedHead: String?, into result: inout Verification, progress: (Int64, Int64) -> Void
    ) throws {
        let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM ledger") ?? 0
        let redacted = Set(try Int64.fetchAll(db, sql: "SELECT story FROM act WHERE kind = 'redact'"))
        var chain = Faults()
        var documents = Faults()
        var references = Faults()
        var head = LedgerRow.chainStart
        var expected: Int64 = 1
        var stored = 0
        var foundHead = expectedHead == nil || expectedHead == SHA256Digest(bytes: head)?.description
        let rows = try Row.fetchCursor(db, sql: "SELECT \(LedgerRow.columns) FROM ledger ORDER BY id")
        while let raw = try rows.next() {
            let row = try LedgerRow(raw)
            if row.id != expected { chain.add("rows \(expected) to \(row.id - 1) are missing") }
            expected = row.id + 1
            head = row.chain(after: head)
            if head != Array(raw["chain"] as Data) {
                chain.add("row \(row.id) is not what was written")
                head = Array(raw["chain"] as Data)
            }
            if !foundHead, SHA256Digest(bytes: head)?.description == expectedHead { foundHead = true }
            if row.isStory { stored += 1 }
            try check(row, redacted: redacted, documents: &documents, references: &references, db)
            result.counts[row.verdict, default: 0] += 1
            result.rows += 1
            if row.id % 1024 == 0 { progress(row.id, last) }
        }
        result.head = SHA256Digest(bytes: head)?.description ?? ""
        if !foundHead, let expectedHead {
            chain.add("no row has the head \(expectedHead): rows were cut off the end, or it is another store's")
        }
        let extra =
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM document LEFT JOIN ledger USING (id) WHERE ledger.id IS NULL") ?? 0
        if extra > 0 { references.add("\(extra) documents have no ledger row") }
        result.checks += [
            Verification.Check(
                name: "chain", finding: "\(result.rows) ledger rows, each hashed over the one before",
                faults: chain.listed),
            Verification.Check(
                name: "documents",
                finding: "\(stored - redacted.count) documents have the bytes that were delivered"
                    + (redacted.isEmpty ? "" : ", \(redacted.count) were redacted"),
                faults: documents.listed),
            Verification.Check(
                name: "references", finding: "every repeat refers to an earlier story", faults: references.listed),
        ]
    }

    private static func check(
        _ row: LedgerRow, redacted: Set<Int64>, documents: inout Faults, references: inout Faults, _ db: Database
    ) throws {
        if row.isStory {
            do {
                if let document = try StoredDocument.fetch(db, id: row.id) {
                    if SHA256Digest(of: document.bytes) != row.sha256 {
                        documents.add("the bytes of story \(row.id) are not those that were delivered")
                    }
                    do { _ = try document.reading() } catch { documents.add("\(error)") }
                } else if !redacted.contains(row.id) {
                    documents.add("story \(row.id) has lost its document or its reading")
                }
            } catch let error as StoreError { documents.add("\(error)") }
        }
        guard row.verdict != .new, row.verdict != .rejected else { return }
        guard let of = row.of, of < row.id else {
            return references.add("row \(row.id) is \(row.verdict.rawValue) but names no earlier story")
        }
        if row.verdict == .identical {
            let other = try Data.fetchOne(
                db.cachedStatement(sql: "SELECT sha256 FROM ledger WHERE id = ?"), arguments: [of])
            if other.map(Array.init) != row.sha256?.bytes {
                references.add("row \(row.id) is said to be identical to \(of), but its hash differs")
            }
        }
    }
}
