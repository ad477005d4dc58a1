// Dates as news copy writes them, in many languages. Promises: states only what stands there (a missing
// year stays missing, a day that no calendar has is no date), looks at most a few dozen bytes ahead.

internal import Text

/// A date as it stands in the text, as far as it is stated.
package struct DateMention: Equatable {
    package var range: Range<Int>
    var year: Int?
    var month: Int?
    var day: Int?
    /// Day and month could be the other way round (03/04/2024).
    var ambiguous = false

    /// ISO 8601 with the precision known: `2024-12-03`, `2024-12`, `2024`; without a year `--12-03`, as XML
    /// Schema's gMonthDay writes it.
    package var iso: String? {
        guard let month else { return year.map { Dates.padded($0, 4) } }
        guard let year else {
            guard let day else { return nil }
            return "--" + Dates.padded(month, 2) + "-" + Dates.padded(day, 2)
        }
        let start = Dates.padded(year, 4) + "-" + Dates.padded(month, 2)
        guard let day else { return start }
        return start + "-" + Dates.padded(day, 2)
    }
}

package enum Dates {
    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// The date that starts exactly at `at`, or nil.
    ///
    /// - Parameter inSmallLetters: a month before its day may be written small, as sloppy datelines have it.
    static func parse(_ text: [UInt8], at: Int, end: Int, inSmallLetters: Bool = false) -> DateMention? {
        guard at < end else { return nil }
        var date: DateMention?
        if digit(text, at: at) != nil {
            date = fromNumber(text, at: at, end: end)
        } else {
            date = fromMonth(text, at: at, end: end, inSmallLetters: inSmallLetters)
        }
        guard let found = date, isPossible(found) else { return nil }
        return found
    }

    /// The first date in `range`, looked for at its digits.
    package static func first(_ text: [UInt8], in range: Range<Int>) -> DateMention? {
        var at = range.lowerBound
        while at < range.upperBound {
            guard let (_, length) = digit(text, at: at) else {
                at += 1
                continue
            }
            if let found = around(text, digit: at, in: range) { return found }
            at += length
            while at < range.upperBound, let (_, more) = digit(text, at: at) { at += more }
        }
        return nil
    }

    /// Every date in `range`, in order.
    static func all(_ text: [UInt8], in range: Range<Int>) -> [DateMention] {
        var dates: [DateMention] = []
        var at = range.lowerBound
        while let date = first(text, in: at..<range.upperBound) {
            dates.append(date)
            at = date.range.upperBound
        }
        return dates
    }

    /// The date whose first number starts at `digit`: with a month's name before it, or starting there.
    private static func around(_ text: [UInt8], digit at: Int, in range: Range<Int>) -> DateMention? {
        if let word = wordBefore(text, at, from: range.lowerBound), Months.number(text, word) != nil,
            let date = parse(text, at: word.lowerBound, end: range.upperBound)
        {
            // `31 February 2024` is no date, and not a month either.
            return date.day == nil && followsNumber(text, word.lowerBound, from: range.lowerBound) ? nil : date
        }
        return parse(text, at: at, end: range.upperBound)
    }

    private static func followsNumber(_ text: [UInt8], _ at: Int, from start: Int) -> Bool {
        var before = at
        while before > start, text[before - 1] == Byte.space || text[before - 1] == Byte.period { before -= 1 }
        return before > start && Letters.isDigit(text[before - 1])
    }

    private static func wordBefore(_ text: [UInt8], _ at: Int, from start: Int) -> Range<Int>? {
        var end = at
        while end > start, text[end - 1] == Byte.space || text[end - 1] == Byte.period { end -= 1 }
        guard end < at else { return nil }
        var begin = end
        while begin > start, end - begin < 28, isWordByte(text[begin - 1]) { begin -= 1 }
        return begin < end ? begin..<end : nil
    }

    @inline(__always)
    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte >= Byte.firstBeyondASCII || Letters.isAsciiLetter(byte)
    }

    // MARK: Day, month, year: the forms

    private static func fromMonth(_ text: [UInt8], at: Int, end: Int, inSmallLetters: Bool) -> DateMention? {
        var stop = at
        while stop < end, stop - at < 28, isWordByte(text[stop]) { stop += 1 }
        guard inSmallLetters || !Letters.isLower(text, at: at), let month = Months.number(text, at..<stop) else {
            return nil
        }
        var next = stop
        if next < end, text[next] == Byte.period { next += 1 }
        next = skipBlanks(text, next, end)
        guard let (number, afterNumber) = number(text, at: next, end: end) else { return nil }
        if afterNumber - next == 4, isYear(number) {
            return DateMention(range: at..<afterNumber, year: number, month: month)
        }
        guard afterNumber - next <= 2 else { return nil }
        let afterDay = skipOrdinal(text, afterNumber, end)
        var date = DateMention(range: at..<afterDay, month: month, day: number)
        addYear(text, afterDay, end, to: &date)
        return date
    }

    private static func fromNumber(_ text: [UInt8], at: Int, end: Int) -> DateMention? {
        guard let (first, stop) = number(text, at: at, end: end), stop - at <= 12 else { return nil }
        let wide = text[at] >= Byte.firstBeyondASCII
        let digits = wide ? (stop - at) / (text[at] == 0xD9 ? 2 : 3) : stop - at
        if let (unit, after) = cjkUnit(text, skipBlanks(text, stop, end), end) {
            return fromCJK(text, at: at, first: first, digits: digits, unit: unit, after: after, end: end)
        }
        guard text[at] != Byte.fullWidthLead else { return nil }
        if at > 0, text[at - 1] >= Byte.comma, text[at - 1] <= Byte.slash, at > 1, Letters.isDigit(text[at - 2]) {
            return nil
        }
        if digits == 4, isYear(first) { return yearFirst(text, at: at, year: first, after: stop, end: end) }
        guard digits <= 2, first <= 31 else { return nil }
        if let numeric = allNumeric(text, at: at, first: first, after: stop, end: end) { return numeric }
        return dayFirst(text, at: at, day: first, after: stop, end: end)
    }

    /// 2024-12-03, 2024/12/3, 2024.12.03, 2024. 12. 3.
    private static func yearFirst(_ text: [UInt8], at: Int, year: Int, after: Int, end: Int) -> DateMention? {
        guard after < end else { return nil }
        let mark = text[after]
        guard mark == Byte.hyphen || mark == Byte.slash || mark == Byte.period else { return nil }
        let monthAt = skipBlanks(text, after + 1, end)
        guard let (month, afterMonth) = number(text, at: monthAt, end: end), afterMonth - monthAt <= 2 else {
            return nil
        }
        var date = DateMention(range: at..<afterMonth, year: year, month: month)
        guard afterMonth < end, text[afterMonth] == mark else { return mark == Byte.hyphen ? date : nil }
        let dayAt = skipBlanks(text, afterMonth + 1, end)
        guard let (day, afterDay) = number(text, at: dayAt, end: end), afterDay - dayAt <= 2 else { return nil }
        date.day = day
        date.range = at..<afterDay
        return date
    }

    /// 3.12.2024, 03.12.24, 03/12/2024, 3-12-2024.
    private static func allNumeric(_ text: [UInt8], at: Int, first: Int, after: Int, end: Int) -> DateMention? {
        guard after < end else { return nil }
        let mark = text[after]
        guard mark == Byte.period || mark == Byte.slash || mark == Byte.hyphen else { return nil }
        let secondAt = mark == Byte.period ? skipBlanks(text, after + 1, end) : after + 1
        guard let (second, afterSecond) = number(text, at: secondAt, end: end), afterSecond - secondAt <= 2,
            afterSecond < end, text[afterSecond] == mark
        else { return nil }
        let yearAt = mark == Byte.period ? skipBlanks(text, afterSecond + 1, end) : afterSecond + 1
        guard let (number, afterYear) = number(text, at: yearAt, end: end) else { return nil }
        let year: Int
        switch afterYear - yearAt {
        case 4 where isYear(number): year = number
        case 2: year = number < 70 ? 2000 + number : 1900 + number
        default: return nil
        }
        var date = DateMention(range: at..<afterYear, year: year, month: second, day: first)
        if second > 12 || (mark != Byte.period && first <= 12 && first != second) {
            if second > 12 { (date.month, date.day) = (first, second) } else { date.ambiguous = true }
        }
        return date
    }

    /// 3 December 2024, 3rd of December, 3. Dezember, 3 de diciembre de 2024, 3 tháng 12 năm 2024.
    private static func dayFirst(_ text: [UInt8], at: Int, day: Int, after: Int, end: Int) -> DateMention? {
        var next = skipBlanks(text, skipOrdinal(text, after, end), end)
        next = skipParticle(text, next, end)
        var stop = next
        while stop < end, stop - next < 28, isWordByte(text[stop]) { stop += 1 }
        guard stop > next else { return nil }
        if Letters.has("tháng", text, at: next) {
            let monthAt = skipBlanks(text, stop, end)
            guard let (month, afterMonth) = number(text, at: monthAt, end: end) else { return nil }
            var date = DateMention(range: at..<afterMonth, month: month, day: day)
            addYear(text, afterMonth, end, to: &date)
            return date
        }
        guard let month = Months.number(text, next..<stop) else { return nil }
        if stop < end, text[stop] == Byte.period { stop += 1 }
        var date = DateMention(range: at..<stop, month: month, day: day)
        addYear(text, stop, end, to: &date)
        return date.year == nil && Months.isAlsoAWord(text, next..<stop) ? nil : date
    }

    /// 2024年12月3日, 12月3日, 2024년 12월 3일. A lone day states no month and is no date here.
    private static func fromCJK(
        _ text: [UInt8], at: Int, first: Int, digits: Int, unit: Int, after: Int, end: Int
    ) -> DateMention? {
        var date = DateMention(range: at..<after)
        var unit = unit
        var value = first
        var next = after
        while true {
            switch unit {
            case 0 where date.year == nil && date.month == nil && isYear(value): date.year = value
            case 1 where date.month == nil: date.month = value
            case 2 where date.month != nil:
                date.day = value
                date.range = at..<next
                return date
            default: return date.month == nil ? nil : date
            }
            date.range = at..<next
            let numberAt = skipBlanks(text, next, end)
            guard let (more, stop) = number(text, at: numberAt, end: end),
                let (nextUnit, afterUnit) = cjkUnit(text, skipBlanks(text, stop, end), end)
            else { return date.month == nil ? nil : date }
            (value, unit, next) = (more, nextUnit, afterUnit)
        }
    }

    /// 0 for a year, 1 for a month, 2 for a day.
    private static func cjkUnit(_ text: [UInt8], _ at: Int, _ end: Int) -> (Int, Int)? {
        guard at + 3 <= end, text[at] >= Byte.kanaLead else { return nil }
        if Letters.has("年", text, at: at) || Letters.has("년", text, at: at) { return (0, at + 3) }
        if Letters.has("月", text, at: at) || Letters.has("월", text, at: at) { return (1, at + 3) }
        if Letters.has("日", text, at: at) || Letters.has("일", text, at: at) { return (2, at + 3) }
        return nil
    }

    // MARK: Parts

    private static func addYear(_ text: [UInt8], _ at: Int, _ end: Int, to date: inout DateMention) {
        var next = at
        if next < end, text[next] == Byte.comma { next += 1 }
        next = skipBlanks(text, next, end)
        next = skipParticle(text, next, end)
        if Letters.has("năm", text, at: next) { next = skipBlanks(text, next + 4, end) }
        if Letters.has("ឆ្នាំ", text, at: next) { next = skipBlanks(text, next + 15, end) }
        guard let (year, stop) = number(text, at: next, end: end), [4, 8, 12].contains(stop - next), isYear(year)
        else {
            return
        }
        date.year = year
        date.range = date.range.lowerBound..<stop
    }

    /// st, nd, rd, th, er, º, ª, a full stop.
    private static func skipOrdinal(_ text: [UInt8], _ at: Int, _ end: Int) -> Int {
        guard at < end else { return at }
        if text[at] == Byte.period { return at + 1 }
        if at + 1 < end {
            switch (text[at] | Byte.caseBit, text[at + 1] | Byte.caseBit) {
            case (UInt8(ascii: "s"), UInt8(ascii: "t")), (UInt8(ascii: "n"), UInt8(ascii: "d")),
                (UInt8(ascii: "r"), UInt8(ascii: "d")), (UInt8(ascii: "t"), UInt8(ascii: "h")),
                (UInt8(ascii: "e"), UInt8(ascii: "r")):
                return at + 2 < end && isWordByte(text[at + 2]) ? at : at + 2
            default: break
            }
            if text[at] == Byte.latinSignLead, text[at + 1] == 0xBA || text[at + 1] == 0xAA { return at + 2 }
        }
        return at
    }

    /// of, de, del.
    private static func skipParticle(_ text: [UInt8], _ at: Int, _ end: Int) -> Int {
        if at + 3 < end {
            if Letters.has("of ", text, at: at) || Letters.has("de ", text, at: at) {
                return skipBlanks(text, at + 3, end)
            }
            if Letters.has("del ", text, at: at) { return skipBlanks(text, at + 4, end) }
            if Letters.has("ខែ", text, at: at) { return skipBlanks(text, at + 6, end) }
        }
        return at
    }

    static func skipBlanks(_ text: [UInt8], _ at: Int, _ end: Int) -> Int {
        var next = at
        while next < end, next - at < 8 {
            let length = Lines.blankLength(text, at: next)
            if length == 0 { break }
            next += length
        }
        return min(next, end)
    }

    /// The digit at `at` (ASCII, full-width, Arabic-Indic, Devanagari or Khmer) and its length.
    @inline(__always)
    private static func digit(_ text: [UInt8], at: Int) -> (Int, Int)? {
        let byte = text[at]
        if byte < Byte.firstBeyondASCII { return Letters.isDigit(byte) ? (Int(byte - Byte.zero), 1) : nil }
        if byte == 0xD9, at + 1 < text.count, text[at + 1] &- 0xA0 < 10 { return (Int(text[at + 1]) - 0xA0, 2) }
        guard byte == Byte.fullWidthLead || byte == Byte.khmerLead || byte == Byte.threeByteLead, at + 2 < text.count
        else { return nil }
        if byte == Byte.threeByteLead, text[at + 1] == 0xA5, text[at + 2] &- 0xA6 < 10 {
            return (Int(text[at + 2]) - 0xA6, 3)
        }
        if byte == Byte.fullWidthLead, text[at + 1] == 0xBC, text[at + 2] &- 0x90 < 10 {
            return (Int(text[at + 2]) - 0x90, 3)
        }
        if byte == Byte.khmerLead, text[at + 1] == 0x9F, text[at + 2] &- 0xA0 < 10 {
            return (Int(text[at + 2]) - 0xA0, 3)
        }
        return nil
    }

    /// The number that starts at `at`, of at most eight digits, and where it ends.
    private static func number(_ text: [UInt8], at: Int, end: Int) -> (Int, Int)? {
        var value = 0
        var next = at
        var count = 0
        while next < end, let (digit, length) = digit(text, at: next) {
            count += 1
            if count > 8 { return nil }
            value = value * 10 + digit
            next += length
        }
        return count == 0 ? nil : (value, next)
    }

    private static func isYear(_ number: Int) -> Bool { number >= 1700 && number <= 2199 }

    private static func isPossible(_ date: DateMention) -> Bool {
        if let month = date.month, !(1...12).contains(month) { return false }
        if let day = date.day {
            guard let month = date.month else { return false }
            let days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
            if !(1...days).contains(day) { return false }
        }
        return date.year != nil || date.month != nil
    }
}
