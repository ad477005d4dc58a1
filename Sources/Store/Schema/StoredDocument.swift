// One stored story: its bytes, and the latest reading of them.

internal import Foundation
internal import GRDB
public import Story

/// A document with its latest reading.
public struct StoredDocument: Sendable {
    public var id: Int64
    /// The bytes as they were delivered.
    public var bytes: [UInt8]
    /// The version of the parser that made the reading.
    public var parser: Int
    /// The encoded reading.
    public var fields: [UInt8]
    /// The text that was taken out of the bytes; nil where they are the text.
    public var extracted: [UInt8]?

    /// The reading, with its text: the one that was taken out of ``bytes``, or decoded again from them.
    public func reading() throws(StoreError) -> Reading {
        do {
            return try Reading(encoded: fields, raw: extracted ?? bytes)
        } catch {
            throw StoreError(damaged: "the reading of document \(id) cannot be decoded: \(error)")
        }
    }

    /// The document of a ledger row; nil if the row has none (or it was redacted).
    static func fetch(_ db: Database, id: Int64) throws -> StoredDocument? {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT \(StoredContent.columns) FROM document WHERE id = ?"), arguments: [id])
        guard let content = try rows.next().map({ try StoredContent($0) }) else { return nil }
        guard content.coding != StoreWriter.erasedCoding else { return nil }
        let ids = Schema.ids(of: id)
        let readings = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT \(StoredReading.columns) FROM reading WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1"),
            arguments: [ids.lowerBound, ids.upperBound])
        guard let reading = try readings.next().map({ try StoredReading($0) }) else { return nil }
        return StoredDocument(
            id: id, bytes: try Compression.decompress(coding: Int(content.coding), content.bytes, id: id, db),
            parser: Int(reading.parser), fields: reading.fields,
            extracted: try reading.text.map { try ExtractedText.decoded($0, id: id, db) })
    }
}
