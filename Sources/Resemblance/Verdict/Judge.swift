// The archive's memory: every story's fingerprint, and the judgement of each new story against them.
//
// Promises: the same stories in the same order get the same judgements, whatever the timing and whether or
// not the memory was rebuilt from stored fingerprints in between. Used from one thread.

/// Judges stories against all earlier ones.
///
/// Ids must ascend in the order of insertion.
public final class Judge {
    /// How many of the stories inserted last are kept ready for comparison, so that they need not be fetched.
    public static let recentCount = 1024
    /// A sampled shingle that more stories than this share is weak evidence on its own.
    private static let rare = 4
    /// A sampled shingle that more stories than this share is not looked at, unless the text has several of them.
    private static let crowd = 16
    private static let fewCrowded = 4
    /// So many rare shingles in common may be a passage.
    private static let fewestOfAPassage = 1
    /// Judging ends after this many candidates in a row that have nothing in common with the story.
    private static let patience = 4
    /// So many candidates are compared, however long they are.
    private static let fewest = 2
    /// Of the earlier stories with the very same words, this many are named.
    private static let sameTexts = 8

    private let thresholds: Thresholds
    private var index = PostingIndex()
    private var stories = Stories()
    private var removed: Set<Int> = []
    private var recent = RecentPassages(capacity: Judge.recentCount)
    /// Kept between calls only to spare allocations.
    private var found: [UInt32] = []
    private var tally: [UInt64] = []
    private var crowded: [UInt64] = []

    /// Makes a judge that knows no story yet.
    public init(thresholds: Thresholds = Thresholds()) {
        self.thresholds = thresholds
    }

    /// The number of stories remembered.
    public var count: Int { stories.count - removed.count }

    /// The bytes of memory in use by the index, about.
    public var indexBytes: Int { index.memoryBytes + stories.memoryBytes }

    /// The bytes of memory in use, about: the index and the recent texts.
    public var memoryBytes: Int { indexBytes + recent.memoryBytes }

    /// Makes room for stories that are about to be loaded. Only before the first one; otherwise without effect.
    public func reserve(_ count: Int) {
        if stories.count == 0 { index = PostingIndex(expecting: count * (Sketch.floor + 1)) }
    }

    /// Remembers a story by its stored fingerprint, at start. Load in the order of the first insertion.
    public func load(id: Int64, fingerprint: Fingerprint) {
        let story = stories.count
        stories.append(id: id, fingerprint)
        index.load(Self.key(textHash: fingerprint.textHash), story: story)
        for hash in fingerprint.sketch { index.load(hash, story: story) }
    }

    /// Remembers a story that was just judged.
    public func insert(_ text: ComparableText, id: Int64) {
        let fingerprint = text.fingerprint
        let key = Self.key(textHash: fingerprint.textHash)
        let story = stories.count
        stories.append(id: id, fingerprint)
        index.touch(fingerprint.sketch, and: key, toInsert: true)
        index.insert(key, story: story)
        index.insert(fingerprint.sketch, story: story)
        recent.add(text, id: id)
    }

    /// Takes back the story that was inserted last, so that every answer is what it was before.
    ///
    /// - Parameters: as they were inserted.
    public func takeBack(_ text: ComparableText, id: Int64) {
        let story = stories.count - 1
        precondition(story >= 0 && stories.id(story) == id, "story \(id) is not the last one")
        index.remove(text.fingerprint.sketch, story: story)
        index.remove([Self.key(textHash: text.fingerprint.textHash)], story: story)
        stories.removeLast()
        removed.remove(story)
        recent.takeBack(from: id)
    }

    /// Forgets a story, after its text was redacted: nothing is compared with it any more.
    public func remove(id: Int64) {
        recent.remove(id)
        if let story = stories.story(id: id) { removed.insert(story) }
    }

    /// Compares a story with all earlier ones.
    ///
    /// - Parameters:
    ///   - text: The new story. It is not inserted.
    ///   - fetch: Reads an earlier story's text; nil when it is gone (redacted). Called for the most promising
    ///     candidates only, and of the last ``recentCount`` stories inserted only for those whose texts together take too
    ///     much memory.
    /// - Returns: The verdict and every relation found, the deciding one first.
    public func judge(_ text: ComparableText, fetch: (Int64) throws -> ComparableText?) rethrows -> Judgement {
        var log = LookupLog()
        return try judge(text, noting: &log, fetch: fetch)
    }

