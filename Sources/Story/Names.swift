// Names of people, as bylines write them. Promises: every part of the line must be a name or a word that
// stands between names; a line with anything else in it holds none.

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
            case 0x2C, 0x3B, 0x7C, 0x26, 0x0A: return (at, at + 1)
            case 0x2F where at > start && at + 1 < end: return (at, at + 1)
            case 0x20:
                if let word = connective(text, at + 1, end) { return (at, word) }
            case 0xC2 where at + 1 < end && text[at + 1] == 0xB7: return (at, at + 2)
            case 0xE2 where at + 2 < end && text[at + 1] == 0x80 && text[at + 2] == 0xA2: return (at, at + 3)
            case 0xE3 where at + 2 < end && text[at + 1] == 0x80 && text[at + 2] == 0x81: return (at, at + 3)
            case 0xEF where at + 2 < end && text[at + 1] == 0xBC && text[at + 2] == 0x8C: return (at, at + 3)
            default: break
            }
            at += 1
        }
        return (end, end)
    }

    private static let connectives = WordTable([
        (1, "and und et y e och og en i ve dan và и та mit with avec con a och")
    ])

    /// The end of the word between names that starts at `at`, and the blank after it.
    private static func connective(_ text: [UInt8], _ at: Int, _ end: Int) -> Int? {
        var stop = at
        while stop < end, stop - at < 8, text[stop] != 0x20 { stop += 1 }
        guard stop < end, text[stop] == 0x20, stop > at, connectives.value(of: at..<stop, in: text) != nil else {
            return nil
        }
        return stop + 1
    }

    private static func trimmed(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var part = Lines.trimmed(text, range)
        while let last = part.last, text[last] == 0x2E || text[last] == 0x3A || text[last] == 0x2A { part.removeLast() }
        while let first = part.first, text[first] == 0x2A || text[first] == 0x2B || text[first] == 0x3A {
            part.removeFirst()
        }
        // `Martí Abad (Enviado especial)`.
        if let last = part.last, text[last] == 0x29, let open = part.last(where: { text[$0] == 0x28 }),
            open > part.lowerBound
        {
            part = part.lowerBound..<open
        }
        return Lines.trimmed(text, part)
    }

    private static let particles = WordTable([
        (1, "von van de der den del della di da do dos du la le el al bin ibn ben abu zu zur ter ten af av y e i ul")
    ])

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
            while stop < range.upperBound, text[stop] != 0x20 {
                let byte = text[stop]
                let isPart = Letters.isAsciiLetter(byte) || byte >= 0x80 || byte == 0x2E || byte == 0x2D || byte == 0x27
                if !isPart { return false }
                stop += 1
            }
            if stop == at { return false }
            words += 1
            if Letters.isUpper(text, at: at)
                || stop > at + 2 && text[at + 1] == 0x27 && Letters.isUpper(text, at: at + 2)
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

    private static let notNames = WordTable([
        (
            1,
            """
            the this that with from news uhr min minuten minutes read lesezeit share today heute all our your my more
            mehr weather top last first video foto photo quelle stand her his its was were has have der die das ein eine
            for not after before when what how who und nicht im am ist sind war bei ich wir sie el los las una un une
            advertisement newsletter podcast interview exclusive opinion politics politik sport sports world business
            """
        )
    ])

    /// Chinese and Japanese names of two to five Han characters, perhaps with one blank between; Korean ones of
    /// two to four syllables with the word for a reporter after them, unless a byline's word stands before.
    private static func isCJKName(_ text: [UInt8], _ range: Range<Int>, isStated: Bool) -> Bool {
        var characters = 0
        var hangul = 0
        var at = range.lowerBound
        while at < range.upperBound {
            if text[at] == 0x20 {
                at += 1
                if Letters.has("기자", text, at: at) { return hangul == characters && (2...4).contains(hangul) }
                continue
            }
            guard at + 3 <= range.upperBound, Scripts.isCJK(text, at: at), text[at] >= 0xE4 else { return false }
            if text[at] >= 0xEA { hangul += 1 }
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

    private static let roles = WordTable([
        (
            1,
            """
            redakteur redakteurin korrespondent korrespondentin staff reporter correspondent writer editor senior special
            chief political business sports journalist journalistin volontär volontärin chefredakteur reporterin contributing
            redactor periodista corresponsal envoyé correspondante correspondant inviato corrispondente
            """
        )
    ])

    /// Whether `part` says what the person before it is: `Redakteurin für Finanzen`, `Yomiuri Staff Writers`.
    private static func isRole(_ text: [UInt8], _ part: Range<Int>) -> Bool {
        var at = part.lowerBound
        while at < part.upperBound {
            var stop = at
            while stop < part.upperBound, text[stop] != 0x20 { stop += 1 }
            if isRoleWord(text, at..<stop) { return true }
            at = stop + 1
        }
        return false
    }

    private static func isRoleWord(_ text: [UInt8], _ word: Range<Int>) -> Bool {
        if roles.value(of: word, in: text) != nil { return true }
        return word.count > 1 && text[word.upperBound - 1] == 0x73 && roles.value(of: word.dropLast(), in: text) != nil
    }

    /// `in Phnom Penh`, `aus Berlin` after a name.
    private static func startsPlace(_ text: [UInt8], _ rest: Range<Int>) -> Bool {
        guard let blank = rest.first(where: { text[$0] == 0x20 }) else { return false }
        return placeWords.value(of: rest.lowerBound..<blank, in: text) != nil
    }

    private static let placeWords = WordTable([(1, "in aus at from à en für for of with mit im")])

    /// A name without the post or the agency written after it: `Daniel Großert Redakteur`, `Vasilisa Stepanenko
    /// The Associated Press`.
    private static func withoutRole(_ text: [UInt8], _ part: Range<Int>) -> Range<Int> {
        var words: [Int] = [part.lowerBound]
        for at in part where text[at] == 0x20 { words.append(at + 1) }
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

enum Scripts {
    /// Whether a Chinese, Japanese or Korean letter starts at `at`.
    @inline(__always)
    static func isCJK(_ text: [UInt8], at: Int) -> Bool {
        guard at + 2 < text.count else { return false }
        switch text[at] {
        case 0xE3: return text[at + 1] >= 0x81
        case 0xE4...0xE9: return true
        case 0xEA: return text[at + 1] >= 0xB0
        case 0xEB...0xED: return true
        default: return false
        }
    }
}
