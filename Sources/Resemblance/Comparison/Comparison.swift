// The exact comparison of two stories and the rule that names their relation. Pure and symmetric: swapping the two
// stories swaps excerpt and expansion and changes nothing else.

/// What comparing two stories word for word found.
public struct Comparison: Sendable, Equatable {
    /// How the first story is related to the second; nil when they have nothing to do with each other.
    public var kind: Relation.Kind?
    /// |A∩B| / |A∪B| of the two bodies' shingles (Broder 1997), 0...1.
    public var resemblance: Double
    /// |A∩B| / |A|: how much of the first story stands in the second.
    public var containment: Double
    /// |A∩B| / |B|: how much of the second story stands in the first.
    public var containmentOf: Double
    /// What the veto saw; nil when the texts are too far apart for it.
    public var facts: FactCheck?
    /// One sentence: the rule that decided, and what the veto saw.
    public var rule: String
    /// What the first story has from the second, if it is a copy or partly derived.
    var runs: [SharedRun] = []

    func relation(to id: Int64) -> Relation? {
        kind.map {
            Relation(
                $0, of: id, resemblance: resemblance, containment: containment, containmentOf: containmentOf,
                rule: rule)
        }
    }
}

/// Compares two stories word for word.
///
/// The rule speaks of `a` as "this story" and of `b` as "the earlier one". Without an archive every phrase counts
/// as distinctive.
///
/// Complexity: n log n in the words of the two stories.
public func compare(_ a: ComparableText, _ b: ComparableText, thresholds: Thresholds = Thresholds()) -> Comparison {
    if a.fingerprint.textHash == b.fingerprint.textHash { return sameText(a, b) }
    return compare(Passage(a), Passage(b), thresholds, in: nil)
}

func sameText(_ a: ComparableText, _ b: ComparableText?) -> Comparison {
    var rule = "Word for word the same text as the earlier one"
    if let mine = a.date, let theirs = b?.date {
        rule +=
            mine == theirs ? ", both dated \(mine)" : ", though this one is dated \(mine) and the earlier one \(theirs)"
    }
    return Comparison(kind: .sameText, resemblance: 1, containment: 1, containmentOf: 1, facts: nil, rule: rule + ".")
}

/// Who else in the archive holds a shingle.
struct Holders {
    /// How many stories hold it, and how many of these are no candidates for the story at hand.
    var all: Int
    var strangers: Int
}

/// Compares two bodies; `archive` tells who else holds a shingle.
func compare(
    _ a: Passage, _ b: Passage, _ thresholds: Thresholds, in archive: ((UInt64) -> Holders)?
) -> Comparison {
    let shared = a.shared(with: b)
    let union = a.set.count + b.set.count - shared
    var result = Comparison(
        kind: nil,
        resemblance: union == 0 ? 0 : Double(shared) / Double(union),
        containment: a.set.isEmpty ? 0 : Double(shared) / Double(a.set.count),
        containmentOf: b.set.isEmpty ? 0 : Double(shared) / Double(b.set.count),
        facts: nil, rule: "")
    let closest = max(result.containment, result.containmentOf)
    guard closest >= thresholds.related || shared >= fewestOfAPassage, shared > 0 else {
        result.rule = Rule.copy(.nearDuplicate, result.containment, result.containmentOf) + "."
        return result
    }
    let alignment = Alignment(a, b)
    let overlap = Overlap(result, a, b, alignment)
    guard closest >= thresholds.related, let kind = overlap.kind(result, thresholds) else {
        result.rule = overlap.rule(.nearDuplicate)
        if closest >= thresholds.related {
            result.kind = .related
            result.rule += Rule.tooFew(overlap.needed(thresholds))
        }
        findPassages(a, b, alignment, &result, thresholds, archive)
        return result
    }
    // The text that is contained in the other is the one that must have something of its own in common.
    let contained = kind == .expansion || (kind == .nearDuplicate && b.set.count < a.set.count) ? b : a
    let evidence = Evidence(
        contained, in: contained === a ? b : a, shared: shared, isPart: kind != .nearDuplicate, thresholds, archive)
    let facts = FactCheck(a, b, alignment)
    result.facts = facts
    if !evidence.suffices(thresholds) {
        result.kind = .related
        result.rule =
            overlap.rule(kind) + ", but nearly all of that are standing phrases, which many other stories have, too."
    } else if kind != .nearDuplicate, !evidence.isOwn(fewest: Evidence.few), Inclusion(a, b, alignment).isStray {
        result.kind = .related
        result.rule =
            overlap.rule(kind) + ", but these are a few sentences in the midst of a text under another headline"
            + (archive == nil ? "." : ", and other stories have them, too.")
    } else if let veto = Rule.veto(facts, thresholds, otherwise: kind) {
        result.kind = .related
        result.rule = overlap.rule(kind) + ", but " + veto
        // Where passages were taken out, their new neighbours stand in the same places.
        if archive != nil, facts.statesTheSame(thresholds) {
            findPassages(a, b, alignment, &result, thresholds, archive)
        }
    } else {
        result.kind = kind
        result.rule = overlap.rule(kind) + Rule.differences(facts)
        result.runs = SharedRuns(a, b, alignment).runs
    }
    return result
}

