// What stands under a story: who reported, wrote and edited it, the end mark, where to write to.

internal import Text

extension Reader {
    /// Reads a line under the story; false if it is none.
    mutating func readTrailer(_ range: Range<Int>) -> Bool {
        let inner = withoutBrackets(range)
        if inner.count <= 16, Self.endMarks.value(of: inner, in: text) != nil { return true }
        var isTrailer = false
        var clause = inner.lowerBound
        if text[clause] == Byte.openParenthesis || text[clause] == Byte.openBracket { clause += 1 }
        // Clauses stand between semicolons and full stops; each says by its first words what its names did.
        while clause < range.upperBound, let (verb, verbEnd) = verb(clause, range.upperBound) {
            let end = clauseEnd(verbEnd, range.upperBound)
            guard let names = names(Lines.trimmed(text, verbEnd..<end)) else { break }
            isTrailer = true
            if verb == Self.reported { for name in names { addByline(name, rule: "byline/trailer") } }
            clause = Dates.skipBlanks(text, end + 1, range.upperBound)
        }
        return isTrailer
    }

    static let reported: UInt8 = 1

    private func withoutBrackets(_ range: Range<Int>) -> Range<Int> {
        var inner = range
        for (open, close): (StaticString, StaticString) in [("(", ")"), ("（", "）"), ("[", "]")] {
            let length = open.utf8CodeUnitCount
            if inner.count > 2 * length, Letters.has(open, text, at: inner.lowerBound),
                Letters.has(close, text, at: inner.upperBound - length)
            {
                inner = inner.lowerBound + length..<inner.upperBound - length
            }
        }
        return inner
    }

    private func clauseEnd(_ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end, text[at] != Byte.semicolon, text[at] != Byte.closeParenthesis, text[at] != Byte.closeBracket {
            if text[at] == Byte.period, at + 1 >= end || text[at + 1] == Byte.space && at > start + 12 { break }
            at += 1
        }
        return at
    }

    /// The words that begin a clause and where they end.
    private func verb(_ start: Int, _ end: Int) -> (UInt8, Int)? {
        let limit = min(end, start + 40)
        var state = Letters.HashState()
        var words = 0
        var best: (UInt8, Int)?
        for at in start..<limit {
            if text[at] == Byte.space {
                words += 1
                if let value = Self.verbs.value(hash: state.value) { best = (value, at) }
                if words == 4 { break }
            }
            state.add(text[at])
        }
        return best
    }

    private func names(_ range: Range<Int>) -> [Range<Int>]? {
        guard let names = Names.list(text, range, isStated: true),
            names.allSatisfy({ Letters.isUpper(text, at: $0.lowerBound) || Scripts.isCJK(text, at: $0.lowerBound) })
        else { return nil }
        return names
    }
}
