// A file of a followed backup: records in a row, with a header that says where in the stream they belong. Its name has their
// places, so that a list of names shows what is there. Segments that come one after another may be merged into one, since
// the chain goes over the records and not over the files.

internal import Foundation
internal import Store

/// What a segment is called: `EPOCH/FIRST-LAST.segment`.
package struct SegmentName: Hashable, Sendable, CustomStringConvertible {
    package let epoch: String
    /// The places of its first and last record in the stream, from 1.
    package let places: ClosedRange<Int64>

    init(epoch: String, places: ClosedRange<Int64>) { (self.epoch, self.places) = (epoch, places) }

    package var file: String { "\(Self.padded(places.lowerBound))-\(Self.padded(places.upperBound)).segment" }
    package var description: String { "\(epoch)/\(file)" }

    /// Nil for what is no segment.
    package init?(_ text: String) {
        guard let match = text.wholeMatch(of: /([0-9a-f]{16})\/([0-9]{12,18})-([0-9]{12,18})\.segment/),
            let first = Int64(match.2), let last = Int64(match.3), 0 < first, first <= last
        else { return nil }
        self.init(epoch: String(match.1), places: first...last)
    }

    private static func padded(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }
}

/// A segment.
package struct Segment: Sendable {
    package struct Header: Codable, Equatable, Sendable {
        package var shipment: Shipment.Header
        /// The places of its records.
        package var first: Int64
        package var last: Int64
        /// The chain before its first record and after its last one.
        package var before: String
        package var after: String
        /// Whether a point is among them.
        package var hasPoint: Bool
        /// Of each table, the first and the last row that it has.
        package var ids: [String: [Int64]]
        /// The digest of the records as they lie here.
        package var sha256: String
    }

    package private(set) var header: Header
    package private(set) var records: [ShippedRecord]
    /// Its records' size.
    package private(set) var bytes: Int

    /// The next one of a stream.
    package init(_ shipment: Shipment, first: Int64, before: String) {
        records = shipment.records
        var chain = SHA256Digest(hexadecimal: before)?.bytes ?? []
        var ids: [String: [Int64]] = [:]
        for record in records {
            chain = SHA256Digest(of: chain + record.digest).bytes
            guard record.kind != .point else { continue }
            let known = ids[record.table] ?? [record.id, record.id]
            ids[record.table] = [min(known[0], record.id), max(known[1], record.id)]
        }
        header = Header(
            shipment: shipment.header, first: first, last: first + Int64(records.count) - 1, before: before,
            after: SHA256Digest(bytes: chain)?.description ?? "", hasPoint: records.contains { $0.kind == .point },
            ids: ids, sha256: "")
        bytes = 0
        seal()
    }

    /// The chain before the first record.
    package static let chainStart = String(repeating: "0", count: 64)

    package var name: SegmentName {
        SegmentName(epoch: header.shipment.cursor.epoch, places: header.first...header.last)
    }

    private mutating func seal() {
        let body = ShippedRecord.encoded(records)
        header.sha256 = SHA256Digest(of: body).description
        bytes = body.count
    }

    /// This one and the next as one.
    package func merged(with next: Segment) -> Segment {
        let shipment = Shipment(
            header: Shipment.Header(
                format: next.header.shipment.format,
                columns: header.shipment.columns.merging(next.header.shipment.columns) { $1 },
                cursor: next.header.shipment.cursor), records: records + next.records)
        return Segment(shipment, first: header.first, before: header.before)
    }

    /// Erases records whose rows were replaced later.
    ///
    /// - Parameter replaced: the place of the newest replacement of each row, and what it says.
    /// - Returns: how many were erased.
    package mutating func erase(_ replaced: Replacements) -> Int {
        var count = 0
        for (index, record) in records.enumerated() where record.kind == .row || record.kind == .replacement {
            guard let new = replaced.places[Replacements.Key(record)], header.first + Int64(index) < new.place,
                !record.saysTheSame(as: new.record)
            else { continue }
            records[index] = record.erased
            count += 1
        }
        if count > 0 { seal() }
        return count
    }

    package var encoded: [UInt8] { Envelope.encoded(header, ShippedRecord.encoded(records)) }

    /// A segment as it came from the target, proved by its digest and its chain.
    package init(_ bytes: [UInt8], name: SegmentName) throws(BackupError) {
        let body: ArraySlice<UInt8>
        do throws(BackupError) {
            (header, body) = try Envelope.decoded(Header.self, bytes)
        } catch { throw .damaged("\(name)", "its header is not what was written") }
        guard SHA256Digest(of: Array(body)).description == header.sha256 else {
            throw .damaged("\(name)", "its records are not what was written")
        }
        records = try ShippedRecord.decoded(body)
        self.bytes = body.count
        let again = Segment(
            Shipment(header: header.shipment, records: records), first: header.first, before: header.before)
        guard again.header == header else { throw .damaged("\(name)", "its chain does not hold") }
        guard self.name == name else { throw .damaged("\(name)", "it is \(self.name)") }
    }

    /// The header of a segment, from its first bytes.
    static func header(_ bytes: [UInt8], name: SegmentName) throws(BackupError) -> Header {
        do throws(BackupError) { return try Envelope.decoded(Header.self, bytes).0 } catch {
            throw .damaged("\(name)", "its header is not what was written")
        }
    }
}

/// Rows whose earlier records have to go.
package struct Replacements: Sendable {
    package struct Key: Hashable, Sendable {
        var table: String
        var id: Int64

        init(_ record: ShippedRecord) { (table, id) = (record.table, record.id) }
    }

    private(set) var places: [Key: (place: Int64, record: ShippedRecord)] = [:]

    package init() {}

    /// Those in a segment.
    package init(in segment: Segment) {
        for (index, record) in segment.records.enumerated() where record.kind == .replacement {
            places[Key(record)] = (segment.header.first + Int64(index), record)
        }
    }

    package var isEmpty: Bool { places.isEmpty }

    /// Whether a segment may hold an earlier record of one of them.
    func mayConcern(_ header: Segment.Header) -> Bool {
        places.contains { key, new in
            guard let ids = header.ids[key.table], ids.count == 2 else { return false }
            return header.first < new.place && ids[0] <= key.id && key.id <= ids[1]
        }
    }
}

/// The segments of one epoch that lie at a target.
package struct SegmentList: Sendable {
    package let epoch: String
    /// One after the other, without a gap.
    package private(set) var names: [SegmentName] = []
    /// Those that a merged one took the place of, which a crash left.
    package private(set) var superseded: [SegmentName] = []

    package init(_ names: [SegmentName], epoch: String) throws(BackupError) {
        self.epoch = epoch
        let ours = Set(names.filter { $0.epoch == epoch }).sorted {
            ($0.places.lowerBound, -$0.places.upperBound) < ($1.places.lowerBound, -$1.places.upperBound)
        }
        var last: Int64 = 0
        for name in ours {
            if name.places.upperBound <= last {
                superseded.append(name)
                continue
            }
            guard name.places.lowerBound == last + 1 else {
                throw BackupError(
                    .damaged, "records \(last + 1) to \(name.places.lowerBound - 1) of the backup \(epoch) are missing",
                    hint: "while the archive itself is sound, remove \(name) and all segments after it from the "
                        + "target: what they held is shipped again")
            }
            self.names.append(name)
            last = name.places.upperBound
        }
    }

    package var last: SegmentName? { names.last }

    mutating func replace(_ old: [SegmentName], with new: SegmentName) {
        names.removeAll { old.contains($0) }
        names.append(new)
    }
}
