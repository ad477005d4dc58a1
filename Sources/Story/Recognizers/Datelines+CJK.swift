// Datelines of the Chinese, Japanese and Korean press: `新华社北京12月3日电（记者 张三）`, `【ワシントン共同】`,
// `(서울=연합뉴스) 홍길동 기자 =`.

internal import Text

extension Datelines {
    static func cjk(_ text: [UInt8], at: Int, end: Int) -> Dateline? {
        if let bracket = bracket(text, at, end) {
            return inBrackets(text, at: at, inside: bracket.inside, after: bracket.end, end: end)
        }
        guard Scripts.isCJK(text, at: at), let found = chinese(text, at: at, end: end) else { return nil }
        return found
    }

    // MARK: 新华社北京12月3日电（记者 张三）

    private static func chinese(_ text: [UInt8], at: Int, end: Int) -> Dateline? {
        var found = Dateline(range: at..<at, rule: "")
        var next = at
        readCJKAgency(text, &next, end, into: &found)
        let hadPaper = next == at && (Letters.has("本报", text, at: at) || Letters.has("本報", text, at: at))
        if hadPaper { next += 6 }
        let placeStart = next
        while next < end, next - placeStart <= 36, Scripts.isCJK(text, at: next), wireMark(text, next) == nil {
            next += 3
        }
        var placeEnd = next
        var isDated = true
        next = Dates.skipBlanks(text, next, end)
        if next < end, let date = Dates.parse(text, at: next, end: end), date.day != nil {
            found.date = date
            next = date.range.upperBound
        } else if let day = loneDay(text, next, end) {
            next = day
        } else {
            next = placeEnd
            isDated = false
        }
        readCJKAgency(text, &next, end, into: &found)
        next = Dates.skipBlanks(text, next, end)
        guard let mark = wireMark(text, next) else { return nil }
        // Without a day only 电 after an agency and a short place will do: 讯 is part of many words.
        let isCable = Letters.has("电", text, at: next) || Letters.has("電", text, at: next)
        guard isDated || hadPaper || isCable && found.agency != nil && placeEnd - placeStart <= 18 else { return nil }
        next = mark
        while placeEnd > placeStart, text[placeEnd - 1] <= Byte.space { placeEnd -= 1 }
        found.places = places(text, placeStart..<placeEnd)
        readReporters(text, &next, end, into: &found)
        found.range = at..<next
        found.rule = found.agency == nil ? "dateline/place-date-wire" : "dateline/agency-place-wire"
        return found
    }

    /// 电 or 讯 after the date, and the colon that may follow.
    private static func wireMark(_ text: [UInt8], _ at: Int) -> Int? {
        for mark: StaticString in ["电", "電", "讯", "訊"] where Letters.has(mark, text, at: at) {
            let isWord =
                Letters.has("电影", text, at: at) || Letters.has("电视", text, at: at)
                || Letters.has("电话", text, at: at) || Letters.has("电力", text, at: at)
            return isWord ? nil : at + 3
        }
        return nil
    }

    /// `3日`: a day without its month states no date, but it belongs to the dateline.
    private static func loneDay(_ text: [UInt8], _ at: Int, _ end: Int) -> Int? {
        var next = at
        while next < end, next - at < 2, Letters.isDigit(text[next]) { next += 1 }
        return next > at && Letters.has("日", text, at: next) ? next + 3 : nil
    }

    private static func readCJKAgency(_ text: [UInt8], _ next: inout Int, _ end: Int, into found: inout Dateline) {
        guard found.agency == nil else { return }
        guard let stop = Agencies.longestListed(text, at: next, end: min(end, next + 18)) else { return }
        found.agency = next..<stop
        next = stop
    }

    /// Places between `、`, `／` or `·`.
    private static func places(_ text: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        var places: [Range<Int>] = []
        var start = range.lowerBound
        var at = start
        while at < range.upperBound {
            let isSign =
                Letters.has("、", text, at: at) || Letters.has("／", text, at: at) || Letters.has("・", text, at: at)
            let isDot = Letters.has("·", text, at: at)
            if isSign || isDot {
                if at > start { places.append(start..<at) }
                at += isSign ? 3 : 2
                start = at
            } else {
                at += text[at] >= Byte.threeByteLead ? 3 : 1
            }
        }
        if start < range.upperBound { places.append(start..<range.upperBound) }
        return places
    }

    /// `（记者 张三、李四）` after the mark.
    private static func readReporters(_ text: [UInt8], _ next: inout Int, _ end: Int, into found: inout Dateline) {
        let open = Dates.skipBlanks(text, next, end)
        guard let bracket = bracket(text, open, end) else { return }
        var start = bracket.inside.lowerBound
        for word: StaticString in ["记者", "記者", "特派员", "特派員", "通讯员"] where Letters.has(word, text, at: start) {
            start += word.utf8CodeUnitCount
            found.bylines = reporterNames(text, start..<bracket.inside.upperBound)
            next = bracket.end
            return
        }
    }

