// The dateline: where, when and by which agency a story was filed. Promises: found only at the start of a
// paragraph and only where its parts prove it (a date, an agency, or a place in capitals before a dash);
// looks at most some two hundred bytes ahead.

internal import Text

/// A dateline and its parts.
struct Dateline {
    /// From the first letter of the place to the dash that ends it.
    var range: Range<Int>
    var places: [Range<Int>] = []
    var date: DateMention?
    var agency: Range<Int>?
    var bylines: [Range<Int>] = []
    var rule: String

    /// Whether a date or an agency proves it.
    var isStrong: Bool { date != nil || agency != nil }
}

enum Datelines {
    /// The dateline that starts at `at`, or nil.
    static func parse(_ text: [UInt8], at: Int, end: Int) -> Dateline? {
        let limit = min(end, at + 200)
        guard at < limit else { return nil }
        if text[at] >= Byte.threeByteLead || text[at] == Byte.openParenthesis || text[at] == Byte.openBracket,
            let found = cjk(text, at: at, end: limit)
        {
            return found
        }
        let letter = text[at] == Byte.openParenthesis && at + 1 < limit ? text[at + 1] : text[at]
        if letter >= 0xD8, let found = caseless(text, at: at, end: limit) { return found }
        return latin(text, at: at, end: limit) ?? careless(text, at: at, end: limit)
    }

    /// `New york, march 2 -`: capitals are missing, but the commas, the day and the dash are all there.
    private static func careless(_ text: [UInt8], at: Int, end: Int) -> Dateline? {
        guard Letters.isAsciiLetter(text[at]) else { return nil }
        var comma = at
        var blanks = 0
        while comma < end, comma - at < 40, text[comma] != Byte.comma {
            if text[comma] == Byte.space { blanks += 1 }
            guard Letters.isAsciiLetter(text[comma]) || text[comma] == Byte.space || text[comma] == Byte.period,
                blanks <= 3
            else {
                return nil
            }
            comma += 1
        }
        guard comma < end, text[comma] == Byte.comma else { return nil }
        var places = at..<comma
        var next = Dates.skipBlanks(text, comma + 1, end)
        if let state = placeWords(text, next, end), state < end, text[state] == Byte.comma {
            places = at..<state
            next = Dates.skipBlanks(text, state + 1, end)
        }
        guard let date = Dates.parse(text, at: next, end: end, inSmallLetters: true), date.day != nil, date.year == nil,
            Letters.isAsciiLetter(text[next]), let dash = dashEnd(text, date.range.upperBound, end)
        else { return nil }
        return Dateline(range: at..<dash, places: [places], date: date, rule: "dateline/place-date-in-small-letters")
    }

    // MARK: BEIJING, Dec. 3 (Xinhua) --

    private static func latin(_ text: [UInt8], at: Int, end: Int) -> Dateline? {
        var found = Dateline(range: at..<at, rule: "")
        var next = at
        guard readPlaces(text, &next, end, into: &found) else { return nil }
        readAgency(text, &next, end, into: &found)
        if found.agency != nil, found.date == nil, next < end, text[next] == Byte.comma || text[next] == Byte.space {
            readLateDate(text, &next, end, into: &found)
        }
        guard let dash = dashEnd(text, next, end) ?? agencyOnly(text, next, end, found) else { return nil }
        found.range = at..<dash
        readAgencyAfterDash(text, dash, end, into: &found)
        if let (phrase, _) = Phrases.leading(text, at..<dash), phrase == .published || phrase == .updated { return nil }
        switch (found.date != nil, found.agency != nil, found.places.isEmpty) {
        case (true, true, false): found.rule = "dateline/place-date-agency"
        case (true, false, false): found.rule = "dateline/place-date"
        case (false, true, false): found.rule = "dateline/place-agency"
        case (false, true, true): found.rule = "dateline/agency"
        case (false, false, false):
            guard let place = found.places.first, isPlaceAlone(text, place), startsSentence(text, dash, end) else {
                return nil
            }
            found.rule = "dateline/place-in-capitals"
        default: return nil
        }
        return found
    }

