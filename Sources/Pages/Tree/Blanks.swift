// White space and what is not seen. Promises: linear time; valid UTF-8 stays valid.

internal import Text

enum Blanks {
    /// Appends text: every run of blanks (those of any width, too) becomes one blank; soft hyphens and other letters that are
    /// not seen are left out.
    static func append(_ source: Span<UInt8>, to text: inout [UInt8]) {
        var at = 0
        let end = source.count
        var isBlank = false
        while at < end {
            let byte = source[at]
            let (length, kind) = special(byte, source, at, end)
            if kind == .letter {
                isBlank = false
                var stop = at + length
                while stop < end, !mayBeSpecial(source[stop]) { stop += 1 }
                while at < stop {
                    text.append(source[at])
                    at += 1
                }
                continue
            }
            if kind == .blank {
                if !isBlank { text.append(Byte.space) }
                isBlank = true
            }
            at += length
        }
    }

    /// The text at `range`, trimmed, with single blanks.
    static func string(_ source: [UInt8], _ range: Range<Int>) -> String {
        var text: [UInt8] = []
        append(source.span.extracting(range), to: &text)
        var slice = text[...]
        if slice.first == Byte.space { slice.removeFirst() }
        if slice.last == Byte.space { slice.removeLast() }
        return String(decoding: slice, as: UTF8.self)
    }

    private enum Kind { case letter, blank, unseen }

    private static func mayBeSpecial(_ byte: UInt8) -> Bool {
        byte <= Byte.space || byte == Byte.delete || byte == Byte.latinSignLead || byte == Byte.punctuationLead
            || byte == Byte.kanaLead || byte == Byte.fullWidthLead
    }

    /// What the letter at `at` is, and its length.
    private static func special(_ byte: UInt8, _ source: Span<UInt8>, _ at: Int, _ end: Int) -> (Int, Kind) {
        if byte <= Byte.space || byte == Byte.delete { return (1, .blank) }
        if byte == Byte.latinSignLead, at + 1 < end {
            let next = source[at + 1]
            // U+00A0 is a blank, U+00AD the soft hyphen; U+0080 to U+009F are control characters.
            return next == 0xA0 ? (2, .blank) : next == 0xAD || next < 0xA0 ? (2, .unseen) : (2, .letter)
        }
        guard at + 2 < end else { return (1, .letter) }
        let (second, third) = (source[at + 1], source[at + 2])
        if byte == Byte.punctuationLead, second == Byte.continuation {
            // U+2000 to U+200A are blanks of some width, U+200B to U+200F, U+2028 to U+202E are not seen.
            if third <= 0x8A || third == 0xAF { return (3, .blank) }
            if third <= 0x8F || 0xA8...0xAE ~= third { return (3, .unseen) }
            return (3, .letter)
        }
        if byte == Byte.punctuationLead, second == 0x81, 0xA0...0xA4 ~= third { return (3, .unseen) }
        // U+3000, the blank of Chinese and Japanese.
        if byte == Byte.kanaLead, second == Byte.continuation, third == 0x80 { return (3, .blank) }
        if byte == Byte.fullWidthLead, second == 0xBB, third == 0xBF { return (3, .unseen) }
        return (1, .letter)
    }
}
