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

    /// The credit that ends `range`: where it starts, with its brackets, and what it says.
    static func trailingCredit(_ text: [UInt8], _ range: Range<Int>) -> (start: Int, inside: Range<Int>)? {
        let end = range.upperBound
        if let bracketed = bracketedCredit(text, range) { return bracketed }
        // A marker such as `Foto:`, `Photo by` or © late in the block, or at its start.
        var at = max(range.lowerBound, end - 200)
        while at < end {
            let byte = text[at]
            var marker: Int?
            if byte == 0x3A {
                marker = wordBefore(text, at, from: range.lowerBound)
            } else if byte == 0x62, Letters.has("by ", text, at: at), at > range.lowerBound, text[at - 1] == 0x20 {
                marker = wordBefore(text, at, from: range.lowerBound)
            } else if byte == 0xC2, Letters.has("©", text, at: at), end - at < 120 {
                marker = at
            }
            if let marker {
                var start = marker
                while start > range.lowerBound, [0x20, 0x7C, 0x2C, 0x2F, 0x2D].contains(text[start - 1]) { start -= 1 }
                return (start, marker..<end)
            }
            at += 1
        }
        return unmarkedCredit(text, range)
    }

    /// `... (Adel Hana/Associated Press)`, `... [Photo/Xinhua]`, `...（警視庁提供）`.
    private static func bracketedCredit(_ text: [UInt8], _ range: Range<Int>) -> (start: Int, inside: Range<Int>)? {
        let last = text[range.upperBound - 1]
        guard last == 0x29 || last == 0x5D else { return nil }
        let open: UInt8 = last == 0x29 ? 0x28 : 0x5B
        var at = range.upperBound - 1
        while at > range.lowerBound, range.upperBound - at < 160, text[at] != open { at -= 1 }
        guard text[at] == open, let credit = credit(text, open: at, end: range.upperBound) else { return nil }
        return (at, credit.inside)
    }

    /// Where the word before `at` starts, if it is one that credits begin with.
    private static func wordBefore(_ text: [UInt8], _ at: Int, from start: Int) -> Int? {
        var end = at
        while end > start, text[end - 1] == 0x20 { end -= 1 }
        var begin = end
        while begin > start, end - begin < 24, Letters.isAsciiLetter(text[begin - 1]) || text[begin - 1] >= 0x80 {
            begin -= 1
        }
        guard begin < end, end - begin < 24, creditWords.value(of: begin..<end, in: text) != nil else { return nil }
        return begin
    }

    /// `... in Bédar Emergencias Andalucía/EFE`: a few words after the last sentence, with an agency in them.
    private static func unmarkedCredit(_ text: [UInt8], _ range: Range<Int>) -> (start: Int, inside: Range<Int>)? {
        let last = text[range.upperBound - 1]
        guard last != 0x2E, last != 0x22, last != 0x3F, last != 0x21 else { return nil }
        let tail = tailStart(text, range)
        guard range.upperBound - tail <= 90, range.upperBound > tail else { return nil }
        let credit = tail..<range.upperBound
        return namesSource(text, credit) ? (tail, credit) : nil
    }

    /// Where the words after the last sentence of `range` start; its start if it is no more than such words.
    private static func tailStart(_ text: [UInt8], _ range: Range<Int>) -> Int {
        var at = range.upperBound - 1
        let limit = max(range.lowerBound, range.upperBound - 100)
        while at > limit {
            if text[at] == 0x20, text[at - 1] == 0x2E || text[at - 1] == 0x22 || text[at - 1] == 0x29 { return at + 1 }
            at -= 1
        }
        return limit
    }

    /// Whether a few words name an agency or a picture house: as the whole, or beside a slash.
    private static func namesSource(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        if Agencies.isAgency(text, range) { return true }
        var start = range.lowerBound
        var slashes = 0
        for at in range where text[at] == 0x2F || text[at] == 0x7C {
            slashes += 1
            if Agencies.isAgency(text, Lines.trimmed(text, start..<at)) { return true }
            start = at + 1
        }
        guard slashes > 0 else { return false }
        return Agencies.isAgency(text, Lines.trimmed(text, start..<range.upperBound))
    }

    static let creditWords = WordTable([
        (
            1,
            """
            photo photos photograph foto fotos bild bildquelle image images picture fotografía фото credit video copyright
            quelle symbolfoto archivfoto archivbild fotó zdjęcie fot kuva ảnh fotografie source
            """
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
