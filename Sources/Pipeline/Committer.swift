// The one thread that decides: it judges deliveries in claim order and commits them, as many at once as
// are ready when the last commit returns. Nothing is finished in the spool before the commit returns.

internal import Files
internal import Foundation
internal import Inbox
internal import Resemblance
internal import Store
internal import Synchronization

/// A committed file that waits to be finished in the spool.
struct Committed: Sendable {
    let claim: Claim
    /// Nil: it has no row and goes back to the inbox.
    let row: LedgerRow?
}

/// Judges and commits. Lives in one thread.
final class Committer {
    static let batchLimit = 512

    let store: StoreWriter
    let observer: RoadObserver
    let pulse: Pulse
    /// Makes the claims of a batch durable, where recovery depends on their names.
    let prepare: ([Claim]) throws(FileError) -> Void
    /// Told when waiting for room makes no sense any more.
    let isStopping: @Sendable () -> Bool
    let judge: Judge
    /// From the first eight bytes of a digest to the story that has it.
    var bySHA: [UInt64: Int64]
    /// From the key that a story's versions share to the latest of them.
    private var byVersion: [UInt64: Int64]
    private let thresholds: Thresholds
    /// Stories that are judged and not yet committed.
    private var pending: [Int64: Pending] = [:]

    private struct Pending {
        let sha256: SHA256Digest
        let text: ComparableText
        /// The earlier story that makes it a member of a family.
        let earlier: Int64?
    }

    init(
        store: StoreWriter, memory: Memory, observer: RoadObserver, pulse: Pulse,
        prepare: @escaping ([Claim]) throws(FileError) -> Void, isStopping: @escaping @Sendable () -> Bool
    ) {
        self.store = store
        self.observer = observer
        self.pulse = pulse
        self.prepare = prepare
        self.isStopping = isStopping
        judge = memory.judge
        bySHA = memory.bySHA
        byVersion = memory.byVersion
        thresholds = memory.thresholds
    }

    /// Commits everything that `buffer` brings until it is closed; false if the store failed or a stop came
    /// while there was no room: what is uncommitted then stays in work/, for the next start.
    func run(_ buffer: OrderedBuffer<Delivery>, release: ([Committed]) -> Void) -> Bool {
        while let (batch, errands) = buffer.take(atMost: Self.batchLimit) {
            pulse.busy()
            for errand in errands { errand(self) }
            if !batch.isEmpty {
                guard let committed = commit(batch) else { return false }
                release(committed)
            }
            pulse.idle()
        }
        return true
    }

    /// What the tables in memory take.
    var memoryBytes: Int { judge.memoryBytes + (bySHA.capacity + byVersion.capacity) * 24 }

    /// A story has no text any more.
    func forget(_ id: Int64) { judge.remove(id: id) }

    private func commit(_ batch: [Delivery]) -> [Committed]? {
        var entries: [StoreEntry] = []
        var outcomes: [Outcome] = []
        var committed: [Committed] = []
        committed.reserveCapacity(batch.count)
        do {
            for delivery in batch {
                guard let (entry, outcome) = try decide(delivery, id: store.lastID + 1 + Int64(entries.count)) else {
                    committed.append(Committed(claim: delivery.claim, row: nil))
                    continue
                }
                entries.append(entry)
                outcomes.append(outcome)
                committed.append(Committed(claim: delivery.claim, row: entry.row))
            }
        } catch {
            observer.happened(.failed(error))
            return nil
        }
        do throws(FileError) {
            try prepare(batch.map(\.claim))
        } catch {
            let message = "the spool cannot be made durable: \(error)"
            observer.happened(
                .failed(StoreError(.fatal, message, hint: error.hint ?? "look for disk errors with dmesg(1)")))
            return nil
        }
        guard entries.isEmpty || append(entries) else { return nil }
        pending.removeAll(keepingCapacity: true)
        observer.committed(outcomes)
        return committed
    }

    /// Commits one batch, waiting for room as long as it takes.
    private func append(_ entries: [StoreEntry]) -> Bool {
        var isWaiting = false
        while true {
            do throws(StoreError) {
                try store.append(entries)
                if isWaiting { observer.happened(.roomAgain) }
                return true
            } catch  where error.kind == .noRoom {
                if !isWaiting { observer.happened(.noRoom(error)) }
                isWaiting = true
                pulse.waiting("room on the store's disk")
                for _ in 0..<10 where !isStopping() { Thread.sleep(forTimeInterval: 0.2) }
                if isStopping() { return false }
            } catch {
                observer.happened(.failed(error))
                return false
            }
        }
    }

