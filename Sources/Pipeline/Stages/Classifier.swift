// The thread that decides: it judges deliveries in claim order, so that the same files in the same order
// always get the same verdicts, while the committer is busy with the batch before.

internal import Files
internal import Foundation
internal import Inbox
internal import Resemblance
internal import Store
internal import Synchronization

/// Deliveries that are judged and wait for their COMMIT.
struct JudgedBatch: Sendable {
    var entries: [StoreEntry] = []
    var outcomes: [Outcome] = []
    /// Every file of the batch, also those without a row.
    var files: [Committed] = []
    /// How many parts its deliveries have.
    var parts: Int { entries.reduce(0) { $0 + $1.parts.count } }

    /// The same deliveries in fewer batches: natural batching, whatever gathered during the last COMMIT.
    static func merged(_ batches: [JudgedBatch], upTo limit: Int) -> [JudgedBatch] {
        var merged: [JudgedBatch] = []
        for batch in batches {
            guard let last = merged.indices.last, merged[last].files.count + batch.files.count <= limit,
                merged[last].parts + batch.parts <= Classifier.mostParts
            else {
                merged.append(batch)
                continue
            }
            merged[last].entries += batch.entries
            merged[last].outcomes += batch.outcomes
            merged[last].files += batch.files
        }
        return merged
    }
}

/// Judges. Lives in one thread, that of ``ClassifierStage``.
final class Classifier {
    static let batchLimit = 512
    /// Parts of a batch after which the next one begins.
    static let mostParts = 1024

    let store: StoreWriter
    let dedup: DedupIndex
    let pulse: Pulse
    /// The newest row that is committed; what is newer is in `pending`.
    private let committed: @Sendable () -> Int64
    private var nextID: Int64
    /// Stories that are judged and perhaps not yet committed.
    private(set) var pending: [Int64: Pending] = [:]

    struct Pending {
        let sha256: SHA256Digest
        let text: ComparableText
        let identifier: StoryIdentifier?
    }

    /// The first story of the families that were looked for lately; of those that are pending, all but the first ones'.
    private var families: [Int64: Int64] = [:]
    /// More are forgotten: the store has them.
    private static let mostFamilies = 16_384

    /// The stories that were redacted: a file with such bytes is not identical to something that the store has.
    private(set) var redacted: Set<Int64>
    /// Whether such a file becomes a story anew; else it is rejected, and kept as any rejection.
    private let storesRedacted: () -> Bool

    init(store: StoreWriter, dedup: DedupIndex, pulse: Pulse, storesRedacted: @escaping () -> Bool) throws(StoreError) {
        redacted = try store.redactedStories()
        redacted.formUnion(try store.containers(ofRedacted: redacted))
        self.storesRedacted = storesRedacted
        self.store = store
        self.dedup = dedup
        self.pulse = pulse
        committed = { [store] in store.lastID }
        nextID = store.lastID + 1
    }

    /// Judges everything that `buffer` brings until it is closed.
    ///
    /// - Throws: when an earlier story cannot be read: then nothing can be judged.
    func run(_ buffer: OrderedBuffer<Delivery>, hand: (JudgedBatch) -> Void) throws(StoreError) {
        while let work = buffer.take(atMost: Self.batchLimit) {
            pulse.busy()
            for errand in work.errands { errand(self) }
            let done = committed()
            pending = pending.filter { $0.key > done }
            if families.count > Self.mostFamilies { families = families.filter { $0.key > done } }
            if !work.batch.isEmpty { hand(try judge(work.batch, hand)) }
            for judged in work.waiting { judged.signal() }
            pulse.idle()
        }
    }

    /// What the tables in memory take.
    var memoryBytes: Int { dedup.bytes + families.capacity * 2 * MemoryLayout<Int64>.size }

    /// A story has no text any more, or a container one of its parts.
    func forget(_ id: Int64) {
        redacted.insert(id)
        dedup.judge.remove(id: id)
    }

    /// - Parameter hand: takes what is judged already, where there are many parts.
    private func judge(_ deliveries: [Delivery], _ hand: (JudgedBatch) -> Void) throws(StoreError) -> JudgedBatch {
        var batch = JudgedBatch()
        batch.files.reserveCapacity(deliveries.count)
        for delivery in deliveries {
            if let last = batch.entries.last, !last.parts.isEmpty, batch.parts >= Self.mostParts {
                hand(batch)
                batch = JudgedBatch()
            }
            guard let (entry, outcome) = try decide(delivery, id: nextID) else {
                var failure: FileError?
                if case .unreadable(let error) = delivery.content { failure = error }
                batch.files.append(Committed(claim: delivery.claim, row: nil, failure: failure))
                continue
            }
            nextID = entry.row.id + 1
            batch.entries.append(entry)
            batch.outcomes.append(outcome)
            batch.files.append(Committed(claim: delivery.claim, row: entry.row))
        }
        return batch
    }

