// Capital letters and titles for people to read.

enum Casing {
    /// A person's name in title case where it is written in capitals or small letters only; else nil.
    static func person(_ text: [UInt8], _ range: Range<Int>) -> String? {
        range.count > 4 && Letters.isAllCaps(text, range) && !Agencies.isAgency(text, range) ? titled(text, range) : nil
    }

    /// A place in capitals in title case (`NEW YORK` as `New York`); nil where the text already is.
    static func titled(_ text: [UInt8], _ range: Range<Int>) -> String? {
        var result = String.UnicodeScalarView()
        var changed = false
        var word = range.lowerBound
        while word < range.upperBound {
            var end = word
            while end < range.upperBound, text[end] != 0x20, text[end] != 0x2D, text[end] != 0x2F { end += 1 }
            let isInitials = text[word..<end].contains(0x2E)
            let scalars = String(decoding: text[word..<end], as: UTF8.self).unicodeScalars
            if !isInitials, end - word > 2 || changed || end == range.upperBound, Letters.isAllCaps(text, word..<end) {
                changed = true
                for (index, scalar) in scalars.enumerated() {
                    if index == 0 {
                        result.append(scalar)
                    } else {
                        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
                    }
                }
            } else {
                result.append(contentsOf: scalars)
            }
            if end < range.upperBound { result.append(Unicode.Scalar(text[end])) }
            word = end + 1
        }
        return changed ? String(result) : nil
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
            if text[at] == 0x20 {
                lastBlank = at
                if at > body.lowerBound + 20, text[at - 1] == 0x2E, Letters.isUpper(text, at: at + 1) {
                    return body.lowerBound..<at
                }
            } else if Letters.has("。", text, at: at) {
                return body.lowerBound..<at + 3
            }
            at += 1
        }
        if limit == body.upperBound { return body }
        while lastBlank > body.lowerBound, lastBlank < text.count, text[lastBlank] & 0xC0 == 0x80 { lastBlank -= 1 }
        return Lines.trimmed(text, body.lowerBound..<lastBlank)
    }
}