    /// Reads `PLACE[, STATE][/PLACE], [DATE]`; stops before the agency or the dash.
    private static func readPlaces(_ text: [UInt8], _ next: inout Int, _ end: Int, into found: inout Dateline) -> Bool {
        guard next < end else { return false }
        if text[next] == Byte.openParenthesis {
            readAgencyFirst(text, &next, end, into: &found)
            return true
        }
        var start = next
        var parts = 0
        while true {
            guard let stop = placeWords(text, next, end) else { return false }
            parts += 1
            next = stop
            if next < end, text[next] == Byte.slash {
                found.places.append(start..<stop)
                next = Dates.skipBlanks(text, next + 1, end)
                start = next
                continue
            }
            if next < end, text[next] == Byte.comma {
                let after = Dates.skipBlanks(text, next + 1, end)
                if let date = Dates.parse(text, at: after, end: end), date.day != nil || date.month != nil {
                    found.date = date
                    found.places.append(start..<stop)
                    next = date.range.upperBound
                    if next < end, text[next] == Byte.comma || text[next] == Byte.period { next += 1 }
                    return true
                }
                guard parts < 4, placeWords(text, after, end) != nil else { return false }
                next = after
                continue
            }
            found.places.append(start..<stop)
            let words = text[start..<stop].reduce(1) { $0 + ($1 == Byte.space ? 1 : 0) }
            if words <= 3, let date = Dates.parse(text, at: Dates.skipBlanks(text, next, end), end: end),
                date.day != nil
            {
                found.date = date
                next = date.range.upperBound
            }
            return true
        }
    }

    /// Where the words of a place that start at `at` end: capitalised words and the particles between them.
    private static func placeWords(_ text: [UInt8], _ at: Int, _ end: Int) -> Int? {
        guard Letters.isUpper(text, at: at) else { return nil }
        var next = at
        var stop = at
        for _ in 0..<6 {
            var wordEnd = next
            while wordEnd < end, isPlaceByte(text, wordEnd) { wordEnd += 1 }
            if wordEnd < end, text[wordEnd] == Byte.period, isAbbreviation(text, next..<wordEnd) { wordEnd += 1 }
            guard wordEnd > next else { break }
            stop = wordEnd
            guard wordEnd < end, text[wordEnd] == Byte.space else { break }
            let word = wordEnd + 1
            guard word < end else { break }
            if Months.startsDate(text, word, end) { break }
            if Letters.isUpper(text, at: word) || isParticle(text, word) { next = word } else { break }
        }
        return stop > at && stop - at <= 60 ? stop : nil
    }

    /// Whether the full stop after a word shortens it (`Calif.`, `N.J.`, `St.`) rather than ends a sentence.
    private static func isAbbreviation(_ text: [UInt8], _ word: Range<Int>) -> Bool {
        let next = word.upperBound + 1
        if word.count <= 4 || word.contains(where: { text[$0] == Byte.period }) { return true }
        return word.count <= 6 && next < text.count && text[next] == Byte.comma
    }

    private static func isPlaceByte(_ text: [UInt8], _ at: Int) -> Bool {
        let byte = text[at]
        if Letters.isAsciiLetter(byte) || byte == Byte.apostrophe { return true }
        if byte == Byte.hyphen {
            return at + 1 < text.count && (Letters.isAsciiLetter(text[at + 1]) || text[at + 1] >= Byte.firstBeyondASCII)
        }
        if byte == Byte.period { return at + 1 < text.count && Letters.isAsciiLetter(text[at + 1]) }
        if byte < Byte.firstBeyondASCII { return false }
        if byte == Byte.punctuationLead, at + 2 < text.count, text[at + 1] == Byte.continuation {
            return text[at + 2] == 0x99
        }
        return !(byte == Byte.continuation || byte == 0x93 || byte == 0x94 || byte == 0x95)
            || text[at - 1] < Byte.firstBeyondASCII
            || text[at - 1] >= Byte.latinLead && text[at - 1] < Byte.threeByteLead
    }

