// What a recovery had to leave out (`copytaster recover`): the ledger rows that are lost, and those whose place in the
// chain cannot be proved any more. It is told by entries of the audit log of the kind `recover`, so that the proof of a recovered store
// tells the truth: which rows are missing, and from where on each is again hashed over the one before.

internal import Foundation
package import GRDB

/// The losses that the audit log records.
package struct LossReport {
    /// What one recovery found, as the entry's detail holds it (JSON).
    package struct Losses: Codable, Equatable {
        /// The file that was recovered.
        package var from: String
        /// Ledger rows that are lost: first and last of each run.
        package var lost: [[Int64]]
        /// Rows that do not follow from the row before, each with the hash of the row alone.
        package var unchained: [Int64: String]
        /// Stories whose row was lost and made anew from what else was there: name and times are not the original ones.
        package var remade: [Int64]
        /// Stories whose document is lost; the row stays.
        package var textless: [Int64]
        /// Deliveries of whose parts a row is lost.
        package var partless: [Int64]?
        /// Readings that were made anew from the document.
        package var reread: [Int64]

        package static let empty = Losses(from: "", lost: [], unchained: [:], remade: [], textless: [], reread: [])
    }

    package static let kind = "recover"

    package private(set) var lost: [ClosedRange<Int64>] = []
    package private(set) var unchained: [Int64: String] = [:]
    package private(set) var textless: Set<Int64> = []
    private var partless: Set<Int64> = []
    /// The last number that was given, even if its row is lost: it is not given again.
    package private(set) var lastID: Int64 = 0

    package static func recorded(_ db: Database) throws -> LossReport {
        let audits = try Row.fetchAll(
            db, sql: "SELECT \(StoredAuditEntry.columns) FROM audit WHERE kind = ? ORDER BY id", arguments: [kind])
        return try LossReport(audits.map { try StoredAuditEntry($0) })
    }

    package init() {}

    /// - Parameter audits: all entries, or only those that tell of recoveries.
    package init(_ audits: [StoredAuditEntry]) throws(StoreError) {
        for audit in audits where audit.kind == LossReport.kind {
            guard let report = try? JSONDecoder().decode(Losses.self, from: Data(audit.detail.utf8)) else {
                throw StoreError(
                    damaged: "entry \(audit.id) of the audit log, which tells of a recovery, cannot be read")
            }
            lost += report.lost.compactMap { $0.count == 2 && $0[0] <= $0[1] ? $0[0]...$0[1] : nil }
            unchained.merge(report.unchained) { $1 }
            textless.formUnion(report.textless)
            partless.formUnion(report.partless ?? [])
            lastID = max(lastID, audit.story ?? 0)
        }
    }

    /// Whether the store was made by a recovery.
    package var isRecovered: Bool { lastID > 0 }

    /// Whether a recovery told that a delivery has lost parts.
    package func isPartless(_ id: Int64) -> Bool { partless.contains(id) }

    package func isLost(_ id: Int64) -> Bool { lost.contains { $0.contains(id) } }

    package var lostCount: Int { lost.reduce(0) { $0 + $1.count } }

    /// The hash of a row by itself.
    package static func solitary(_ row: LedgerRow) -> String {
        SHA256Digest(bytes: row.chain(after: LedgerRow.chainStart))?.description ?? ""
    }

    /// What is wrong with a row that comes after another one; nil if nothing is, or if a recovery told of it.
    package func fault(of row: LedgerRow, _ chain: [UInt8], after head: ChainHead) -> String? {
        let (next, first) = (head.lastID + 1, row.partIDs.lowerBound)
        if first < next { return "row \(row.id) has numbers that another one has" }
        if first != next, !lost.contains(where: { $0.lowerBound <= next && $0.upperBound >= first - 1 }) {
            return "rows \(next) to \(first - 1) are missing"
        }
        if let digest = unchained[row.id] {
            return digest == LossReport.solitary(row) ? nil : "row \(row.id) is not what was recovered"
        }
        return row.chain(after: head.chain) == chain ? nil : "row \(row.id) is not what was written"
    }
}
