// Reads the store beside the running writer: read-only connections, which never hold up a commit.

internal import Foundation
package import GRDB
public import Resemblance

/// A read-only view of the store.
public final class StoreReader: Sendable {
    let database: DatabaseQueue
    public let path: String

    /// Opens the store in a directory for reading.
    ///
    /// - Throws: ``StoreError/Kind/missing`` if there is none.
    public convenience init(directory: String) throws(StoreError) {
        let path = directory + "/" + StoreWriter.fileName
        guard unsafe access(path, F_OK) == 0 else {
            if errno == EACCES {
                throw StoreError(
                    .unreadable, "this user may not open the store in \(directory)",
                    hint: "root and the service's own user may: try sudo. Members of the group read the archive by "
                        + "list, search, show, ledger, relations, compare, diff and status")
            }
            throw StoreError(
                .missing, "there is no store in \(directory)",
                hint: "start the service, run `copytaster ingest`, or name a store with --state (the service's own: "
                    + "/var/lib/copytaster)")
        }
        try self.init(file: path)
    }

    /// Opens a store by its file: a backup, say.
    public init(file path: String) throws(StoreError) {
        self.path = path
        do {
            database = try DatabaseQueue(path: path, configuration: Schema.configuration(readonly: true))
            _ = try database.read { try Schema.check($0, path: path, isReading: true) }
        } catch { throw StoreError(error, doing: "opening the store \(path)") }
    }

    package func read<T>(_ what: String, _ body: (Database) throws -> T) throws(StoreError) -> T {
        do {
            return try database.read(body)
        } catch { throw StoreError(error, doing: what) }
    }

    /// Copies the store to a new file while it is in use (https://www.sqlite.org/backup.html).
    ///
    /// - Parameter progress: told how many pages of how many are done.
    public func backup(to file: String, progress: @escaping (Int, Int) -> Void) throws(StoreError) {
        // Nobody else's before the first byte: SQLite gives a new file, and those beside it, the mode of this one.
        let made = unsafe open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard made >= 0 else {
            throw StoreError(
                .unreadable,
                "\(file) cannot be made: \(FileManager.default.fileExists(atPath: file) ? "it exists" : "is its directory there, and may you write to it?")",
                hint: "name a new file in a directory that is there")
        }
        fchmod(made, 0o600)
        close(made)
        do {
            let copy = try DatabaseQueue(path: file)
            // In steps, so that a long copy does not hold back the checkpoints of the writer.
            try database.backup(to: copy, pagesPerStep: 2048) { progress($0.completedPageCount, $0.totalPageCount) }
            // The copy is one file: what SQLite keeps beside a store that is in use would only be left behind.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
        } catch { throw StoreError(error, doing: "backing up to \(file)") }
    }

    /// Which ledger rows are wanted.
    public struct Filter: Sendable {
        public var verdict: Verdict?
        /// The first directory of the name.
        public var source: [UInt8]?
        /// The whole name, or a part of it.
        public var name: [UInt8]?
        /// Only rows after this one.
        public var since: Int64 = 0
        /// Only files received from this moment on, and before that one; microseconds since 1970.
        public var from: Int64?
        public var until: Int64?
        /// Only stories with a document of their own, parts of deliveries among them.
        public var storiesOnly = false
        /// Parts, too, each as a row of its own, before the row of their delivery.
        public var includesParts = false
        /// The newest first, and how many.
        public var newest: Int?

        public init() {}

        func accepts(_ row: LedgerRow) -> Bool {
            if let verdict, row.verdict != verdict { return false }
            if storiesOnly && !row.isStory { return false }
            if row.received < from ?? .min || row.received >= until ?? .max { return false }
            if let source, row.source != source { return false }
            if let name, !name.isEmpty { return row.name.firstRange(of: name) != nil }
            return true
        }
    }

    /// Rows read at a time: a long listing must not hold a snapshot that keeps the writer from checkpointing.
    static let page = 1024

