// The numbers that decide. Each is configuration; the defaults are measured (docs/resemblance.md).

/// When two stories count as copies of each other.
public struct Thresholds: Sendable, Equatable {
    /// Two stories are near-duplicates when at least this share of all their shingles together is common to
    /// both (resemblance, 0...1).
    public var resemblance = 0.5
    /// A story is an excerpt of another (or the other an expansion of it) when at least this share of its
    /// shingles stands in the other (containment, 0...1).
    public var containment = 0.6
    /// A shorter story than this many shingles is never an excerpt or an expansion by containment alone: a few
    /// standing words prove nothing.
    public var shortest = 12
    /// Stories that are not copies are noted as related when at least this share of one stands in the other.
    public var related = 0.3
    /// Two stories in much the same words are about different events, and only related, when at least this share
    /// of the facts that they state in the same place (numbers, dates, names) differs.
    public var differingFacts = 0.2
    /// The largest number of earlier stories that one story is compared with word for word. Each costs a read
    /// from the store, unless the story is recent.
    public var candidates = 16

    public init() {}
}
