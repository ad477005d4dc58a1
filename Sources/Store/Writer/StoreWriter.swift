// The one writer of the truth. It appends rows in claim order, in one transaction a batch, with
// synchronous=FULL: when `append` returns, the rows are on the disk, and not before.
//
// Fails: no room (the same batch can be tried again), anything else at a commit is fatal, because after
// an fsync error the page cache shows rows that the disk does not hold.

internal import Files
internal import Foundation
package import GRDB
internal import GRDBSQLite
public import Resemblance
internal import Synchronization

/// The text of a story, as a ledger row brings it along.
public struct StoryContent: Sendable {
    /// The document's bytes, as the store keeps them; nil for a container that is not kept, of which only the digest is.
    let compressed: CompressedDocument?
    /// What was taken out of the bytes, where they are not text themselves (``ExtractedText``).
    let text: [UInt8]?
    /// The encoded reading, its sum, and the version of the parser that made it.
    public let fields: [UInt8]
    let fieldsSum: Int64
    public var parser: Int
    /// The encoded fingerprint.
    public var fingerprint: [UInt8]
    /// The key that all versions of the story share.
    public var version: UInt64?
    public var relations: [Relation]

    /// - Parameters:
    ///   - compressed: compressed in the worker, so that the committer does not have to.
    ///   - text: the text that was taken out of the bytes, compressed in the same way.
    ///   - fingerprint: empty for what is not compared by its words: a picture, a container.
    public init(
        compressed: CompressedDocument?, text: CompressedDocument? = nil, fields: [UInt8], parser: Int,
        fingerprint: [UInt8], version: UInt64?, relations: [Relation]
    ) {
        self.compressed = compressed
        self.text = text.map(ExtractedText.encoded)
        self.fields = fields
        fieldsSum = RowChecksum.sum(of: fields)
        self.parser = parser
        self.fingerprint = fingerprint
        self.version = version
        self.relations = relations
    }
}

/// What one commit adds for one delivered file.
public struct StoreEntry: Sendable {
    public var row: LedgerRow
    /// Present when the row is a story, or a delivery whose parts are.
    public var content: StoryContent?
    /// The delivery's parts; their numbers come before the row's.
    public var parts: [PartEntry]

    public init(row: LedgerRow, content: StoryContent?, parts: [PartEntry] = []) {
        self.row = row
        self.content = content
        self.parts = parts
    }
}

/// What one commit adds for one part of a delivery.
public struct PartEntry: Sendable {
    public var row: PartRow
    /// Present exactly when the part has a document of its own.
    public var content: StoryContent?

    public init(row: PartRow, content: StoryContent?) {
        self.row = row
        self.content = content
    }
}

/// Writes the store. The caller holds the lock that makes it the only one.
public final class StoreWriter: Sendable {
    /// The file below the state directory.
    public static let fileName = "copytaster.sqlite"

    package let pool: DatabasePool
    let head: Mutex<ChainHead>
    /// The newest part of a delivery that is being committed in steps; 0 when there is none.
    let newestPart = Mutex<Int64>(0)
    private let headFile: HeadFile
    let compression: Mutex<CompressionDictionary?>
    /// The path of the database file.
    public let path: String

    /// Opens the store in a directory, making it where there is none.
    ///
    /// A `wal_checkpoint(TRUNCATE)` must succeed before it returns, so that every row it shows is on the disk.
    ///
    /// - Parameter waiting: told, about every ten seconds, that another process keeps the store from being opened, and
    ///   why; nil does not wait.
    /// - Throws: ``StoreError/Kind/damaged`` if the store is seen to be: nothing is written into such a store.
    public init(directory: String, waiting: ((StoreError) -> Void)? = nil) throws(StoreError) {
        let path = directory + "/" + StoreWriter.fileName
        self.path = path
        let opened: (pool: DatabasePool, compression: CompressionDictionary?, last: ChainHead)
        while true {
            do {
                opened = try StoreWriter.open(path)
                break
            } catch {
                let error = StoreError(error, doing: "opening the store \(directory)")
                guard error.kind == .busy, let waiting else { throw error }
                waiting(error)
            }
        }
        pool = opened.pool
        compression = Mutex(opened.compression)
        head = Mutex(opened.last)
        headFile = try HeadFile(ofStore: path, first: opened.last)
    }

