// How far the search index has come, and whether it says what the store says.

internal import Foundation
internal import GRDB

/// The one row of `progress`.
struct IndexProgress {
    var upto: Int64
    var store: String

    private var checksum: Int64 {
        var sum = RowChecksum(.checkpoint, id: 1)
        sum.add(upto)
        sum.add(store)
        return sum.value
    }

    static func fetch(_ db: Database) throws -> IndexProgress {
        guard let row = try Row.fetchOne(db, sql: "SELECT id, upto, store, checksum FROM progress") else {
            throw StoreError(damaged: "the search index has lost its place")
        }
        let checked = try CheckedRow(row, "progress")
        let progress = IndexProgress(upto: try checked.integer(1), store: try checked.text(2))
        try checked.check(3, progress.checksum)
        return progress
    }

    func save(_ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO progress VALUES (1, ?, ?, ?)", arguments: [upto, store, checksum])
    }
}

extension StoreReader {
    /// Looks whether the search index is whole.
    ///
    /// - Parameter complete: also makes one anew in the directory for temporary files and compares them word by word;
    ///   SQLite and FTS5 alone do not see a changed word. It takes as long as `verify --rebuild`.
    public func verifyIndex(complete: Bool, progress: (Int64, Int64) -> Void = { _, _ in }) -> Verification.Check {
        let faults = Faults()
        var finding = "the index for full-text search is whole"
        faults.attempt {
            let last = try lastID()
            let (upto, store) = try readIndex { db in
                let integrity = try Row.fetchAll(db, sql: "PRAGMA integrity_check(10)").map {
                    String.fromDatabaseValue($0[0]) ?? "something unreadable"
                }
                if integrity != ["ok"] { for fault in integrity { faults.add(fault) } }
                let progress = try IndexProgress.fetch(db)
                return (progress.upto, progress.store)
            }
            if upto > last { faults.add("it knows row \(upto), but the ledger ends with row \(last)") }
            if complete { try compareIndex(store: store, upto: upto, faults, progress) }
            if complete { finding = "the index for full-text search has the words of rows 1 to \(upto)" }
        }
        return faults.check("search", finding)
    }

    private func compareIndex(
        store: String, upto: Int64, _ faults: Faults, _ progress: (Int64, Int64) -> Void
    ) throws {
        let directory = NSTemporaryDirectory() + "copytaster-verify-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let fresh = try SearchIndex(directory: directory, of: self, store: store)
        while try fresh.progress() < upto, try fresh.advance(upTo: upto) > 0 { progress(try fresh.progress(), upto) }
        let expected = try StoreReader.indexDigest(directory)
        let found = try StoreReader.indexDigest((path as NSString).deletingLastPathComponent)
        if expected != found { faults.add("its words are not those of the stories") }
    }

    /// A sum over everything that a search can come upon, whatever the segments that FTS5 keeps it in.
    private static func indexDigest(_ directory: String) throws -> [Int64] {
        let queue = try DatabaseQueue(path: directory + "/" + SearchIndex.fileName)
        return try queue.writeWithoutTransaction { db in
            try db.execute(sql: "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, story, instance)")
            return try [
                "SELECT term, doc, col, offset FROM temp.words", "SELECT id, sz FROM story_docsize ORDER BY id",
                "SELECT block FROM story_data WHERE id = 1", "SELECT k, v FROM story_config ORDER BY k",
                "SELECT story FROM stated ORDER BY story", "SELECT id, received, dated FROM fact ORDER BY id",
                "SELECT type, name, sql FROM sqlite_master ORDER BY name",
            ].map { sql in
                var checksum = RowChecksum(.checkpoint, id: 0)
                let rows = try Row.fetchCursor(db, sql: sql)
                while let row = try rows.next() {
                    for column in 0..<row.count { checksum.add("\(row[column] as DatabaseValue)") }
                }
                return checksum.value
            }
        }
    }
}
