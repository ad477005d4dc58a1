// The full-text index: search.sqlite, derived from the store and filled behind the commits. It can be
// thrown away at any time; nothing waits for it.

internal import Foundation
internal import GRDB
public import Story
internal import Synchronization

/// Keeps search.sqlite up to date; one thread uses it.
public final class SearchIndex: Sendable {
    public static let fileName = "search.sqlite"
    /// Stories a transaction: large ones are what makes FTS5 fast (measured best with a 32 MB hash).
    public static let batch = 8192

    /// An index of another format is made anew.
    private static let format = 2

    /// Stories read at a time: a long snapshot would keep the writer from checkpointing.
    private static let page = 256

    private let opened: Mutex<DatabaseQueue>
    private let reader: StoreReader
    private let directory: String
    private let store: String
    /// Why the index that was there was thrown away at opening; nil if it was not.
    public let remade: StoreError?

    private var database: DatabaseQueue { opened.withLock { $0 } }

    /// Opens the index in a state directory; one that is damaged, or belongs to another store, is made anew.
    public convenience init(directory: String, store: String) throws(StoreError) {
        try self.init(directory: directory, of: StoreReader(directory: directory), store: store)
    }

    /// Opens the index of a store in any directory.
    init(directory: String, of reader: StoreReader, store: String) throws(StoreError) {
        (self.reader, self.directory, self.store) = (reader, directory, store)
        let last = try reader.lastID()
        do {
            opened = Mutex(try SearchIndex.open(directory, store: store, last: last))
            remade = nil
        } catch {
            remade = StoreError(error, doing: "opening the search index").ofDerived
            opened = Mutex(try SearchIndex.anew(directory, store: store))
        }
    }

    /// Closes it; nothing can be done with it any more.
    func close() throws { try database.close() }

    /// Throws the index away and begins a new one.
    public func remake() throws(StoreError) {
        try? database.close()
        let fresh = try SearchIndex.anew(directory, store: store)
        opened.withLock { $0 = fresh }
    }

    private static func anew(_ directory: String, store: String) throws(StoreError) -> DatabaseQueue {
        remove(directory: directory)
        do { return try open(directory, store: store, last: 0) } catch {
            throw StoreError(error, doing: "making the search index in \(directory)").ofDerived
        }
    }