    private static func open(_ path: String) throws -> (DatabasePool, CompressionDictionary?, ChainHead) {
        let recorded = ChainHead(ofStore: path)
        if let recorded, !FileManager.default.fileExists(atPath: path) {
            throw StoreWriter.cutShort(path, at: 0, recorded)
        }
        PrivateFile.make(path)
        let pool = try DatabasePool(path: path, configuration: Schema.configuration(readonly: false))
        if try !pool.read({ try Schema.check($0, path: path, isReading: false) }) {
            try pool.write { try Schema.create($0) }
        }
        let compression = try pool.read { try CompressionDictionary.newest($0) }
        let last = try pool.writeWithoutTransaction { db in
            // GRDB sets NORMAL once the pool is open: this comes after it. With NORMAL a power cut may
            // roll back a commit whose file is already unlinked.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.checkpoint(.truncate)
            _ = try StoredCheckpoint.fetch(db)
            let last = try StoreWriter.checkedTail(db, path: path, recorded)
            try StoreWriter.removeUnfinished(db, after: last.lastID)
            if recorded == nil, last.lastID > 0 { try StoreWriter.beginEpoch(db, after: last.lastID) }
            return last
        }
        return (pool, compression, last)
    }

    /// What documents are compressed by now; nil while the archive is too small for a dictionary.
    public var dictionary: CompressionDictionary? { compression.withLock { $0 } }

    /// The id of the newest ledger row; 0 when there is none.
    public var lastID: Int64 { head.withLock { $0.lastID } }

    /// The hash of the newest row, as 64 hexadecimal digits.
    public var chainHead: String {
        SHA256Digest(bytes: head.withLock { $0.chain })?.description ?? ""
    }

    /// Commits entries whose ids follow ``lastID``, each after its parts. All or none, unless there are thousands of
    /// parts, which are committed some thousand at a time, the rows last.
    ///
    /// - Parameter progress: called between the steps.
    public func append(_ entries: [StoreEntry], progress: () -> Void = {}) throws(StoreError) {
        do {
            guard entries.reduce(0, { $0 + $1.parts.count }) <= Self.partsAtOnce else {
                return try appendInSteps(entries, progress: progress)
            }
            var after = head.withLock { $0 }
            try pool.write { db in
                let inserter = try EntryInserter(db, made: Process.wallMicroseconds)
                for entry in entries {
                    for part in entry.parts { try inserter.insert(part) }
                    try Self.insert(entry, &after, inserter)
                }
            }
            noteCommitted(after)
        } catch { throw StoreError(error, doing: "committing \(entries.count) files", systemError: systemError) }
    }

    /// Inserts a row behind its parts.
    static func insert(_ entry: StoreEntry, _ head: inout ChainHead, _ inserter: EntryInserter) throws {
        precondition(
            entry.row.id == head.lastID + 1 + Int64(entry.parts.count), "ledger ids have no gaps but for parts")
        head.chain = entry.row.chain(after: head.chain)
        head.lastID = entry.row.id
        try inserter.insert(entry, chain: head.chain)
    }

    func noteCommitted(_ after: ChainHead) {
        head.withLock { $0 = after }
        headFile.write(after)
    }

