// Bylines: stated (`By A and B`), bare names beside a date, and the credits at the end of a story.

internal import Text

extension Reader {
    /// A story has some authors. This many bound the work for what is no story: each is compared with all others.
    private static let mostBylines = 256

    mutating func addByline(_ name: Range<Int>, rule: String) {
        let hash = Letters.hash(text, name)
        guard bylines.count < Reader.mostBylines, !bylines.contains(hash) else { return }
        bylines.append(hash)
        add(.byline, name, rule: rule, value: Casing.person(text, name))
    }

    /// `By A, Reuters`, `Von A und B`, or the word alone with the names on the next line.
    mutating func readStatedByline(_ rest: Range<Int>, index: Int, range: Range<Int>) -> Bool {
        guard index <= bodyStart + 1 || index + 4 >= blocks.count, range.count <= 240 else { return false }
        if rest.isEmpty || rest.count == 1 && text[rest.lowerBound] == Byte.colon { return readNamesBelow(index) }
        var names = rest
        if text[names.lowerBound] == Byte.colon { names = Lines.trimmed(text, names.lowerBound + 1..<names.upperBound) }
        return addStatedNames(names, isStated: !endsSentence(names), rule: "byline/stated")
    }

    /// Adds the names in `range`; false if there is anything else in it.
    mutating func addStatedNames(_ range: Range<Int>, isStated: Bool, rule: String) -> Bool {
        guard var found = Names.list(text, range, isStated: isStated) else { return false }
        // The agency after a name is where the author works, unless the two share the work.
        if found.count > 1, let last = found.last, let agency = affiliation(last, after: found[found.count - 2]) {
            found.removeLast()
            add(.infosource, agency, rule: "infosource/byline")
        }
        for name in found { addByline(name, rule: rule) }
        return true
    }

    /// `Von`, alone on its line, and names on the lines below it.
    private mutating func readNamesBelow(_ index: Int) -> Bool {
        guard isPage, index < bodyStart else { return false }
        var next = index + 1
        while next < min(blocks.count, index + 5) {
            let range = content(blocks[next]).0
            if Phrases.leading(text, range)?.0 == .byline { return true }
            guard let names = Names.list(text, range, isStated: next == index + 1) else { break }
            for name in names { addByline(name, rule: "byline/line-below") }
            blocks[next].role = .byline
            next += 1
        }
        return next > index + 1
    }

    private func affiliation(_ last: Range<Int>, after name: Range<Int>) -> Range<Int>? {
        let sign = Dates.skipBlanks(text, name.upperBound, last.lowerBound)
        guard Agencies.isAgency(text, last), text[sign] == Byte.comma || text[sign] == Byte.slash else { return nil }
        return last
    }

    /// Names that stand alone above the body, as web pages have them: near a date, or else names that the story
    /// itself does not speak of.
    mutating func findBylines(nearDate: Bool) {
        guard isPage else { return }
        let end = min(blocks.count, bodyStart + 3)
        var candidates = 0
        for index in first..<max(first, end) where canBeByline(index, nearDate: nearDate) {
            guard isNearDate(index, end: end) == nearDate, nearDate || index < bodyStart else { continue }
            guard let names = bareNames(content(blocks[index]).0) else { continue }
            candidates += 1
            guard candidates <= 8, !names.contains(where: { isSpokenOf($0, after: index) }) else { continue }
            for name in names { addByline(name, rule: nearDate ? "byline/name-near-date" : "byline/name-above-body") }
            blocks[index].role = .byline
        }
    }

    private func canBeByline(_ index: Int, nearDate: Bool) -> Bool {
        let block = blocks[index]
        guard block.count <= 120, block.role == .open || nearDate && block.role == .list else { return false }
        // A name over a credit is whom the picture shows.
        guard nearDate, index + 1 < blocks.count, blocks[index + 1].count <= 200 else { return true }
        return !Pictures.startsWithCredit(text, content(blocks[index + 1]).0)
    }

    private func bareNames(_ range: Range<Int>) -> [Range<Int>]? {
        if let twice = repeatedName(range) { return [twice] }
        return koreanReporters(range) ?? Names.list(text, range, isStated: false)
    }

    /// `배윤경 기자 bykj@mk.co.kr 이상현 기자 ...`: the names before each word for a reporter.
    private func koreanReporters(_ range: Range<Int>) -> [Range<Int>]? {
        guard text[range.lowerBound] >= Byte.hangulLead else { return nil }
        var names: [Range<Int>] = []
        for at in range where text[at] == Byte.space && Letters.has(" 기자", text, at: at) {
            var start = at
            while start > range.lowerBound, text[start - 1] != Byte.space { start -= 1 }
            if (6...12).contains(at - start) { names.append(start..<at) }
        }
        return names.isEmpty ? nil : names
    }

    /// `Martin Gramnæs Martin Gramnæs`: a picture's label and the name under it.
    private func repeatedName(_ range: Range<Int>) -> Range<Int>? {
        guard range.count >= 11, range.count % 2 == 1 else { return nil }
        let half = range.lowerBound..<range.lowerBound + range.count / 2
        guard text[half.upperBound] == Byte.space,
            Letters.hash(text, half) == Letters.hash(text, half.upperBound + 1..<range.upperBound)
        else { return nil }
        return Names.isName(text, half, isStated: false) ? half : nil
    }

    private func isNearDate(_ index: Int, end: Int) -> Bool {
        for other in max(first, index - 3)..<min(end, index + 4) where blocks[other].role == .date { return true }
        return false
    }

    /// Whether the last word of a name comes again in the copy below: then it is whom the story is about.
    private func isSpokenOf(_ name: Range<Int>, after index: Int) -> Bool {
        if Agencies.isAgency(text, name) { return false }
        var start = name.upperBound
        while start > name.lowerBound, text[start - 1] != Byte.space { start -= 1 }
        let word = start..<name.upperBound
        let last = min(text.count, blocks[index].range.upperBound + Reader.farthestMention) - word.count
        var at = blocks[index].range.upperBound
        while at < last {
            if text[at] == text[word.lowerBound], matches(word, at: at) {
                return text[Swift.max(0, at - 1)] == Byte.space && !isAlone(at)
            }
            at += 1
        }
        return false
    }

    private static let farthestMention = 20_000

    private func matches(_ word: Range<Int>, at: Int) -> Bool {
        for offset in 0..<word.count where text[word.lowerBound + offset] != text[at + offset] { return false }
        return true
    }

    /// Whether the word at `at` stands in a short line, such as a second byline.
    private func isAlone(_ at: Int) -> Bool {
        var start = at
        while start > 0, at - start < 60, text[start - 1] != Byte.lineFeed { start -= 1 }
        return at - start < 60 && start > 0 && text[start - 1] == Byte.lineFeed && !Letters.isLower(text, at: start)
    }
}
