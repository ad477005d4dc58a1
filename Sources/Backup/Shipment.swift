// What the store gives to be shipped: the rows that came since a cursor, as records. It is what the hidden command `ship`
// prints, so that a process that may not open the store can ask the read service for it.

internal import Foundation
internal import Store

/// How far a store has been shipped.
package struct ShippingCursor: Codable, Equatable, Sendable {
    /// The life of the store that the numbers belong to.
    package var epoch: String
    /// The last row of each table.
    package var rows: [String: Int64] = [:]
    /// The hash of the last ledger row, by which a store that was rewritten is known.
    package var chain: String = ""

    package init(epoch: String) { self.epoch = epoch }

    package init?(_ text: String) {
        guard let cursor = try? JSONDecoder().decode(ShippingCursor.self, from: Data(text.utf8)) else { return nil }
        self = cursor
    }

    package var text: String { jsonLine(self) }

    /// The newest ledger row that was shipped.
    package var lastID: Int64 { rows["ledger"] ?? 0 }
}

/// A part of the stream of records.
package struct Shipment: Sendable {
    /// What is said of the records.
    package struct Header: Codable, Equatable, Sendable {
        /// The format of the store's tables.
        package var format: Int32
        /// The columns of each table, in order.
        package var columns: [String: [String]]
        /// Where to go on.
        package var cursor: ShippingCursor
    }

    package var header: Header
    package var records: [ShippedRecord]

    package init(header: Header, records: [ShippedRecord]) { (self.header, self.records) = (header, records) }

    /// Whether it holds all that the store had.
    package var isComplete: Bool { records.last?.kind == .point }

    package var encoded: [UInt8] { Envelope.encoded(header, ShippedRecord.encoded(records)) }

    package init(encoded: [UInt8]) throws(BackupError) {
        let (header, body) = try Envelope.decoded(Header.self, encoded)
        self.init(header: header, records: try ShippedRecord.decoded(body))
    }
}

/// A line that says what this is, with the digest of the next; a line of JSON; and the records.
enum Envelope {
    static let heading = "copytaster segment 1 "
    /// A header is not longer.
    static let longestHeader = 64 << 10

    static func encoded(_ header: some Encodable, _ body: [UInt8]) -> [UInt8] {
        let line = Array(jsonLine(header).utf8)
        return Array("\(heading)\(SHA256Digest(of: line))\n".utf8) + line + [UInt8(ascii: "\n")] + body
    }

    static func decoded<Header: Decodable>(
        _ type: Header.Type, _ bytes: [UInt8]
    ) throws(BackupError) -> (Header, ArraySlice<UInt8>) {
        let newline = UInt8(ascii: "\n")
        guard let first = bytes.firstIndex(of: newline),
            let second = bytes[(first + 1)...].firstIndex(of: newline)
        else { throw .unknownRecord }
        let line = Array(bytes[(first + 1)..<second])
        guard Array("\(heading)\(SHA256Digest(of: line))".utf8) == Array(bytes[..<first]),
            let header = try? JSONDecoder().decode(type, from: Data(line))
        else { throw .unknownRecord }
        return (header, bytes[(second + 1)...])
    }
}

/// A value as one line of JSON, its keys in alphabetical order.
func jsonLine(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
}

/// Where shipments come from: the store, or the read service.
package protocol ShipmentSource {
    /// What came since `cursor`; from the beginning for nil.
    ///
    /// - Parameters:
    ///   - limit: about how many bytes; with 0 there are no records, and the header says which store it is.
    ///   - isPointWanted: whether there is a point even if nothing came.
    /// - Returns: a shipment of the store's own epoch, without records if that is not the cursor's.
    func next(after cursor: ShippingCursor?, limit: Int, isPointWanted: Bool) throws -> Shipment
}