    /// The ledger row of one delivery, and its content if it becomes a story of its own.
    func decide(_ delivery: Delivery, id: Int64) throws(StoreError) -> (StoreEntry, Outcome)? {
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
        case .parts(let parts): return try decide(parts, delivery, row)
        case .story(let story):
            row.sha256 = story.sha256
            row.size = story.size
            let earlier = try storyWithBytes(of: story)
            if let earlier, redacted.contains(earlier), !storesRedacted() {
                row.reason = RejectionReason(
                    code: "redacted", sentence: "these bytes were removed from the archive, as story \(earlier)",
                    hint: "`copytaster show \(earlier)` says why; `copytaster redact \(id)` removes this file, too; to "
                        + "take it all the same, set inbox.redacted to store, restart and requeue it")
                return (StoreEntry(row: row, content: nil), Outcome(row: row))
            }
            if let earlier, !redacted.contains(earlier) {
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
            var update = try version(by: story)
            if update == nil { update = try self.update(by: story, after: judgement) }
            if let update { content.relations.append(update) }
            let first = try (judgement.of ?? update?.of).map { id throws(StoreError) in try family(of: id) }
            remember(story, as: id)
            families[id] = first
            return (
                StoreEntry(row: row, content: content),
                Outcome(
                    row: row, headline: story.headline,
                    relation: judgement.relations.first { $0.of == judgement.of } ?? update, family: first)
            )
        }
    }

    /// The relation of a story that calls itself a version (an update, a correction, a kill) to the latest one with
    /// its headline, unless its words relate it already.
    private func update(by story: ReadStory, after judgement: Judgement) throws(StoreError) -> Relation? {
        guard judgement.of == nil, let kind = story.updateKind, let key = story.content.version,
            let earlier = dedup.byVersion[key]
        else { return nil }
        let text = try comparable(earlier)
        let shares = text.map { compare(story.text, $0, thresholds: dedup.thresholds) }
        return Relation(
            .update, of: earlier, resemblance: shares?.resemblance ?? 0, containment: shares?.containment ?? 0,
            containmentOf: shares?.containmentOf ?? 0,
            rule: "It calls itself “\(kind)”, and has the headline of story \(earlier).")
    }

    func comparable(_ id: Int64) throws(StoreError) -> ComparableText? {
        if let story = pending[id] { return story.text }
        guard let document = try store.document(id) else { return nil }
        return ComparableText(earlier: try document.reading())
    }

    /// The earlier story with the very same bytes. The table holds eight bytes of each digest, so the rest
    /// is compared before the second copy is given up.
    func storyWithBytes(of story: ReadStory) throws(StoreError) -> Int64? {
        guard let id = dedup.bySHA[story.sha256.prefix] else { return nil }
        let digest = if let story = pending[id] { story.sha256 } else { try store.digest(id) }
        return digest == story.sha256 ? id : nil
    }

    private func judge(_ story: ReadStory) throws(StoreError) -> Judgement {
        guard story.isCompared else { return Judgement(verdict: .new) }
        do {
            return try dedup.judge.judge(story.text) { try comparable($0) }
        } catch { throw (error as? StoreError) ?? StoreError(.fatal, "judging: \(error)", hint: "report this") }
    }

    func remember(_ story: ReadStory, as id: Int64) {
        if story.isCompared { dedup.judge.insert(story.text, id: id) }
        let known = dedup.bySHA[story.sha256.prefix]
        if known.map({ redacted.contains($0) }) ?? true { dedup.bySHA[story.sha256.prefix] = id }
        if let version = story.content.version { dedup.byVersion[version] = id }
        pending[id] = Pending(sha256: story.sha256, text: story.text, identifier: story.identifier)
    }

    /// The earliest story that a chain of repeats leads to.
    func family(of id: Int64) throws(StoreError) -> Int64 {
        if let known = families[id] { return known }
        if pending[id] != nil { return id }
        var first = id
        while let earlier = try store.earlierVersion(of: first) {
            first = families[earlier] ?? earlier
            if families[earlier] != nil { break }
        }
        if first != id { families[id] = first }
        return first
    }
}

/// What is kept in memory about the stored stories, rebuilt from the store at start.
/// Made and used in the classifier's thread alone.
final class DedupIndex {
    let judge: Judge
    let thresholds: Thresholds
    /// From the first eight bytes of a digest to the story that has it.
    var bySHA: StoryTable
    /// From the key that a story's versions share to the latest of them.
    var byVersion: StoryTable

    /// What it takes, in bytes.
    var bytes: Int { judge.memoryBytes + bySHA.bytes + byVersion.bytes }

    /// Loads it; one narrow scan of the store.
    init(_ store: StoreWriter, thresholds: Thresholds, progress: (Int) -> Void) throws(StoreError) {
        self.thresholds = thresholds
        let expected = Int(store.lastID)
        let judge = Judge(thresholds: thresholds)
        var (bySHA, byVersion) = (StoryTable(expecting: expected), StoryTable(expecting: expected))
        judge.reserve(expected)
        var done = 0
        try store.forEachSketch { sketch in
            // A picture or a container has none: it is known by its bytes.
            if !sketch.fingerprint.isEmpty {
                judge.load(id: sketch.id, fingerprint: try Fingerprint(encoded: sketch.fingerprint))
            }
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
            claim: claim.number, inode: claim.status.inode, born: claim.status.born, modified: claim.status.modified)
    }
}
