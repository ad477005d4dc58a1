// Pictures in running copy: a caption and its credit. Promises: a credit is believed only for its own
// words (Photo, an agency and a name ...) in brackets; looks at most ``longest`` bytes around it.

internal import Text

enum Pictures {
    /// The longest caption that is believed.
    static let longest = 1_000

    /// A story has some pictures. This many bound the work for what is no story.
    static let most = 256

    /// The credit in the brackets that open at `open`: what is inside, and where the brackets end.
    static func credit(_ text: [UInt8], open: Int, end: Int) -> (inside: Range<Int>, end: Int)? {
        guard open < end, text[open] == Byte.openParenthesis || text[open] == Byte.openBracket else { return nil }
        let close: UInt8 = text[open] == Byte.openParenthesis ? Byte.closeParenthesis : Byte.closeBracket
        let limit = min(end, open + 120)
        var stop = open + 1
        while stop < limit, text[stop] != close, text[stop] != text[open] { stop += 1 }
        guard stop < limit, text[stop] == close else { return nil }
        let inside = Lines.trimmed(text, open + 1..<stop)
        return isCredit(text, inside) ? (inside, stop + 1) : nil
    }

    /// Whether the words in brackets credit a picture: `Xinhua/Xie Huanchi`, `Photo/Xinhua`, `Photo by X`,
    /// `AP Photo/X`, `X/Reuters`, `Photo: X`.
    static func isCredit(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count >= 5, range.count <= 120 else { return false }
        if startsWithCreditWord(text, range) { return true }
        guard let slash = range.first(where: { text[$0] == Byte.slash || text[$0] == Byte.bar }) else {
            return hasCJKCreditWord(text, range)
        }
        let before = Lines.trimmed(text, range.lowerBound..<slash)
        let after = Lines.trimmed(text, slash + 1..<range.upperBound)
        return Agencies.isAgency(text, before) && Letters.isUpper(text, at: after.lowerBound)
            || (Agencies.isAgency(text, after) || Names.isName(text, before, isStated: false))
                && Letters.isUpper(text, at: before.lowerBound) && Letters.isUpper(text, at: after.lowerBound)
            || Agencies.isAgency(text, after)
    }

    /// Where a word or sign that credits begin with stands, from `start` on.
    private static func marker(_ text: [UInt8], from start: Int, _ range: Range<Int>) -> Int? {
        let span = text.span
        let end = range.upperBound
        var at = start
        while true {
            at = Bytes.next(
                of: (Byte.colon, UInt8(ascii: "b"), UInt8(ascii: "C"), Byte.latinSignLead), span, in: at..<end)
            guard at < end else { return nil }
            switch span[at] {
            case Byte.colon:
                if let word = wordBefore(text, at, from: range.lowerBound) { return word }
            case UInt8(ascii: "b"):
                if at > range.lowerBound, span[at - 1] == Byte.space, Letters.has("by ", text, at: at),
                    let word = wordBefore(text, at, from: range.lowerBound)
                {
                    return word
                }
            case UInt8(ascii: "C"):
                if end - at < 90, Letters.has("Copyright ", text, at: at) { return at }
            default:
                if end - at < 120, Letters.has("©", text, at: at) {
                    return wordBefore(text, at, from: range.lowerBound) ?? at
                }
            }
            at += 1
        }
    }

    private static func hasCJKCreditWord(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        for at in range where text[at] >= 0xE5 {
            for word: StaticString in ["提供", "写真", "사진", "图片", "摄"] where Letters.has(word, text, at: at) {
                return true
            }
        }
        return false
    }

    /// `新华社记者 谢环驰 摄` at the end: who took the picture.
    private static func photographer(_ text: [UInt8], _ range: Range<Int>) -> (start: Int, inside: Range<Int>)? {
        let end = range.upperBound
        guard end - range.lowerBound >= 9, Letters.has("摄", text, at: end - 3) || Letters.has("攝", text, at: end - 3)
        else {
            return nil
        }
        var at = end - 6
        let limit = max(range.lowerBound, end - 90)
        while at > limit {
            if Letters.has("。", text, at: at - 3) || Letters.has("　", text, at: at - 3) { return (at, at..<end) }
            at -= 1
        }
        return limit == range.lowerBound ? (limit, range) : nil
    }

    /// Whether a line is a credit from its first word on.
    static func startsWithCredit(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, let credit = trailingCredit(text, range) else { return false }
        return credit.start <= range.lowerBound + 2
            && text[credit.inside.lowerBound..<credit.inside.upperBound].contains(Byte.colon)
    }