    /// The errno(3) of the last failed write to the log (sqlite3_system_errno() does not know it).
    private var systemError: Int32 {
        pool.unsafeReentrantWrite { db in
            var code: CInt = 0
            var log: UnsafeMutablePointer<sqlite3_file>?
            guard let connection = unsafe db.sqliteConnection,
                unsafe sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK,
                let log = unsafe log, let methods = unsafe log.pointee.pMethods
            else { return code }
            unsafe _ = methods.pointee.xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &code)
            return code
        }
    }

    /// The store's bytes and reading of one story, as committed.
    public func document(_ id: Int64) throws(StoreError) -> StoredDocument? {
        do {
            return try pool.unsafeRead { try StoredDocument.fetch($0, id: id) }
        } catch { throw StoreError(error, doing: "reading story \(id)") }
    }

    /// One ledger row, or a part as one, as committed.
    public func row(_ id: Int64) throws(StoreError) -> LedgerRow? {
        do {
            return try pool.unsafeRead { try StoreReader.row(id, $0) }
        } catch { throw StoreError(error, doing: "reading ledger row \(id)") }
    }

    /// The digest of one ledger row.
    public func digest(_ id: Int64) throws(StoreError) -> SHA256Digest? { try row(id)?.sha256 }

    /// What the tables in memory keep of one story.
    public struct Sketch {
        public var id: Int64
        /// The first eight bytes of the digest.
        public var sha: UInt64
        public var version: UInt64?
        public var fingerprint: [UInt8]
    }

    /// Hands every stored story's sketch to `body`, or those after a number, in the order of ids: one narrow scan, for
    /// rebuilding what is kept in memory.
    public func forEachSketch(after last: Int64 = 0, _ body: (Sketch) throws -> Void) throws(StoreError) {
        do {
            try pool.read { db in
                let rows = try Row.fetchCursor(
                    db, sql: "SELECT \(StoredSketch.columns) FROM sketch WHERE id > ? ORDER BY id", arguments: [last])
                while let row = try rows.next() {
                    let sketch = try StoredSketch(row)
                    try body(
                        Sketch(
                            id: sketch.id, sha: UInt64(bitPattern: sketch.sha),
                            version: sketch.version.map { UInt64(bitPattern: $0) }, fingerprint: sketch.fingerprint))
                }
            }
        } catch { throw StoreError(error, doing: "loading fingerprints") }
    }

    /// Copies the log into the database file and empties it.
    ///
    /// - Parameter patience: how long it waits for those who read what is in the log; nobody can commit meanwhile.
    /// - Throws: ``StoreError/Kind/busy`` if they still do.
    public func emptyLog(patience: Duration = .seconds(10)) throws(StoreError) {
        do {
            try pool.writeWithoutTransaction { try $0.emptyLog(patience: patience) }
        } catch { throw StoreError(error, doing: "checkpointing") }
    }

    /// The value of `PRAGMA synchronous` of the connection that commits; 2 is FULL.
    public func synchronousLevel() throws(StoreError) -> Int {
        do {
            return try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
        } catch { throw StoreError(error, doing: "asking for synchronous") }
    }

    #if DEBUG
        /// For tests: SQLite answers a full disk and a full page limit alike.
        public func limitPages(to count: Int) throws {
            _ = try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA max_page_count = \(count)") }
        }
    #endif

    /// Closes the store after the last commit; the caller has checkpointed.
    public func close() { try? pool.close() }
}

extension Database {
    /// Empties the log, with a patience of its own.
    func emptyLog(patience: Duration) throws {
        let usual = try Int.fetchOne(self, sql: "PRAGMA busy_timeout") ?? 0
        let (seconds, attoseconds) = patience.components
        _ = try Int.fetchOne(
            self, sql: "PRAGMA busy_timeout = \(seconds * 1000 + attoseconds / 1_000_000_000_000_000)")
        defer { _ = try? Int.fetchOne(self, sql: "PRAGMA busy_timeout = \(usual)") }
        try checkpoint(.truncate)
    }
}

extension StoreWriter {
    /// The earlier story that makes a row a member of its family; nil for the first one.
    public func earlierVersion(of id: Int64) throws(StoreError) -> Int64? {
        do {
            return try pool.unsafeRead { db in
                if let of = try StoreReader.row(id, db)?.of { return of }
                let ids = Schema.ids(of: id)
                let relations = try Row.fetchCursor(
                    db.cachedStatement(
                        sql: """
                            SELECT \(StoredRelation.columns) FROM relation
                            WHERE id BETWEEN ? AND ? AND kind NOT IN ('related', 'partial') ORDER BY id LIMIT 1
                            """),
                    arguments: [ids.lowerBound, ids.upperBound])
                return try relations.next().map { try StoredRelation($0).of }
            }
        } catch { throw StoreError(error, doing: "reading ledger row \(id)") }
    }
}
