// The exact comparison of two stories and the rule that names their tie. Pure and symmetric: swapping the two
// stories swaps excerpt and expansion and changes nothing else.

/// What comparing two stories word for word found.
public struct Comparison: Sendable, Equatable {
    /// How the first story is tied to the second; nil when they have nothing to do with each other.
    public var kind: Relation.Kind?
    /// |A∩B| / |A∪B| of the two bodies' shingles (Broder 1997), 0...1.
    public var resemblance: Double
    /// |A∩B| / |A|: how much of the first story stands in the second.
    public var containment: Double
    /// |A∩B| / |B|: how much of the second story stands in the first.
    public var containmentOf: Double
    /// One sentence: the rule that decided, and what the veto saw.
    public var rule: String

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
/// The rule speaks of `a` as "this story" and of `b` as "the earlier one".
///
/// Complexity: n log n in the words of the two stories.
public func compare(_ a: ComparableText, _ b: ComparableText, thresholds: Thresholds = Thresholds()) -> Comparison {
    if a.fingerprint.textHash == b.fingerprint.textHash { return sameText(a, b) }
    return compare(Passage(a), Passage(b), thresholds: thresholds)
}

func sameText(_ a: ComparableText, _ b: ComparableText?) -> Comparison {
    var rule = "Word for word the same text as the earlier one"
    if let mine = a.date, let theirs = b?.date {
        rule +=
            mine == theirs ? ", both dated \(mine)" : ", though this one is dated \(mine) and the earlier one \(theirs)"
    }
    return Comparison(kind: .sameText, resemblance: 1, containment: 1, containmentOf: 1, rule: rule + ".")
}

func compare(_ a: Passage, _ b: Passage, thresholds: Thresholds) -> Comparison {
    let shared = a.shared(with: b)
    let union = a.set.count + b.set.count - shared
    var result = Comparison(
        kind: nil,
        resemblance: union == 0 ? 0 : Double(shared) / Double(union),
        containment: a.set.isEmpty ? 0 : Double(shared) / Double(a.set.count),
        containmentOf: b.set.isEmpty ? 0 : Double(shared) / Double(b.set.count),
        rule: "")
    let candidate = kind(result, a, b, thresholds)
    guard let candidate, candidate != .related else {
        result.kind = candidate
        result.rule = rule(result)
        return result
    }
    let facts = FactCheck(a, b)
    let vetoed = max(facts.share, facts.numberShare) >= thresholds.differingFacts
    result.kind = vetoed ? .related : candidate
    result.rule = rule(result, candidate: candidate, facts: facts)
    return result
}

private func kind(_ result: Comparison, _ a: Passage, _ b: Passage, _ thresholds: Thresholds) -> Relation.Kind? {
    let within = result.containment >= thresholds.containment && a.set.count >= thresholds.shortest
    let around = result.containmentOf >= thresholds.containment && b.set.count >= thresholds.shortest
    if result.resemblance >= thresholds.resemblance || within && around { return .nearDuplicate }
    if within { return .excerpt }
    if around { return .expansion }
    return max(result.containment, result.containmentOf) >= thresholds.related ? .related : nil
}

private func rule(_ result: Comparison, candidate: Relation.Kind? = nil, facts: FactCheck? = nil) -> String {
    let mine = percent(result.containment)
    let theirs = percent(result.containmentOf)
    var rule: String
    switch candidate {
    case .nearDuplicate:
        rule = "\(mine) of this story's words stand in the earlier one, and \(theirs) of the earlier one's in this"
    case .excerpt:
        rule = "\(mine) of this story's words stand in the earlier one, which is longer"
    case .expansion:
        rule = "\(theirs) of the earlier story's words stand in this one, which is longer"
    default:
        rule = "\(mine) of this story's words stand in the earlier one, and \(theirs) of the earlier one's in this"
        return rule + (result.kind == nil ? "." : ": too few for a copy.")
    }
    guard let facts else { return rule + "." }
    if result.kind == .related {
        return rule + ", but the same sentences state other facts: " + facts.description + "."
    }
    return facts.examples.isEmpty ? rule + "." : rule + "; facts that differ: " + facts.description + "."
}

func percent(_ share: Double) -> String {
    // Rounded down, so that "100 %" means all.
    "\(Int(share * 100)) %"
}
