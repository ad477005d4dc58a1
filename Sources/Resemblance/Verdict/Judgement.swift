// The answers of this module: what a story is, compared with the archive, and why.

/// What became of a delivered file. The raw values are the words of the ledger.
public enum Verdict: String, Sendable, CaseIterable {
    /// Nothing like it is in the archive.
    case new
    /// The same bytes as an earlier document.
    case identical
    /// The same words as an earlier story, after decoding and normalising.
    case sameText = "same-text"
    /// Nearly the same words as an earlier story.
    case nearDuplicate = "near-duplicate"
    /// This story is contained in an earlier one.
    case excerpt
    /// An earlier story is contained in this one.
    case expansion
    /// It could not be read as a story; the reason says why.
    case rejected
    /// It holds parts, each with a verdict of its own.
    case parts
}

/// How a story is related to an earlier one.
public struct Relation: Sendable, Equatable {
    /// The kinds of relation; all but ``partial`` and ``related`` make the two stories one family.
    public enum Kind: String, Sendable, CaseIterable {
        case identical
        case sameText = "same-text"
        case nearDuplicate = "near-duplicate"
        case excerpt, expansion
        /// A later version of the earlier one, by what it says of itself: an update, a correction, a kill.
        case update
        /// A version of the earlier one, by the identifier that both state.
        case version = "version-of"
        /// Partly derived: passages of this story stand in the earlier one, but neither contains the other. No duplicate.
        case partial
        /// Close, but about something else: a note, not a duplicate.
        case related

        /// Whether the two stories are of one family.
        public var makesFamily: Bool { self != .related && self != .partial }
    }

    public var kind: Kind
    /// The earlier story.
    public var of: Int64
    /// |A∩B| / |A∪B| of the two texts' shingles (Broder 1997), 0...1.
    public var resemblance: Double
    /// |A∩B| / |A| : how much of this story is in the earlier one.
    public var containment: Double
    /// |A∩B| / |B| : how much of the earlier story is in this one.
    public var containmentOf: Double
    /// One sentence: the rule that decided, and what the veto saw.
    public var rule: String

    public init(
        _ kind: Kind, of: Int64, resemblance: Double, containment: Double, containmentOf: Double, rule: String
    ) {
        self.kind = kind
        self.of = of
        self.resemblance = resemblance
        self.containment = containment
        self.containmentOf = containmentOf
        self.rule = rule
    }
}

/// A piece of text that a story has from an earlier one.
public struct SharedPassage: Sendable, Equatable {
    /// Where it stands in this story's text, in bytes.
    public var range: Range<Int>
    /// The earliest story that has it, of those that were compared, and where it begins there.
    public var of: Int64
    public var ofStart: Int

    public init(range: Range<Int>, of: Int64, ofStart: Int) {
        (self.range, self.of, self.ofStart) = (range, of, ofStart)
    }
}

/// The outcome of comparing one story with the archive.
public struct Judgement: Sendable, Equatable {
    public var verdict: Verdict
    /// The earlier story that the verdict refers to; nil for ``Verdict/new``.
    public var of: Int64?
    /// Every relation found, the deciding one first.
    public var relations: [Relation]
    /// What it has from earlier stories, in the order in which it stands in the text.
    public var passages: [SharedPassage] = []

    public init(verdict: Verdict, of: Int64? = nil, relations: [Relation] = []) {
        self.verdict = verdict
        self.of = of
        self.relations = relations
    }
}
