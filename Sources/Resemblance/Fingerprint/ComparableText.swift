// A story as this module compares it. Made in the workers, in parallel; one pass over the text.

public import Story

/// Everything about one story that comparing it needs: its fingerprint, and its text for the exact comparison.
///
/// What is compared is the body: captions, credits, datelines, bylines, headlines and furniture of the wire
/// are left out where the reading names them. A story without a body is compared as a whole.
public final class ComparableText: Sendable {
    /// The fingerprint to index and to store.
    public let fingerprint: Fingerprint

    /// Of a longer text, only this many bytes from the beginning of its body are compared word for word: 170,000 words.
    static let longest = 1 << 20

    /// What is compared: the text of the reading, or of a long one the part that is compared.
    let text: [UInt8]
    /// Where `text` begins in the text of the reading.
    let offset: Int
    /// The parts of `text` that are compared, ascending, not overlapping.
    let body: [Range<Int>]
    /// Its headline, empty if it has none.
    let headline: [UInt8]
    /// The fingerprint of what is compared: ``fingerprint``, but for a long text.
    let compared: Fingerprint
    /// The date that the story states for itself, if any (`contentcreated`), in ISO form.
    let date: String?
    /// The place that its dateline names.
    let located: String?

    /// Reads the words of a story and samples them. Complexity: linear in the text.
    public convenience init(of reading: Reading) { self.init(reading, isNew: true) }

    /// An earlier story, for comparing only: of a long text only the part that is compared is looked at, and
    /// ``fingerprint`` is that part's.
    public convenience init(earlier reading: Reading) { self.init(reading, isNew: false) }

    private init(_ reading: Reading, isNew: Bool) {
        let whole = reading.text
        let parts = Self.body(of: reading)
        headline =
            reading.fields.first { $0.kind == .headline }.map { Array(whole[$0.range.clamped(to: 0..<whole.count)]) }
            ?? []
        date = reading.fields.first { $0.kind == .contentcreated }?.value
        located = reading.fields.first { $0.kind == .located }.map {
            $0.value ?? String(decoding: whole[$0.range.clamped(to: 0..<whole.count)], as: UTF8.self)
        }
        guard whole.count > Self.longest else {
            (text, offset, body) = (whole, 0, parts)
            fingerprint = Self.fingerprint(of: whole, parts)
            compared = fingerprint
            return
        }
        let start = parts.first?.lowerBound ?? 0
        let window = start..<min(whole.count, start + Self.longest)
        text = Array(whole[window])
        offset = start
        body = parts.map { $0.clamped(to: window) }.filter { !$0.isEmpty }
            .map { $0.lowerBound - start..<$0.upperBound - start }
        compared = Self.fingerprint(of: text, body)
        fingerprint = isNew ? Self.fingerprint(of: whole, parts) : compared
    }

    private static func fingerprint(of text: [UInt8], _ body: [Range<Int>]) -> Fingerprint {
        let words = WordScanner.words(of: text)
        var textHash = Hash.seed
        for word in words { textHash = Hash.append(textHash, word.hash) }
        // A text without words is only the same as its own bytes.
        if words.isEmpty { textHash = Hash.bytes(text) }
        let shingles = Shingles.hashes(of: select(words, in: body).span)
        let (sketch, limit) = Sketch.make(of: shingles)
        return Fingerprint(textHash: textHash, shingleCount: shingles.count, sketch: sketch, limit: limit)
    }

    /// How many words a text has, letters in scripts without blanks.
    public static func wordCount(_ text: ArraySlice<UInt8>) -> Int { WordScanner.words(of: Array(text)).count }

    /// The words that start inside the given ranges, which ascend.
    static func select(_ words: [Word], in ranges: [Range<Int>]) -> ArraySlice<Word> {
        var runs: [Range<Int>] = []
        runs.reserveCapacity(ranges.count)
        let span = words.span
        var index = 0
        for range in ranges {
            while index < span.count && Int(span[index].start) < range.lowerBound { index &+= 1 }
            let first = index
            while index < span.count && Int(span[index].start) < range.upperBound { index &+= 1 }
            if let last = runs.last, last.upperBound == first {
                runs[runs.count - 1] = last.lowerBound..<index
            } else {
                runs.append(first..<index)
            }
        }
        // Paragraphs that follow each other are one run: nothing is copied.
        if runs.count == 1 { return words[runs[0]] }
        var selected: [Word] = []
        selected.reserveCapacity(words.count)
        for run in runs { selected.append(contentsOf: words[run]) }
        return selected[...]
    }

    /// The paragraphs, less whatever else the reading found inside them.
    private static func body(of reading: Reading) -> [Range<Int>] {
        var paragraphs: [Range<Int>] = []
        var others: [Range<Int>] = []
        for field in reading.fields where !field.range.isEmpty {
            switch field.kind {
            case .paragraph:
                paragraphs.append(field.range)
            case .dateline, .caption, .credit, .boilerplate, .byline, .slugline, .ednote, .usageterms, .copyright:
                others.append(field.range)
            default:
                break
            }
        }
        let whole = [0..<reading.text.count]
        if paragraphs.isEmpty { return whole }
        let count = reading.text.count
        let body = subtract(merge(others, within: count), from: merge(paragraphs, within: count))
        return body.isEmpty ? whole : body
    }

    private static func merge(_ ranges: [Range<Int>], within count: Int) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            let range = range.clamped(to: 0..<count)
            if range.isEmpty { continue }
            if let last = merged.last, range.lowerBound < last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    /// The parts of `ranges` outside all `holes`; both ascend and do not overlap among themselves.
    private static func subtract(_ holes: [Range<Int>], from ranges: [Range<Int>]) -> [Range<Int>] {
        if holes.isEmpty { return ranges }
        var rest: [Range<Int>] = []
        var next = 0
        for range in ranges {
            var start = range.lowerBound
            while next < holes.count && holes[next].upperBound <= start { next += 1 }
            var hole = next
            while hole < holes.count && holes[hole].lowerBound < range.upperBound {
                if holes[hole].lowerBound > start { rest.append(start..<holes[hole].lowerBound) }
                start = max(start, holes[hole].upperBound)
                hole += 1
            }
            if start < range.upperBound { rest.append(start..<range.upperBound) }
        }
        return rest
    }
}
