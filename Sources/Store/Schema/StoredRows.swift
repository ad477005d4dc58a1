// The rows beside the ledger's and the documents', read and checked against their checksums.

internal import GRDB
internal import Resemblance

/// A reading as it is kept.
struct StoredReading {
    static let columns = "id, parser, made, fields, checksum"

    var id: Int64
    var parser: Int64
    var made: Int64
    var fields: [UInt8]

    init(id: Int64, parser: Int64, made: Int64, fields: [UInt8]) {
        (self.id, self.parser, self.made, self.fields) = (id, parser, made, fields)
    }

    /// - Throws: if the row is not as it was written.
    init(_ row: Row, mayLackChecksum: Bool = true) throws(StoreError) {
        try self.init(CheckedRow(row, "reading"), mayLackChecksum: mayLackChecksum)
    }

    init(_ checked: CheckedRow, mayLackChecksum: Bool = true) throws(StoreError) {
        id = checked.id
        parser = try checked.integer(1)
        made = try checked.integer(2)
        fields = try checked.blob(3)
        try checked.check(
            4, RowChecksum.reading(id, parser: parser, made: made, sum: RowChecksum.sum(of: fields)),
            isOptional: mayLackChecksum)
    }

    var story: Int64 { id / Schema.revisions }
}

/// A relation as it is kept.
struct StoredRelation {
    static let columns = "id, of, kind, resemblance, containment, containmentof, rule, checksum"

    var id: Int64
    var of: Int64
    var kind: String
    var resemblance: Double
    var containment: Double
    var containmentOf: Double
    var rule: String

    init(_ row: Row, mayLackChecksum: Bool = true) throws(StoreError) {
        try self.init(CheckedRow(row, "relation"), mayLackChecksum: mayLackChecksum)
    }

    init(_ checked: CheckedRow, mayLackChecksum: Bool = true) throws(StoreError) {
        id = checked.id
        of = try checked.story(1)
        kind = try checked.text(2)
        resemblance = try checked.real(3)
        containment = try checked.real(4)
        containmentOf = try checked.real(5)
        rule = try checked.text(6)
        // A family is walked from story to earlier story: a relation to a later one would never end.
        guard of < story else { throw checked.damaged }
        try checked.check(7, expectedChecksum, isOptional: mayLackChecksum)
    }

    var story: Int64 { id / Schema.revisions }

    var expectedChecksum: Int64 {
        RowChecksum.relation(id, of: of, kind: kind, resemblance, containment, containmentOf, rule: rule)
    }
}

/// A sketch as it is kept.
struct StoredSketch {
    static let columns = "id, sha, version, fingerprint, checksum"

    var id: Int64
    var sha: Int64
    var version: Int64?
    var fingerprint: [UInt8]

    init(id: Int64, sha: Int64, version: Int64?, fingerprint: [UInt8]) {
        (self.id, self.sha, self.version, self.fingerprint) = (id, sha, version, fingerprint)
    }

    init(_ row: Row, mayLackChecksum: Bool = true) throws(StoreError) {
        try self.init(CheckedRow(row, "sketch"), mayLackChecksum: mayLackChecksum)
    }

    init(_ checked: CheckedRow, mayLackChecksum: Bool = true) throws(StoreError) {
        id = checked.id
        sha = try checked.integer(1)
        version = try checked.integerOrNull(2)
        fingerprint = try checked.blob(3)
        try checked.check(
            4, RowChecksum.sketch(id, sha: sha, version: version, fingerprint: fingerprint), isOptional: mayLackChecksum
        )
    }
}

/// An entry of the audit log as it is kept.
struct StoredAuditEntry {
    var id: Int64
    var at: Int64
    var kind: String
    var story: Int64?
    var detail: String

    init(id: Int64, at: Int64, kind: String, story: Int64?, detail: String) {
        self.id = id
        self.at = at
        self.kind = kind
        self.story = story
        // SQLite's text ends at a NUL for most of its readers.
        self.detail = detail.replacing("\0", with: "\u{2400}")
    }

    init(_ row: Row, mayLackChecksum: Bool = false) throws(StoreError) {
        try self.init(CheckedRow(row, "audit"), mayLackChecksum: mayLackChecksum)
    }

    init(_ checked: CheckedRow, mayLackChecksum: Bool = false) throws(StoreError) {
        id = checked.id
        at = try checked.integer(1)
        kind = try checked.text(2)
        story = try checked.integerOrNull(3)
        detail = try checked.text(4)
        try checked.check(5, expectedChecksum, isOptional: mayLackChecksum)
    }

    static let columns = "id, at, kind, story, detail, checksum"

    var expectedChecksum: Int64 { RowChecksum.audit(id, at: at, kind: kind, story: story, detail: detail) }

    func insert(into db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO audit (\(StoredAuditEntry.columns)) VALUES (?, ?, ?, ?, ?, ?)")
            .execute(arguments: [id, at, kind, story, detail, expectedChecksum])
    }
}

/// The checkpoint as it is kept.
struct StoredCheckpoint {
    static let columns = "id, finished, clean, store, unchecked, checksum"

    var finished: Int64
    var isClean: Bool
    var store: String
    /// The last ledger row of before there were checksums.
    var unchecked: Int64

    init(_ row: Row, mayLackChecksum: Bool = false) throws(StoreError) {
        try self.init(CheckedRow(row, "checkpoint"), mayLackChecksum: mayLackChecksum)
    }

    init(_ checked: CheckedRow, mayLackChecksum: Bool = false) throws(StoreError) {
        finished = try checked.integer(1)
        isClean = try checked.integer(2) != 0
        store = try checked.text(3)
        unchecked = try checked.integer(4)
        try checked.check(5, expectedChecksum, isOptional: mayLackChecksum)
        guard checked.id == 1, finished >= 0, finished <= CheckedRow.largestID else { throw checked.damaged }
    }

    static func fetch(_ db: Database, mayLackChecksum: Bool = false) throws -> StoredCheckpoint {
        guard let row = try Row.fetchOne(db, sql: "SELECT \(columns) FROM checkpoint") else {
            throw StoreError(damaged: "the store has lost its checkpoint")
        }
        return try StoredCheckpoint(row, mayLackChecksum: mayLackChecksum)
    }

    var expectedChecksum: Int64 {
        RowChecksum.checkpoint(finished: finished, isClean: isClean, store: store, unchecked: unchecked)
    }

    func save(_ db: Database) throws {
        try db.execute(
            sql: "UPDATE checkpoint SET finished = ?, clean = ?, store = ?, unchecked = ?, checksum = ? WHERE id = 1",
            arguments: [finished, isClean, store, unchecked, expectedChecksum])
    }
}