    private static func isParticle(_ text: [UInt8], _ at: Int) -> Bool {
        var stop = at
        while stop < text.count, stop - at < 8, Letters.isAsciiLetter(text[stop]) { stop += 1 }
        return stop > at && particles.value(of: at..<stop, in: text) != nil
    }

    static func readAgency(_ text: [UInt8], _ next: inout Int, _ end: Int, into found: inout Dateline) {
        let open = Dates.skipBlanks(text, next, end)
        guard open < end, text[open] == Byte.openParenthesis || text[open] == Byte.slash else { return }
        let close: UInt8 = text[open] == Byte.openParenthesis ? Byte.closeParenthesis : Byte.slash
        var stop = open + 1
        while stop < end, stop - open < 48, text[stop] != close { stop += 1 }
        guard stop < end, text[stop] == close else { return }
        let inside = Lines.trimmed(text, open + 1..<stop)
        guard Agencies.isAgency(text, inside) else { return }
        found.agency = inside
        next = stop + 1
    }

    /// `(ANSA) - ROMA, 3 DIC -`: the agency before the place.
    private static func readAgencyFirst(_ text: [UInt8], _ next: inout Int, _ end: Int, into found: inout Dateline) {
        var probe = found
        var at = next
        readAgency(text, &at, end, into: &probe)
        guard probe.agency != nil, let dash = dashEnd(text, at, end) else { return }
        var place = Dates.skipBlanks(text, dash, end)
        guard place < end, text[place] != Byte.openParenthesis, readPlaces(text, &place, end, into: &probe),
            probe.date != nil,
            dashEnd(text, place, end) != nil
        else { return }
        found = probe
        next = place
    }

    /// `Berlin (dpa) Der ...`: a known agency needs no dash.
    private static func agencyOnly(_ text: [UInt8], _ at: Int, _ end: Int, _ found: Dateline) -> Int? {
        guard found.agency != nil, !found.places.isEmpty else { return nil }
        if found.date != nil, at < end, text[at] == Byte.period { return at + 1 }
        return at < end && text[at] == Byte.space && startsSentence(text, at, end) ? at : nil
    }

    /// `МОСКВА, 3 дек - РИА Новости.`: the agency after the dash.
    private static func readAgencyAfterDash(_ text: [UInt8], _ dash: Int, _ end: Int, into found: inout Dateline) {
        guard found.agency == nil, found.date != nil else { return }
        let start = Dates.skipBlanks(text, dash, end)
        var stop = start
        if stop < end, text[stop] == Byte.openParenthesis {
            readAgency(text, &stop, end, into: &found)
            guard found.agency != nil else { return }
            found.range = found.range.lowerBound..<(dashEnd(text, stop, end) ?? stop)
            return
        }
        while stop < end, stop - start < 40, text[stop] != Byte.period { stop += 1 }
        guard stop < end, text[stop] == Byte.period, stop > start, Agencies.isListed(text, start..<stop) else { return }
        found.agency = start..<stop
        found.range = found.range.lowerBound..<stop + 1
    }

    /// `(dpa), 3. Dezember -`: a date after the agency.
    private static func readLateDate(_ text: [UInt8], _ next: inout Int, _ end: Int, into found: inout Dateline) {
        let after = Dates.skipBlanks(text, text[next] == Byte.comma ? next + 1 : next, end)
        guard let date = Dates.parse(text, at: after, end: end), date.day != nil else { return }
        found.date = date
        next = date.range.upperBound
    }

    /// The end of the dash after `at`: one to three hyphens, an en dash, an em dash or a bar.
    static func dashEnd(_ text: [UInt8], _ at: Int, _ end: Int) -> Int? {
        // `**LONDON, April 9** - `: the signs of emphasis that Markdown sets.
        let plain = (at..<end).prefix(2).first { text[$0] != Byte.asterisk } ?? min(at + 2, end)
        var start = Dates.skipBlanks(text, plain, end)
        if start + 1 < end, text[start] == Byte.period, text[start + 1] == Byte.hyphen { start += 1 }
        guard start < end else { return nil }
        var stop = start
        // `LONDON (AP) _ `: a dash, where the wire had none.
        if text[start] == Byte.underscore, start > at, start + 1 < end, text[start + 1] == Byte.space {
            return start + 1
        }
        while stop < end, stop - start < 9 {
            if text[stop] == Byte.hyphen {
                stop += 1
            } else if stop + 2 < text.count, text[stop] == Byte.punctuationLead, text[stop + 1] == Byte.continuation,
                (0x90...0x95).contains(text[stop + 2])
            {
                stop += 3
            } else {
                break
            }
        }
        guard stop > start else { return nil }
        let isSpaced = start > at || stop == text.count || text[stop] <= Byte.space
        return isSpaced ? stop : nil
    }

