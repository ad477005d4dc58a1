// What a page states about its story outside the text: JSON-LD, the head's meta elements, microdata.

internal import Text

typealias Fact = PageStory.Fact

struct Facts {
    var headline: Fact?
    var published: Fact?
    var modified: Fact?
    var authors: [Fact] = []
    /// Whether one of the authors is a person, as far as one can tell: not the publisher.
    var areAuthorsPeople = false
    var summary: Fact?
    /// The whole text, where JSON-LD has it.
    var body: Fact?
    var site: Fact?
    var section: Fact?
    var keywords: [Fact] = []
    var language: Fact?
    var url: Fact?
    /// The letters and digits of each headline that the page states.
    var headlines: Set<UInt64> = []

    /// The beginnings of the page's own descriptions.
    var summaries = LetterSet()
    /// The names of the authors, as hashes of their letters.
    var authorKeys: Set<UInt64> = []

    /// Whether the text at `range` begins as a description of the page does.
    func isSummary(_ text: [UInt8], _ range: Range<Int>) -> Bool { summaries.length(text, range) != nil }

    /// Whether the text at `range` is the name of an author, with or without a word before it.
    func isAuthor(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count < 80, !authorKeys.isEmpty else { return false }
        if authorKeys.contains(Self.key(text, range)) { return true }
        guard let blank = range.first(where: { text[$0] == Byte.space }) else { return false }
        return authorKeys.contains(Self.key(text, blank..<range.upperBound))
    }

    /// Whether the text at `range` is the headline.
    func isHeadline(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        range.count < 400 && headlines.contains(Self.key(text, range))
    }

    /// A hash of the letters and digits at `range`.
    static func key(_ text: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hash = Letters.HashState()
        for at in range
        where text[at] >= Byte.firstBeyondASCII || Letters.isAsciiLetter(text[at]) || Letters.isDigit(text[at]) {
            hash.add(text[at])
        }
        return hash.value
    }

    static func key(_ text: String) -> UInt64 {
        let bytes = Array(text.utf8)
        return key(bytes, 0..<bytes.count)
    }
}
