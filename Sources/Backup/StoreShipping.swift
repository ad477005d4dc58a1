// Reads from the store what is to be shipped. Every table grows at its end only, so a cursor of one number a table says how
// far it is shipped, whatever tables a store has. Two things happen elsewhere than at the end, and the audit log tells of
// both: a redaction blanks rows, and a reparse adds readings to old stories. So the audit log is shipped last, and what its
// new entries tell of goes with them.
//
// Reads by a read-only connection, each shipment in one short transaction: the service is never held up.

internal import Files
internal import Foundation
internal import GRDB
package import Store

/// The store as a source of shipments.
package final class StoreShipping: ShipmentSource {
    private let reader: StoreReader

    package init(_ reader: StoreReader) { self.reader = reader }

    package func next(after cursor: ShippingCursor?, limit: Int, isPointWanted: Bool) throws -> Shipment {
        try reader.read("reading what is to be shipped") { db in
            let checkpoint = try StoredCheckpoint.fetch(db)
            let start = cursor ?? ShippingCursor(epoch: checkpoint.epoch)
            var loading = try Loading(db, after: start, limit: limit)
            guard start.epoch == checkpoint.epoch, limit > 0 else {
                loading.cursor.epoch = checkpoint.epoch
                return loading.shipment
            }
            try loading.checkStart()
            for table in loading.tables where try !loading.load(table) { return loading.shipment }
            if !loading.records.isEmpty || isPointWanted { try loading.finish() }
            return loading.shipment
        }
    }
}

extension StoreShipping {
    /// The columns of each table of a store, in order.
    static func columns(_ db: Database) throws -> [String: [String]] {
        let names = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try db.columns(in: $0).map(\.name)) })
    }
}

/// One shipment while it is put together.
private struct Loading {
    private let db: Database
    private let start: ShippingCursor
    private let limit: Int
    private var size = 0
    private let columns: [String: [String]]
    /// Those that grow, the audit log last.
    let tables: [String]
    var cursor: ShippingCursor
    private(set) var records: [ShippedRecord] = []
    private var audits: [StoredAuditEntry] = []
    private var chain: [UInt8]
    private let losses: LossReport
    /// The newest row of the ledger.
    private let newest: Int64

    private static let checkpoint = StoredCheckpoint.table
    private static let audit = StoredAuditEntry.table

    init(_ db: Database, after start: ShippingCursor, limit: Int) throws {
        (self.db, self.start, self.limit, cursor) = (db, start, limit, start)
        columns = try StoreShipping.columns(db)
        tables = columns.keys.filter { $0 != Self.checkpoint && $0 != Self.audit }.sorted() + [Self.audit]
        chain = SHA256Digest(hexadecimal: start.chain)?.bytes ?? LedgerRow.chainStart
        losses = try LossReport.recorded(db)
        newest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM ledger") ?? 0
    }

    var shipment: Shipment {
        Shipment(
            header: Shipment.Header(format: Schema.format, columns: columns, cursor: cursor), records: records)
    }

    /// The store must hold the row that was shipped last, as it was shipped.
    func checkStart() throws {
        let last = start.lastID
        guard last > 0 else { return }
        let row = try Row.fetchOne(db, sql: "SELECT \(LedgerRow.columns) FROM ledger WHERE id = ?", arguments: [last])
        guard let row, try LedgerRow.storedChain(CheckedRow(row, "ledger")) == chain else {
            throw StoreError(
                .damaged, "row \(last) of the store is not the one that was shipped to the backup",
                hint: "the store was cut short or rewritten: do not touch the backup, which has the rows as they were; "
                    + "`copytaster verify` shows what the store holds, `copytaster restore` brings the backup's back")
        }
    }

    /// Loads what a table has got; false if there was no room for all of it.
    mutating func load(_ table: String) throws -> Bool {
        let first = start.rows[table] ?? 0
        // Composed ids of new stories are larger than all before, so this is the end of the table.
        let rows = try Row.fetchCursor(
            db, sql: "SELECT \(list(table)) FROM \(table) WHERE id > ? AND id <= ? ORDER BY id",
            arguments: [first, end(of: table)])
        while let row = try rows.next() {
            guard size < limit else { return false }
            let checked = try CheckedRow(row, table)
            try prove(row, checked)
            add(ShippedRecord(row, of: table, id: checked.id))
            cursor.rows[table] = checked.id
        }
        return true
    }

