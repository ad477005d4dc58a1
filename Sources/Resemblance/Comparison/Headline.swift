// The words of a headline, for seeing what two headlines in the same words name differently.

internal import Story

/// A headline taken apart.
struct Headline: Sendable {
    private let text: [UInt8]
    private let words: [Word]
    /// The hashes of its words, in order.
    let hashes: [UInt64]
    /// Whether capitals tell names from other words here.
    private let hasCase: Bool

    init(_ text: [UInt8]) {
        self.text = text
        words = WordScanner.words(of: text)
        hashes = words.map(\.hash)
        let names = words.count { Facts.kind(of: $0, in: text) == .name }
        // In Title Case nearly every word has a capital.
        hasCase = names * 2 <= words.count + 2
    }

    var isEmpty: Bool { words.isEmpty }

    /// Whether the words stand in a row in it.
    func has(_ wanted: [UInt64]) -> Bool {
        guard wanted.count <= hashes.count else { return false }
        return (0...hashes.count - wanted.count).contains { hashes[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }

    /// How many words it has, as languages count that put blanks between them.
    var length: Int { Passage.length(words, in: text) }

    /// How many of its words the other has, too.
    func shared(with other: Headline) -> Int {
        let theirs = Set(other.hashes)
        return hashes.count { theirs.contains($0) }
    }

    /// Whether the word begins with a capital, in a headline in which that says something, or has no small letter.
    func isName(_ index: Int) -> Bool {
        let word = bytes(index)
        guard word.count >= 2, let first = word.first, Facts.kind(of: words[index], in: text) == .name else {
            return false
        }
        if hasCase || first >= 0x80 { return true }
        return word.allSatisfy { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }
    }

    /// Whether the word is an ordinal, a month or a year.
    func isOrdinal(_ index: Int) -> Bool {
        if Ordinals.isOrdinalWord(words[index].hash) || Ordinals.isYear(bytes(index)) || month(index) != nil {
            return true
        }
        return index > 0 && bytes(index - 1).elementsEqual("第".utf8)
            && Facts.kind(of: words[index], in: text) == .number
    }

    func isSame(_ index: Int, _ other: Headline, _ otherIndex: Int) -> Bool {
        words[index].hash == other.words[otherIndex].hash
            || month(index) != nil && month(index) == other.month(otherIndex)
    }

    private func month(_ index: Int) -> Int? { Months.number(text, Int(words[index].start)..<Int(words[index].end)) }

    private func bytes(_ index: Int) -> ArraySlice<UInt8> { text[Int(words[index].start)..<Int(words[index].end)] }

    /// The words as they stand in the headline.
    func quote(_ range: Range<Int>) -> String {
        guard let first = words[range].first, let last = words[range].last else { return "" }
        return String(decoding: text[Int(first.start)..<Int(last.end)].prefix(240), as: UTF8.self)
    }
}
