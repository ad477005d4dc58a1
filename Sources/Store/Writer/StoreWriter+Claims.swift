// What the ledger knows of the spool's claims, by scans of the whole table: only for a claims journal that was lost, or that
// does not match.

internal import GRDB

extension StoreWriter {
    /// The highest claim of any row, and how many rows have one.
    public func claims() throws(StoreError) -> (last: Int64, rows: Int64) {
        do {
            return try pool.read { db in
                let row = try Row.fetchOne(
                    db, sql: "SELECT ifnull(max(claim), 0), count(*) FROM ledger WHERE claim > 0")
                return (row?[0] ?? 0, row?[1] ?? 0)
            }
        } catch { throw StoreError(error, doing: "counting claims in the ledger") }
    }

    /// Which of these claims have a row.
    public func recorded(_ claims: Set<Int64>) throws(StoreError) -> Set<Int64> {
        do {
            return try pool.read { db in
                let rows = try Int64.fetchCursor(
                    db, sql: "SELECT claim FROM ledger WHERE claim >= ? AND claim <= ?",
                    arguments: [claims.min() ?? 0, claims.max() ?? -1])
                var found: Set<Int64> = []
                while let claim = try rows.next() {
                    if claims.contains(claim) { found.insert(claim) }
                }
                return found
            }
        } catch { throw StoreError(error, doing: "looking for claims in the ledger") }
    }
}