    /// Compares a story with all earlier ones.
    ///
    /// - Parameter log: gets everything that the judgement rests on.
    public func judge(
        _ text: ComparableText, noting log: inout LookupLog, fetch: (Int64) throws -> ComparableText?
    ) rethrows -> Judgement {
        log.asked(text.fingerprint)
        index.insertPending()
        index.touch(
            text.fingerprint.sketch, and: Self.key(textHash: text.fingerprint.textHash), toInsert: false)
        if let judgement = try judgeSameText(text, &log, fetch) { return judgement }
        let candidates = candidates(for: text.fingerprint)
        if candidates.isEmpty { return Judgement(verdict: .new) }
        let alike = Set(candidates.lazy.filter(\.isLikelyCopy).map(\.story))
        let passage = Passage(text)
        var relations: [Relation] = []
        var shared: [(Int64, SharedRun)] = []
        var misses = 0
        var shingles: [UInt64] = []
        defer { log.asked(shingles: shingles) }
        var compared = 0
        for (number, candidate) in candidates.prefix(thresholds.candidates).enumerated() {
            if number >= Self.fewest, compared + text.text.count > thresholds.comparedBytes { break }
            let id = stories.id(candidate.story)
            log.asked(story: id)
            guard let earlier = try recent.passage(id, fetch) else { continue }
            compared += max(text.text.count, earlier.text.text.count)
            let comparison = compare(
                passage, earlier, thresholds,
                in: { hash in
                    shingles.append(hash)
                    return self.holders(of: hash, alike)
                })
            if let relation = comparison.relation(to: id) {
                relations.append(relation)
                shared += comparison.runs.map { (id, $0) }
                misses = 0
            } else {
                // They come in order of promise: after several that have nothing in common, the rest has not either.
                misses += 1
                if misses == Self.patience { break }
            }
        }
        var judgement = Judgement(relations)
        judgement.passages = Self.firstSources(shared, in: passage)
        return judgement
    }

    /// More passages are not kept of one story.
    private static let mostPassages = 64

    /// Fewer words that are left of a passage are not kept.
    private static let fewestLeft = 8

