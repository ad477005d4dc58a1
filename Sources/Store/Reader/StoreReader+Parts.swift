// Parts of deliveries, each as a row of its own.

internal import GRDB
public import Resemblance

extension StoreReader {
    /// The parts of a delivery, in order; of another row, none.
    public func parts(of delivery: LedgerRow) throws(StoreError) -> [PartRow] {
        guard delivery.verdict == .parts else { return [] }
        return try read("reading the parts of delivery \(delivery.id)") { db in
            try Row.fetchAll(
                db.cachedStatement(sql: "SELECT \(PartRow.columns) FROM part WHERE id >= ? AND id < ? ORDER BY id"),
                arguments: [delivery.partIDs.lowerBound, delivery.partIDs.upperBound]
            ).map { try PartRow($0) }
        }
    }

    /// The number of a delivery's part: `12.3` is what `show` and the others take besides.
    public func story(part number: Int64, of delivery: Int64) throws(StoreError) -> Int64? {
        guard let row = try row(delivery), row.verdict == .parts, number > 0, number <= row.partIDs.count else {
            return nil
        }
        return row.partIDs.lowerBound + number - 1
    }

    /// How many parts each verdict has.
    public func partCounts() throws(StoreError) -> [Verdict: Int] {
        try read("counting the parts") { db in
            var counts: [Verdict: Int] = [:]
            for row in try Row.fetchAll(
                db,
                sql: """
                    SELECT count(*), verdict FROM part WHERE id < (SELECT max(id) FROM ledger) GROUP BY verdict
                    """)
            {
                let checked = try CheckedRow(row, "part")
                guard let verdict = Verdict(rawValue: try checked.text(1)) else {
                    throw StoreError(damaged: "\(checked.id) parts have no verdict that is known")
                }
                counts[verdict] = Int(checked.id)
            }
            return counts
        }
    }

    /// A part by its number; nil for none, and for one whose delivery is not committed.
    static func partRow(_ id: Int64, _ db: Database) throws -> LedgerRow? {
        let found = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT \(PartRow.columns) FROM part WHERE id = ?"), arguments: [id])
        guard let part = try found.next().map({ try PartRow($0) }) else { return nil }
        return try delivery(of: part, db).map { LedgerRow(part, of: $0) }
    }

    private static func delivery(of part: PartRow, _ db: Database) throws -> LedgerRow? {
        let found = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT \(LedgerRow.columns) FROM ledger WHERE id = ?"),
            arguments: [part.delivery])
        return try found.next().map { try LedgerRow($0) }
    }

    /// Parts between two numbers, as rows.
    static func partRows(
        _ above: Int64, _ below: Int64, isDescending: Bool, atMost limit: Int, _ db: Database
    ) throws -> [LedgerRow] {
        let parts = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT \(PartRow.columns) FROM part
                    WHERE id > ? AND id < min(?, (SELECT ifnull(max(id), 0) FROM ledger))
                    ORDER BY id \(isDescending ? "DESC" : "ASC") LIMIT ?
                    """), arguments: [above, below, limit]
        ).map { try PartRow($0) }
        var delivery: LedgerRow?
        return try parts.compactMap { part in
            if delivery?.id != part.delivery { delivery = try Self.delivery(of: part, db) }
            return delivery.map { LedgerRow(part, of: $0) }
        }
    }
}
