// What the classifier knows of the stories before: those that are stored, and those that are judged and wait for their
// COMMIT. Every question is noted in the log of the delivery that it is asked for, and what was added last can be taken
// back: so a batch may be judged before it is known what comes first.

internal import Resemblance
internal import Store

/// The stories before, for one thread: that of ``ClassifierStage``.
final class Archive {
    private let store: StoreWriter
    private var index: DedupIndex
    /// Stories that are judged and perhaps not yet committed.
    private var pending: [Int64: Pending] = [:]
    /// The first story of the families that were looked for lately; of those that are pending, all but the first ones'.
    private var families: [Int64: Int64] = [:]
    /// More are forgotten: the store has them.
    private static let mostFamilies = 16_384
    /// The stories that were redacted: a file with such bytes is not identical to something that the store has.
    private var redacted: Set<Int64>

    private struct Pending {
        let sha256: SHA256Digest
        let text: ComparableText
        let version: UInt64?
        let identifier: StoryIdentifier?
        let isCompared: Bool
        /// Who had its digest and its version before it.
        let earlierBySHA: Int64?
        let earlierByVersion: Int64?
    }

    /// Loads what is stored.
    init(_ store: StoreWriter, thresholds: Thresholds, progress: (Int) -> Void = { _ in }) throws(StoreError) {
        self.store = store
        redacted = try store.redactedStories()
        redacted.formUnion(try store.containers(ofRedacted: redacted))
        index = DedupIndex(expecting: Int(store.lastID), thresholds: thresholds)
        var done = 0
        try store.forEachSketch { sketch in
            try load(sketch)
            done += 1
            if done % 65_536 == 0 { progress(done) }
        }
    }

    private func load(_ sketch: StoreWriter.Sketch) throws(FingerprintError) {
        // A picture or a container has none: it is known by its bytes.
        if !sketch.fingerprint.isEmpty {
            index.judge.load(id: sketch.id, fingerprint: try Fingerprint(encoded: sketch.fingerprint))
        }
        if hasNoText(index.bySHA[sketch.sha]) { index.bySHA[sketch.sha] = sketch.id }
        if let version = sketch.version { index.byVersion[version] = sketch.id }
    }

    /// Whether the next story with a digest takes the place of the one that has it.
    private func hasNoText(_ id: Int64?) -> Bool { id.map { redacted.contains($0) } ?? true }

    /// What the tables in memory take.
    var memoryBytes: Int { index.bytes + families.capacity * 2 * MemoryLayout<Int64>.size }

    var lastID: Int64 { store.lastID }

    /// What is committed need not be kept here.
    func forgetCommitted() {
        let done = store.lastID
        pending = pending.filter { $0.key > done }
        if families.count > Self.mostFamilies { families = families.filter { $0.key > done } }
    }

    // MARK: - Questions

    /// The earlier story with the very same bytes. The table holds eight bytes of each digest, so the rest
    /// is compared before the second copy is given up.
    func story(withBytesOf story: ReadStory, _ log: inout LookupLog) throws(StoreError) -> Int64? {
        log.asked(digest: story.sha256.prefix)
        guard let id = index.bySHA[story.sha256.prefix] else { return nil }
        log.asked(story: id)
        let digest = if let known = pending[id] { known.sha256 } else { try store.digest(id) }
        return digest == story.sha256 ? id : nil
    }

    /// Whether a story, which was asked for, has no text any more.
    func isRedacted(_ id: Int64) -> Bool { redacted.contains(id) }

    func judge(_ story: ReadStory, _ log: inout LookupLog) throws(StoreError) -> Judgement {
        guard story.isCompared else { return Judgement(verdict: .new) }
        do {
            return try index.judge.judge(story.text, noting: &log) { try comparable($0) }
        } catch { throw (error as? StoreError) ?? StoreError(.fatal, "judging: \(error)", hint: "report this") }
    }

