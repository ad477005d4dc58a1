// Text -> lines -> blocks (paragraphs as they were typed). Promises: one pass, linear time, and memory in
// proportion to the text that is there, not to its blank lines; beyond ``Lines/most`` lines the rest is one.

internal import Text

/// One line that has something on it, without the white space at its ends.
struct Line {
    var start: Int
    var end: Int
    /// How many bytes of white space stand before it.
    var indent: Int
    /// How many blank lines stand before it.
    var blanks: Int

    var range: Range<Int> { start..<end }
    var count: Int { end - start }
}

enum Lines {
    /// A story has some dozens of lines. This many bound the memory for what is no story.
    static let most = 50_000

    /// The lines of `text` that are not blank.
    static func split(_ text: [UInt8]) -> [Line] {
        var lines: [Line] = []
        lines.reserveCapacity(64)
        let span = text.span
        var at = 0
        var blanks = 0
        while at < span.count {
            let start = at
            at = lineEnd(span, from: at)
            let line = trimmed(text, start..<at)
            at = afterLineEnd(span, at)
            if line.isEmpty {
                blanks += 1
                continue
            }
            if lines.count == most {
                lines[most - 1].end = line.upperBound
                continue
            }
            lines.append(
                Line(start: line.lowerBound, end: line.upperBound, indent: line.lowerBound - start, blanks: blanks))
            blanks = 0
        }
        return lines
    }

    private static func lineEnd(_ span: Span<UInt8>, from start: Int) -> Int {
        var at = Bytes.nextSpecial(span, from: start)
        while at < span.count {
            let byte = span[at]
            if byte == Byte.lineFeed || byte == Byte.carriageReturn { return at }
            if byte == Byte.punctuationLead, isSeparator(span, at) { return at }
            // The text is well-formed, so the lead byte tells how far the letter goes.
            at += byte >= Byte.threeByteLead ? 3 : byte >= Byte.latinSignLead ? 2 : 1
            if at < span.count, span[at] < Byte.firstBeyondASCII { at = Bytes.nextSpecial(span, from: at) }
        }
        return min(at, span.count)
    }

    /// U+2028 or U+2029.
    private static func isSeparator(_ span: Span<UInt8>, _ at: Int) -> Bool {
        at + 2 < span.count && span[at + 1] == Byte.continuation && span[at + 2] & 0xFE == 0xA8
    }

    private static func afterLineEnd(_ span: Span<UInt8>, _ at: Int) -> Int {
        guard at < span.count else { return at }
        if span[at] == Byte.punctuationLead { return at + 3 }
        if span[at] == Byte.carriageReturn, at + 1 < span.count, span[at + 1] == Byte.lineFeed { return at + 2 }
        return at + 1
    }

    /// `range` without the white space at its ends.
    static func trimmed(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end {
            let blank = blankLength(text, at: start)
            if blank == 0 { break }
            start += blank
        }
        while end > start {
            let blank = blankLength(text, before: end)
            if blank == 0 || end - blank < start { break }
            end -= blank
        }
        return min(start, end)..<end
    }

    /// The length of the white space that starts at `at`, or 0. Besides the blanks of ASCII: no-break space,
    /// soft hyphen, the spaces of U+2000..., zero-width space, the ideographic space and the byte order mark.
    static func blankLength(_ text: [UInt8], at: Int) -> Int {
        let byte = text[at]
        if byte <= Byte.space { return 1 }
        if byte < Byte.firstBeyondASCII { return 0 }
        guard at + 1 < text.count else { return 0 }
        if byte == Byte.latinSignLead { return text[at + 1] == 0xA0 || text[at + 1] == 0xAD ? 2 : 0 }
        guard at + 2 < text.count else { return 0 }
        return isWideBlank(byte, text[at + 1], text[at + 2]) ? 3 : 0
    }

    /// The length of the white space that ends at `end`, or 0.
    static func blankLength(_ text: [UInt8], before end: Int) -> Int {
        let byte = text[end - 1]
        if byte <= Byte.space { return 1 }
        if byte < Byte.firstBeyondASCII { return 0 }
        if end >= 2, text[end - 2] == Byte.latinSignLead { return byte == 0xA0 || byte == 0xAD ? 2 : 0 }
        guard end >= 3 else { return 0 }
        return isWideBlank(text[end - 3], text[end - 2], byte) ? 3 : 0
    }

    private static func isWideBlank(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second) {
        case (Byte.punctuationLead, Byte.continuation): third <= 0x8F || third == 0xA8 || third == 0xA9 || third == 0xAF
        case (Byte.kanaLead, Byte.continuation): third == Byte.continuation
        case (Byte.fullWidthLead, 0xBB): third == 0xBF
        default: false
        }
    }
}
