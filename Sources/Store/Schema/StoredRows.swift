// The rows of each table, as they are kept.

internal import Foundation
package import GRDB
package import Resemblance

/// A row of the ledger with the hash that the chain has after it.
package struct ChainedRow: StoredRow {
    package static let table = "ledger"
    package static let columns = LedgerRow.columns

    package var row: LedgerRow
    package var chain: [UInt8]

    package init(_ row: LedgerRow, chain: [UInt8]) { (self.row, self.chain) = (row, chain) }

    package init(_ checked: CheckedRow) throws(StoreError) {
        row = try LedgerRow(checked)
        chain = try LedgerRow.storedChain(checked)
    }

    package func bind(to statement: InsertStatement) {
        statement.bind(row.id)
        statement.bind(row.received)
        statement.bind(row.name)
        statement.bind(row.size)
        statement.bind(row.sha256?.bytes)
        statement.bind(row.verdict.rawValue)
        statement.bind(row.of)
        statement.bind(row.reason?.stored)
        statement.bind(row.identity.claim)
        statement.bind(Int64(bitPattern: row.identity.inode))
        statement.bind(row.identity.born)
        statement.bind(row.identity.modified)
        statement.bind(chain)
        statement.bind(row.desk)
        statement.bind(row.content)
        statement.bind(row.passages)
        statement.bind(row.parts?.bytes)
    }
}

/// A document's bytes, compressed or not. Its ledger row's digest proves it.
package struct StoredContent: StoredRow {
    package static let table = "document"
    package static let columns = "id, coding, bytes"

    package var id: Int64
    package var coding: Int64
    package var bytes: [UInt8]

    package init(id: Int64, coding: Int64, bytes: [UInt8]) {
        (self.id, self.coding, self.bytes) = (id, coding, bytes)
    }

    package init(_ checked: CheckedRow) throws(StoreError) {
        (id, coding, bytes) = (checked.id, try checked.integer(1), try checked.blob(2))
    }

    package func bind(to statement: InsertStatement) {
        statement.bind(id)
        statement.bind(coding)
        statement.bind(bytes)
    }
}

/// A reading.
package struct StoredReading: StoredRow {
    package static let table = "reading"
    package static let columns = "id, parser, made, fields, text, checksum"

    package var id: Int64
    package var parser: Int64
    package var made: Int64
    package let fields: [UInt8]
    /// The text that was taken out of the document's bytes (``ExtractedText``); nil where they are the text.
    package let text: [UInt8]?
    /// Summed up by the workers, so that the committer need not.
    private let fieldsSum: Int64

    package init(
        id: Int64, parser: Int64, made: Int64, fields: [UInt8], text: [UInt8]? = nil, fieldsSum: Int64? = nil
    ) {
        (self.id, self.parser, self.made, self.fields, self.text) = (id, parser, made, fields, text)
        self.fieldsSum = fieldsSum ?? RowChecksum.sum(of: fields)
    }

    package init(_ checked: CheckedRow) throws(StoreError) {
        self.init(
            id: checked.id, parser: try checked.integer(1), made: try checked.integer(2), fields: try checked.blob(3),
            text: try checked.blobOrNull(4))
        try checked.check(5, checksum)
    }

    package var story: Int64 { id / Schema.revisions }

    package var checksum: Int64 {
        var sum = RowChecksum(.reading, id: id)
        sum.add(parser)
        sum.add(made)
        sum.add(fieldsSum)
        if let text { sum.add(text) }
        return sum.value
    }

    package func bind(to statement: InsertStatement) {
        statement.bind(id)
        statement.bind(parser)
        statement.bind(made)
        statement.bind(fields)
        statement.bind(text)
        statement.bind(checksum)
    }
}

/// A relation to an earlier story.
package struct StoredRelation: StoredRow {
    package static let table = "relation"
    package static let columns = "id, of, kind, resemblance, containment, containmentof, rule, checksum"

    package var id: Int64
    package var of: Int64
    package var kind: String
    package var resemblance: Double
    package var containment: Double
    package var containmentOf: Double
    package var rule: String

    package init(id: Int64, _ relation: Relation) {
        (self.id, of, kind, rule) = (id, relation.of, relation.kind.rawValue, relation.rule)
        resemblance = relation.resemblance
        (containment, containmentOf) = (relation.containment, relation.containmentOf)
    }

    package init(_ checked: CheckedRow) throws(StoreError) {
        id = checked.id
        of = try checked.story(1)
        kind = try checked.text(2)
        resemblance = try checked.real(3)
        containment = try checked.real(4)
        containmentOf = try checked.real(5)
        rule = try checked.text(6)
        // A family is walked from story to earlier story: a relation to a later one would never end.
        guard of < story else { throw checked.damaged }
        try checked.check(7, checksum)
    }

    package var story: Int64 { id / Schema.revisions }

    package var checksum: Int64 {
        var sum = RowChecksum(.relation, id: id)
        sum.add(of)
        sum.add(kind)
        sum.add(resemblance)
        sum.add(containment)
        sum.add(containmentOf)
        sum.add(rule)
        return sum.value
    }

    package func bind(to statement: InsertStatement) {
        statement.bind(id)
        statement.bind(of)
        statement.bind(kind)
        statement.bind(resemblance)
        statement.bind(containment)
        statement.bind(containmentOf)
        statement.bind(rule)
        statement.bind(checksum)
    }
}