    static func hasCredit(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        range.count <= 700 && trailingCredit(text, range) != nil
    }

    /// The credit that ends `range`: where it starts, with its brackets, and what it says.
    static func trailingCredit(_ text: [UInt8], _ range: Range<Int>) -> (start: Int, inside: Range<Int>)? {
        let end = range.upperBound
        if let bracketed = bracketedCredit(text, range) ?? photographer(text, range) { return bracketed }
        // A marker such as `Foto:`, `Photo by` or © late in the block, or at its start.
        if let marker = marker(text, from: max(range.lowerBound, end - 200), range) {
            var start = marker
            while start > range.lowerBound,
                [Byte.space, Byte.bar, Byte.comma, Byte.slash, Byte.hyphen].contains(text[start - 1])
            { start -= 1 }
            return (start, marker..<end)
        }
        return unmarkedCredit(text, range)
    }

    /// `... (Adel Hana/Associated Press)`, `... [Photo/Xinhua]`, `...（警視庁提供）`.
    private static func bracketedCredit(_ text: [UInt8], _ range: Range<Int>) -> (start: Int, inside: Range<Int>)? {
        let last = text[range.upperBound - 1]
        if last == 0x89 { return wideBracketedCredit(text, range) }
        guard last == Byte.closeParenthesis || last == Byte.closeBracket else { return nil }
        let open: UInt8 = last == Byte.closeParenthesis ? Byte.openParenthesis : Byte.openBracket
        var at = range.upperBound - 1
        while at > range.lowerBound, range.upperBound - at < 160, text[at] != open { at -= 1 }
        guard text[at] == open, let credit = credit(text, open: at, end: range.upperBound) else { return nil }
        return (at, credit.inside)
    }

    private static func wideBracketedCredit(_ text: [UInt8], _ range: Range<Int>) -> (start: Int, inside: Range<Int>)? {
        let close = range.upperBound - 3
        guard close > range.lowerBound, Letters.has("）", text, at: close) else { return nil }
        var at = close - 3
        while at > range.lowerBound, close - at < 100 {
            if Letters.has("（", text, at: at) {
                return hasCJKCreditWord(text, at + 3..<close) ? (at, at + 3..<close) : nil
            }
            at -= 1
        }
        return nil
    }

    /// Where the word before `at` starts, if it is one that credits begin with.
    private static func wordBefore(_ text: [UInt8], _ at: Int, from start: Int) -> Int? {
        var end = at
        while end > start, text[end - 1] == Byte.space { end -= 1 }
        var begin = end
        while begin > start, end - begin < 24,
            Letters.isAsciiLetter(text[begin - 1]) || text[begin - 1] >= Byte.firstBeyondASCII
        {
            begin -= 1
        }
        guard begin < end, end - begin < 24, creditWords.value(of: begin..<end, in: text) != nil else { return nil }
        return begin
    }

    /// `... in Bédar Emergencias Andalucía/EFE`: a few words after the last sentence, with an agency in them.
    private static func unmarkedCredit(_ text: [UInt8], _ range: Range<Int>) -> (start: Int, inside: Range<Int>)? {
        let end = range.upperBound
        let last = text[end - 1]
        guard last != Byte.period, last != Byte.quote, last != Byte.question, last != Byte.exclamation else {
            return nil
        }
        let limit = max(range.lowerBound, end - 90)
        // The farthest end of a sentence whose rest is a credit: initials have full stops too.
        var found: (start: Int, inside: Range<Int>)?
        var at = end - 1
        var tries = 0
        while at > limit, tries < 5 {
            if text[at] == Byte.space, let start = tailStart(text, at, range.lowerBound), startsCredit(text, at + 1) {
                tries += 1
                if namesSource(text, at + 1..<end) { found = (start, Lines.trimmed(text, at + 1..<end)) }
            }
            at -= 1
        }
        if found == nil, limit == range.lowerBound, namesSource(text, range) { found = (range.lowerBound, range) }
        return found ?? nameAfterSlash(text, range)
    }

    private static func startsCredit(_ text: [UInt8], _ at: Int) -> Bool {
        Letters.isUpper(text, at: at) || text[at] == Byte.slash || Scripts.isCJK(text, at: at)
    }

