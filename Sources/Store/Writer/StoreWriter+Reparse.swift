// A new reading of a stored document: the old one stays, the latest counts.

internal import Files
internal import Foundation
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

/// What the audit log tells of readings that were added: they are the only rows that come elsewhere than at the end of their
/// table, so whoever copies the store by its ends has to know.
package struct ReadAgain: Codable, Equatable {
    static let kind = "reread"

    /// The lowest and the highest story that has one.
    package var first: Int64
    package var last: Int64
    /// When they were made, as each of them says.
    package var made: Int64

    /// Nil for an entry of another kind.
    package init?(_ audit: StoredAuditEntry) {
        guard audit.kind == Self.kind,
            let batch = try? JSONDecoder().decode(ReadAgain.self, from: Data(audit.detail.utf8))
        else { return nil }
        self = batch
    }

    fileprivate init?(_ stories: [Int64], made: Int64) {
        guard let first = stories.min(), let last = stories.max() else { return nil }
        (self.first, self.last, self.made) = (first, last, made)
    }

    fileprivate var detail: String {
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension StoreWriter {
    /// Adds readings, an entry for each story that reads differently, and one for all of them, in one transaction.
    public func append(_ readings: [NewReading]) throws(StoreError) {
        do {
            try pool.write { db in
                let now = Files.Process.wallMicroseconds
                var added: [Int64] = []
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
                    added.append(reading.story)
                    if let change = reading.change {
                        try StoreWriter.note(action: "reparse", story: reading.story, detail: change, db)
                    }
                }
                if let batch = ReadAgain(added, made: now) {
                    try StoreWriter.note(action: ReadAgain.kind, story: nil, detail: batch.detail, db)
                }
            }
        } catch { throw StoreError(error, doing: "adding readings") }
    }
}