    /// Names of two to four characters, between blanks or `、`.
    static func reporterNames(_ text: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        var names: [Range<Int>] = []
        var start = range.lowerBound
        var at = start
        func take(_ end: Int) {
            var name = Lines.trimmed(text, start..<end)
            if Letters.has("：", text, at: name.lowerBound) {
                name = name.lowerBound + 3..<max(name.lowerBound + 3, name.upperBound)
            }
            if (6...15).contains(name.count), name.allSatisfy({ text[$0] >= Byte.firstBeyondASCII }) {
                names.append(name)
            }
        }
        while at < range.upperBound {
            let blank = Lines.blankLength(text, at: at)
            let length = blank > 0 ? blank : Letters.has("、", text, at: at) || Letters.has("，", text, at: at) ? 3 : 0
            if length > 0 {
                take(at)
                at += length
                start = at
            } else {
                at += text[at] >= Byte.threeByteLead ? 3 : text[at] >= 0xC0 ? 2 : 1
            }
        }
        take(min(at, range.upperBound))
        return names
    }

    // MARK: 【ワシントン共同】 and (서울=연합뉴스)

    private static func bracket(_ text: [UInt8], _ at: Int, _ end: Int) -> (inside: Range<Int>, end: Int)? {
        guard at < end else { return nil }
        let pairs: [(StaticString, StaticString)] = [
            ("（", "）"), ("【", "】"), ("［", "］"), ("〔", "〕"), ("(", ")"), ("[", "]"),
        ]
        for (open, close) in pairs where Letters.has(open, text, at: at) {
            let start = at + open.utf8CodeUnitCount
            var stop = start
            while stop < min(end, start + 90), !Letters.has(close, text, at: stop) { stop += 1 }
            guard Letters.has(close, text, at: stop) else { return nil }
            return (start..<stop, stop + close.utf8CodeUnitCount)
        }
        return nil
    }

    private static func inBrackets(
        _ text: [UInt8], at: Int, inside: Range<Int>, after: Int, end: Int
    ) -> Dateline? {
        guard !inside.isEmpty, Scripts.isCJK(text, at: inside.lowerBound) else { return nil }
        if var wire = chinese(text, at: inside.lowerBound, end: inside.upperBound) {
            wire.range = at..<after
            return wire
        }
        var found = Dateline(range: at..<after, rule: "dateline/brackets")
        if let equals = inside.first(where: { isEquals(text, $0) }) {
            let width = text[equals] == Byte.equals ? 1 : 3
            let right = Lines.trimmed(text, equals + width..<inside.upperBound)
            found.places = places(text, Lines.trimmed(text, inside.lowerBound..<equals))
            if Agencies.isAgency(text, right) {
                found.agency = right
            } else if (6...30).contains(right.count),
                right.allSatisfy({ text[$0] >= Byte.firstBeyondASCII || text[$0] == Byte.space })
            {
                found.bylines = [right]
            } else {
                return nil
            }
            readKoreanReporter(text, after, end, into: &found)
            return found
        }
        guard let agency = trailingAgency(text, inside) else { return nil }
        found.agency = agency
        var place = Lines.trimmed(text, inside.lowerBound..<agency.lowerBound)
        if let digit = place.first(where: {
            Letters.isDigit(text[$0]) || Letters.has("０", text, at: $0) || isWideDigit(text, $0)
        }) {
            place = Lines.trimmed(text, place.lowerBound..<digit)
        }
        guard place.count <= 36 else { return nil }
        if !place.isEmpty { found.places = places(text, place) }
        let dash = Dates.skipBlanks(text, after, end)
        if dash < end, text[dash] == Byte.hyphen { found.range = at..<dash + 1 }
        return found
    }

    private static func isWideDigit(_ text: [UInt8], _ at: Int) -> Bool {
        at + 2 < text.count && text[at] == Byte.fullWidthLead && text[at + 1] == 0xBC && text[at + 2] &- 0x90 < 10
    }

    private static func isEquals(_ text: [UInt8], _ at: Int) -> Bool {
        text[at] == Byte.equals || Letters.has("＝", text, at: at)
    }

    private static func trailingAgency(_ text: [UInt8], _ inside: Range<Int>) -> Range<Int>? {
        for letters in [6, 5, 4, 3, 2] where letters * 3 <= inside.count {
            let range = inside.upperBound - letters * 3..<inside.upperBound
            if Agencies.isListed(text, range) { return range }
        }
        return nil
    }

    /// ` 홍길동 기자 =` after the brackets.
    private static func readKoreanReporter(_ text: [UInt8], _ after: Int, _ end: Int, into found: inout Dateline) {
        let start = Dates.skipBlanks(text, after, end)
        var stop = start
        while stop < min(end, start + 60), text[stop] != Byte.equals { stop += 1 }
        guard stop < end, text[stop] == Byte.equals else { return }
        var nameStart = start
        var at = start
        while at < stop {
            if Letters.has("기자", text, at: at) {
                let name = Lines.trimmed(text, nameStart..<at)
                if (6...15).contains(name.count) { found.bylines.append(name) }
                at += 6
                nameStart = at
            } else {
                at += 1
            }
        }
        guard !found.bylines.isEmpty else { return }
        found.range = found.range.lowerBound..<stop + 1
    }
}