    /// Hands the wanted ledger rows to `body`, one at a time, until it returns false. `body` may read the store.
    ///
    /// - Parameter accepts: a further condition; what it refuses does not count for ``Filter/newest``.
    public func forEachRow(
        _ filter: Filter, where accepts: (LedgerRow) throws -> Bool = { _ in true },
        _ body: (LedgerRow) throws -> Bool
    ) throws {
        let isDescending = filter.newest != nil
        var edge = isDescending ? Int64.max : filter.since
        var found = 0
        while true {
            let (above, below) = isDescending ? (filter.since, edge) : (edge, Int64.max)
            let rows = try read("reading the ledger") { db in
                var rows = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT \(LedgerRow.columns) FROM ledger WHERE id > ? AND id < ?
                        ORDER BY id \(isDescending ? "DESC" : "ASC") LIMIT \(Self.page)
                        """,
                    arguments: [above, below]
                ).map { try LedgerRow($0) }
                if filter.includesParts || filter.storiesOnly {
                    rows += try Self.partRows(above, below, isDescending: isDescending, atMost: Self.page, db)
                    rows.sort { isDescending ? $0.id > $1.id : $0.id < $1.id }
                }
                return rows.prefix(Self.page)
            }
            guard let last = rows.last else { return }
            edge = last.id
            for row in rows where filter.accepts(row) {
                guard try accepts(row) else { continue }
                found += 1
                guard try body(row), found < filter.newest ?? .max else { return }
            }
        }
    }

    /// A row of the ledger, or a part of a delivery as one.
    public func row(_ id: Int64) throws(StoreError) -> LedgerRow? {
        try read("reading ledger row \(id)") { try StoreReader.row(id, $0) }
    }

    static func row(_ id: Int64, _ db: Database) throws -> LedgerRow? {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT \(LedgerRow.columns) FROM ledger WHERE id = ?"), arguments: [id])
        return try rows.next().map { try LedgerRow($0) } ?? partRow(id, db)
    }

    /// The bytes and latest reading of one story; nil if the row has none of its own.
    public func document(_ id: Int64) throws(StoreError) -> StoredDocument? {
        try read("reading story \(id)") { try StoredDocument.fetch($0, id: id) }
    }

    /// How a document's bytes are kept (`Compression`); nil if the row has none.
    public func coding(of id: Int64) throws(StoreError) -> Int? {
        try read("reading story \(id)") {
            try Int.fetchOne($0, sql: "SELECT coding FROM document WHERE id = ?", arguments: [id])
        }
    }

    /// A ledger row, or a part of a delivery, as the search index needs it.
    struct IndexableRow {
        var id: Int64
        var received: Int64
        var verdict: Verdict
        /// Nil if it has none.
        var document: StoredDocument?
    }

    /// The next ledger rows and parts in order.
    func stories(after id: Int64, atMost limit: Int) throws(StoreError) -> [IndexableRow] {
        try read("reading stories") { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: "SELECT id, received, verdict FROM ledger WHERE id > ? ORDER BY id LIMIT ?"),
                arguments: [id, limit])
            let parts = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT part.id, ledger.received, part.verdict FROM part JOIN ledger ON ledger.id = part.delivery
                        WHERE part.id > ? ORDER BY part.id LIMIT ?
                        """), arguments: [id, limit])
            let found = try (rows + parts).map { row in
                let checked = try CheckedRow(row, "ledger")
                guard let verdict = Verdict(rawValue: try checked.text(2)) else { throw checked.damaged }
                return IndexableRow(id: checked.id, received: try checked.integer(1), verdict: verdict)
            }
            let next = parts.isEmpty ? found[...] : found.sorted { $0.id < $1.id }.prefix(limit)
            return try next.map { row in
                var row = row
                row.document = try StoredDocument.fetch(db, id: row.id)
                return row
            }
        }
    }

    /// Documents from all over the archive, as far as `goOn` allows: enough to learn from.
    public func sample(while goOn: () -> Bool) throws(StoreError) -> [[UInt8]] {
        let (most, bytes, longest) = (2048, 4 << 20, 8192)
        let last = try lastID()
        var documents: [[UInt8]] = []
        var size = 0
        var id: Int64 = 1
        while id <= last, documents.count < most, size < bytes, goOn() {
            if let document = try document(id) {
                documents.append(Array(document.bytes.prefix(longest)))
                size += min(document.bytes.count, longest)
            }
            id += max(1, last / Int64(most))
        }
        return documents
    }

    /// The newest row's id; 0 in an empty store.
    public func lastID() throws(StoreError) -> Int64 {
        try read("reading the ledger") { try Int64.fetchOne($0, sql: "SELECT max(id) FROM ledger") ?? 0 }
    }

    /// How many rows each verdict has.
    public func counts() throws(StoreError) -> [Verdict: Int] {
        try read("counting the ledger") { db in
            var counts: [Verdict: Int] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT count(*), verdict FROM ledger GROUP BY verdict") {
                let checked = try CheckedRow(row, "ledger")
                guard let verdict = Verdict(rawValue: try checked.text(1)) else {
                    throw StoreError(damaged: "\(checked.id) ledger rows have no verdict that is known")
                }
                counts[verdict] = Int(checked.id)
            }
            return counts
        }
    }

    /// One entry of the audit log.
    public struct AuditEntry: Sendable {
        public var at: Int64
        public var kind: String
        public var story: Int64?
        public var detail: String
    }

    /// The audit log about one row, or all of them.
    public func auditLog(about story: Int64? = nil) throws(StoreError) -> [AuditEntry] {
        try read("reading the audit log") { db in
            try Row.fetchAll(
                db, sql: "SELECT \(StoredAuditEntry.columns) FROM audit WHERE ?1 IS NULL OR story = ?1 ORDER BY id",
                arguments: [story]
            ).map { try StoredAuditEntry($0) }.map {
                AuditEntry(at: $0.at, kind: $0.kind, story: $0.story, detail: $0.detail)
            }
        }
    }

    /// A relation with the story that it belongs to.
    public struct StoryRelation: Sendable {
        public var story: Int64
        public var relation: Relation

        public init(story: Int64, relation: Relation) {
            self.story = story
            self.relation = relation
        }

        /// Nil for a kind that this program does not know.
        init?(_ stored: StoredRelation) {
            guard let kind = Relation.Kind(rawValue: stored.kind) else { return nil }
            story = stored.story
            relation = Relation(
                kind, of: stored.of, resemblance: stored.resemblance, containment: stored.containment,
                containmentOf: stored.containmentOf, rule: stored.rule)
        }
    }

    /// Hands the stored relations to `body`, in the order of stories. `body` may read the store.
    public func forEachRelation(of story: Int64? = nil, _ body: (StoryRelation) throws -> Void) throws {
        try forEachRelation(of: story.map { $0...$0 } ?? 0...CheckedRow.largestID, body)
    }

    private func forEachRelation(
        of stories: ClosedRange<Int64>, _ body: (StoryRelation) throws -> Void
    ) throws {
        var first = Schema.ids(of: stories.lowerBound).lowerBound
        let last = Schema.ids(of: stories.upperBound).upperBound
        while true {
            let relations = try read("reading the relations") { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT \(StoredRelation.columns) FROM relation WHERE id BETWEEN ? AND ?
                        ORDER BY id LIMIT \(Self.page)
                        """,
                    arguments: [first, last]
                ).map { try StoredRelation($0) }
            }
            guard let end = relations.last else { return }
            first = end.id + 1
            for relation in relations {
                guard let stored = StoryRelation(relation) else { continue }
                try body(stored)
            }
        }
    }

    /// The families: stories tied by duplicate relations, under their earliest member.
    ///
    /// O(relations + repeats); a union-find over them, since families are derived and may merge.
    public func families() throws -> Families {
        var families = Families()
        try extend(&families, by: 1...CheckedRow.largestID)
        return families
    }

    /// Adds to families what rows that came later join.
    public func extend(_ families: inout Families, by rows: ClosedRange<Int64>) throws {
        try forEachRelation(of: rows) { if $0.relation.kind.makesFamily { families.join($0.story, $0.relation.of) } }
        // Identical files and parts have no relation of their own. Only their rows are looked at, in steps: a long one would hold
        // back the writer's checkpoints.
        let last = min(rows.upperBound, try lastID())
        for first in stride(from: rows.lowerBound, through: last, by: Self.rowsAStep) {
            let repeats = try read("reading the ledger") { db in
                try Row.fetchAll(
                    db.cachedStatement(
                        sql: """
                            SELECT id, of FROM ledger WHERE id BETWEEN ?1 AND ?2 AND verdict = 'identical'
                            UNION ALL
                            SELECT id, of FROM part WHERE id BETWEEN ?1 AND ?2 AND verdict = 'identical' ORDER BY id
                            """), arguments: [first, min(last, first + Int64(Self.rowsAStep) - 1)]
                ).map { row in
                    let checked = try CheckedRow(row, "ledger")
                    return (id: checked.id, of: try checked.story(1))
                }
            }
            for row in repeats where row.of < row.id { families.join(row.id, row.of) }
        }
    }

    private static let rowsAStep = 65_536
}

/// Which stories belong together.
public struct Families: Sendable {
    private var parents: [Int64: Int64] = [:]

    public init() {}

    /// The earliest member of a story's family: itself if it stands alone.
    public func family(of id: Int64) -> Int64 {
        var id = id
        while let parent = parents[id] { id = parent }
        return id
    }

    /// Makes two stories members of one family.
    public mutating func join(_ a: Int64, _ b: Int64) {
        let (a, b) = (family(of: a), family(of: b))
        guard a != b else { return }
        parents[max(a, b)] = min(a, b)
    }

    /// The members of each family of more than one, earliest first.
    public func members() -> [Int64: [Int64]] {
        var members: [Int64: [Int64]] = [:]
        for id in parents.keys { members[family(of: id), default: []].append(id) }
        return members.mapValues { $0.sorted() }.reduce(into: [:]) { $0[$1.key] = [$1.key] + $1.value }
    }
}
