// Capital letters and titles for people to read.

internal import Text

enum Casing {
    /// A person's name in title case where it is written in capitals or small letters only; else nil.
    static func person(_ text: [UInt8], _ range: Range<Int>) -> String? {
        range.count > 4 && Letters.isAllCaps(text, range) && !Agencies.isAgency(text, range) ? titled(text, range) : nil
    }

    /// A place in capitals in title case (`NEW YORK` as `New York`); nil where the text already is.
    static func titled(_ text: [UInt8], _ range: Range<Int>) -> String? {
        guard range.contains(where: { Letters.isUpper(text, at: $0) }) else { return nil }
        var result: [UInt8] = []
        var changed = false
        var word = range.lowerBound
        while word < range.upperBound {
            var end = word
            while end < range.upperBound, text[end] != Byte.space, text[end] != Byte.hyphen, text[end] != Byte.slash {
                end += 1
            }
            let isLong = end - word > 2 || changed || end == range.upperBound
            if isLong, !text[word..<end].contains(Byte.period), Letters.isAllCaps(text, word..<end) {
                changed = true
                appendTitled(text, word..<end, to: &result)
            } else {
                result.append(contentsOf: text[word..<end])
            }
            if end < range.upperBound { result.append(text[end]) }
            word = end + 1
        }
        return changed ? String(decoding: result, as: UTF8.self) : nil
    }

    /// The first letter as it is, the others small.
    private static func appendTitled(_ text: [UInt8], _ word: Range<Int>, to result: inout [UInt8]) {
        var at = word.lowerBound
        while at < word.upperBound {
            let (scalar, length) = Letters.scalar(text, at: at)
            if at == word.lowerBound {
                result.append(contentsOf: text[at..<at + length])
            } else if length == 1 {
                result.append(text[at] &- Byte.upperA < 26 ? text[at] | Byte.caseBit : text[at])
            } else {
                result.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            }
            at += length
        }
    }
}

enum DisplayTitle {
    /// The longest derived title, in bytes.
    static let longest = 120

    /// The first sentence of `body`, or as many of its words as make a title.
    static func range(_ text: [UInt8], in body: Range<Int>) -> Range<Int> {
        let limit = min(body.upperBound, body.lowerBound + longest)
        var lastBlank = limit
        var at = body.lowerBound
        while at < limit {
            if text[at] == Byte.space {
                lastBlank = at
                if at > body.lowerBound + 20, text[at - 1] == Byte.period, Letters.isUpper(text, at: at + 1) {
                    return body.lowerBound..<at
                }
            } else if Letters.has("。", text, at: at) {
                return body.lowerBound..<at + 3
            }
            at += 1
        }
        if limit == body.upperBound { return body }
        while lastBlank > body.lowerBound, lastBlank < text.count, text[lastBlank] & Byte.kindMask == Byte.continuation
        { lastBlank -= 1 }
        return Lines.trimmed(text, body.lowerBound..<lastBlank)
    }
}
