// A new reading of a stored document: the old one stays, the latest counts.

internal import Foundation
internal import GRDB

/// A reading to be added to a stored document.
public struct NewReading: Sendable {
    public var story: Int64
    public var fields: [UInt8]
    public var parser: Int
    /// What changed, for the record; nil if nothing did.
    public var change: String?

    public init(story: Int64, fields: [UInt8], parser: Int, change: String?) {
        self.story = story
        self.fields = fields
        self.parser = parser
        self.change = change
    }
}

extension StoreWriter {
    /// Adds readings, and an entry for each story that reads differently, in one transaction.
    public func append(_ readings: [NewReading]) throws(StoreError) {
        do {
            try pool.write { db in
                let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
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
                    let (id, parser) = (last + 1, Int64(reading.parser))
                    let checksum = RowChecksum.reading(
                        id, parser: parser, made: now, sum: RowChecksum.sum(of: reading.fields))
                    try db.cachedStatement(sql: "INSERT INTO reading (\(StoredReading.columns)) VALUES (?, ?, ?, ?, ?)")
                        .execute(arguments: [id, parser, now, Data(reading.fields), checksum])
                    if let change = reading.change {
                        try StoreWriter.note(action: "reparse", story: reading.story, detail: change, db)
                    }
                }
            }
        } catch { throw StoreError(error, doing: "adding readings") }
    }
}
