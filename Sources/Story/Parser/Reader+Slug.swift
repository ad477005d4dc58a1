// The line that an agency's editors set above a story: its slug (`BC-COCOA-REVIEW`, `AM-Iran, 1st Ld-Writethru,0750`), or
// the header line of ANPA 1312 (`u f BC-STORY 04-09 0321`) or IPTC 7901 (`ABC123 4 POL 50`). Promises: only a first line that
// has nothing else, with a line below it; looks at no more than that line.

internal import Text

extension Reader {
    /// The longest line that is looked at.
    private static let longestSlug = 90

    /// Takes such lines off the top: a wire's header may stand above the slug.
    mutating func readSlugs() {
        for _ in 0..<2 {
            guard first == 0 || fields.last?.kind == .slugline || fields.last?.kind == .urgency,
                first + 1 < blocks.count, blocks[first].count <= Reader.longestSlug
            else { return }
            let range = blocks[first].range
            guard readWireHeader(range) || readSlug(range) else { return }
            first += 1
        }
    }

    private mutating func readSlug(_ range: Range<Int>) -> Bool {
        let start = text[range.lowerBound] == Byte.caret ? range.lowerBound + 1 : range.lowerBound
        let comma = (start..<range.upperBound).first { text[$0] == Byte.comma } ?? range.upperBound
        guard isSlug(start..<comma) else { return false }
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
                return false
            }
            at = end
        }
        add(.slugline, start..<comma, rule: "slugline/first-line")
        for kind in parts { add(.updatekind, kind.range, rule: "updatekind/slugline", value: kind.value) }
        return true
    }

    /// One word with hyphens or slashes, in capitals or behind the letters of a cycle (`BC-`, `AM-`, `PM-`).
    private func isSlug(_ range: Range<Int>) -> Bool {
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
    private mutating func readWireHeader(_ range: Range<Int>) -> Bool {
        var words: [Range<Int>] = []
        var start = range.lowerBound
        for at in range.lowerBound...range.upperBound where at == range.upperBound || text[at] == Byte.space {
            if at > start { words.append(start..<at) }
            start = at + 1
        }
        func isNumber(_ word: Range<Int>) -> Bool { word.allSatisfy { Letters.isDigit(text[$0]) } }
        func isLetter(_ word: Range<Int>) -> Bool { word.count == 1 && Letters.isAsciiLetter(text[word.lowerBound]) }
        if words.count >= 4, isLetter(words[0]), isLetter(words[1]), isSlug(words[2]) || isSlug(words[2].dropFirst()),
            words[3].count == 5, text[words[3].lowerBound + 2] == Byte.hyphen, words.count == 4 || isNumber(words[4])
        {
            add(.urgency, words[0], rule: "urgency/wire-header")
            add(.slugline, words[2], rule: "slugline/wire-header")
            return true
        }
        guard words.count == 4, Letters.isAllCaps(text, words[0]), Letters.isDigit(text[words[0].upperBound - 1]),
            words[1].count == 1, isNumber(words[1]), words[2].count <= 3, Letters.isAllCaps(text, words[2]),
            isNumber(words[3])
        else { return false }
        add(.urgency, words[1], rule: "urgency/wire-header")
        return true
    }
}