    /// Of passages that several stories have, the earliest one's, in the order of the text: each word is somebody's once.
    private static func firstSources(_ shared: [(Int64, SharedRun)], in passage: Passage) -> [SharedPassage] {
        var kept: [SharedPassage] = []
        for (id, run) in shared.sorted(by: { ($0.0, $0.1.mine.lowerBound) < ($1.0, $1.1.mine.lowerBound) }) {
            var start = run.mine.lowerBound
            let known = kept.map(\.range).filter { $0.overlaps(run.mine) }.sorted { $0.lowerBound < $1.lowerBound }
            for end in known + [run.mine.upperBound..<run.mine.upperBound] {
                let words = passage.words(in: start..<max(start, end.lowerBound))
                if words.count >= fewestLeft, kept.count < mostPassages {
                    let range = passage.bytes(words)
                    kept.append(SharedPassage(range: range, of: id, ofStart: run.counterpart(of: range.lowerBound)))
                }
                start = max(start, end.upperBound)
            }
        }
        return kept.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// The memory of ``found``, empty. Taken while it is filled: an access to a variable of the object is checked each time.
    private func emptyScratch() -> [UInt32] {
        var taken: [UInt32] = []
        swap(&taken, &found)
        taken.removeAll(keepingCapacity: true)
        return taken
    }

    private func holders(of hash: UInt64, _ alike: Set<Int>) -> Holders {
        var found = emptyScratch()
        defer { self.found = found }
        index.find(hash, into: &found)
        return Holders(all: found.count, strangers: found.count { !alike.contains(Int($0)) })
    }

    private func judgeSameText(
        _ text: ComparableText, _ log: inout LookupLog, _ fetch: (Int64) throws -> ComparableText?
    ) rethrows -> Judgement? {
        let textHash = text.fingerprint.textHash
        var found = emptyScratch()
        defer { self.found = found }
        index.find(Self.key(textHash: textHash), into: &found)
        if found.isEmpty { return nil }
        var relations: [Relation] = []
        for story in found.map(Int.init) where stories.textHash(story) == textHash && !removed.contains(story) {
            let id = stories.id(story)
            log.asked(story: id)
            guard let earlier = try recent.text(id, fetch) else { continue }
            if let relation = sameText(text, earlier).relation(to: id) { relations.append(relation) }
            if relations.count == Self.sameTexts { break }
        }
        return relations.isEmpty ? nil : Judgement(relations)
    }

    /// The key under which a story is found by its text hash. Beyond the range of shingles, which are 40 bits.
    static func key(textHash: UInt64) -> UInt64 {
        textHash | 1 << UInt64(Shingles.bits)
    }

    private struct Candidate {
        var story: Int
        /// An estimate of the larger of the two containments.
        var score: Double
        /// Else it may be partly derived.
        var isLikelyCopy: Bool
    }

    /// The earlier stories worth comparing word for word, the most promising first.
    private func candidates(for fingerprint: Fingerprint) -> [Candidate] {
        // Each hit is the story's number and whether the shingle is rare; sorting brings a story's hits together.
        var (found, tally) = (emptyScratch(), [UInt64]())
        swap(&tally, &self.tally)
        defer { (self.found, self.tally) = (found, tally) }
        tally.removeAll(keepingCapacity: true)
        crowded.removeAll(keepingCapacity: true)
        for hash in fingerprint.sketch {
            found.removeAll(keepingCapacity: true)
            index.find(hash, into: &found)
            if found.count > Self.crowd {
                crowded.append(hash)
            } else {
                let rare: UInt64 = found.count <= Self.rare ? 1 : 0
                for story in found { tally.append(UInt64(story) << 1 | rare) }
            }
        }
        // A few crowded shingles are standing phrases and would only cost time. More are a story that many have
        // printed.
        if crowded.count >= Self.fewCrowded {
            for hash in crowded {
                found.removeAll(keepingCapacity: true)
                index.find(hash, into: &found)
                for story in found { tally.append(UInt64(story) << 1) }
            }
            crowded.removeAll(keepingCapacity: true)
        }
        if tally.isEmpty { return [] }
        tally.sort()
        var candidates: [Candidate] = []
        var first = 0
        while first < tally.count {
            let story = tally[first] >> 1
            var next = first
            var rare = 0
            while next < tally.count && tally[next] >> 1 == story {
                rare += Int(tally[next] & 1)
                next += 1
            }
            if let candidate = candidate(Int(story), next - first, rare, fingerprint) { candidates.append(candidate) }
            first = next
        }
        candidates.sort { $0.score != $1.score ? $0.score > $1.score : $0.story < $1.story }
        return candidates
    }

    /// Weighs a story that shares sampled shingles; nil when it cannot be a copy.
    private func candidate(_ story: Int, _ shared: Int, _ rare: Int, _ fingerprint: Fingerprint) -> Candidate? {
        if removed.contains(story) { return nil }
        // Both texts are sampled fairly up to the lower of their limits.
        let size = stories.size(story)
        let limit = min(size.limit, fingerprint.limit)
        let mine = fingerprint.sketch.count { $0 <= limit } - crowded.count { $0 <= limit }
        let fraction = Double(limit + 1) / Double(UInt64(1) << UInt64(Shingles.bits))
        let theirs = max(Double(shared), Double(size.shingles) * fraction)
        let sample = max(1, min(Double(mine), theirs))
        // A copy of which half the shingles were edited away shows fewer than this once in fifty times (normal
        // approximation of the binomial distribution).
        let least = 0.4 * sample - 2 * (0.24 * sample).squareRoot()
        let isLikelyCopy = Double(shared) >= least && (rare > 0 || shared >= 3 && Double(shared) >= sample / 2)
        guard isLikelyCopy || rare >= Self.fewestOfAPassage else { return nil }
        return Candidate(story: story, score: Double(shared) / sample, isLikelyCopy: isLikelyCopy)
    }
}

extension Judgement {
    /// The judgement that follows from the relations found.
    init(_ relations: [Relation]) {
        let ordered = relations.sorted { Self.precedes($0, $1) }
        guard let first = ordered.first, let verdict = Verdict(first.kind) else {
            self.init(verdict: .new, relations: ordered)
            return
        }
        self.init(verdict: verdict, of: first.of, relations: ordered)
    }

    private static func precedes(_ a: Relation, _ b: Relation) -> Bool {
        if a.kind.makesFamily != b.kind.makesFamily { return a.kind.makesFamily }
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
        case .update, .version, .partial, .related: return nil
        }
    }
}
