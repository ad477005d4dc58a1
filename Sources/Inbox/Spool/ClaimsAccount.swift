// The account of the claims: each claim that the journal lists has a row, or lies in work/, or went back to the inbox; and the
// ledger has as many other rows as the journal counts. So a row that is lost, doubled or forged shows, and so does a file
// that vanished from work/.

internal import Files

/// Compares the claims journal, work/ and the ledger.
///
/// Beside a running service: read the journal first, then work/, then the ledger, and the journal once more.
public struct ClaimsAccount: Sendable {
    /// Claims that were made.
    public let claims: Int64
    /// Of those, the claims with a row.
    public private(set) var rows: Int64 = 0
    /// Rows of files that were read where they lay.
    public private(set) var passed: Int64 = 0

    private let record: ClaimsRecord
    private let inWork: Set<Int64>
    private var listed: Set<Int64> = []
    private var doubled: Set<Int64> = []
    private var unlisted: Int64 = 0

    public init(_ record: ClaimsRecord, inWork: Set<Int64>) {
        self.record = record
        self.inWork = inWork
        claims = record.last
    }

    /// Notes the claim of one ledger row.
    public mutating func note(row claim: Int64) {
        if claim == 0 {
            passed += 1
        } else if claim <= record.last {
            rows += 1
            if record.names[claim] == nil {
                unlisted += 1
            } else if !listed.insert(claim).inserted {
                doubled.insert(claim)
            }
        }
    }

    /// Claims whose files are in work/ and have no row.
    public var waiting: Int { inWork.subtracting(listed).count }

    /// Whether the journal counts this store's rows. If not, no service has used the spool with it yet.
    public func isAbout(_ store: String) -> Bool { record.store == store }

    /// What does not match; nothing if the journal is about another store.
    ///
    /// - Parameters:
    ///   - store: the name of the store whose rows were noted.
    ///   - later: the journal as it was after the rows were noted.
    public func faults(store: String, later: ClaimsRecord) -> [String] {
        guard isAbout(store) else { return [] }
        var faults: [String] = []
        if !record.isWhole {
            faults.append("the end of the claims journal is not whole: it is counted anew at the next start")
        }
        if unlisted != record.settled {
            faults.append(
                "the claims journal counts \(record.settled) finished claims, the ledger has rows of \(unlisted) of them"
                    + (unlisted < record.settled ? ": rows are missing, or this store is older than the spool" : ""))
        }
        for claim in doubled.sorted() { faults.append("claim \(claim) (\(name(claim))) has two rows") }
        let returned = record.returned.union(later.returned)
        for claim in record.names.keys.sorted() where !listed.contains(claim) && !inWork.contains(claim) {
            // The last one may not have been made; what a later journal does not list went back meanwhile.
            if claim == record.last || returned.contains(claim) || later.names[claim] == nil { continue }
            faults.append("claim \(claim) (\(name(claim))) has no row, no file in work/, and did not go back")
        }
        return faults
    }

    private func name(_ claim: Int64) -> String { record.names[claim]?.description ?? "?" }
}
