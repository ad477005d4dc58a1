// What is looked at before anything is written: cheap, whatever the size of the store. `verify` looks at everything.

internal import GRDB

extension StoreWriter {
    /// Rows at the end of the ledger whose chain is proved at each start: what a torn or garbled write would hit.
    private static let checkedRows = 512

    /// The newest row, after the end of the ledger was found to be as it was written.
    static func checkedTail(_ db: Database, path: String, _ witnessed: WitnessedHead?) throws -> WitnessedHead {
        let rows = try Row.fetchAll(
            db, sql: "SELECT \(LedgerRow.columns) FROM ledger ORDER BY id DESC LIMIT \(checkedRows + 1)"
        ).map { try Cells($0, "ledger") }
        let gaps = try Gaps.recorded(db)
        var head = WitnessedHead(lastID: 0, chain: LedgerRow.chainStart)
        for (place, cells) in rows.reversed().enumerated() {
            let row = try LedgerRow(cells)
            let isFirstSeen = place == 0 && row.id > 1
            if !isFirstSeen, let fault = try gaps.fault(of: row, LedgerRow.storedChain(cells), after: head) {
                throw StoreError(damaged: fault)
            }
            head = WitnessedHead(lastID: row.id, chain: try LedgerRow.storedChain(cells))
        }
        head.lastID = max(head.lastID, gaps.lastID)
        if let witnessed { try compare(head, with: witnessed, path: path, db) }
        return head
    }

    private static func compare(
        _ head: WitnessedHead, with witnessed: WitnessedHead, path: String, _ db: Database
    ) throws {
        guard witnessed.lastID <= head.lastID else { throw cutShort(path, at: head.lastID, witnessed) }
        let row = try Row.fetchOne(
            db, sql: "SELECT \(LedgerRow.columns) FROM ledger WHERE id = ?", arguments: [witnessed.lastID])
        guard let row, try LedgerRow.storedChain(Cells(row, "ledger")) != witnessed.chain else { return }
        throw StoreError(
            .damaged, "row \(witnessed.lastID) of \(path) is not the one that was committed",
            hint: "another store took this one's place: \(removeWitness(path))")
    }

    static func cutShort(_ path: String, at last: Int64, _ witnessed: WitnessedHead) -> StoreError {
        StoreError(
            .damaged,
            "\(path) ends with row \(last), but row \(witnessed.lastID) was committed: its end (or its log's) is lost",
            hint: "\(removeWitness(path)); otherwise \(StoreError.damageHint)")
    }

    private static func removeWitness(_ path: String) -> String {
        "if you put a backup in place, remove \(Witness.path(ofStore: path)) and start again"
    }
}
