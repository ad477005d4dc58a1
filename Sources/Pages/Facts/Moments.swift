// Dates and times of markup -> ISO 8601. Promises: says nothing that is not stated; a day that no calendar has is no date.

internal import Text

enum Moments {
    /// `2024-05-03T15:47:42Z`, `2024-05-03T15:47:42+02:00` or `2024-05-03`, of what a page states in one of many ways.
    static func iso(_ text: String) -> String? {
        let bytes = Array(text.utf8.prefix(80))
        var numbers = Numbers(bytes)
        if let first = numbers.peek(), first.count >= 10, bytes.count == first.count {
            return epoch(first.value, first.count)
        }
        if let first = numbers.peek(), first.count == 8,
            let day = day(first.value / 10000, first.value / 100 % 100, first.value % 100)
        {
            return day
        }
        if let first = numbers.peek(), first.count == 4, first.start == 0 {
            _ = numbers.next()
            guard let month = numbers.next(), let date = numbers.next() else { return nil }
            guard let day = day(first.value, month.value, date.value) else { return nil }
            return day + time(bytes, from: date.end)
        }
        return worded(bytes)
    }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> String? {
        guard 1600...2199 ~= year, 1...12 ~= month, day >= 1, day <= days(month, year) else { return nil }
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// The time of day at the start of what follows a date, with its zone; empty where there is none.
    private static func time(_ bytes: [UInt8], from start: Int) -> String {
        var at = start
        while at < bytes.count,
            bytes[at] == Byte.space || bytes[at] | Byte.caseBit == UInt8(ascii: "t") || bytes[at] == Byte.comma
        {
            at += 1
        }
        var numbers = Numbers(bytes, from: at)
        guard let hour = numbers.next(), hour.start == at, hour.value < 24, hour.count <= 2, hour.end < bytes.count,
            bytes[hour.end] == Byte.colon, let minute = numbers.next(), minute.start == hour.end + 1, minute.value < 60
        else { return "" }
        var result = "T" + padded(hour.value, 2) + ":" + padded(minute.value, 2)
        at = minute.end
        if at < bytes.count, bytes[at] == Byte.colon, let second = numbers.next(), second.value < 60 {
            result += ":" + padded(second.value, 2)
            at = second.end
            if at < bytes.count, bytes[at] == Byte.period, let fraction = numbers.next() { at = fraction.end }
        } else {
            result += ":00"
        }
        return result + zone(bytes, from: at)
    }

    private static func zone(_ bytes: [UInt8], from start: Int) -> String {
        var at = start
        while at < bytes.count, bytes[at] == Byte.space { at += 1 }
        guard at < bytes.count else { return "" }
        if bytes[at] | Byte.caseBit == UInt8(ascii: "z") || Letters.has("GMT", bytes, at: at)
            || Letters.has("UTC", bytes, at: at)
        {
            return "Z"
        }
        guard bytes[at] == Byte.plus || bytes[at] == Byte.hyphen else { return "" }
        var numbers = Numbers(bytes, from: at + 1)
        guard let first = numbers.next(), first.start == at + 1 else { return "" }
        var (hours, minutes) = (first.value, 0)
        if first.count >= 3 { (hours, minutes) = (first.value / 100, first.value % 100) }
        if first.count <= 2, let second = numbers.next(), second.start == first.end + 1 { minutes = second.value }
        guard hours <= 14, minutes < 60 else { return "" }
        return (bytes[at] == Byte.plus ? "+" : "-") + padded(hours, 2) + ":" + padded(minutes, 2)
    }

    /// Seconds or milliseconds since 1970.
    private static func epoch(_ value: Int, _ digits: Int) -> String? {
        let seconds = digits >= 13 ? value / 1000 : value
        guard digits == 10 || digits == 13 else { return nil }
        // Days to a date of the Gregorian calendar, by Howard Hinnant's method.
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let date = dayOfYear - (153 * month + 2) / 5 + 1
        let realMonth = month < 10 ? month + 3 : month - 9
        guard let day = day(year + era * 400 + (realMonth <= 2 ? 1 : 0), realMonth, date) else { return nil }
        let rest = seconds % 86_400
        return day + "T" + padded(rest / 3600, 2) + ":" + padded(rest / 60 % 60, 2) + ":" + padded(rest % 60, 2) + "Z"
    }

    /// A date in words: `Fri, 28 Apr 2023 19:20:36 +0200`, `April 28, 2023`, `28.04.2023`.
    private static func worded(_ bytes: [UInt8]) -> String? {
        var numbers = Numbers(bytes)
        var found: [Numbers.Number] = []
        while let number = numbers.next(), found.count < 8 { found.append(number) }
        guard let year = found.first(where: { $0.count == 4 && 1600...2199 ~= $0.value }) else { return nil }
        let month = englishMonth(bytes)
        if let month, let date = found.first(where: { $0.count <= 2 && 1...31 ~= $0.value }) {
            guard let day = day(year.value, month, date.value) else { return nil }
            let clock = found.first { $0.end < bytes.count && bytes[$0.end] == Byte.colon && $0.start > date.end }
            guard let clock else { return day }
            var result = time(bytes, from: clock.start)
            // `19:20:36 CEST 2023`: the zone's name says less than a number would; the day is what is surely meant.
            if result.isEmpty { result = "" }
            return day + result
        }
        if month == nil, found.count >= 3, found[0].count <= 2, found[1].count <= 2, found[2].start == year.start {
            let isMonthFirst = bytes[found[0].end] == Byte.slash && found[1].value > 12
            let (date, month) = isMonthFirst ? (found[1].value, found[0].value) : (found[0].value, found[1].value)
            guard let day = day(year.value, month, date) else { return nil }
            return day + time(bytes, from: year.end)
        }
        return nil
    }

    private static func englishMonth(_ bytes: [UInt8]) -> Int? {
        var at = 0
        while at + 2 < bytes.count {
            if Letters.isAsciiLetter(bytes[at]), at == 0 || !Letters.isAsciiLetter(bytes[at - 1]),
                let month = months.value(of: at..<at + 3, in: bytes)
            {
                return Int(month)
            }
            at += 1
        }
        return nil
    }

    private static let months = WordTable([
        (1, "jan"), (2, "feb"), (3, "mar mär"), (4, "apr"), (5, "may mai"), (6, "jun"), (7, "jul"), (8, "aug"),
        (9, "sep"),
        (10, "oct okt"), (11, "nov"), (12, "dec dez"),
    ])
}

/// The numbers in a text, one after another.
private struct Numbers {
    struct Number {
        var value: Int
        var start: Int
        var end: Int
        var count: Int { end - start }
    }

    let bytes: [UInt8]
    var at: Int

    init(_ bytes: [UInt8], from start: Int = 0) {
        self.bytes = bytes
        at = start
    }

    mutating func next() -> Number? {
        while at < bytes.count, !Letters.isDigit(bytes[at]) { at += 1 }
        guard at < bytes.count else { return nil }
        let start = at
        var value = 0
        while at < bytes.count, Letters.isDigit(bytes[at]) {
            value = min(value * 10 + Int(bytes[at] - Byte.zero), 1 << 48)
            at += 1
        }
        return Number(value: value, start: start, end: at)
    }

    func peek() -> Number? {
        var copy = self
        return copy.next()
    }
}