    /// The ledger row of one delivery, and its content if it becomes a story of its own.
    private func decide(_ delivery: Delivery, id: Int64) throws(StoreError) -> (StoreEntry, Outcome)? {
        var row = LedgerRow(
            id: id, received: delivery.claim.received, name: delivery.claim.name.bytes,
            size: delivery.claim.status.size, sha256: nil, verdict: .rejected, of: nil, reason: nil,
            identity: FileIdentity(delivery.claim))
        switch delivery.content {
        case .unreadable: return nil
        case .refused(let reason, let sha256):
            row.reason = reason
            row.sha256 = sha256
            return (StoreEntry(row: row, content: nil), Outcome(row: row))
        case .story(let story):
            row.sha256 = story.sha256
            row.size = story.size
            if let earlier = try storyWithBytes(of: story) {
                row.verdict = .identical
                row.of = earlier
                return (
                    StoreEntry(row: row, content: nil),
                    Outcome(row: row, headline: story.headline, family: try family(of: earlier))
                )
            }
            let judgement = try judge(story)
            row.verdict = judgement.verdict
            row.of = judgement.of
            var content = story.content
            content.relations = judgement.relations
            let update = try update(by: story, after: judgement)
            if let update { content.relations.append(update) }
            let earlier = judgement.of ?? update?.of
            remember(story, as: id, after: earlier)
            return (
                StoreEntry(row: row, content: content),
                Outcome(
                    row: row, headline: story.headline,
                    relation: judgement.relations.first { $0.of == judgement.of } ?? update,
                    family: try earlier.map { id throws(StoreError) in try family(of: id) })
            )
        }
    }

    /// The tie of a story that calls itself a version (an update, a correction, a kill) to the latest one with
    /// its headline, unless its words tie it already.
    private func update(by story: ReadStory, after judgement: Judgement) throws(StoreError) -> Relation? {
        guard judgement.of == nil, let kind = story.updateKind, let key = story.content.version,
            let earlier = byVersion[key]
        else { return nil }
        let text = if let story = pending[earlier] { story.text } else { try comparable(earlier) }
        let shares = text.map { compare(story.text, $0, thresholds: thresholds) }
        return Relation(
            .update, of: earlier, resemblance: shares?.resemblance ?? 0, containment: shares?.containment ?? 0,
            containmentOf: shares?.containmentOf ?? 0,
            rule: "It calls itself “\(kind)”, and has the headline of story \(earlier).")
    }

    private func comparable(_ id: Int64) throws(StoreError) -> ComparableText? {
        guard let document = try store.document(id) else { return nil }
        return ComparableText(of: try document.reading())
    }

    /// The earlier story with the very same bytes. The table holds eight bytes of each digest, so the rest
    /// is compared before the second copy is given up.
    private func storyWithBytes(of story: ReadStory) throws(StoreError) -> Int64? {
        guard let id = bySHA[story.sha256.prefix] else { return nil }
        let digest = if let story = pending[id] { story.sha256 } else { try store.digest(id) }
        return digest == story.sha256 ? id : nil
    }

    private func judge(_ story: ReadStory) throws(StoreError) -> Judgement {
        do {
            return try judge.judge(story.text) { try comparable($0) }
        } catch { throw (error as? StoreError) ?? StoreError(.fatal, "judging: \(error)", hint: "report this") }
    }

    private func remember(_ story: ReadStory, as id: Int64, after earlier: Int64?) {
        judge.insert(story.text, id: id)
        if bySHA[story.sha256.prefix] == nil { bySHA[story.sha256.prefix] = id }
        if let version = story.content.version { byVersion[version] = id }
        pending[id] = Pending(sha256: story.sha256, text: story.text, earlier: earlier)
    }

    /// The earliest story that a chain of repeats leads to.
    private func family(of id: Int64) throws(StoreError) -> Int64 {
        var id = id
        while true {
            let of: Int64? = if let story = pending[id] { story.earlier } else { try store.earlierVersion(of: id) }
            guard let of else { return id }
            id = of
        }
    }
}

/// What is kept in memory about the stored stories, rebuilt from the store at start.
///
/// `@unchecked`: `start()` makes it and hands it to the committer's thread, which alone uses it from then on.
struct Memory: @unchecked Sendable {
    let judge: Judge
    let thresholds: Thresholds
    private(set) var bySHA: [UInt64: Int64] = [:]
    private(set) var byVersion: [UInt64: Int64] = [:]

    /// Loads it; one narrow scan of the store.
    init(_ store: StoreWriter, thresholds: Thresholds, progress: (Int) -> Void) throws(StoreError) {
        self.thresholds = thresholds
        let expected = Int(store.lastID)
        let judge = Judge(thresholds: thresholds)
        var (bySHA, byVersion) = ([UInt64: Int64](), [UInt64: Int64]())
        judge.reserve(expected)
        bySHA.reserveCapacity(expected)
        var done = 0
        try store.forEachSketch { sketch in
            judge.load(id: sketch.id, fingerprint: try Fingerprint(encoded: sketch.fingerprint))
            if bySHA[sketch.sha] == nil { bySHA[sketch.sha] = sketch.id }
            if let version = sketch.version { byVersion[version] = sketch.id }
            done += 1
            if done % 65_536 == 0 { progress(done) }
        }
        self.judge = judge
        self.bySHA = bySHA
        self.byVersion = byVersion
    }
}

extension FileIdentity {
    init(_ claim: Claim) {
        self.init(
            inode: claim.status.inode, born: claim.status.born, modified: claim.status.modified,
            token: Spool.token(ofWork: claim.workName))
    }
}
