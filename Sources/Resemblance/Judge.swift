// The archive's memory: every story's fingerprint, and the judgement of each new story against them.
//
// Promises: the same stories in the same order get the same judgements, whatever the timing and whether or
// not the memory was rebuilt from stored fingerprints in between. Used from one thread.

/// Judges stories against all earlier ones.
public struct Judge {
    /// How many of the stories judged last are kept ready for comparison, so that they need not be fetched.
    public static let recentCount = 1024

    /// A sampled shingle that more stories than this share is weak evidence on its own.
    private static let rare = 4
    /// Judging ends after this many candidates in a row that have nothing in common with the story.
    private static let patience = 4

    private let thresholds: Thresholds
    private var index = PostingIndex()
    private var ids: [Int64] = []
    private var limits: [UInt64] = []
    private var shingleCounts: [UInt32] = []
    private var byTextHash: [UInt64: [UInt32]] = [:]
    private var removed: Set<UInt32> = []
    private var recent = RecentPassages(capacity: Judge.recentCount)

    public init(thresholds: Thresholds = Thresholds()) {
        self.thresholds = thresholds
    }

    /// The number of stories remembered.
    public var count: Int { ids.count - removed.count }

    /// Roughly the bytes of memory in use, recent texts included.
    public var memoryBytes: Int {
        index.memoryBytes + ids.capacity * 20 + byTextHash.capacity * 40 + recent.memoryBytes
    }

    /// Makes room for stories that are about to be loaded.
    public mutating func reserve(_ count: Int) {
        ids.reserveCapacity(count)
        limits.reserveCapacity(count)
        shingleCounts.reserveCapacity(count)
        byTextHash.reserveCapacity(count)
    }

    /// Remembers a story by its stored fingerprint, at start. Load in the order of the first insertion.
    public mutating func load(id: Int64, fingerprint: Fingerprint) {
        let story = UInt32(ids.count)
        ids.append(id)
        limits.append(fingerprint.limit)
        shingleCounts.append(UInt32(clamping: fingerprint.shingleCount))
        byTextHash[fingerprint.textHash, default: []].append(story)
        for hash in fingerprint.sketch { index.insert(hash, story: story) }
    }

    /// Remembers a story that was just judged.
    public mutating func insert(_ text: ComparableText, id: Int64) {
        load(id: id, fingerprint: text.fingerprint)
        recent.add(text, id: id)
    }

    /// Forgets a story, after its text was redacted: nothing is compared with it any more.
    public mutating func remove(id: Int64) {
        recent.remove(id)
        if let story = ids.firstIndex(of: id) { removed.insert(UInt32(story)) }
    }

    /// Compares a story with all earlier ones.
    ///
    /// - Parameters:
    ///   - text: The new story. It is not inserted.
    ///   - fetch: Reads an earlier story's text; nil when it is gone (redacted). Called for the most promising
    ///     candidates only, never for one of the last ``recentCount`` stories inserted.
    /// - Returns: The verdict and every tie found, the deciding one first.
    public mutating func judge(_ text: ComparableText, fetch: (Int64) throws -> ComparableText?) rethrows -> Judgement {
        if let judgement = try judgeSameText(text, fetch) { return judgement }
        let found = candidates(for: text.fingerprint)
        if found.isEmpty { return Judgement(verdict: .new) }
        let alike = Set(found.map(\.story))
        let passage = Passage(text)
        var relations: [Relation] = []
        var misses = 0
        for candidate in found {
            let id = ids[Int(candidate.story)]
            guard let earlier = try recent.passage(id, fetch) else { continue }
            let comparison = compare(passage, earlier, thresholds) { isStanding($0, alike) }
            if let relation = comparison.relation(to: id) {
                relations.append(relation)
                misses = 0
            } else {
                // They come in order of promise: after several that have nothing in common, the rest has not either.
                misses += 1
                if misses == Self.patience { break }
            }
        }
        return Judgement(relations)
    }

