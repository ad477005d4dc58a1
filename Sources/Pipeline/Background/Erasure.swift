// A redaction to its end. ARCHITECTURE.md, "What is derived from a story", lists what holds its bytes or its words; each
// has its line here, and DeletionTests looks through all of it by bytes.

internal import Files
internal import Foundation
public import Inbox
internal import Resemblance
public import Store

/// Erases what redacted stories and discarded rejections left.
public struct Erasure {
    private let store: StoreWriter
    private let spool: Spool
    private let purgeIndex: () throws(StoreError) -> Void

    public init(store: StoreWriter, spool: Spool, purgeIndex: @escaping () throws(StoreError) -> Void) {
        (self.store, self.spool, self.purgeIndex) = (store, spool, purgeIndex)
    }

    /// Commits that a text shall go: from then on nobody is given it, and the rest is done sooner or later.
    public static func begin(
        _ id: Int64, reason: String, store: StoreWriter, removeFromIndex: (Int64) throws(StoreError) -> Void
    ) throws(StoreError) {
        if let row = try store.row(id), row.verdict == .rejected {
            return try store.note(action: "discard", story: id, detail: reason)
        }
        // While the store still has the text: the index has to be told what it had.
        try removeFromIndex(id)
        try store.redact(id, reason: reason)
    }

    /// Erases all that is not erased yet.
    ///
    /// - Returns: what is left, and why; nil if nothing is.
    public func finish(done: ([Int64]) -> Void) -> (ids: [Int64], why: String)? {
        var ids: [Int64] = []
        do {
            ids = try store.unfinishedErasures()
            if ids.isEmpty { return nil }
            try purgeIndex()
            for id in ids {
                try spool.eraseRejected(id)
                for row in try store.rows(withBytesOf: id) { try spool.eraseArchived(row) }
            }
            try store.finishErasures(ids)
            done(ids)
            return nil
        } catch { return (ids, "\(error)") }
    }
}
