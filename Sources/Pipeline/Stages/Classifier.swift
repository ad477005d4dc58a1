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

    init(_ decisions: [Decision]) {
        files.reserveCapacity(decisions.count)
        for decision in decisions {
            let claim = decision.delivery.claim
            guard let (entry, outcome) = decision.decided else {
                var failure: FileError?
                if case .unreadable(let error) = decision.delivery.content { failure = error }
                files.append(Committed(claim: claim, row: nil, failure: failure))
                continue
            }
            entries.append(entry)
            outcomes.append(outcome)
            files.append(Committed(claim: claim, row: entry.row))
        }
    }

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

/// What was decided of one delivery, and what the decision rests on.
struct Decision {
    let delivery: Delivery
    /// Its row, and its content if it is a story of its own; nil if it could not be read now.
    var decided: (entry: StoreEntry, outcome: Outcome)?
    var log = LookupLog()
}

/// Judges. Lives in one thread, that of ``ClassifierStage``.
final class Classifier {
    static let batchLimit = 512
    /// Parts of a batch after which the next one begins.
    static let mostParts = 1024

    let archive: Archive
    let pulse: Pulse
    private var nextID: Int64
    /// Whether a file with redacted bytes becomes a story anew; else it is rejected, and kept as any rejection.
    private let storesRedacted: () -> Bool

    init(_ archive: Archive, pulse: Pulse, storesRedacted: @escaping () -> Bool) {
        self.archive = archive
        self.pulse = pulse
        self.storesRedacted = storesRedacted
        nextID = archive.lastID + 1
    }

    /// Judges everything that `buffer` brings until it is closed.
    ///
    /// - Throws: when an earlier story cannot be read: then nothing can be judged.
    func run(_ buffer: OrderedBuffer<Delivery>, hand: (JudgedBatch) -> Void) throws(StoreError) {
        while let work = buffer.take(atMost: Self.batchLimit) {
            pulse.busy()
            for errand in work.errands { errand(self) }
            archive.forgetCommitted()
            var rest = work.batch[...]
            while !rest.isEmpty { hand(JudgedBatch(try judgeSome(&rest))) }
            for judged in work.waiting { judged.signal() }
            pulse.idle()
        }
    }

    /// What the tables in memory take.
    var memoryBytes: Int { archive.memoryBytes }

    /// A story has no text any more.
    func forget(_ id: Int64) { archive.forget(id) }

    /// Decides of deliveries in their order, and knows them from then on.
    func judge(_ deliveries: [Delivery]) throws(StoreError) -> [Decision] {
        var decisions: [Decision] = []
        decisions.reserveCapacity(deliveries.count)
        for delivery in deliveries { decisions.append(try judge(delivery)) }
        return decisions
    }

    /// Decides of as many as make a batch: fewer, where they have many parts.
    private func judgeSome(_ rest: inout ArraySlice<Delivery>) throws(StoreError) -> [Decision] {
        var decisions: [Decision] = []
        var parts = 0
        while parts < Self.mostParts, let delivery = rest.popFirst() {
            decisions.append(try judge(delivery))
            parts += decisions.last?.decided?.entry.parts.count ?? 0
        }
        return decisions
    }

    private func judge(_ delivery: Delivery) throws(StoreError) -> Decision {
        var decision = Decision(delivery: delivery)
        decision.decided = try decide(delivery, id: nextID, &decision.log)
        remember(decision)
        return decision
    }

    private func remember(_ decision: Decision) {
        guard let decided = decision.decided else { return }
        nextID = decided.entry.row.id + 1
        guard decided.entry.content != nil, case .story(let story) = decision.delivery.content else { return }
        archive.add(story, as: decided.entry.row.id, family: decided.outcome.family)
    }

