// The top of a document: `key: value` lines, a bare date, the headline.

internal import Text

extension Reader {

    /// Takes off the frame of a telegraphic wire; of several stories in one file only the first is read.
    mutating func cutFrame() {
        guard WireFrames.isOpening(text, blocks[0].range) || blocks.contains(where: { $0.count == 4 }) else { return }
        if WireFrames.isOpening(text, blocks[0].range) {
            add(.boilerplate, blocks[0].range, rule: "wire/opening")
            blocks.removeFirst()
        }
        guard
            let end = blocks.firstIndex(where: {
                WireFrames.isClosing(text, $0.range) || WireFrames.isOpening(text, $0.range)
            })
        else { return }
        for block in blocks[end...] { add(.boilerplate, block.range, rule: "wire/after-the-story") }
        if blocks[end...].contains(where: { $0.count > 20 }) {
            notes.append("The file holds more than one story, by its wire's separators; only the first is read.")
        }
        blocks.removeSubrange(end...)
    }

    /// Reads header lines from the top on; stops at the first line that is none.
    mutating func readHeader() {
        while first < blocks.count, first < 24 {
            if readBareDate() { continue }
            guard readKeyedLine() else { return }
        }
    }

    /// `date 2024-12-03 [Headline]`: the name of a field, a date, perhaps the headline after it.
    private mutating func readBareDate() -> Bool {
        let range = blocks[first].range
        if readDateAlone(range) { return true }
        guard header == nil, range.count >= 12, text[range.lowerBound] | Byte.caseBit == UInt8(ascii: "d"),
            Letters.hash(text, range.lowerBound..<range.lowerBound + 4) == Reader.dateWord
        else { return false }
        var at = range.lowerBound + 4
        if text[at] == Byte.colon { at += 1 }
        let start = Dates.skipBlanks(text, at, range.upperBound)
        guard start > range.lowerBound + 4, let date = Dates.parse(text, at: start, end: range.upperBound),
            date.year != nil
        else { return false }
        header = date
        let rest = Lines.trimmed(text, afterTime(date.range.upperBound, range.upperBound)..<range.upperBound)
        if !rest.isEmpty { addHeadline(rest, rule: "headline/date-line") }
        first += 1
        return true
    }

    /// A line above the headline that is a date and nothing else.
    private mutating func readDateAlone(_ range: Range<Int>) -> Bool {
        guard header == nil, !hasHeadline, range.count <= 40, first + 1 < blocks.count,
            let date = Dates.parse(text, at: range.lowerBound, end: range.upperBound), date.year != nil,
            date.day != nil,
            Lines.trimmed(text, afterTime(date.range.upperBound, range.upperBound)..<range.upperBound).isEmpty
        else { return false }
        header = date
        first += 1
        return true
    }

    private static let dateWord = Letters.hash(Array("date".utf8), 0..<4)

    /// Where the time of day that may follow a date ends: `T10:15:00Z`, ` 10:15`.
    private func afterTime(_ at: Int, _ end: Int) -> Int {
        var next = at
        var colons = 0
        while next < end, next - at < 30 {
            let byte = text[next]
            if byte == Byte.colon { colons += 1 }
            let isPart =
                Letters.isDigit(byte) || byte == Byte.colon || byte == Byte.period || byte == UInt8(ascii: "T")
                || byte == Byte.upperZ || byte == Byte.plus
                || byte == Byte.hyphen || byte == Byte.space
            if !isPart { break }
            next += 1
        }
        return colons > 0 ? next : at
    }

    private mutating func readKeyedLine() -> Bool {
        guard let line = HeaderKey.read(text, blocks[first].range), !line.value.isEmpty, state(line.kind, line.value)
        else {
            return false
        }
        first += 1
        return true
    }

