// What a headline says about versions: `UPDATE 2-`, `CORRECTED -`, `3rd LD-Writethru:`, `KILL:`. Promises: only
// words that stand apart from the headline by a sign count, so that `Flash floods kill ten` says nothing.

internal import Text

/// One statement about the version of a story.
struct UpdateKind {
    /// The words and the sign after them.
    var range: Range<Int>
    var kind: Kind
    /// The number beside it: 2 for `UPDATE 2-`.
    var number: Int?

    enum Kind: UInt8, CaseIterable {
        case flash = 1
        case bulletin, urgent, lead, writethru, update, correction, refile, `repeat`, advisory, hold, kill
    }

    /// `lead 2`, `correction` ...
    var value: String { number.map { "\(kind) \($0)" } ?? "\(kind)" }
}

enum UpdateKinds {
    /// The statements at the start of `headline`, in order: `RPT-UPDATE 2-...` makes two.
    static func leading(_ text: [UInt8], _ headline: Range<Int>) -> [UpdateKind] {
        var kinds: [UpdateKind] = []
        var at = headline.lowerBound
        while kinds.count < 3, let kind = one(text, at, headline.upperBound) {
            kinds.append(kind)
            at = Dates.skipBlanks(text, kind.range.upperBound, headline.upperBound)
        }
        return kinds
    }

    /// What a part of a slug line says, if it says nothing else: `1st Ld-Writethru`, `URGENT`.
    static func alone(_ text: [UInt8], _ part: Range<Int>) -> UpdateKind? {
        var at = part.lowerBound
        let number = ordinal(text, &at, part.upperBound)
        guard var kind = word(text, &at, part.upperBound) else { return nil }
        if kind == .lead, let second = writethru(text, &at, part.upperBound) { kind = second }
        return at == part.upperBound ? UpdateKind(range: part, kind: kind, number: number) : nil
    }

    private static func one(_ text: [UInt8], _ start: Int, _ end: Int) -> UpdateKind? {
        let bracket = bracketLength(text, start, end)
        var at = start + bracket
        var number = ordinal(text, &at, end)
        let isOrdinal = number != nil
        let wordStart = at
        guard let kind = word(text, &at, end) else { return nil }
        var found = UpdateKind(range: start..<at, kind: kind, number: nil)
        if kind == .lead, let second = writethru(text, &at, end) { found.kind = second }
        if number == nil { number = plainNumber(text, &at, end) }
        found.number = number
        let isCapital =
            Letters.isAllCaps(text, wordStart..<found.range.upperBound) || text[wordStart] >= Byte.threeByteLead
        guard let stop = signEnd(text, at, end, inBrackets: bracket > 0), stop < end || bracket > 0 else {
            // Only `2nd LD` needs no sign after it.
            guard isOrdinal, kind == .lead || kind == .writethru, at < end, text[at] == Byte.space else { return nil }
            found.range = start..<at
            return found
        }
        guard isCapital || bracket > 0 || isOrdinal || needsNoCapitals(kind) else { return nil }
        found.range = start..<stop
        return found
    }

    private static func needsNoCapitals(_ kind: UpdateKind.Kind) -> Bool {
        switch kind {
        case .correction, .refile, .urgent, .writethru: true
        default: false
        }
    }

    private static func bracketLength(_ text: [UInt8], _ at: Int, _ end: Int) -> Int {
        guard at < end else { return 0 }
        if text[at] == Byte.openParenthesis || text[at] == Byte.openBracket { return 1 }
        return Letters.has("（", text, at: at) || Letters.has("【", text, at: at) ? 3 : 0
    }

    /// `1st `, `2nd `, `3ème `, `1`: a number before the word.
    private static func ordinal(_ text: [UInt8], _ at: inout Int, _ end: Int) -> Int? {
        guard at + 2 < end, Letters.isDigit(text[at]) else { return nil }
        var next = at
        var value = 0
        while next < end, next - at < 2, Letters.isDigit(text[next]) {
            value = value * 10 + Int(text[next] - Byte.zero)
            next += 1
        }
        let suffix = next
        while next < end, next - suffix < 2, Letters.isAsciiLetter(text[next]) { next += 1 }
        guard next - suffix == 2, next < end, text[next] == Byte.space || text[next] == Byte.hyphen else { return nil }
        at = next + 1
        return value
    }

    private static func plainNumber(_ text: [UInt8], _ at: inout Int, _ end: Int) -> Int? {
        var next = at
        if next < end, text[next] == Byte.space || text[next] == Byte.hyphen { next += 1 }
        guard next < end, Letters.isDigit(text[next]) else { return nil }
        var value = 0
        let start = next
        while next < end, next - start < 2, Letters.isDigit(text[next]) {
            value = value * 10 + Int(text[next] - Byte.zero)
            next += 1
        }
        guard next == end || !Letters.isDigit(text[next]) else { return nil }
        at = next
        return value
    }

    private static func word(_ text: [UInt8], _ at: inout Int, _ end: Int) -> UpdateKind.Kind? {
        // Two words first: `MANDATORY KILL`, `STORY REMOVED`.
        var stop = at
        var spaces = 0
        var best: (UpdateKind.Kind, Int)?
        while stop <= end, stop - at <= 30 {
            let isEnd =
                stop == end || !(Letters.isAsciiLetter(text[stop]) || text[stop] >= Byte.firstBeyondASCII)
                || isCJKSign(text, stop)
            if isEnd {
                if stop > at, let value = words.value(of: at..<stop, in: text),
                    let kind = UpdateKind.Kind(rawValue: value)
                {
                    best = (kind, stop)
                }
                guard stop < end, text[stop] == Byte.space, spaces == 0 else { break }
                spaces += 1
            }
            stop += 1
        }
        guard let best else { return nil }
        at = best.1
        return best.0
    }

    /// `LD-Writethru`: the second word tells more.
    private static func writethru(_ text: [UInt8], _ at: inout Int, _ end: Int) -> UpdateKind.Kind? {
        guard at < end, text[at] == Byte.hyphen || text[at] == Byte.space else { return nil }
        var next = at + 1
        guard word(text, &next, end) == .writethru else { return nil }
        at = next
        return .writethru
    }

    private static func isCJKSign(_ text: [UInt8], _ at: Int) -> Bool {
        Letters.has("：", text, at: at) || Letters.has("）", text, at: at) || Letters.has("】", text, at: at)
            || Letters.has("–", text, at: at) || Letters.has("—", text, at: at)
    }

    /// The end of the sign that sets the words apart: a hyphen, a dash, a colon, a closing bracket.
    private static func signEnd(_ text: [UInt8], _ at: Int, _ end: Int, inBrackets: Bool) -> Int? {
        var next = Dates.skipBlanks(text, at, end)
        if inBrackets {
            guard next < end else { return nil }
            if text[next] == Byte.closeParenthesis || text[next] == Byte.closeBracket { return next + 1 }
            return Letters.has("）", text, at: next) || Letters.has("】", text, at: next) ? next + 3 : nil
        }
        let start = next
        while next < end, next - start < 9 {
            if text[next] == Byte.hyphen || text[next] == Byte.colon || text[next] == Byte.slash
                || text[next] == Byte.bar
            {
                next += 1
            } else if isCJKSign(text, next) {
                next += 3
            } else {
                break
            }
        }
        if next > start { return next }
        return start + 2 <= end && Letters.has(".-", text, at: start) ? start + 2 : nil
    }
}
