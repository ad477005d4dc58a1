// The sentences that explain a verdict. A person reads them beside the two texts and can check every number.

enum Rule {
    /// Why two texts in much the same words are about different events, and what would have made them copies; nil when they
    /// are copies.
    static func veto(_ facts: FactCheck, _ thresholds: Thresholds, otherwise kind: Relation.Kind) -> String? {
        if facts.numberShare >= thresholds.otherNumbers && facts.numberShare > 0 {
            let other = facts.otherNumbers + (facts.dates.isEmpty ? 0 : 1)
            return
                "they are about different events: \(other) of \(other + facts.sameNumbers) numbers and dates in the same "
                + "places differ, \(facts.description). \(wouldBe(kind)) if less than \(percent(thresholds.otherNumbers)) differed."
        }
        if facts.nameShare >= thresholds.otherNames && facts.nameShare > 0 {
            return
                "they are about different events: \(facts.otherNames) of \(facts.otherNames + facts.sameNames) names in the "
                + "same places differ, \(facts.description). \(wouldBe(kind)) if less than \(percent(thresholds.otherNames)) "
                + "differed."
        }
        if let exchange = facts.exchange {
            let places = "\(exchange.places) \(exchange.places == 1 ? "place" : "places")"
            return "they are about different events: \u{201C}\(exchange.mine)\u{201D} stands for "
                + "\u{201C}\(exchange.theirs)\u{201D} throughout, in \(places)"
                + "\(exchange.isInHeadline ? ", the headline among them" : ""). \(wouldBe(kind)) if both named the same."
        }
        if facts.replaced >= thresholds.replaced && facts.replaced > 0 {
            return
                "they are about different events: \(percent(facts.replaced)) of the common text speaks of something else in "
                + "the same places, \(facts.description). \(wouldBe(kind)) if less than \(percent(thresholds.replaced)) did."
        }
        return nil
    }

    /// The text shares too little for a copy.
    static func tooFew(_ needed: Double) -> String {
        ": too few for a copy, for which \(percent(needed)) of one of the two must stand in the other."
    }

    /// Passages of one text stand in another.
    static func partial(_ runs: [SharedRun], _ a: Passage, _ b: Passage) -> String {
        let words = runs.reduce(0) { $0 + $1.words }
        return
            "\(runs.count == 1 ? "A passage" : "\(runs.count) passages") of \(words) words \(runs.count == 1 ? "stands" : "stand, in all,") "
            + "in the earlier story, too: \(percent(Double(words) / Double(max(1, a.words.count)))) of this one, and "
            + "\(percent(Double(words) / Double(max(1, b.words.count)))) of the earlier one."
    }

    private static func wouldBe(_ kind: Relation.Kind) -> String {
        switch kind {
        case .excerpt: "This would be an excerpt"
        case .expansion: "This would be an expansion"
        default: "This would be a near-duplicate"
        }
    }

    /// How much of which text stands in the other.
    static func copy(_ kind: Relation.Kind, _ mine: Double, _ theirs: Double) -> String {
        switch kind {
        case .excerpt:
            return "\(percent(mine)) of this story's words stand in the earlier one, which is longer"
        case .expansion:
            return "\(percent(theirs)) of the earlier story's words stand in this one, which is longer"
        default:
            return "\(percent(mine)) of this story's words stand in the earlier one, and \(percent(theirs)) of the "
                + "earlier one's in this"
        }
    }

    /// What differs between two copies.
    static func differences(_ facts: FactCheck) -> String {
        facts.description.isEmpty ? "." : "; what differs: \(facts.description)."
    }

    /// A share as a person reads it: rounded down, so that "100 %" means all.
    static func percent(_ share: Double) -> String {
        "\(Int(share * 100)) %"
    }
}