/// Fewer shared shingles are no passage.
private let fewestOfAPassage = 12

/// Whether a story is partly derived from another (Clough et al. 2002): whole passages of it stand in the other, and they are its
/// own, not what many stories have.
private func findPassages(
    _ a: Passage, _ b: Passage, _ alignment: Alignment, _ result: inout Comparison, _ thresholds: Thresholds,
    _ archive: ((UInt64) -> Holders)?
) {
    let shared = SharedRuns(a, b, alignment)
    // Of a few sentences nobody can tell without an archive whose they are.
    guard shared.isDerived, archive != nil || min(a.length, b.length) >= Thresholds.shortText else { return }
    let evidence = Evidence(a, in: b, shared: a.shared(with: b), isPart: true, thresholds, archive)
    guard archive == nil || evidence.isOwn(fewest: Evidence.veryFew), evidence.suffices(thresholds) else { return }
    result.kind = .partial
    result.runs = shared.runs
    result.rule = Rule.partial(shared.runs, a, b)
}

/// How much of either story stands in the other, in words of the common thread or in shingles, whichever is more.
private struct Overlap {
    var mine: Double
    var theirs: Double
    /// Whether either text is an announcement of a few sentences.
    var isShort: Bool

    init(_ result: Comparison, _ a: Passage, _ b: Passage, _ alignment: Alignment) {
        let pairs = Double(alignment.pairs)
        mine = max(result.containment, min(1, pairs / Double(max(1, a.words.count))))
        theirs = max(result.containmentOf, min(1, pairs / Double(max(1, b.words.count))))
        isShort = min(a.words.count, b.words.count) < Thresholds.shortText
    }

    /// The share of a text's words that must stand in the other.
    func needed(_ thresholds: Thresholds) -> Double {
        isShort ? max(thresholds.containment, thresholds.containmentOfShort) : thresholds.containment
    }

    func rule(_ kind: Relation.Kind) -> String { Rule.copy(kind, mine, theirs) }

    func kind(_ result: Comparison, _ thresholds: Thresholds) -> Relation.Kind? {
        // A quarter of a few sentences is what they are about.
        let least = needed(thresholds)
        if isShort, max(mine, theirs) < least { return nil }
        let within = mine >= least && result.containment >= thresholds.related
        let around = theirs >= least && result.containmentOf >= thresholds.related
        if result.resemblance >= thresholds.resemblance && within == around || within && around {
            return .nearDuplicate
        }
        if within { return .excerpt }
        return around ? .expansion : nil
    }
}

/// How many of the shared shingles are standing phrases, which prove nothing. Judged by those that both sketches
/// sample, since of the others the archive does not know who holds them.
private struct Evidence {
    private var shared: Int
    private var sampled = 0
    private var standing = 0
    /// How many other stories have each of the sampled shingles.
    private var others: [Int] = []
    private let hasArchive: Bool

    init(
        _ text: Passage, in other: Passage, shared: Int, isPart: Bool, _ thresholds: Thresholds,
        _ archive: ((UInt64) -> Holders)?
    ) {
        self.shared = shared
        hasArchive = archive != nil
        guard let archive else { return }
        let isFamily = !isPart || Self.isFamily(other, besides: text, more: thresholds.standing, archive)
        let isSmallFamily = isFamily || Self.isFamily(other, besides: text, more: Self.few, archive)
        // Stories as long as `other` sample up to about the same limit, some to less: stay well below it.
        let limit = other.text.compared.limit / 4 * 3
        for hash in text.text.compared.sketch where hash <= limit && other.contains(hash) {
            let holders = archive(hash)
            sampled += 1
            // One of all the holders is the story compared with.
            if (isFamily ? holders.strangers : holders.all - 1) >= thresholds.standing { standing += 1 }
            others.append(isSmallFamily ? holders.strangers : holders.all - 1)
        }
    }

    /// Whether hardly any other story of the archive has what the two share: then it is theirs. Without an archive nobody knows.
    func isOwn(fewest few: Int) -> Bool { hasArchive && others.count { $0 < few } * 2 >= sampled }

    /// Fewer stories than this have what is rare, besides the two: of a text that stands whole in another, and of a passage.
    static let few = 8
    static let veryFew = 4

    func suffices(_ thresholds: Thresholds) -> Bool {
        let distinctive = sampled == 0 ? 1 : Double(sampled - standing) / Double(sampled)
        return Double(shared) * distinctive >= Double(thresholds.distinctive) && distinctive >= 1.0 / 3
    }

    /// Whether many stories hold not only what two texts share but also the rest of the longer one: then the many are
    /// copies of one story. Stories that share an agency's copyright line differ in the rest.
    private static func isFamily(
        _ longer: Passage, besides shorter: Passage, more: Int, _ archive: (UInt64) -> Holders
    ) -> Bool {
        let rest = longer.text.compared.sketch.filter { !shorter.contains($0) }
        return rest.count { archive($0).all > more } * 3 >= rest.count
    }
}
