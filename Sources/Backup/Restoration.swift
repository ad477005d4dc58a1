// Makes a store of what a followed backup holds: all of its rows, up to the last point.
//
// The new store has the same rows, and the same head of the chain, and begins a new epoch, as every store does that was put
// in place by somebody.

internal import Files
internal import Foundation
internal import GRDB
package import Store

/// A backup that can be restored.
package struct Restoration {
    private let target: any BackupTarget
    private let list: SegmentList
    /// The header of the last segment that has a point.
    private let end: Segment.Header
    /// Up to the segment with the last point.
    private let names: [SegmentName]

    package var epoch: String { list.epoch }
    package var segments: Int { names.count }

    /// Looks for the newest backup at a target.
    ///
    /// - Parameter epoch: the epoch that is wanted; nil for the one that was shipped to last.
    package init(_ target: any BackupTarget, epoch: String? = nil) throws(BackupError) {
        self.target = target
        let names = try target.list()
        let epochs = Set(names.map(\.epoch)).filter { epoch == nil || $0 == epoch }
        var newest: (list: SegmentList, names: [SegmentName], end: Segment.Header, at: Int64)?
        for epoch in epochs.sorted() {
            let list = try SegmentList(names, epoch: epoch)
            guard let (kept, end) = try Self.upToLastPoint(list, target), let last = kept.last else { continue }
            let at = try target.segment(last).records.last { $0.kind == .point }?.id ?? 0
            if at > newest?.at ?? .min { newest = (list, kept, end, at) }
        }
        guard let newest else {
            throw BackupError(
                .missing,
                epochs.isEmpty
                    ? "there is no backup\(epoch.map { " of epoch \($0)" } ?? "") at \(target.description)"
                    : "the backup at \(target.description) is not complete yet",
                hint: epochs.isEmpty
                    ? "is this what `backup --follow` was given?"
                    : "the first shipping has to come to its end: see journalctl -u copytaster-backup")
        }
        (list, self.names, end) = (newest.list, newest.names, newest.end)
    }

    private static func upToLastPoint(
        _ list: SegmentList, _ target: any BackupTarget
    ) throws(BackupError) -> ([SegmentName], Segment.Header)? {
        var names = list.names
        while let name = names.last {
            let header = try target.header(name)
            if header.hasPoint { return (names, header) }
            names.removeLast()
        }
        return nil
    }

    /// What was restored.
    package struct Result: Sendable {
        package var head: StoreReader.Head
        /// The moment at which the store was as it is now, in microseconds since 1970.
        package var at: Int64
    }

    /// Carries it out.
    ///
    /// - Parameters:
    ///   - directory: where the store is made; it must hold none.
    ///   - progress: told how many segments of how many are done.
    package func run(into directory: String, progress: (Int, Int) -> Void) throws -> Result {
        guard end.shipment.format == Schema.format else {
            throw StoreError(
                .tooNew, "the backup has a store of format \(end.shipment.format), this program's is \(Schema.format)",
                hint: "install the version that made it")
        }
        guard !FileManager.default.fileExists(atPath: directory + "/" + StoreWriter.fileName) else {
            throw StoreError(.unreadable, "there is a store in \(directory)", hint: "name a new directory")
        }
        let store = try StoreWriter(directory: directory)
        let columns = try Self.columns(store)
        var at: Int64 = 0
        var chain = Segment.chainStart
        for (place, name) in names.enumerated() {
            let segment = try target.segment(name)
            guard segment.header.before == chain else {
                throw BackupError.damaged("\(name)", "it does not follow from the one before")
            }
            chain = segment.header.after
            var records = segment.records[...]
            if name == names.last, let point = records.lastIndex(where: { $0.kind == .point }) {
                at = records[point].id
                records = records[...point]
            }
            // Whoever can write at the target names no table and no column that a store does not have.
            guard segment.header.shipment.columns == columns else { throw BackupError.unknownRecord }
            try write(records, columns, store)
            progress(place + 1, names.count)
        }
        do {
            try store.pool.writeWithoutTransaction { db in
                try StoreWriter.beginEpoch(
                    db, after: try Int64.fetchOne(db, sql: "SELECT max(id) FROM ledger") ?? 0)
            }
        } catch { throw StoreError(error, doing: "beginning a new epoch") }
        try store.emptyLog()
        store.close()
        // Opened once more, it looks at its end and writes down how far it goes.
        try StoreWriter(directory: directory).close()
        return Result(head: try StoreReader(directory: directory).head(), at: at)
    }

    private static func columns(_ store: StoreWriter) throws(StoreError) -> [String: [String]] {
        do {
            return try store.pool.read { try StoreShipping.columns($0) }
        } catch { throw StoreError(error, doing: "reading the tables of the restored store") }
    }

    private func write(
        _ records: ArraySlice<ShippedRecord>, _ columns: [String: [String]], _ store: StoreWriter
    ) throws {
        do {
            try store.pool.write { db in
                for record in records where record.kind == .row || record.kind == .replacement {
                    guard let names = columns[record.table] else { throw BackupError.unknownRecord }
                    let values = [record.id.databaseValue] + (try record.values())
                    guard values.count == names.count else { throw BackupError.unknownRecord }
                    let places = names.map { _ in "?" }.joined(separator: ", ")
                    let list = names.joined(separator: ", ")
                    try db.cachedStatement(
                        sql: "INSERT OR REPLACE INTO \(record.table) (\(list)) VALUES (\(places))"
                    ).execute(arguments: StatementArguments(values))
                }
            }
        } catch let error as BackupError { throw error } catch {
            throw StoreError(error, doing: "writing the restored store")
        }
    }
}
