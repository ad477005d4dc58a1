// One row of the store as a followed backup holds it (docs/format.md, "Segments"). A record is never changed once it is
// shipped, but for one case: when its text was redacted, an erased record takes its place, which keeps the digest of what
// it was. So the chain over all records holds on, and nothing of the text is left.

internal import Foundation
package import GRDB
internal import Store

/// A record: its encoding, and what all records have in common.
package struct ShippedRecord: Equatable, Sendable {
    package enum Kind: UInt8, Sendable {
        /// A row of a table.
        case row = 1
        /// A row that takes the place of one that was shipped before: its text is gone.
        case replacement
        /// What was here is erased; its digest stays.
        case erased
        /// Everything that the store held at one moment is shipped: up to here it can be restored.
        case point
    }

    package let kind: Kind
    /// Empty for a point.
    package let table: String
    /// The row's; of a point, the moment in microseconds since 1970.
    package let id: Int64
    /// All of it.
    package let payload: [UInt8]

    /// What the chain over the records takes of this one.
    package var digest: [UInt8] {
        kind == .erased ? Array(payload.suffix(32)) : SHA256Digest(of: payload).bytes
    }

    /// A row; its first column is its id.
    package init(_ row: Row, of table: String, id: Int64, replaces: Bool = false) {
        var writer = ByteWriter(replaces ? .replacement : .row, table, id)
        writer.byte(UInt8(row.count - 1))
        for place in 1..<row.count { writer.value((row[place] as DatabaseValue).storage) }
        self.init(replaces ? .replacement : .row, table, id, writer.bytes)
    }

    private init(_ kind: Kind, _ table: String, _ id: Int64, _ payload: [UInt8]) {
        (self.kind, self.table, self.id, self.payload) = (kind, table, id, payload)
    }

    package static func point(at moment: Int64) -> ShippedRecord {
        ShippedRecord(.point, "", moment, ByteWriter(.point, "", moment).bytes)
    }

    /// What takes this record's place when its text is to go.
    package var erased: ShippedRecord {
        ShippedRecord(.erased, table, id, ByteWriter(.erased, table, id).bytes + digest)
    }

    /// Whether another one says the same, whatever it replaces.
    package func saysTheSame(as other: ShippedRecord) -> Bool { payload.dropFirst() == other.payload.dropFirst() }

    /// Takes a record apart.
    package init(payload: [UInt8]) throws(BackupError) {
        var reader = ByteReader(payload[...])
        guard let kind = Kind(rawValue: try reader.byte()) else { throw .unknownRecord }
        let table = String(decoding: try reader.bytes(Int(try reader.byte())), as: UTF8.self)
        let id = try reader.number()
        switch kind {
        case .row, .replacement: _ = try Self.values(&reader)
        case .erased: _ = try reader.bytes(32)
        case .point: break
        }
        guard reader.isAtEnd else { throw .unknownRecord }
        self.init(kind, table, id, payload)
    }

    /// The columns after the id; empty for what is no row.
    package func values() throws(BackupError) -> [DatabaseValue] {
        guard kind == .row || kind == .replacement else { return [] }
        var reader = ByteReader(payload[...])
        _ = try reader.bytes(1)
        _ = try reader.bytes(Int(try reader.byte()) + 8)
        return try Self.values(&reader)
    }

    private static func values(_ reader: inout ByteReader) throws(BackupError) -> [DatabaseValue] {
        var values: [DatabaseValue] = []
        for _ in 0..<(try reader.byte()) { values.append(try reader.value()) }
        return values
    }

    // MARK: Many

    /// Each with its length before it.
    package static func encoded(_ records: [ShippedRecord]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(records.reduce(0) { $0 + $1.payload.count + 4 })
        for record in records {
            bytes += bigEndian(UInt32(record.payload.count))
            bytes += record.payload
        }
        return bytes
    }

    package static func decoded(_ bytes: ArraySlice<UInt8>) throws(BackupError) -> [ShippedRecord] {
        var reader = ByteReader(bytes)
        var records: [ShippedRecord] = []
        while !reader.isAtEnd {
            let length = try reader.bytes(4).reduce(0) { $0 << 8 | Int($1) }
            records.append(try ShippedRecord(payload: Array(try reader.bytes(length))))
        }
        return records
    }
}

/// A number's bytes, the highest first.
private func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    unsafe withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
}

/// Makes a record.
private struct ByteWriter {
    private(set) var bytes: [UInt8]

    init(_ kind: ShippedRecord.Kind, _ table: String, _ id: Int64) {
        bytes = [kind.rawValue, UInt8(table.utf8.count)] + Array(table.utf8) + bigEndian(id)
    }

    mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    /// A letter for the type, then the value.
    mutating func value(_ value: DatabaseValue.Storage) {
        switch value {
        case .null: byte(0)
        case .int64(let number):
            byte(1)
            bytes += bigEndian(number)
        case .double(let number):
            byte(2)
            bytes += bigEndian(number.bitPattern)
        case .string(let text):
            byte(3)
            bytes += bigEndian(UInt32(text.utf8.count))
            bytes += text.utf8
        case .blob(let data):
            byte(4)
            bytes += bigEndian(UInt32(data.count))
            bytes += data
        }
    }
}

/// Takes a record apart; whatever is not there is an error, never a trap.
private struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func bytes(_ count: Int) throws(BackupError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw .unknownRecord }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func byte() throws(BackupError) -> UInt8 { try bytes(1).first ?? 0 }

    mutating func number() throws(BackupError) -> Int64 {
        Int64(bitPattern: try bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    mutating func value() throws(BackupError) -> DatabaseValue {
        switch try byte() {
        case 0: return .null
        case 1: return try number().databaseValue
        case 2: return Double(bitPattern: UInt64(bitPattern: try number())).databaseValue
        case 3: return String(decoding: try string(), as: UTF8.self).databaseValue
        case 4: return Data(try string()).databaseValue
        default: throw .unknownRecord
        }
    }

    private mutating func string() throws(BackupError) -> ArraySlice<UInt8> {
        try bytes(try bytes(4).reduce(0) { $0 << 8 | Int($1) })
    }
}
