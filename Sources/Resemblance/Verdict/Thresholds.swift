// The numbers that decide. Each is configuration; the defaults are measured (docs/resemblance.md).

/// When two stories count as copies of each other.
public struct Thresholds: Sendable, Equatable {
    /// Two stories are near-duplicates when at least this share of all their shingles together (five words in a
    /// row) is common to both: Broder's resemblance, 0...1. Default 0.5.
    public var resemblance = 0.5
    /// A story is an excerpt of another (or the other an expansion of it) when at least this share of its words
    /// stands in the other, in the same order, 0...1; or this share of its shingles, in any order. Default 0.75.
    public var containment = 0.75
    /// The same where either story has fewer than ``shortText`` words: a quarter of an announcement is what it announces.
    /// Default 0.85.
    public var containmentOfShort = 0.85
    /// Fewer words (or letters, in scripts without blanks) than this are an announcement.
    public static let shortText = 100
    /// Two stories are compared word for word in detail, and noted as related if they are no copies, when at
    /// least this share of the shingles of one stands in the other, 0...1. Default 0.3.
    public var related = 0.3
    /// A copy shares at least this many shingles that are not standing phrases: a few common words prove
    /// nothing. Default 5.
    public var distinctive = 5
    /// A shingle that this many stories hold, besides copies of the story at hand, is a standing phrase (an
    /// agency's copyright line, a sign-off, an idiom) and proves nothing. Default 16.
    public var standing = 16
    /// Stories in much the same words are about different events, and only related, when at least this share of
    /// the numbers and dates that both state in the same place differs, 0...1. Default 0.2.
    public var otherNumbers = 0.2
    /// The same for names (words with a capital), 0...1. Default 0.25.
    public var otherNames = 0.25
    /// The same for the share of the common text in which several words at a time are replaced by others: names
    /// in scripts without capitals, 0...1. The opening counts twice. Default 0.06.
    public var replaced = 0.06
    /// The largest number of earlier stories that one story is compared with word for word. Each costs a read
    /// from the store, unless the story is recent. Default 16.
    public var candidates = 16
    /// Bytes of text that one story is compared with, about, if that is fewer than ``candidates``; two stories at least, and of
    /// each the first megabyte at most. So a flood of long texts that are all alike holds up nobody for long. Default 2 MB.
    public var comparedBytes = 2 << 20

    public init() {}
}