    /// Up to which id a table is shipped: what belongs to a delivery whose row is not committed yet may be taken back.
    private func end(of table: String) -> Int64 {
        switch table {
        case PartRow.table, StoredContent.table, StoredSketch.table: newest
        case StoredReading.table, StoredRelation.table: Schema.ids(of: newest).upperBound
        default: .max
        }
    }

    private func list(_ table: String) -> String { (columns[table] ?? []).joined(separator: ", ") }

    private mutating func add(_ record: ShippedRecord) {
        records.append(record)
        size += record.payload.count
    }

    /// A row that is damaged must not be shipped. (A document is proved by `verify`, of the store and of the backup.)
    private mutating func prove(_ row: Row, _ checked: CheckedRow) throws {
        switch checked.table {
        case ChainedRow.table:
            let next = CheckedRow(row, id: checked.id, ChainedRow.self)
            let (ledger, stored) = (try LedgerRow(next), try LedgerRow.storedChain(next))
            let before = ChainHead(lastID: cursor.lastID, chain: chain)
            if let fault = losses.fault(of: ledger, stored, after: before) { throw StoreError(damaged: fault) }
            chain = stored
            cursor.chain = SHA256Digest(bytes: stored)?.description ?? ""
        case PartRow.table: _ = try PartRow(CheckedRow(row, id: checked.id, PartRow.self))
        case StoredReading.table: _ = try StoredReading(CheckedRow(row, id: checked.id, StoredReading.self))
        case StoredRelation.table: _ = try StoredRelation(CheckedRow(row, id: checked.id, StoredRelation.self))
        case StoredSketch.table: _ = try StoredSketch(CheckedRow(row, id: checked.id, StoredSketch.self))
        case StoredAuditEntry.table:
            audits.append(try StoredAuditEntry(CheckedRow(row, id: checked.id, StoredAuditEntry.self)))
        default: break
        }
    }

    /// What the new entries of the audit log tell of, the checkpoint, and the point.
    mutating func finish() throws {
        for audit in audits {
            if audit.kind == "redact", let story = audit.story { try replace(story) }
            if let batch = ReadAgain(audit) {
                let ids = Schema.ids(of: batch.first).lowerBound...Schema.ids(of: batch.last).upperBound
                try ship(
                    StoredReading.table, "id BETWEEN ? AND ? AND id <= ? AND made = ?",
                    [ids.lowerBound, ids.upperBound, start.rows[StoredReading.table] ?? 0, batch.made], replaces: false)
            }
        }
        try ship(Self.checkpoint, "id = 1", [], replaces: false)
        records.append(.point(at: Files.Process.wallMicroseconds))
    }

    /// Ships the rows that a redaction has blanked, if they were shipped before.
    private mutating func replace(_ story: Int64) throws {
        let ids = Schema.ids(of: story)
        for (table, condition, values) in [
            (StoredContent.table, "id = ?", [story]),
            (StoredReading.table, "id BETWEEN ? AND ?", [ids.lowerBound, ids.upperBound]),
            (StoredRelation.table, "(id BETWEEN ? AND ? OR of = ?)", [ids.lowerBound, ids.upperBound, story]),
            (Self.audit, "story = ? AND kind = 'reparse'", [story]),
        ] {
            try ship(table, "\(condition) AND id <= ?", values + [start.rows[table] ?? 0], replaces: true)
        }
        // The files that held it as a part, where containers are kept.
        for container in try StoreWriter.deliveries(withBytesOf: story, db) where container != story {
            try ship(
                StoredContent.table, "id = ? AND coding = \(StoreWriter.erasedCoding) AND id <= ?",
                [container, start.rows[StoredContent.table] ?? 0], replaces: true)
        }
    }

    private mutating func ship(_ table: String, _ condition: String, _ values: [Int64], replaces: Bool) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT \(list(table)) FROM \(table) WHERE \(condition) ORDER BY id",
            arguments: StatementArguments(values))
        while let row = try rows.next() {
            add(ShippedRecord(row, of: table, id: try CheckedRow(row, table).id, replaces: replaces))
        }
    }
}

extension CheckedRow {
    /// The same row with its columns in the order that the program names them in.
    fileprivate init(_ row: Row, id: Int64, _ type: (some StoredRow).Type) {
        let names = type.columns.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        self.init(id: id, names.map { row[$0] as DatabaseValue }, type.table)
    }
}
