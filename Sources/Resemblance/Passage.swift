// A story's body taken apart for the exact comparison. Made only for the few stories that are compared word
// for word, and kept while the story is recent.

/// The body of one story: its words, its shingles in order, and the set of its shingles.
final class Passage: Sendable {
    let words: [Word]
    /// One for each run of five words, in the order of the text.
    let shingles: [UInt64]
    /// The distinct shingles, ascending.
    let set: [UInt64]

    init(_ text: ComparableText) {
        words = ComparableText.select(WordScanner.words(of: text.text), in: text.body)
        shingles = Shingles.hashes(of: words.map(\.hash)[...])
        var last: UInt64?
        set = shingles.sorted().filter { hash in
            defer { last = hash }
            return hash != last
        }
    }

    /// How many distinct shingles two bodies share.
    func shared(with other: Passage) -> Int {
        var count = 0
        var mine = 0
        var theirs = 0
        while mine < set.count && theirs < other.set.count {
            if set[mine] == other.set[theirs] {
                count += 1
                mine += 1
                theirs += 1
            } else if set[mine] < other.set[theirs] {
                mine += 1
            } else {
                theirs += 1
            }
        }
        return count
    }
}
