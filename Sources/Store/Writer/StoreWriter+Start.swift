// What is looked at before anything is written: cheap, whatever the size of the store. `verify` looks at everything.

internal import GRDB

extension StoreWriter {
    /// Rows at the end of the ledger whose chain is proved at each start: what a torn or garbled write would hit.
    private static let checkedRows = 512

    /// The newest row, after the end of the ledger was found to be as it was written.
    static func checkedTail(_ db: Database, path: String, _ recorded: ChainHead?) throws -> ChainHead {
        let rows = try Row.fetchAll(
            db, sql: "SELECT \(LedgerRow.columns) FROM ledger ORDER BY id DESC LIMIT \(checkedRows + 1)"
        ).map { try CheckedRow($0, "ledger") }
        let losses = try LossReport.recorded(db)
        var head = ChainHead(lastID: 0, chain: LedgerRow.chainStart)
        for (place, checked) in rows.reversed().enumerated() {
            let row = try LedgerRow(checked)
            let isFirstSeen = place == 0 && row.id > 1
            if !isFirstSeen, let fault = try losses.fault(of: row, LedgerRow.storedChain(checked), after: head) {
                throw StoreError(damaged: fault)
            }
            head = ChainHead(lastID: row.id, chain: try LedgerRow.storedChain(checked))
        }
        head.lastID = max(head.lastID, losses.lastID)
        if let recorded { try compare(head, with: recorded, path: path, db) }
        return head
    }

    private static func compare(
        _ head: ChainHead, with recorded: ChainHead, path: String, _ db: Database
    ) throws {
        guard recorded.lastID <= head.lastID else { throw cutShort(path, at: head.lastID, recorded) }
        let row = try Row.fetchOne(
            db, sql: "SELECT \(LedgerRow.columns) FROM ledger WHERE id = ?", arguments: [recorded.lastID])
        guard let row, try LedgerRow.storedChain(CheckedRow(row, "ledger")) != recorded.chain else { return }
        throw StoreError(
            .damaged, "row \(recorded.lastID) of \(path) is not the one that was committed",
            hint: "another store took this one's place: \(removeHeadFile(path))")
    }

    static func cutShort(_ path: String, at last: Int64, _ recorded: ChainHead) -> StoreError {
        StoreError(
            .damaged,
            "\(path) ends with row \(last), but row \(recorded.lastID) was committed: its end (or its log's) is lost",
            hint: "\(removeHeadFile(path)); otherwise \(StoreError.damageHint)")
    }

    private static func removeHeadFile(_ path: String) -> String {
        "if you put a backup in place, remove \(HeadFile.path(ofStore: path)) and start again"
    }
}
