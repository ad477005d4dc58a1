// The sentences that explain a verdict. A person reads them beside the two texts and can check every number.

enum Rule {
    /// Why two texts in much the same words are about different events; nil when they are not.
    static func veto(_ facts: FactCheck, _ thresholds: Thresholds) -> String? {
        if facts.numberShare >= thresholds.otherNumbers && facts.numberShare > 0 {
            let other = facts.otherNumbers + (facts.dates.isEmpty ? 0 : 1)
            return "\(other) of \(other + facts.sameNumbers) numbers and dates in the same places differ: "
                + facts.description + "."
        }
        if facts.nameShare >= thresholds.otherNames && facts.nameShare > 0 {
            return "\(facts.otherNames) of \(facts.otherNames + facts.sameNames) names in the same places differ: "
                + facts.description + "."
        }
        if facts.replaced >= thresholds.replaced && facts.replaced > 0 {
            return "\(percent(facts.replaced)) of the common text speaks of something else in the same places: "
                + facts.description + "."
        }
        return nil
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