    /// The ledger row of one delivery, and its content if it becomes a story of its own.
    func decide(
        _ delivery: Delivery, id: Int64, _ log: inout LookupLog
    ) throws(StoreError) -> (entry: StoreEntry, outcome: Outcome)? {
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
        case .parts(let parts): return try decide(parts, delivery, row, &log)
        case .story(let story):
            row.sha256 = story.sha256
            row.size = story.size
            guard let earlier = try archive.story(withBytesOf: story, &log) else {
                return try decide(story, row: row, &log)
            }
            if !archive.isRedacted(earlier) {
                row.verdict = .identical
                row.of = earlier
                return (
                    StoreEntry(row: row, content: nil),
                    Outcome(row: row, headline: story.headline, family: try archive.family(of: earlier, &log))
                )
            }
            if storesRedacted() { return try decide(story, row: row, &log) }
            row.reason = .redacted(earlier)
            return (StoreEntry(row: row, content: nil), Outcome(row: row))
        }
    }

    /// A story whose bytes are nobody else's.
    private func decide(
        _ story: ReadStory, row: LedgerRow, _ log: inout LookupLog
    ) throws(StoreError) -> (entry: StoreEntry, outcome: Outcome) {
        var row = row
        let judgement = try archive.judge(story, &log)
        row.verdict = judgement.verdict
        row.of = judgement.of
        if !judgement.passages.isEmpty { row.passages = SharedPassage.encoded(judgement.passages) }
        var content = story.content
        content.relations = judgement.relations
        var update = try archive.version(by: story, &log)
        if update == nil { update = try archive.update(by: story, after: judgement, &log) }
        if let update { content.relations.append(update) }
        var family: Int64?
        if let first = judgement.of ?? update?.of { family = try archive.family(of: first, &log) }
        return (
            StoreEntry(row: row, content: content),
            Outcome(
                row: row, headline: story.headline,
                relation: judgement.relations.first { $0.of == judgement.of } ?? update, family: family)
        )
    }
}

// MARK: - Judging before it is known what comes first

extension Classifier {
    /// Takes back the last decisions, of which nothing is committed: whatever is judged next is judged as if they had never
    /// been made.
    func undo(_ decisions: [Decision]) {
        guard let first = decisions.lazy.compactMap({ $0.decided?.entry.row.partIDs.lowerBound }).first else { return }
        archive.takeBack(from: first)
        nextID = first
    }

    /// Makes the last decisions anew after what somebody else has committed before them: what each would have been, had
    /// all been judged in this order. Those that rest on nothing that has changed are not judged again, but get new numbers.
    ///
    /// - Parameter redacted: the stories that lost their text meanwhile.
    func judgeAgain(_ decisions: [Decision], redacted: [Int64] = []) throws(StoreError) -> [Decision] {
        let first = nextID - decisions.reduce(0) { $0 + ($1.decided.map { 1 + Int64($0.entry.parts.count) } ?? 0) }
        undo(decisions)
        var changes = try archive.follow(after: first - 1)
        for id in redacted {
            archive.forget(id)
            changes.add(story: id)
        }
        nextID = archive.lastID + 1
        var again: [Decision] = []
        for decision in decisions {
            // Numbers of this batch have changed, and stand in its answers.
            let namesOurs = decision.log.stories.contains { $0 >= first }
            // Of parts, which rest on each other, no log is kept for each.
            let hasParts = decision.decided?.entry.parts.isEmpty == false
            if hasParts || namesOurs || decision.log.isTouched(by: changes) {
                let new = try judge(decision.delivery)
                if hasParts || new.isStory != decision.isStory { changes.add(decision.delivery) }
                again.append(new)
            } else {
                var same = decision
                same.decided?.entry.row.id = nextID
                same.decided?.outcome.row.id = nextID
                remember(same)
                again.append(same)
            }
        }
        return again
    }
}

extension Decision {
    /// Whether others are compared with it from now on.
    fileprivate var isStory: Bool { decided?.entry.content != nil }
}

extension ArchiveChanges {
    fileprivate mutating func add(_ delivery: Delivery) { add(delivery.content) }

    private mutating func add(_ content: Delivery.Content) {
        if case .parts(let read) = content {
            for part in read.parts { add(part.content) }
            return add(.story(read.whole))
        }
        guard case .story(let story) = content else { return }
        add(story.text.fingerprint, digest: story.sha256.prefix, version: story.content.version)
    }
}

extension RejectionReason {
    fileprivate static func redacted(_ story: Int64) -> RejectionReason {
        RejectionReason(
            code: "redacted", sentence: "these bytes were removed from the archive, as story \(story)",
            hint: "`copytaster show \(story)` says why; `copytaster redact \(story)` removes this file, too; to "
                + "take it all the same, set inbox.redacted to store, reload and requeue it")
    }
}

extension FileIdentity {
    init(_ claim: Claim) {
        self.init(
            claim: claim.number, inode: claim.status.inode, born: claim.status.born, modified: claim.status.modified)
    }
}
