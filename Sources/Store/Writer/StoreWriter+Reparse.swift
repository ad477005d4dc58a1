// A new reading of a stored document: the old one stays, the latest counts.

internal import Files
internal import GRDB

/// A reading to be added to a stored document.
public struct NewReading: Sendable {
    public var story: Int64
    public var fields: [UInt8]
    /// What was taken out of the bytes, where they are not text themselves.
    public var text: CompressedDocument?
    public var parser: Int
    /// What changed, for the record; nil if nothing did.
    public var change: String?

    public init(
        story: Int64, fields: [UInt8], text: CompressedDocument? = nil, parser: Int, change: String?
    ) {
        self.story = story
        self.fields = fields
        self.text = text
        self.parser = parser
        self.change = change
    }
}

extension StoreWriter {
    /// Adds readings, and an entry for each story that reads differently, in one transaction.
    public func append(_ readings: [NewReading]) throws(StoreError) {
        do {
            try pool.write { db in
                let now = Process.wallMicroseconds
                for reading in readings {
                    let ids = Schema.ids(of: reading.story)
                    let last = try Int64.fetchOne(
                        db.cachedStatement(sql: "SELECT max(id) FROM reading WHERE id BETWEEN ? AND ?"),
                        arguments: [ids.lowerBound, ids.upperBound])
                    // It may have been redacted meanwhile.
                    guard let last, try StoredDocument.fetch(db, id: reading.story) != nil else { continue }
                    guard last < ids.upperBound else {
                        throw StoreError(
                            .unreadable, "story \(reading.story) has been read \(Schema.revisions) times",
                            hint: "no further reading can be kept")
                    }
                    try StoredReading(
                        id: last + 1, parser: Int64(reading.parser), made: now, fields: reading.fields,
                        text: reading.text.map(ExtractedText.encoded)
                    ).insert(into: db)
                    if let change = reading.change {
                        try StoreWriter.note(action: "reparse", story: reading.story, detail: change, db)
                    }
                }
            }
        } catch { throw StoreError(error, doing: "adding readings") }
    }
}
