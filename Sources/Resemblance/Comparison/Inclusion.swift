// A short text that stands whole inside a long one. A flash and the story that grew out of it, or a story and what was trimmed
// from it, are copies; a programme note, or a paragraph that was put into a story about something else, is not. What tells them
// apart is where it stands: at the top, or taken from all over the text; or that both have much the same headline.

/// How a short text stands in a long one.
struct Inclusion {
    /// Whether the short text may be about something else than the long one.
    let isStray: Bool

    /// So many times the short text's words are a long text.
    private static let times = 2
    /// Words at the beginning of a text in which the news stands.
    private static let opening = 40
    /// A headline of fewer words is a column's: "News in brief".
    private static let leastHeadline = 4
    /// The share of the shorter headline's words that must stand in the other.
    private static let sameHeadline = 0.5

    init(_ a: Passage, _ b: Passage, _ alignment: Alignment) {
        let isFirst = a.words.count < b.words.count
        let (short, long) = isFirst ? (a, b) : (b, a)
        guard short.length < Thresholds.shortText, long.words.count >= Self.times * short.words.count,
            let place = isFirst ? alignment.extentInSecond : alignment.extentInFirst
        else {
            isStray = false
            return
        }
        let isAtTop = place.lowerBound < Self.opening
        let isSpread = place.count > 2 * short.words.count
        let (fewer, more) =
            short.headline.hashes.count <= long.headline.hashes.count
            ? (short.headline, long.headline) : (long.headline, short.headline)
        let hasItsHeadline =
            fewer.length >= Self.leastHeadline
            && Double(fewer.shared(with: more)) >= Self.sameHeadline * Double(fewer.hashes.count)
        isStray = !isAtTop && !isSpread && !hasItsHeadline
    }
}
