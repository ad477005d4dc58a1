// How long a story is, as editors count.

enum Counting {
    /// Words between blanks and signs; a letter of a script that writes no blanks is a word.
    static func words(_ text: [UInt8], _ range: Range<Int>) -> Int {
        var words = 0
        var inWord = false
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = text[at]
            if byte < 0x80 {
                let isPart =
                    Letters.isAsciiLetter(byte) || Letters.isDigit(byte) || inWord && (byte == 0x27 || byte == 0x2D)
                if isPart, !inWord { words += 1 }
                inWord = isPart
                at += 1
                continue
            }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            if Scripts.isCJK(text, at: at), text[at] != 0xEA, text[at] < 0xEB {
                words += 1
                inWord = false
            } else if Lines.blankLength(text, at: at) > 0
                || byte == 0xE2 && text[at + 1] == 0x80 && !isApostrophe(text, at)
            {
                inWord = false
            } else if byte >= 0xC3 {
                if !inWord, byte != 0xE3, byte != 0xEF { words += 1 }
                inWord = byte != 0xE3 && byte != 0xEF
            }
            at += length
        }
        return words
    }

    private static func isApostrophe(_ text: [UInt8], _ at: Int) -> Bool { Letters.has("’", text, at: at) }

    static func scalars(_ text: [UInt8], _ range: Range<Int>) -> Int {
        var scalars = 0
        for at in range where text[at] & 0xC0 != 0x80 { scalars += 1 }
        return scalars
    }
}
