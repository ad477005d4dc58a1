// The proof: that nothing in the store was changed, removed or invented, from the disk alone. What cannot be read is a
// fault like any other: the proof goes on with the rest.

internal import GRDB
public import Resemblance

/// What `verify` looked at and found.
public struct Verification: Sendable {
    /// One thing that was checked.
    public struct Check: Sendable {
        public var name: String
        /// What was seen, as a sentence.
        public var finding: String
        /// What is wrong; empty if nothing is. At most ten are listed.
        public var faults: [String]

        public var isSound: Bool { faults.isEmpty }

        public init(name: String, finding: String, faults: [String]) {
            self.name = name
            self.finding = finding
            self.faults = faults
        }
    }

    public var checks: [Check] = []
    public var rows = 0
    /// Rows that were lost before a recovery, as the audit log tells.
    public var lost = 0
    public var counts: [Verdict: Int] = [:]
    /// Parts of deliveries, and how many have each verdict.
    public var parts = 0
    public var partCounts: [Verdict: Int] = [:]
    /// The store's epoch.
    public var epoch = ""
    /// The hash of the newest row.
    public var head = ""

    public var isSound: Bool { checks.allSatisfy(\.isSound) }
}

extension StoreReader {
    /// Proves the hash chain, every document's hash, every other row's checksum, the references between rows and SQLite's
    /// integrity.
    ///
    /// - Parameters:
    ///   - expectedHead: a chain head noted earlier (from the journal); some row must have it.
    ///   - progress: told how many rows of how many are done.
    public func verify(
        expectedHead: String? = nil, progress: (Int64, Int64) -> Void = { _, _ in }
    ) throws(StoreError) -> Verification {
        // Before the snapshot is taken: the writer may go on meanwhile.
        let recorded = ChainHead(ofStore: path)
        return try read("verifying the store") { db in
            Proof(db, expectedHead: expectedHead, recorded: recorded).run(progress)
        }
    }

    /// Hands the claim of every ledger row to `body`; 0 for a file that was read where it lay.
    public func forEachClaim(_ body: (Int64) -> Void) throws(StoreError) {
        try read("reading the claims of the ledger") { db in
            let claims = try Int64.fetchCursor(db, sql: "SELECT claim FROM ledger ORDER BY id")
            while let claim = try claims.next() { body(claim) }
        }
    }
}
