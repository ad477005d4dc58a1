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
    /// Adds readings, and an act for each story that reads differently, in one transaction.
    public func append(_ readings: [NewReading]) throws(StoreError) {
        do {
            try pool.write { db in
                let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
                for reading in readings {
                    let first = reading.story * Schema.revisions
                    let last = try Int64.fetchOne(
                        db.cachedStatement(sql: "SELECT max(id) FROM reading WHERE id BETWEEN ? AND ?"),
                        arguments: [first, first + Schema.revisions - 1])
                    guard let last else { continue }  // redacted meanwhile
                    guard last + 1 < first + Schema.revisions else {
                        throw StoreError(
                            .unreadable, "story \(reading.story) has been read \(Schema.revisions) times",
                            hint: "no further reading can be kept")
                    }
                    try db.cachedStatement(sql: "INSERT INTO reading (id, parser, made, fields) VALUES (?, ?, ?, ?)")
                        .execute(arguments: [last + 1, reading.parser, now, Data(reading.fields)])
                    if let change = reading.change {
                        try db.cachedStatement(
                            sql: "INSERT INTO act (at, kind, story, detail) VALUES (?, 'reparse', ?, ?)"
                        )
                        .execute(arguments: [now, reading.story, change])
                    }
                }
            }
        } catch { throw StoreError(error, doing: "adding readings") }
    }
}