    /// Adds the field that a header line states; false where its value cannot be one.
    private mutating func state(_ kind: Field.Kind, _ value: Range<Int>) -> Bool {
        switch kind {
        case .headline:
            guard !hasHeadline else { return false }
            addHeadline(value, rule: "headline/header")
        case .contentcreated:
            guard header == nil, let date = Dates.first(text, in: value), date.year != nil else { return false }
            header = date
        case .byline:
            var names = value
            if let (phrase, end) = Phrases.leading(text, value), phrase == .byline {
                names = Lines.trimmed(text, end..<value.upperBound)
            }
            guard addStatedNames(names, isStated: true, rule: "byline/header") else { return false }
        case .pubstatus:
            let status = string(value).lowercased()
            guard ["usable", "withheld", "canceled"].contains(status) else { return false }
            add(.pubstatus, value, rule: "pubstatus/header", value: status)
        case .language:
            guard value.count <= 16 else { return false }
            add(.language, value, rule: "language/header", value: string(value).lowercased())
        default:
            guard value.count <= 1_000 else { return false }
            add(kind, value, rule: "\(kind.rawValue)/header")
        }
        return true
    }

    mutating func addHeadline(_ range: Range<Int>, rule: String) {
        hasHeadline = true
        add(.headline, range, rule: rule)
        readUpdateKind(range)
    }

    /// The first line is the headline if it is no sentence of the copy, has no strong dateline, and something
    /// follows it.
    mutating func readHeadline() {
        readNotesAbove()
        guard !hasHeadline, first + 1 < blocks.count else { return }
        var range = blocks[first].range
        // `* Headline`: the mark of a page's breadcrumbs.
        if range.count > 2, text[range.lowerBound] == Byte.asterisk { range = content(blocks[first]).0 }
        range = withoutHeadingMark(range)
        guard !range.isEmpty, range.count <= 400, !isCopy(range) else { return }
        if let dateline = Datelines.parse(text, at: range.lowerBound, end: range.upperBound), dateline.isStrong {
            return
        }
        blocks[first].role = .headline
        first += 1
        while let rest = restOfHeadline(range) {
            range = range.lowerBound..<rest.upperBound
            blocks[first].role = .headline
            first += 1
        }
        addHeadline(range, rule: "headline/first-line")
        readHeader()
    }

    /// The next line, where a headline in capitals was broken at a fixed width: it is in capitals, too, and what follows is
    /// apart, or a byline.
    private func restOfHeadline(_ headline: Range<Int>) -> Range<Int>? {
        guard first + 1 < blocks.count, blocks[first].blanks == 0, (16...200).contains(headline.count) else {
            return nil
        }
        let line = blocks[first].range
        guard line.count <= 80, Letters.isAllCaps(text, headline),
            !line.contains(where: { Letters.isLower(text, at: $0) }),
            line.contains(where: { Letters.isAsciiLetter(text[$0]) || Letters.isDigit(text[$0]) }),
            Phrases.leading(text, line)?.0 != .byline,
            Datelines.parse(text, at: line.lowerBound, end: line.upperBound)?.isStrong != true
        else { return nil }
        return blocks[first + 1].blanks > 0 || Phrases.leading(text, blocks[first + 1].range)?.0 == .byline ? line : nil
    }

    /// `## Headline`, as Markdown has it.
    private func withoutHeadingMark(_ range: Range<Int>) -> Range<Int> {
        let start = range.first { text[$0] != Byte.number } ?? range.upperBound
        guard (1...6).contains(start - range.lowerBound), start < range.upperBound, text[start] == Byte.space else {
            return range
        }
        var end = range.upperBound
        while end > start, text[end - 1] == Byte.number { end -= 1 }
        return Lines.trimmed(text, start..<end)
    }

    /// Notes to editors and embargoes above the headline.
    private mutating func readNotesAbove() {
        while first + 1 < blocks.count, let (phrase, end) = Phrases.leading(text, blocks[first].range) {
            let range = blocks[first].range
            var start = end
            while start < range.upperBound, text[start] == Byte.colon || text[start] <= Byte.space { start += 1 }
            guard start < range.upperBound, range.count <= 300 else { return }
            switch phrase {
            case .ednote: add(.ednote, start..<range.upperBound, rule: "ednote/above")
            case .embargo: add(.embargoed, start..<range.upperBound, rule: "embargo/above")
            default: return
            }
            first += 1
        }
    }

    /// Whether a first line reads as the first paragraph of copy that has no headline.
    private func isCopy(_ range: Range<Int>) -> Bool {
        guard endsSentence(range) else { return false }
        let isStop = text[range.upperBound - 1] == Byte.period || Letters.has("。", text, at: range.upperBound - 3)
        return range.count > (isStop ? 120 : 180) && blocks[first + 1].count > range.count / 3
    }
}