/// A sketch.
package struct StoredSketch: StoredRow {
    package static let table = "sketch"
    package static let columns = "id, sha, version, fingerprint, checksum"

    package var id: Int64
    package var sha: Int64
    package var version: Int64?
    package var fingerprint: [UInt8]

    package init(id: Int64, sha: Int64, version: Int64?, fingerprint: [UInt8]) {
        (self.id, self.sha, self.version, self.fingerprint) = (id, sha, version, fingerprint)
    }

    package init(_ checked: CheckedRow) throws(StoreError) {
        id = checked.id
        sha = try checked.integer(1)
        version = try checked.integerOrNull(2)
        fingerprint = try checked.blob(3)
        try checked.check(4, checksum)
    }

    package var checksum: Int64 {
        var sum = RowChecksum(.sketch, id: id)
        sum.add(sha)
        sum.add(version)
        sum.add(fingerprint)
        return sum.value
    }

    package func bind(to statement: InsertStatement) {
        statement.bind(id)
        statement.bind(sha)
        statement.bind(version)
        statement.bind(fingerprint)
        statement.bind(checksum)
    }
}

/// An entry of the audit log.
package struct StoredAuditEntry: StoredRow {
    package static let table = "audit"
    package static let columns = "id, at, kind, story, detail, checksum"

    package var id: Int64
    package var at: Int64
    package var kind: String
    package var story: Int64?
    package var detail: String

    package init(id: Int64, at: Int64, kind: String, story: Int64?, detail: String) {
        self.id = id
        self.at = at
        self.kind = kind
        self.story = story
        // SQLite's text ends at a NUL for most of its readers.
        self.detail = detail.replacing("\0", with: "\u{2400}")
    }

    package init(_ checked: CheckedRow) throws(StoreError) {
        id = checked.id
        at = try checked.integer(1)
        kind = try checked.text(2)
        story = try checked.integerOrNull(3)
        detail = try checked.text(4)
        try checked.check(5, checksum)
    }

    package var checksum: Int64 {
        var sum = RowChecksum(.audit, id: id)
        sum.add(at)
        sum.add(kind)
        sum.add(story)
        sum.add(detail)
        return sum.value
    }

    package func bind(to statement: InsertStatement) {
        statement.bind(id)
        statement.bind(at)
        statement.bind(kind)
        statement.bind(story)
        statement.bind(detail)
        statement.bind(checksum)
    }
}

/// The checkpoint: one row.
package struct StoredCheckpoint: StoredRow {
    package static let table = "checkpoint"
    package static let columns = "id, finished, clean, epoch, checksum"

    package var finished: Int64
    package var isClean: Bool
    package var epoch: String

    package init(finished: Int64, isClean: Bool, epoch: String) {
        (self.finished, self.isClean, self.epoch) = (finished, isClean, epoch)
    }

    package init(_ checked: CheckedRow) throws(StoreError) {
        finished = try checked.integer(1)
        isClean = try checked.integer(2) != 0
        epoch = try checked.text(3)
        try checked.check(4, checksum)
        guard checked.id == 1, finished >= 0, finished <= CheckedRow.largestID else { throw checked.damaged }
    }

    package var checksum: Int64 {
        var sum = RowChecksum(.checkpoint, id: 1)
        sum.add(finished)
        sum.add(isClean ? 1 : 0)
        sum.add(epoch)
        return sum.value
    }

    package func bind(to statement: InsertStatement) {
        statement.bind(Int64(1))
        statement.bind(finished)
        statement.bind(Int64(isClean ? 1 : 0))
        statement.bind(epoch)
        statement.bind(checksum)
    }

    package static func fetch(_ db: Database) throws -> StoredCheckpoint {
        guard let row = try Row.fetchOne(db, sql: "SELECT \(columns) FROM checkpoint") else {
            throw StoreError(damaged: "the store has lost its checkpoint")
        }
        return try StoredCheckpoint(row)
    }

    package func save(_ db: Database) throws {
        try db.execute(
            sql: "UPDATE checkpoint SET finished = ?, clean = ?, epoch = ?, checksum = ? WHERE id = 1",
            arguments: [finished, isClean, epoch, checksum])
    }
}

/// One copy of a dictionary.
package struct StoredDictionary {
    package var id: Int64
    package var made: Int64
    package var bytes: [UInt8]

    package init(id: Int64, made: Int64, bytes: [UInt8]) { (self.id, self.made, self.bytes) = (id, made, bytes) }

    package init(_ checked: CheckedRow) throws(StoreError) {
        (id, made, bytes) = (checked.id, try checked.integer(1), try checked.blob(3))
        guard try SHA256Digest(of: bytes).bytes == checked.blob(2) else { throw checked.damaged }
    }

    /// Adds it, twice.
    package func insert(into db: Database) throws {
        for table in CompressionDictionary.tables {
            try db.execute(
                sql: "INSERT INTO \(table) (id, made, sha256, bytes) VALUES (?, ?, ?, ?)",
                arguments: [id, made, Data(SHA256Digest(of: bytes).bytes), Data(bytes)])
        }
    }
}
