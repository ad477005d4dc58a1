// What one commit writes, row by row. The statements are prepared once for the connection that writes.

package import GRDB

/// Inserts the rows of one batch. Lives as long as its transaction.
package struct EntryInserter {
    private let db: Database
    private let made: Int64
    private let ledger, part, document, reading, sketch, relation: InsertStatement

    /// - Parameter made: when the readings were made, in microseconds since 1970.
    package init(_ db: Database, made: Int64) throws {
        self.db = db
        self.made = made
        ledger = try InsertStatement(ChainedRow.self, db)
        part = try InsertStatement(PartRow.self, db)
        document = try InsertStatement(StoredContent.self, db)
        reading = try InsertStatement(StoredReading.self, db)
        sketch = try InsertStatement(StoredSketch.self, db)
        relation = try InsertStatement(StoredRelation.self, db)
    }

    /// Inserts what one delivered file adds, but for its parts.
    package func insert(_ entry: StoreEntry, chain: [UInt8]) throws {
        try insert(ChainedRow(entry.row, chain: chain), by: ledger)
        if let content = entry.content { try insert(content, id: entry.row.id, entry.row.sha256) }
    }

    /// Inserts a part of a delivery.
    package func insert(_ entry: PartEntry) throws {
        try insert(entry.row, by: part)
        if let content = entry.content { try insert(content, id: entry.row.id, entry.row.sha256) }
    }

    private func insert(_ content: StoryContent, id: Int64, _ sha256: SHA256Digest?) throws {
        if let bytes = content.compressed {
            try insert(StoredContent(id: id, coding: Int64(bytes.coding), bytes: bytes.bytes), by: document)
            try insert(
                StoredReading(
                    id: id * Schema.revisions, parser: Int64(content.parser), made: made, fields: content.fields,
                    text: content.text, fieldsSum: content.fieldsSum), by: reading)
        }
        try insert(
            StoredSketch(
                id: id, sha: Int64(bitPattern: sha256?.prefix ?? 0),
                version: content.version.map { Int64(bitPattern: $0) }, fingerprint: content.fingerprint), by: sketch)
        for (place, found) in content.relations.prefix(Int(Schema.revisions)).enumerated() {
            try insert(StoredRelation(id: id * Schema.revisions + Int64(place), found), by: relation)
        }
    }

    private func insert(_ row: some StoredRow, by statement: InsertStatement) throws {
        row.bind(to: statement)
        try statement.run(db)
    }
}
