// How long a story is, as editors count.

internal import Text

enum Counting {
    /// Words between blanks and signs; a letter of a script that writes no blanks is a word.
    static func words(_ text: [UInt8], _ range: Range<Int>) -> Int {
        var words = 0
        var inWord = false
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = text[at]
            if byte < Byte.firstBeyondASCII {
                let isPart =
                    Letters.isAsciiLetter(byte) || Letters.isDigit(byte)
                    || inWord && (byte == Byte.apostrophe || byte == Byte.hyphen)
                if isPart, !inWord { words += 1 }
                inWord = isPart
                at += 1
                continue
            }
            let length = byte >= Byte.fourByteLead ? 4 : byte >= Byte.threeByteLead ? 3 : 2
            if Scripts.isCJK(text, at: at), text[at] != Byte.hangulLead, text[at] < 0xEB {
                words += 1
                inWord = false
            } else if Lines.blankLength(text, at: at) > 0
                || byte == Byte.punctuationLead && text[at + 1] == Byte.continuation && !isApostrophe(text, at)
            {
                inWord = false
            } else if byte >= Byte.latinLead {
                if !inWord, byte != Byte.kanaLead, byte != Byte.fullWidthLead { words += 1 }
                inWord = byte != Byte.kanaLead && byte != Byte.fullWidthLead
            }
            at += length
        }
        return words
    }

    private static func isApostrophe(_ text: [UInt8], _ at: Int) -> Bool { Letters.has("’", text, at: at) }

    static func scalars(_ text: [UInt8], _ range: Range<Int>) -> Int {
        var scalars = 0
        for at in range where text[at] & Byte.kindMask != Byte.continuation { scalars += 1 }
        return scalars
    }
}