    /// Whether enough stories besides the candidates hold a shingle.
    private func isStanding(_ hash: UInt64, _ alike: Set<UInt32>) -> Bool {
        var others = 0
        for story in index.stories(with: hash) where !alike.contains(story) {
            others += 1
            if others >= thresholds.standing { return true }
        }
        return false
    }

    private mutating func judgeSameText(
        _ text: ComparableText, _ fetch: (Int64) throws -> ComparableText?
    ) rethrows -> Judgement? {
        guard let stories = byTextHash[text.fingerprint.textHash] else { return nil }
        var relations: [Relation] = []
        for story in stories.prefix(8) where !removed.contains(story) {
            let id = ids[Int(story)]
            guard let earlier = try recent.text(id, fetch) else { continue }
            if let relation = sameText(text, earlier).relation(to: id) { relations.append(relation) }
        }
        return relations.isEmpty ? nil : Judgement(relations)
    }

    private struct Candidate {
        var story: UInt32
        /// Sampled shingles shared.
        var shared: Int
        /// The same, without those that many stories hold.
        var rare: Int
        /// An estimate of the larger of the two containments.
        var score: Double
    }

    /// The earlier stories worth comparing word for word, the most promising first.
    private func candidates(for fingerprint: Fingerprint) -> [Candidate] {
        var found: [UInt32: (shared: Int, rare: Int)] = [:]
        for hash in fingerprint.sketch {
            let stories = index.stories(with: hash)
            let rare = stories.count <= Self.rare ? 1 : 0
            for story in stories {
                found[story, default: (0, 0)].shared += 1
                found[story, default: (0, 0)].rare += rare
            }
        }
        var candidates: [Candidate] = []
        for (story, count) in found where !removed.contains(story) {
            if let candidate = candidate(story, count.shared, count.rare, fingerprint) { candidates.append(candidate) }
        }
        candidates.sort { $0.score != $1.score ? $0.score > $1.score : $0.story < $1.story }
        return Array(candidates.prefix(thresholds.candidates))
    }

    /// Weighs a story that shares sampled shingles; nil when it cannot be a copy.
    private func candidate(_ story: UInt32, _ shared: Int, _ rare: Int, _ fingerprint: Fingerprint) -> Candidate? {
        // Both texts are sampled fairly up to the lower of their limits.
        let limit = min(limits[Int(story)], fingerprint.limit)
        let mine = fingerprint.sketch.count { $0 <= limit }
        let fraction = Double(limit + 1) / Double(UInt64(1) << UInt64(Shingles.bits))
        let theirs = max(Double(shared), Double(shingleCounts[Int(story)]) * fraction)
        let sample = min(Double(mine), theirs)
        // A copy of which half the shingles were edited away shows fewer than this once in fifty times (normal
        // approximation of the binomial distribution).
        let least = 0.4 * sample - 2 * (0.24 * sample).squareRoot()
        guard Double(shared) >= least, rare > 0 || shared >= 3 && Double(shared) >= sample / 2 else { return nil }
        return Candidate(story: story, shared: shared, rare: rare, score: Double(shared) / sample)
    }
}

extension Judgement {
    /// The judgement that follows from the ties found.
    init(_ relations: [Relation]) {
        let ordered = relations.sorted { Self.precedes($0, $1) }
        guard let first = ordered.first, let verdict = Verdict(first.kind) else {
            self.init(verdict: .new, relations: ordered)
            return
        }
        self.init(verdict: verdict, of: first.of, relations: ordered)
    }

    private static func precedes(_ a: Relation, _ b: Relation) -> Bool {
        if (a.kind == .related) != (b.kind == .related) { return b.kind == .related }
        if a.resemblance != b.resemblance { return a.resemblance > b.resemblance }
        return a.of < b.of
    }
}

extension Verdict {
    /// The verdict that a deciding relation gives; nil for one that decides nothing.
    init?(_ kind: Relation.Kind) {
        switch kind {
        case .identical: self = .identical
        case .sameText: self = .sameText
        case .nearDuplicate: self = .nearDuplicate
        case .excerpt: self = .excerpt
        case .expansion: self = .expansion
        case .related: return nil
        }
    }
}
