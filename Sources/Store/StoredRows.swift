// The rows beside the ledger's and the documents', read and checked against their seals.

internal import GRDB
internal import Resemblance

/// A reading as it is kept.
struct StoredReading {
    static let columns = "id, parser, made, fields, seal"

    var id: Int64
    var parser: Int64
    var made: Int64
    var fields: [UInt8]

    init(id: Int64, parser: Int64, made: Int64, fields: [UInt8]) {
        (self.id, self.parser, self.made, self.fields) = (id, parser, made, fields)
    }

    /// - Throws: if the row is not as it was sealed.
    init(_ row: Row, mayLackSeal: Bool = true) throws(StoreError) {
        try self.init(Cells(row, "reading"), mayLackSeal: mayLackSeal)
    }

    init(_ cells: Cells, mayLackSeal: Bool = true) throws(StoreError) {
        id = cells.id
        parser = try cells.integer(1)
        made = try cells.integer(2)
        fields = try cells.blob(3)
        try cells.check(
            4, Seal.reading(id, parser: parser, made: made, sum: Seal.sum(of: fields)), isOptional: mayLackSeal)
    }

    var story: Int64 { id / Schema.revisions }
}

/// A tie as it is kept.
struct StoredTie {
    static let columns = "id, of, kind, resemblance, containment, containmentof, rule, seal"

    var id: Int64
    var of: Int64
    var kind: String
    var resemblance: Double
    var containment: Double
    var containmentOf: Double
    var rule: String

    init(_ row: Row, mayLackSeal: Bool = true) throws(StoreError) {
        try self.init(Cells(row, "relation"), mayLackSeal: mayLackSeal)
    }

    init(_ cells: Cells, mayLackSeal: Bool = true) throws(StoreError) {
        id = cells.id
        of = try cells.story(1)
        kind = try cells.text(2)
        resemblance = try cells.real(3)
        containment = try cells.real(4)
        containmentOf = try cells.real(5)
        rule = try cells.text(6)
        // A family is walked from story to earlier story: a tie to a later one would never end.
        guard of < story else { throw cells.damaged }
        try cells.check(7, expectedSeal, isOptional: mayLackSeal)
    }

    var story: Int64 { id / Schema.revisions }

    var expectedSeal: Int64 {
        Seal.relation(id, of: of, kind: kind, resemblance, containment, containmentOf, rule: rule)
    }
}

/// A sketch as it is kept.
struct StoredSketch {
    static let columns = "id, sha, version, fingerprint, seal"

    var id: Int64
    var sha: Int64
    var version: Int64?
    var fingerprint: [UInt8]

    init(id: Int64, sha: Int64, version: Int64?, fingerprint: [UInt8]) {
        (self.id, self.sha, self.version, self.fingerprint) = (id, sha, version, fingerprint)
    }

    init(_ row: Row, mayLackSeal: Bool = true) throws(StoreError) {
        try self.init(Cells(row, "sketch"), mayLackSeal: mayLackSeal)
    }

    init(_ cells: Cells, mayLackSeal: Bool = true) throws(StoreError) {
        id = cells.id
        sha = try cells.integer(1)
        version = try cells.integerOrNull(2)
        fingerprint = try cells.blob(3)
        try cells.check(
            4, Seal.sketch(id, sha: sha, version: version, fingerprint: fingerprint), isOptional: mayLackSeal)
    }
}

/// An act as it is kept.
struct StoredAct {
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

    init(_ row: Row, mayLackSeal: Bool = false) throws(StoreError) {
        try self.init(Cells(row, "act"), mayLackSeal: mayLackSeal)
    }

    init(_ cells: Cells, mayLackSeal: Bool = false) throws(StoreError) {
        id = cells.id
        at = try cells.integer(1)
        kind = try cells.text(2)
        story = try cells.integerOrNull(3)
        detail = try cells.text(4)
        try cells.check(5, expectedSeal, isOptional: mayLackSeal)
    }

    static let columns = "id, at, kind, story, detail, seal"

    var expectedSeal: Int64 { Seal.act(id, at: at, kind: kind, story: story, detail: detail) }

    func insert(into db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO act (\(StoredAct.columns)) VALUES (?, ?, ?, ?, ?, ?)")
            .execute(arguments: [id, at, kind, story, detail, expectedSeal])
    }
}

/// The mark as it is kept.
struct StoredMark {
    static let columns = "id, finished, clean, store, unsealed, seal"

    var finished: Int64
    var isClean: Bool
    var store: String
    /// The last ledger row of before there were seals.
    var unsealed: Int64

    init(_ row: Row, mayLackSeal: Bool = false) throws(StoreError) {
        try self.init(Cells(row, "mark"), mayLackSeal: mayLackSeal)
    }

    init(_ cells: Cells, mayLackSeal: Bool = false) throws(StoreError) {
        finished = try cells.integer(1)
        isClean = try cells.integer(2) != 0
        store = try cells.text(3)
        unsealed = try cells.integer(4)
        try cells.check(5, expectedSeal, isOptional: mayLackSeal)
        guard cells.id == 1, finished >= 0, finished <= Cells.largestID else { throw cells.damaged }
    }

    static func fetch(_ db: Database, mayLackSeal: Bool = false) throws -> StoredMark {
        guard let row = try Row.fetchOne(db, sql: "SELECT \(columns) FROM mark") else {
            throw StoreError(damaged: "the store has lost its mark")
        }
        return try StoredMark(row, mayLackSeal: mayLackSeal)
    }

    var expectedSeal: Int64 { Seal.mark(finished: finished, isClean: isClean, store: store, unsealed: unsealed) }

    func save(_ db: Database) throws {
        try db.execute(
            sql: "UPDATE mark SET finished = ?, clean = ?, store = ?, unsealed = ?, seal = ? WHERE id = 1",
            arguments: [finished, isClean, store, unsealed, expectedSeal])
    }
}
