// The line that an agency's editors set above a story: its slug (`BC-COCOA-REVIEW`, `AM-Iran, 1st Ld-Writethru,0750`), or
// the header line of ANPA 1312 (`u f BC-STORY 04-09 0321`) or IPTC 7901 (`ABC123 4 POL 50`). Promises: only a line that has
// nothing else; looks at no more than that line.

internal import Text

/// What such a line states.
struct SlugLine {
    var slug: Range<Int>?
    /// Stated by the header of a wire, never by a slug alone.
    var urgency: Range<Int>?
    /// Which version of the story it is.
    var kinds: [UpdateKind] = []

    /// The longest line that is looked at.
    private static let longest = 90

    /// What the line at `range` states, if it is one.
    static func read(_ text: [UInt8], _ range: Range<Int>) -> SlugLine? {
        guard range.count <= longest else { return nil }
        return wireHeader(text, range) ?? slug(text, range)
    }

    private static func slug(_ text: [UInt8], _ range: Range<Int>) -> SlugLine? {
        let start = text[range.lowerBound] == Byte.caret ? range.lowerBound + 1 : range.lowerBound
        let comma = (start..<range.upperBound).first { text[$0] == Byte.comma } ?? range.upperBound
        guard isSlug(text, start..<comma) else { return nil }
        var parts: [UpdateKind] = []
        var at = comma
        // What follows the commas says which version it is, or how many words it has.
        while at < range.upperBound {
            let next = Dates.skipBlanks(text, at + 1, range.upperBound)
            let end = (next..<range.upperBound).first { text[$0] == Byte.comma } ?? range.upperBound
            let part = Lines.trimmed(text, next..<end)
            if let kind = UpdateKinds.alone(text, part) {
                parts.append(kind)
            } else if !part.allSatisfy({ Letters.isDigit(text[$0]) }) {
                return nil
            }
            at = end
        }
        return SlugLine(slug: start..<comma, kinds: parts)
    }

    /// One word with hyphens or slashes, in capitals or behind the letters of a cycle (`BC-`, `AM-`, `PM-`).
    private static func isSlug(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count >= 5 else { return false }
        var joints = 0
        for at in range {
            let byte = text[at]
            if byte == Byte.hyphen || byte == Byte.slash { joints += 1 }
            guard
                Letters.isAsciiLetter(byte) || Letters.isDigit(byte) || byte == Byte.hyphen || byte == Byte.slash
                    || byte == Byte.ampersand
            else { return false }
        }
        guard joints > 0, Letters.isAsciiLetter(text[range.lowerBound]) else { return false }
        let at = range.lowerBound
        let hasCycle =
            Letters.has("BC-", text, at: at) || Letters.has("AM-", text, at: at) || Letters.has("PM-", text, at: at)
        return hasCycle || Letters.isAllCaps(text, range)
    }

    /// `u f BC-STORY 04-09 0321` and `ABC123 4 POL 50`: priority, category, slug, date and number of words.
    private static func wireHeader(_ text: [UInt8], _ range: Range<Int>) -> SlugLine? {
        // Two letters each alone, or a number at the end: hardly any other line is taken apart.
        let hasTwoLetters =
            range.count > 4 && text[range.lowerBound + 1] == Byte.space && text[range.lowerBound + 3] == Byte.space
        guard hasTwoLetters || startsWithNumberedSource(text, range) else { return nil }
        var words: [Range<Int>] = []
        var start = range.lowerBound
        for at in range.lowerBound...range.upperBound where at == range.upperBound || text[at] == Byte.space {
            if at > start { words.append(start..<at) }
            start = at + 1
        }
        func isNumber(_ word: Range<Int>) -> Bool { word.allSatisfy { Letters.isDigit(text[$0]) } }
        func isLetter(_ word: Range<Int>) -> Bool { word.count == 1 && Letters.isAsciiLetter(text[word.lowerBound]) }
        if words.count >= 4, isLetter(words[0]), isLetter(words[1]),
            isSlug(text, words[2]) || isSlug(text, words[2].dropFirst()),
            words[3].count == 5, text[words[3].lowerBound + 2] == Byte.hyphen, words.count == 4 || isNumber(words[4])
        {
            return SlugLine(slug: words[2], urgency: words[0])
        }
        guard words.count == 4 || words.count == 5 && isKeyword(text, words[4]), Letters.isAllCaps(text, words[0]),
            Letters.isDigit(text[words[0].upperBound - 1]),
            words[1].count == 1, isNumber(words[1]), words[2].count <= 3, Letters.isAllCaps(text, words[2]),
            isNumber(words[3])
        else { return nil }
        return SlugLine(slug: words.count == 5 ? words[4] : nil, urgency: words[1])
    }

    /// Whether the line begins with a source's letters and number, and a priority: `RTR0123 4 `.
    private static func startsWithNumberedSource(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        guard let blank = range.prefix(12).first(where: { text[$0] == Byte.space }), blank > range.lowerBound else {
            return false
        }
        return blank + 2 < range.upperBound && Letters.isDigit(text[blank - 1]) && Letters.isDigit(text[blank + 1])
            && text[blank + 2] == Byte.space
    }

    /// One word in capitals.
    private static func isKeyword(_ text: [UInt8], _ word: Range<Int>) -> Bool {
        Letters.isAllCaps(text, word)
    }
}