    /// The relation of a story that calls itself a version (an update, a correction, a kill) to the latest one with
    /// its headline, unless its words relate it already.
    func update(
        by story: ReadStory, after judgement: Judgement, _ log: inout LookupLog
    ) throws(StoreError) -> Relation? {
        guard judgement.of == nil, let kind = story.updateKind, let key = story.content.version else { return nil }
        log.asked(version: key)
        guard let earlier = index.byVersion[key] else { return nil }
        log.asked(story: earlier)
        let text = try comparable(earlier)
        let shares = text.map { compare(story.text, $0, thresholds: index.thresholds) }
        return Relation(
            .update, of: earlier, resemblance: shares?.resemblance ?? 0, containment: shares?.containment ?? 0,
            containmentOf: shares?.containmentOf ?? 0,
            rule: "It calls itself “\(kind)”, and has the headline of story \(earlier).")
    }

    /// The relation of a story to the latest one with the identifier that its format states.
    func version(by story: ReadStory, _ log: inout LookupLog) throws(StoreError) -> Relation? {
        guard let identifier = story.identifier, let key = story.content.version else { return nil }
        log.asked(version: key)
        guard let earlier = index.byVersion[key] else { return nil }
        log.asked(story: earlier)
        guard !isRedacted(earlier), try self.identifier(of: earlier, identifier.source)?.guid == identifier.guid else {
            return nil
        }
        let text = try comparable(earlier)
        let shares = text.map { compare(story.text, $0, thresholds: index.thresholds) }
        return Relation(
            .version, of: earlier, resemblance: shares?.resemblance ?? 0, containment: shares?.containment ?? 0,
            containmentOf: shares?.containmentOf ?? 0, rule: identifier.rule(earlier))
    }

    private func identifier(of id: Int64, _ source: String?) throws(StoreError) -> StoryIdentifier? {
        if let known = pending[id] { return known.identifier }
        guard let document = try store.document(id) else { return nil }
        return StoryIdentifier(try document.reading(), from: source)
    }

    /// The earliest story that a chain of repeats leads to.
    func family(of id: Int64, _ log: inout LookupLog) throws(StoreError) -> Int64 {
        log.asked(story: id)
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

    private func comparable(_ id: Int64) throws(StoreError) -> ComparableText? {
        if let known = pending[id] { return known.text }
        guard let document = try store.document(id) else { return nil }
        return ComparableText(earlier: try document.reading())
    }

    // MARK: - What comes and goes

    /// A story was judged; `family` is the first of its family, if that is another one.
    func add(_ story: ReadStory, as id: Int64, family: Int64?) {
        if story.isCompared { index.judge.insert(story.text, id: id) }
        let known = index.bySHA[story.sha256.prefix]
        let version = story.content.version
        pending[id] = Pending(
            sha256: story.sha256, text: story.text, version: version, identifier: story.identifier,
            isCompared: story.isCompared, earlierBySHA: known,
            earlierByVersion: version.flatMap { index.byVersion[$0] })
        if hasNoText(known) { index.bySHA[story.sha256.prefix] = id }
        if let version { index.byVersion[version] = id }
        families[id] = family
    }

    /// Takes back what was added last: everything from this number on, of which nothing is committed.
    func takeBack(from first: Int64) {
        for id in pending.keys.filter({ $0 >= first }).sorted(by: >) {
            guard let added = pending.removeValue(forKey: id) else { continue }
            if added.isCompared { index.judge.takeBack(added.text, id: id) }
            if index.bySHA[added.sha256.prefix] == id {
                index.bySHA.restore(added.sha256.prefix, to: added.earlierBySHA)
            }
            if let version = added.version { index.byVersion.restore(version, to: added.earlierByVersion) }
        }
        families = families.filter { $0.key < first }
    }

    /// Takes in what somebody else has committed after `last`; the stories, and what they change.
    func follow(after last: Int64) throws(StoreError) -> ArchiveChanges {
        var changes = ArchiveChanges()
        try store.forEachSketch(after: last) { sketch in
            try load(sketch)
            guard !sketch.fingerprint.isEmpty else { return changes.add(digest: sketch.sha) }
            changes.add(
                try Fingerprint(encoded: sketch.fingerprint), digest: sketch.sha, version: sketch.version)
        }
        return changes
    }

    /// A story has no text any more.
    func forget(_ id: Int64) {
        redacted.insert(id)
        index.judge.remove(id: id)
    }
}