    /// Deletes the index, so that the next opening builds it again.
    public static func remove(directory: String) {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: directory + "/" + fileName + suffix)
        }
    }

    private static func open(_ directory: String, store: String, last: Int64) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "search"
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
            // What is freed is overwritten: merging frees pages with words that may be redacted later.
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        PrivateFile.make(directory + "/" + fileName)
        let database = try DatabaseQueue(path: directory + "/" + fileName, configuration: configuration)
        try database.write { db in
            if try !db.tableExists("progress") {
                try db.execute(
                    sql: """
                        CREATE TABLE progress (id INTEGER PRIMARY KEY, upto INTEGER, store TEXT, checksum INTEGER);
                        CREATE VIRTUAL TABLE story USING fts5(
                            headline, byline, place, agency, caption, body, facts,
                            content='', tokenize="ascii tokenchars '_'");  -- what it is handed is folded already
                        CREATE TABLE fact (id INTEGER PRIMARY KEY, received INTEGER, dated INTEGER);
                        CREATE TABLE stated (story INTEGER PRIMARY KEY);  -- those that say kill or hold
                        INSERT INTO story(story, rank) VALUES ('hashsize', 33554432);
                        -- Sixteen segments are merged at a time, not four: each word is written half as often, and a
                        -- search looks into a few segments more.
                        INSERT INTO story(story, rank) VALUES ('automerge', 16);
                        INSERT INTO story(story, rank) VALUES ('crisismerge', 32);
                        """)
                try IndexProgress(upto: 0, store: store).save(db)
                try db.execute(sql: "PRAGMA user_version = \(SearchIndex.format)")
            }
            guard try isOfThisFormat(db) else {
                throw StoreError(damaged: "the search index was made by another version of this program")
            }
            let progress = try IndexProgress.fetch(db)
            guard progress.store == store, progress.upto <= last else {
                throw StoreError(damaged: "the search index belongs to another store, or to a newer copy of this one")
            }
        }
        return database
    }

    static func isOfThisFormat(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "PRAGMA user_version") == format
    }

    /// The ledger row that the index has reached.
    public func progress() throws(StoreError) -> Int64 {
        do {
            return try database.read { try IndexProgress.fetch($0).upto }
        } catch { throw StoreError(error, doing: "reading the search index").ofDerived }
    }

    /// Indexes the next stories, up to ``batch`` of them, and keeps what is done when `mustEnd` says so: at a low
    /// priority on a busy machine a batch can take long.
    ///
    /// - Returns: how many ledger rows it moved on; 0 when it has caught up.
    public func advance(until mustEnd: () -> Bool = { false }) throws(StoreError) -> Int {
        try advance(upTo: .max, until: mustEnd)
    }

    func advance(upTo end: Int64, until mustEnd: () -> Bool = { false }) throws(StoreError) -> Int {
        do {
            return try database.write { db in
                let from = try IndexProgress.fetch(db).upto
                var (last, moved) = (from, 0)
                while moved < SearchIndex.batch, last < end, !mustEnd() {
                    let page = try stories(after: last)
                    if page.isEmpty { break }
                    for row in page where row.id <= end && !mustEnd() {
                        (last, moved) = (row.id, moved + 1)
                        guard let reading = try row.document?.reading() else { continue }
                        try SearchIndex.insert(
                            IndexedStory(row.id, received: row.received, verdict: row.verdict, reading), db)
                    }
                }
                if moved > 0 { try IndexProgress(upto: last, store: store).save(db) }
                return moved
            }
        } catch let failure as TruthFailure {
            throw failure.error
        } catch { throw StoreError(error, doing: "filling the search index").ofDerived }
    }

    /// What is wrong is not the index, but what it is made from.
    private struct TruthFailure: Error { let error: StoreError }

    private func stories(after id: Int64) throws -> [StoreReader.IndexableRow] {
        do throws(StoreError) {
            return try reader.stories(after: id, atMost: SearchIndex.page)
        } catch { throw TruthFailure(error: error) }
    }

    /// Takes one story out (a redaction); call it while the store still has the text.
    public func remove(_ id: Int64) throws(StoreError) {
        guard let reading = try reader.document(id)?.reading() else { return }
        try replace(id, old: reading, new: nil)
    }

    /// Puts another reading of a story in the place of the one that is indexed; does nothing if the index
    /// has not reached it.
    public func replace(_ id: Int64, old: Reading, new: Reading?) throws(StoreError) {
        guard try progress() >= id, let row = try reader.row(id) else { return }
        func indexed(_ reading: Reading) -> IndexedStory {
            IndexedStory(id, received: row.received, verdict: row.verdict, reading)
        }
        do {
            try database.write { db in
                // A contentless table is told what it had (https://www.sqlite.org/fts5.html#the_delete_command).
                try db.execute(
                    sql:
                        "INSERT INTO story (story, rowid, \(SearchIndex.columns)) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: [id] + StatementArguments(indexed(old).columns))
                try db.execute(sql: "DELETE FROM fact WHERE id = ?", arguments: [id])
                if let new { try SearchIndex.insert(indexed(new), db) }
            }
        } catch { throw StoreError(error, doing: "changing story \(id) in the search index").ofDerived }
    }

    /// Erases the words of what was taken out: FTS5 keeps them, marked as deleted, until the segments that have them are
    /// merged with all the others (https://www.sqlite.org/fts5.html#the_merge_command). It writes the whole index
    /// anew, about 100 MB a second, in steps between which others can write. Its log has them until it is emptied.
    public func purge() throws(StoreError) {
        do {
            try database.write { try $0.execute(sql: "INSERT INTO story (story, rank) VALUES ('merge', -500)") }
            var isDone = false
            while !isDone {
                isDone = try database.write { db in
                    let before = db.totalChangesCount
                    try db.execute(sql: "INSERT INTO story (story, rank) VALUES ('merge', 500)")
                    return db.totalChangesCount - before < 2
                }
            }
        } catch { throw StoreError(error, doing: "erasing words from the search index").ofDerived }
    }

    /// Copies the index's log into its file and empties it.
    ///
    /// - Throws: ``StoreError/Kind/busy`` while somebody searches.
    public func emptyLog(patience: Duration) throws(StoreError) {
        do {
            try database.writeWithoutTransaction { try $0.emptyLog(patience: patience) }
        } catch { throw StoreError(error, doing: "emptying the search index's log").ofDerived }
    }

    private static let columns = "headline, byline, place, agency, caption, body, facts"

    private static func insert(_ story: IndexedStory, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO story (rowid, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [story.id] + StatementArguments(story.columns))
        try db.cachedStatement(sql: "INSERT INTO fact VALUES (?, ?, ?)")
            .execute(arguments: [story.id, story.received, story.dated])
        if story.statesStatus {
            try db.execute(sql: "INSERT OR IGNORE INTO stated VALUES (?)", arguments: [story.id])
        }
    }
}
