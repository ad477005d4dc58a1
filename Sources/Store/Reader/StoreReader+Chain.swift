// The hashes of the ledger's chain, for those who keep them outside the store.

internal import GRDB

extension StoreReader {
    /// The newest row of the chain.
    public struct Head: Sendable, Equatable {
        public var row: Int64
        public var chain: String
        public var epoch: String

        public init(row: Int64, chain: String, epoch: String) {
            (self.row, self.chain, self.epoch) = (row, chain, epoch)
        }
    }

    /// The head of the chain; row 0 in an empty store.
    public func head() throws(StoreError) -> Head {
        try read("reading the head of the chain") { db in
            let epoch = try StoredCheckpoint.fetch(db).epoch
            let row = try Int64.fetchOne(db, sql: "SELECT max(id) FROM ledger") ?? 0
            let start = SHA256Digest(bytes: LedgerRow.chainStart)
            return Head(row: row, chain: try Self.chain(of: row, db) ?? start?.description ?? "", epoch: epoch)
        }
    }

    /// The hash that a ledger row has; nil if there is no such row.
    public func chain(of id: Int64) throws(StoreError) -> String? {
        try read("reading ledger row \(id)") { try Self.chain(of: id, $0) }
    }

    private static func chain(of id: Int64, _ db: Database) throws -> String? {
        let row = try Row.fetchOne(db, sql: "SELECT \(LedgerRow.columns) FROM ledger WHERE id = ?", arguments: [id])
        return try row.flatMap { SHA256Digest(bytes: try LedgerRow.storedChain(CheckedRow($0, "ledger")))?.description }
    }
}
