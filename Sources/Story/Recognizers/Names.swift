// Names of people, as bylines write them. Promises: every part of the line must be a name or a word that
// stands between names; a line with anything else in it holds none.

internal import Text

enum Names {
    /// The names in `range`, which must hold nothing but names, or nil.
    ///
    /// - Parameter isStated: a word such as `By` stands before them, so that one word or small letters will do.
    static func list(_ text: [UInt8], _ range: Range<Int>, isStated: Bool) -> [Range<Int>]? {
        guard !range.isEmpty, range.count <= 240 else { return nil }
        var names: [Range<Int>] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let (stop, next) = partEnd(text, start, range.upperBound)
            let part = trimmed(text, start..<stop)
            start = next
            if part.isEmpty { continue }
            if !names.isEmpty, isRole(text, part) { continue }
            let name = withoutRole(text, part)
            // After a name, one more word is a place or a post, not a person.
            let isLoose = isStated && (names.isEmpty || Agencies.isAgency(text, name))
            if isName(text, name, isStated: isLoose) {
                names.append(name)
            } else if names.isEmpty || !isStated {
                return nil
            } else if part.count > 60 {
                return nil
            }
        }
        return names.isEmpty ? nil : names
    }

    /// Where the part that starts at `start` ends, and where the next begins.
    private static func partEnd(_ text: [UInt8], _ start: Int, _ end: Int) -> (Int, Int) {
        var at = start
        while at < end {
            switch text[at] {
            case Byte.comma, Byte.semicolon, Byte.bar, Byte.ampersand, Byte.lineFeed: return (at, at + 1)
            case Byte.slash where at > start && at + 1 < end: return (at, at + 1)
            case Byte.space:
                if let word = connective(text, at + 1, end) { return (at, word) }
            case Byte.latinSignLead where at + 1 < end && text[at + 1] == 0xB7: return (at, at + 2)
            case Byte.punctuationLead where at + 2 < end && text[at + 1] == Byte.continuation && text[at + 2] == 0xA2:
                return (at, at + 3)
            case Byte.kanaLead where at + 2 < end && text[at + 1] == Byte.continuation && text[at + 2] == 0x81:
                return (at, at + 3)
            case Byte.fullWidthLead where at + 2 < end && text[at + 1] == 0xBC && text[at + 2] == 0x8C:
                return (at, at + 3)
            default: break
            }
            at += 1
        }
        return (end, end)
    }

    /// The end of the word between names that starts at `at`, and the blank after it.
    private static func connective(_ text: [UInt8], _ at: Int, _ end: Int) -> Int? {
        var stop = at
        while stop < end, stop - at < 8, text[stop] != Byte.space { stop += 1 }
        guard stop < end, text[stop] == Byte.space, stop > at, connectives.value(of: at..<stop, in: text) != nil else {
            return nil
        }
        return stop + 1
    }

    private static func trimmed(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var part = Lines.trimmed(text, range)
        while let last = part.last, text[last] == Byte.period || text[last] == Byte.colon || text[last] == Byte.asterisk
        { part.removeLast() }
        while let first = part.first,
            text[first] == Byte.asterisk || text[first] == Byte.plus || text[first] == Byte.colon
        {
            part.removeFirst()
        }
        // `Martí Abad (Enviado especial)`.
        if let last = part.last, text[last] == Byte.closeParenthesis,
            let open = part.last(where: { text[$0] == Byte.openParenthesis }),
            open > part.lowerBound
        {
            part = part.lowerBound..<open
        }
        return Lines.trimmed(text, part)
    }

    /// Whether `range` is one name: one to five words, each with a capital, but for the particles.
    static func isName(_ text: [UInt8], _ range: Range<Int>, isStated: Bool) -> Bool {
        if Scripts.isCJK(text, at: range.lowerBound) { return isCJKName(text, range, isStated: isStated) }
        if Agencies.isAgency(text, range) { return true }
        guard range.count >= 4, range.count <= 60 else { return false }
        var words = 0
        var capitals = 0
        var smalls = 0
        var at = range.lowerBound
        while at < range.upperBound {
            var stop = at
            while stop < range.upperBound, text[stop] != Byte.space {
                let byte = text[stop]
                let isPart =
                    Letters.isAsciiLetter(byte) || byte >= Byte.firstBeyondASCII || byte == Byte.period
                    || byte == Byte.hyphen || byte == Byte.apostrophe
                if !isPart { return false }
                stop += 1
            }
            if stop == at { return false }
            words += 1
            if Letters.isUpper(text, at: at)
                || stop > at + 2 && text[at + 1] == Byte.apostrophe && Letters.isUpper(text, at: at + 2)
            {
                capitals += 1
            } else if particles.value(of: at..<stop, in: text) == nil {
                smalls += 1
            }
            if !isStated, notNames.value(of: at..<stop, in: text) != nil || Phrases.isFurniture(text, at..<stop) {
                return false
            }
            at = stop + 1
        }
        // `by keith grant`: all in small letters is a name only where a byline's word says so.
        guard smalls == 0 || isStated && capitals == 0 && words <= 3 else { return false }
        return words <= 5 && (capitals >= 2 || isStated && (capitals >= 1 || words >= 2))
    }

    /// Chinese and Japanese names of two to five Han characters, perhaps with one blank between; Korean ones of
    /// two to four syllables with the word for a reporter after them, unless a byline's word stands before.
    private static func isCJKName(_ text: [UInt8], _ range: Range<Int>, isStated: Bool) -> Bool {
        var characters = 0
        var hangul = 0
        var at = range.lowerBound
        while at < range.upperBound {
            if text[at] == Byte.space {
                at += 1
                if Letters.has("기자", text, at: at) { return hangul == characters && (2...4).contains(hangul) }
                continue
            }
            guard at + 3 <= range.upperBound, Scripts.isCJK(text, at: at), text[at] >= Byte.firstHanLead else {
                return false
            }
            if text[at] >= Byte.hangulLead { hangul += 1 }
            characters += 1
            at += 3
        }
        guard hangul == 0 || isStated, !isPaper(text, range) else { return false }
        return (isStated ? 2...5 : 3...5).contains(characters)
    }

    /// Whether a name ends as newspapers, agencies and desks do.
    private static func isPaper(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        let last = range.upperBound - 3
        return Letters.has("聞", text, at: last) || Letters.has("報", text, at: last) || Letters.has("报", text, at: last)
            || Letters.has("社", text, at: last) || Letters.has("网", text, at: last) || Letters.has("部", text, at: last)
            || Letters.has("関", text, at: last) || Letters.has("者", text, at: last)
    }

    /// Whether `part` says what the person before it is: `Redakteurin für Finanzen`, `Yomiuri Staff Writers`.
    private static func isRole(_ text: [UInt8], _ part: Range<Int>) -> Bool {
        var at = part.lowerBound
        while at < part.upperBound {
            var stop = at
            while stop < part.upperBound, text[stop] != Byte.space { stop += 1 }
            if isRoleWord(text, at..<stop) { return true }
            at = stop + 1
        }
        return false
    }

    private static func isRoleWord(_ text: [UInt8], _ word: Range<Int>) -> Bool {
        if roles.value(of: word, in: text) != nil { return true }
        return word.count > 1 && text[word.upperBound - 1] == UInt8(ascii: "s")
            && roles.value(of: word.dropLast(), in: text) != nil
    }

    /// A name without the post or the agency written after it: `Daniel Großert Redakteur`, `Vasilisa Stepanenko
    /// The Associated Press`.
    private static func withoutRole(_ text: [UInt8], _ part: Range<Int>) -> Range<Int> {
        var words: [Int] = [part.lowerBound]
        for at in part where text[at] == Byte.space { words.append(at + 1) }
        guard words.count >= 3, words.count <= 8 else { return part }
        for start in words.dropFirst(2) {
            let rest = start..<part.upperBound
            if Agencies.isAgency(text, rest) || isRole(text, rest) {
                return Lines.trimmed(text, part.lowerBound..<start)
            }
        }
        return part
    }
}
