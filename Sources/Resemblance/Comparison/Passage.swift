// A story's body taken apart for the exact comparison. Made only for the few stories that are compared word
// for word, and kept while the story is recent.

internal import Text

/// The body of one story: its words, its shingles in order, and the set of its shingles.
final class Passage: Sendable {
    /// A shingle and the place of its first word.
    struct Occurrence {
        var hash: UInt64
        var position: UInt32
    }

    let text: ComparableText
    let words: [Word]
    /// What each word may state.
    let facts: [FactKind]
    let headline: Headline
    /// The distinct shingles, ascending.
    let set: [UInt64]
    /// The shingles that occur once, ascending by hash.
    let once: [Occurrence]

    init(_ text: ComparableText) {
        self.text = text
        let words = Array(ComparableText.select(WordScanner.words(of: text.text), in: text.body))
        self.words = words
        headline = Headline(text.headline)
        facts = Facts.kinds(of: words, in: text.text)
        let occurrences = Self.sorted(Shingles.hashes(of: words.span))
        (set, once) = Self.distinct(occurrences)
    }

    /// The shingles of a body, ascending by hash, then by position.
    private static func sorted(_ shingles: [UInt64]) -> [Occurrence] {
        // Both in one number, which sorts several times as fast; only a book of 16 million words does not fit.
        let positionBits = UInt64(64 - Shingles.bits)
        guard shingles.count >> (64 - Shingles.bits) == 0 else {
            return shingles.enumerated().map { Occurrence(hash: $1, position: UInt32($0)) }
                .sorted { ($0.hash, $0.position) < ($1.hash, $1.position) }
        }
        var packed = [UInt64](capacity: shingles.count) { output in
            for position in shingles.indices { output.append(shingles[position] &<< positionBits | UInt64(position)) }
        }
        Self.sort(&packed)
        return packed.map {
            Occurrence(hash: $0 &>> positionBits, position: UInt32(truncatingIfNeeded: $0 & (1 &<< positionBits - 1)))
        }
    }

    /// Sorts numbers whose high bits are evenly spread, as hashes are: each goes nearly to its place by these bits, and
    /// the rest is a step or two.
    private static func sort(_ numbers: inout [UInt64]) {
        let bits = UInt64(max(1, 64 - numbers.count.leadingZeroBitCount))
        guard numbers.count > 16, bits <= 16 else { return numbers.sort() }
        var places = [Int32](repeating: 0, count: 1 << Int(bits) + 1)
        for number in numbers { places[Int(number &>> (64 - bits)) + 1] += 1 }
        // Many in one place: a text that repeats itself, or one that was made to be slow.
        if places.contains(where: { $0 > 32 }) { return numbers.sort() }
        for place in 1..<places.count { places[place] += places[place - 1] }
        var sorted = [UInt64](repeating: 0, count: numbers.count)
        for number in numbers {
            let bucket = Int(number &>> (64 - bits))
            sorted[Int(places[bucket])] = number
            places[bucket] += 1
        }
        for index in 1..<sorted.count {
            let number = sorted[index]
            var hole = index
            while hole > 0, sorted[hole - 1] > number {
                sorted[hole] = sorted[hole - 1]
                hole -= 1
            }
            sorted[hole] = number
        }
        numbers = sorted
    }

    private static func distinct(_ occurrences: [Occurrence]) -> (set: [UInt64], once: [Occurrence]) {
        var set: [UInt64] = []
        var once: [Occurrence] = []
        set.reserveCapacity(occurrences.count)
        once.reserveCapacity(occurrences.count)
        for (index, occurrence) in occurrences.enumerated() {
            let first = index == 0 || occurrences[index - 1].hash != occurrence.hash
            let last = index + 1 == occurrences.count || occurrences[index + 1].hash != occurrence.hash
            if first { set.append(occurrence.hash) }
            if first && last { once.append(occurrence) }
        }
        return (set, once)
    }

    /// Whether the body has the shingle.
    func contains(_ hash: UInt64) -> Bool {
        var (low, high) = (0, set.count)
        while low < high {
            let middle = (low + high) / 2
            if set[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low < set.count && set[low] == hash
    }

    /// How many distinct shingles two bodies share.
    func shared(with other: Passage) -> Int {
        var count = 0
        var (mine, theirs) = (0, 0)
        while mine < set.count && theirs < other.set.count {
            if set[mine] == other.set[theirs] {
                count += 1
                (mine, theirs) = (mine + 1, theirs + 1)
            } else if set[mine] < other.set[theirs] {
                mine += 1
            } else {
                theirs += 1
            }
        }
        return count
    }

    /// No quotation is longer than this, in bytes: a word can be as long as its sender likes.
    private static let longestQuote = 240

    /// The words in the given range as they stand in the text, on one line.
    func quote(_ range: Range<Int>) -> String {
        guard let first = words[range].first, let last = words[range].last else { return "" }
        let start = Int(first.start)
        var end = min(Int(last.end), start + Self.longestQuote)
        while end > start, end < text.text.count, text.text[end] & Byte.kindMask == Byte.continuation { end -= 1 }
        let quote = String(decoding: text.text[start..<end], as: UTF8.self)
        return quote.split(whereSeparator: \.isWhitespace).joined(separator: " ") + (end < Int(last.end) ? "…" : "")
    }
}
