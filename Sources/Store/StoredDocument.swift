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

    /// The reading, with its text decoded again from ``bytes``.
    public func reading() throws(StoreError) -> Reading {
        do {
            return try Reading(encoded: fields, raw: bytes)
        } catch {
            throw StoreError(
                .damaged, "the reading of document \(id) cannot be decoded: \(error)",
                hint: "run `copytaster verify`")
        }
    }

    /// The document of a ledger row; nil if the row has none (or it was redacted).
    static func fetch(_ db: Database, id: Int64) throws -> StoredDocument? {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT coding, bytes FROM document WHERE id = ?"), arguments: [id])
        guard let row = try rows.next() else { return nil }
        let coding: Int = row[0]
        let packed = Array(row[1] as Data)
        let readings = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT parser, fields FROM reading WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1"),
            arguments: [id * Schema.revisions, (id + 1) * Schema.revisions - 1])
        guard let reading = try readings.next() else { return nil }
        return StoredDocument(
            id: id, bytes: try Packing.unpack(coding: coding, packed, id: id, db), parser: reading[0],
            fields: Array(reading[1] as Data))
    }
}