    /// Where a credit may start at the blank at `at`: after a sentence, a quotation, a bracket or a letter that no
    /// script with capitals has.
    private static func tailStart(_ text: [UInt8], _ at: Int, _ start: Int) -> Int? {
        guard at > start else { return nil }
        switch text[at - 1] {
        case Byte.period, Byte.quote, Byte.closeParenthesis, Byte.exclamation, Byte.question, 0x9D: return at
        default: return nil
        }
    }

    /// `... am vergangenen Montag in La Soledat / Lorenzo Marina`.
    private static func nameAfterSlash(_ text: [UInt8], _ range: Range<Int>) -> (start: Int, inside: Range<Int>)? {
        let limit = max(range.lowerBound, range.upperBound - 60)
        var at = range.upperBound - 3
        while at > limit {
            if text[at] == Byte.slash || text[at] == Byte.bar, text[at - 1] == Byte.space, text[at + 1] == Byte.space {
                let name = Lines.trimmed(text, at + 1..<range.upperBound)
                return Names.isName(text, name, isStated: false) ? (at - 1, name) : nil
            }
            at -= 1
        }
        return nil
    }

    /// Whether a few words name an agency or a picture house: as the whole, or beside a slash or a bracket.
    private static func namesSource(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        if Agencies.isAgency(text, range) { return true }
        var start = range.lowerBound
        var signs = 0
        for at in range {
            guard
                text[at] == Byte.slash || text[at] == Byte.bar || text[at] == Byte.openParenthesis
                    || text[at] == Byte.closeParenthesis
            else { continue }
            signs += 1
            let part = Lines.trimmed(text, start..<at)
            if Agencies.isAgency(text, part) || Agencies.endsInAgency(text, part) { return true }
            start = at + 1
        }
        guard signs > 0 else { return false }
        return Agencies.isAgency(text, Lines.trimmed(text, start..<range.upperBound))
    }

    /// Whether the brackets that end `range` hold a name or an agency: a credit, if the line is no running text.
    static func bracketedName(_ text: [UInt8], _ range: Range<Int>) -> (start: Int, inside: Range<Int>)? {
        guard text[range.upperBound - 1] == Byte.closeParenthesis else { return nil }
        var at = range.upperBound - 1
        while at > range.lowerBound, range.upperBound - at < 80, text[at] != Byte.openParenthesis { at -= 1 }
        guard text[at] == Byte.openParenthesis, at > range.lowerBound + 12 else { return nil }
        let inside = Lines.trimmed(text, at + 1..<range.upperBound - 1)
        guard !inside.isEmpty, Agencies.isAgency(text, inside) || Names.isName(text, inside, isStated: false) else {
            return nil
        }
        return (at, inside)
    }

    /// The agency or picture house that a credit names.
    static func agency(_ credit: [UInt8]) -> Range<Int>? {
        var start = 0
        for at in 0...credit.count {
            guard
                at == credit.count
                    || [Byte.slash, Byte.bar, Byte.openParenthesis, Byte.closeParenthesis, Byte.comma, Byte.colon]
                        .contains(credit[at])
            else { continue }
            let part = Lines.trimmed(credit, start..<at)
            if Agencies.isAgency(credit, part) { return part }
            start = at + 1
        }
        return nil
    }

    static func startsWithCreditWord(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        var stop = range.lowerBound
        while stop < range.upperBound, Letters.isAsciiLetter(text[stop]) || text[stop] >= Byte.firstBeyondASCII {
            stop += 1
        }
        return stop > range.lowerBound && creditWords.value(of: range.lowerBound..<stop, in: text) != nil
    }

    /// Where the last sentence before `end` starts, looking back to `start` at most.
    static func lastSentence(_ text: [UInt8], from start: Int, to end: Int) -> Int {
        var at = end - 2
        while at > start {
            let byte = text[at - 1]
            if text[at] == Byte.space,
                byte == Byte.period || byte == Byte.exclamation || byte == Byte.question || byte == Byte.quote
                    || byte == 0x9D,
                Letters.isUpper(text, at: at + 1), !isAbbreviation(text, before: at - 1, from: start)
            {
                return at + 1
            }
            at -= 1
        }
        return start
    }

    /// Whether the full stop at `dot` ends an initial or a short title rather than a sentence.
    private static func isAbbreviation(_ text: [UInt8], before dot: Int, from start: Int) -> Bool {
        guard text[dot] == Byte.period else { return false }
        var begin = dot
        while begin > start, Letters.isAsciiLetter(text[begin - 1]) { begin -= 1 }
        let count = dot - begin
        return count == 1 && Letters.isUpper(text, at: begin) || abbreviations.value(of: begin..<dot, in: text) != nil
    }
}
