// Pictures in running copy: a caption and its credit. Promises: a credit is believed only for its own
// words (Photo, an agency and a name ...) in brackets; looks at most ``longest`` bytes around it.

enum Pictures {
    /// The longest caption that is believed.
    static let longest = 1_000

    /// The credit in the brackets that open at `open`: what is inside, and where the brackets end.
    static func credit(_ text: [UInt8], open: Int, end: Int) -> (inside: Range<Int>, end: Int)? {
        guard open < end, text[open] == 0x28 || text[open] == 0x5B else { return nil }
        let close: UInt8 = text[open] == 0x28 ? 0x29 : 0x5D
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
        guard range.count >= 5 else { return false }
        if startsWithCreditWord(text, range) { return true }
        guard let slash = range.first(where: { text[$0] == 0x2F }) else { return false }
        let before = Lines.trimmed(text, range.lowerBound..<slash)
        let after = Lines.trimmed(text, slash + 1..<range.upperBound)
        return Agencies.isAgency(text, before) && Letters.isUpper(text, at: after.lowerBound)
            || Agencies.isAgency(text, after) && Letters.isUpper(text, at: before.lowerBound)
    }

    static let creditWords = WordTable([
        (
            1,
            "photo photos photograph foto fotos foto: bild bildquelle image images picture fotografía фото credit video"
        )
    ])

    static func startsWithCreditWord(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        var stop = range.lowerBound
        while stop < range.upperBound, Letters.isAsciiLetter(text[stop]) || text[stop] >= 0x80 { stop += 1 }
        return stop > range.lowerBound && creditWords.value(of: range.lowerBound..<stop, in: text) != nil
    }

    /// Where the last sentence before `end` starts, looking back to `start` at most.
    static func lastSentence(_ text: [UInt8], from start: Int, to end: Int) -> Int {
        var at = end - 2
        while at > start {
            let byte = text[at - 1]
            if text[at] == 0x20, byte == 0x2E || byte == 0x21 || byte == 0x3F || byte == 0x22 || byte == 0x9D,
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
        guard text[dot] == 0x2E else { return false }
        var begin = dot
        while begin > start, Letters.isAsciiLetter(text[begin - 1]) { begin -= 1 }
        let count = dot - begin
        return count == 1 && Letters.isUpper(text, at: begin) || abbreviations.value(of: begin..<dot, in: text) != nil
    }

    private static let abbreviations = WordTable([
        (1, "mr mrs ms dr prof st gen col lt sgt sen rep gov jr sr no jan feb mar apr jun jul aug sep sept oct nov dec")
    ])
}
