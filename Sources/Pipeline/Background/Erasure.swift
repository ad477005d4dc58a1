// A redaction to its end: the deletion contract. Whatever holds a story's bytes or its words is a case of ``ErasedPlace``.
// Erasure goes through all of them, DeletionTests looks for the words in the bytes of each and of no other, and the
// table in ARCHITECTURE.md, "What is derived from a story", has a row for each, which the same tests compare.

internal import Files
internal import Foundation
public import Inbox
internal import Resemblance
public import Store

/// Where a story's bytes or its words lie, by the names in ARCHITECTURE.md, in the order in which they are erased.
public enum ErasedPlace: String, CaseIterable, Sendable {
    case rejected = "`rejected/ID`"
    case archive = "`archive/`"
    case search = "`search.sqlite`"
    case searchLog = "`search.sqlite-wal`"
    case rows = "`document`, `reading`, rules in `relation`, reparse entries of the audit log"
    /// The last one: what was done to the others is in it.
    case log = "`copytaster.sqlite-wal`"

    /// Whether a file is of this place; its path begins with `state/` or `spool/`.
    public func holds(_ path: String) -> Bool {
        switch self {
        case .rejected: path.hasPrefix("spool/rejected/")
        case .archive: path.hasPrefix("spool/archive/")
        case .search: path == "state/\(SearchIndex.fileName)"
        case .searchLog: path == "state/\(SearchIndex.fileName)-wal"
        case .rows: path == "state/\(StoreWriter.fileName)"
        case .log: path == "state/\(StoreWriter.fileName)-wal"
        }
    }
}

/// Erases what redacted stories and discarded rejections left.
public struct Erasure {
    /// What is done of erasures that something holds up, so that trying again costs next to nothing: merging a large
    /// search index takes minutes, and is done once.
    public struct Progress: Sendable {
        fileprivate var done: [ErasedPlace: Set<Int64>] = [:]
        /// Those of which somebody was told that they wait.
        var told: Set<Int64> = []

        public init() {}
    }

    /// What takes words out of the search index.
    public struct Search {
        let purge: () throws(StoreError) -> Void
        let emptyLog: (Duration) throws(StoreError) -> Void

        public init(
            purge: @escaping () throws(StoreError) -> Void, emptyLog: @escaping (Duration) throws(StoreError) -> Void
        ) {
            (self.purge, self.emptyLog) = (purge, emptyLog)
        }
    }

    private let store: StoreWriter
    private let spool: Spool
    private let search: Search
    private let patience: Duration

    /// - Parameter patience: how long to wait for those who read a log; nobody can commit meanwhile.
    public init(store: StoreWriter, spool: Spool, search: Search, patience: Duration) {
        (self.store, self.spool, self.search, self.patience) = (store, spool, search, patience)
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

    /// Erases all that is not erased yet, wherever nothing keeps it from that.
    ///
    /// - Returns: what is left, and why; nil if nothing is.
    public func finish(_ progress: inout Progress, done: ([Int64]) -> Void) -> (ids: [Int64], why: String)? {
        var ids: [Int64] = []
        do {
            ids = try store.unfinishedErasures()
            if ids.isEmpty { return nil }
            var trouble: (any Error)?
            for place in ErasedPlace.allCases {
                let left = ids.filter { progress.done[place]?.contains($0) != true }
                if left.isEmpty { continue }
                do {
                    try erase(left, from: place)
                    progress.done[place, default: []].formUnion(left)
                } catch { trouble = trouble ?? error }
            }
            if let trouble { throw trouble }
            try store.noteErased(ids)
            progress = Progress()
            done(ids)
            return nil
        } catch { return (ids, "\(error)") }
    }

    private func erase(_ ids: [Int64], from place: ErasedPlace) throws {
        switch place {
        case .rejected:
            for id in ids { for row in try store.deliveries(withBytesOf: id) { try spool.eraseRejected(row) } }
        case .archive:
            for id in ids { for row in try store.deliveries(withBytesOf: id) { try spool.eraseArchived(row) } }
        case .search: try search.purge()
        case .searchLog: try search.emptyLog(patience)
        case .rows: break  // Blanked by the transaction that began it.
        case .log: try store.emptyLog(patience: patience)
        }
    }
}
