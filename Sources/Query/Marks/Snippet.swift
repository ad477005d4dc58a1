// A few words of a story around what it was found by, with what matched marked.

/// A stretch of a story's text.
public struct Snippet: Sendable, Equatable {
    public var text: String
    /// What matched, in UTF-8 bytes of ``text``, in order, none touching another.
    public var marks: [Range<Int>]

    /// About how long it is, in UTF-8 bytes: a line of English, and as wide in Chinese.
    public static let length = 180

    /// The stretch where most of a query's phrases stand; nil where the story has none of them.
    ///
    /// - Parameter pieces: the story's text, the piece first that is to be shown where several are as good.
    public init?(of pieces: [(field: SearchQuery.Field, text: String)], for query: SearchQuery) {
        let phrases = query.phrases
        var best: (score: Int, piece: [UInt8], folded: FoldedText, matches: ArraySlice<Match>)?
        for (field, text) in pieces where !text.isEmpty {
            let bytes = Array(text.utf8)
            let folded = FoldedText(bytes, keepsWords: true)
            let matches = Self.matches(folded, phrases, in: field)
            guard let (score, range) = Self.densest(matches) else { continue }
            if score > best?.score ?? 0 { best = (score, bytes, folded, matches[range]) }
            if score == phrases.count { break }
        }
        guard let best else { return nil }
        self.init(best.piece, best.folded, best.matches)
    }

    struct Match: Equatable {
        var phrase: Int
        /// Of the folded text's words.
        var words: Range<Int>
        var place: Range<Int>
    }

    /// Where the phrases stand, in the order of the text.
    static func matches(_ folded: FoldedText, _ phrases: [SearchQuery.Phrase], in field: SearchQuery.Field) -> [Match] {
        var firsts: [Int: [(Int, SearchQuery.Phrase)]] = [:]
        for (number, phrase) in phrases.enumerated() where phrase.field == nil || phrase.field == field {
            firsts[Int(phrase.words[0][0]), default: []].append((number, phrase))
        }
        guard !firsts.isEmpty else { return [] }
        var matches: [Match] = []
        for (index, word) in folded.words.enumerated() {
            for (number, phrase) in firsts[Int(folded.bytes[word.folded.lowerBound])] ?? []
            where stands(phrase, at: index, in: folded) {
                let words = index..<index + phrase.words.count
                let end = folded.words[words.upperBound - 1].place.upperBound
                matches.append(Match(phrase: number, words: words, place: word.place.lowerBound..<end))
            }
        }
        return matches
    }

    private static func stands(_ phrase: SearchQuery.Phrase, at index: Int, in folded: FoldedText) -> Bool {
        guard index + phrase.words.count <= folded.words.count else { return false }
        for (offset, wanted) in phrase.words.enumerated() {
            let word = folded.folded(folded.words[index + offset])
            let isOpen = phrase.isPrefix && offset == phrase.words.count - 1
            guard word.starts(with: wanted), isOpen || word.count == wanted.count else { return false }
        }
        return true
    }

    /// The matches that fit into one snippet and are of most phrases, and how many phrases that is.
    private static func densest(_ matches: [Match]) -> (score: Int, range: Range<Int>)? {
        var best: (score: Int, range: Range<Int>)?
        var end = 0
        for start in matches.indices {
            end = max(end, start + 1)
            while end < matches.count,
                matches[end].place.upperBound - matches[start].place.lowerBound <= length * 2 / 3
            { end += 1 }
            let score = Set(matches[start..<min(end, start + 64)].map(\.phrase)).count
            if score > best?.score ?? 0 { best = (score, start..<end) }
        }
        return best
    }

    /// The text around some matches, cut between words.
    private init(_ bytes: [UInt8], _ folded: FoldedText, _ matches: ArraySlice<Match>) {
        let words = folded.words
        var first = matches.first?.words.lowerBound ?? 0
        var last = matches.map(\.words.upperBound).max().map { $0 - 1 } ?? 0
        var room = Self.length - (words[last].place.upperBound - words[first].place.lowerBound)
        // A third of what is left before, the rest behind.
        let before = room / 3
        while first > 0,
            words[matches.first?.words.lowerBound ?? 0].place.lowerBound - words[first - 1].place.lowerBound <= before
        {
            first -= 1
        }
        room -= words[matches.first?.words.lowerBound ?? 0].place.lowerBound - words[first].place.lowerBound
        let behind = words[last].place.upperBound
        while last + 1 < words.count, words[last + 1].place.upperBound - behind <= room { last += 1 }
        let start = first == 0 ? 0 : words[first].place.lowerBound
        let end = last == words.count - 1 ? bytes.count : words[last].place.upperBound
        var out = first == 0 ? [] : Array("… ".utf8)
        let shift = out.count - start
        out += bytes[start..<end].map { $0 == 0x0A || $0 == 0x0D || $0 == 0x09 ? 0x20 : $0 }
        if end < bytes.count { out += Array(" …".utf8) }
        text = String(decoding: out, as: UTF8.self)
        marks = []
        for place in matches.map(\.place) where place.upperBound <= end {
            let mark = place.lowerBound + shift..<place.upperBound + shift
            if let last = marks.last, last.upperBound >= mark.lowerBound {
                marks[marks.count - 1] = last.lowerBound..<max(last.upperBound, mark.upperBound)
            } else {
                marks.append(mark)
            }
        }
    }

    /// The text, with each piece changed by a function: those that matched, and those between.
    public func rendered(_ render: (_ piece: String, _ isMatch: Bool) -> String) -> String {
        let bytes = Array(text.utf8)
        var out = ""
        var at = 0
        for mark in marks {
            out += render(String(decoding: bytes[at..<mark.lowerBound], as: UTF8.self), false)
            out += render(String(decoding: bytes[mark], as: UTF8.self), true)
            at = mark.upperBound
        }
        return out + render(String(decoding: bytes[at...], as: UTF8.self), false)
    }
}