    private static func isPlaceAlone(_ text: [UInt8], _ place: Range<Int>) -> Bool {
        guard place.count >= 4, Letters.isAllCaps(text, place) else { return false }
        var stop = place.lowerBound
        while stop < place.upperBound, text[stop] != Byte.space { stop += 1 }
        return notPlaces.value(of: place.lowerBound..<stop, in: text) == nil
    }

    private static func startsSentence(_ text: [UInt8], _ at: Int, _ end: Int) -> Bool {
        var next = Dates.skipBlanks(text, at, end)
        if next < end, text[next] == Byte.quote || text[next] == Byte.apostrophe { next += 1 }
        if next + 2 < end, text[next] == Byte.punctuationLead, text[next + 1] == Byte.continuation { next += 3 }
        return Letters.isUpper(text, at: next)
    }

    // MARK: Scripts without capitals

    /// `بنوم بنه 3 ديسمبر (شينخوا) --`, `ភ្នំពេញ៖`: at most five words, then a date or an agency, then a dash.
    private static func caseless(_ text: [UInt8], at: Int, end: Int) -> Dateline? {
        guard !Scripts.isCJK(text, at: at), !Letters.isUpper(text, at: at), !Letters.isLower(text, at: at) else {
            return nil
        }
        if let khmer = khmer(text, at: at, end: end) { return khmer }
        var found = Dateline(range: at..<at, rule: "")
        var next = at
        var words = 0
        while next < end, next - at < 90 {
            if text[next] == Byte.space || text[next] == Byte.comma || text[next] == Byte.openParenthesis {
                words += 1
                let word = Dates.skipBlanks(text, text[next] == Byte.comma ? next + 1 : next, end)
                if let date = Dates.parse(text, at: word, end: end), date.day != nil {
                    found.date = date
                    found.places = [at..<next]
                    next = date.range.upperBound
                    break
                }
                if word < end, text[word] == Byte.openParenthesis {
                    found.places = [at..<next]
                    next = word
                    break
                }
                if words == 5 { return nil }
            }
            next += 1
        }
        guard !found.places.isEmpty else { return nil }
        readAgency(text, &next, end, into: &found)
        guard found.isStrong, let dash = dashEnd(text, next, end) else { return nil }
        found.range = at..<dash
        found.rule = found.agency == nil ? "dateline/place-date" : "dateline/place-agency"
        return found
    }

    /// A place of Cambodia before the sign that Khmer papers set there, in brackets or not.
    private static func khmer(_ text: [UInt8], at: Int, end: Int) -> Dateline? {
        let isBracketed = text[at] == Byte.openParenthesis
        let start = isBracketed ? at + 1 : at
        guard start + 2 < end, text[start] == Byte.khmerLead, text[start + 1] == 0x9E else { return nil }
        var stop = start
        while stop + 2 < end, text[stop] == Byte.khmerLead, !Letters.has("៖", text, at: stop), stop - start < 60 {
            stop += 3
        }
        guard khmerPlaces.value(of: start..<stop, in: text) != nil else { return nil }
        var next = stop
        if isBracketed {
            guard next < end, text[next] == Byte.closeParenthesis else { return nil }
            next += 1
        }
        next = Dates.skipBlanks(text, next, end)
        guard let after = Letters.has("៖", text, at: next) ? next + 3 : dashEnd(text, next, end) else { return nil }
        return Dateline(range: at..<after, places: [start..<stop], rule: "dateline/khmer-place")
    }
}
