// What one commit writes, row by row. The statements are prepared once for the connection that writes.

package import GRDB

/// Inserts the rows of one batch. Lives as long as its transaction.
package struct EntryInserter {
    private let db: Database
    private let made: Int64
    private let ledger, document, reading, sketch, relation: InsertStatement

    /// - Parameter made: when the readings were made, in microseconds since 1970.
    package init(_ db: Database, made: Int64) throws {
        self.db = db
        self.made = made
        ledger = try InsertStatement(ChainedRow.self, db)
        document = try InsertStatement(StoredContent.self, db)
        reading = try InsertStatement(StoredReading.self, db)
        sketch = try InsertStatement(StoredSketch.self, db)
        relation = try InsertStatement(StoredRelation.self, db)
    }

    /// Inserts what one delivered file adds.
    package func insert(_ entry: StoreEntry, chain: [UInt8]) throws {
        let row = entry.row
        try insert(ChainedRow(row, chain: chain), by: ledger)
        guard let content = entry.content else { return }
        try insert(
            StoredContent(id: row.id, coding: Int64(content.compressed.coding), bytes: content.compressed.bytes),
            by: document)
        let first = row.id * Schema.revisions
        try insert(
            StoredReading(
                id: first, parser: Int64(content.parser), made: made, fields: content.fields,
                fieldsSum: content.fieldsSum), by: reading)
        try insert(
            StoredSketch(
                id: row.id, sha: Int64(bitPattern: row.sha256?.prefix ?? 0),
                version: content.version.map { Int64(bitPattern: $0) }, fingerprint: content.fingerprint), by: sketch)
        for (place, found) in content.relations.prefix(Int(Schema.revisions)).enumerated() {
            try insert(StoredRelation(id: first + Int64(place), found), by: relation)
        }
    }

    private func insert(_ row: some StoredRow, by statement: InsertStatement) throws {
        row.bind(to: statement)
        try statement.run(db)
    }
}
