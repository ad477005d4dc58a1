// Dates that stories state of themselves: a range of days, each end as precise as it was given.

internal import Foundation

/// Why a text is no date or time, in a few words.
struct SpanError: Error, Equatable {
    var description: String
}

/// A day of the Gregorian calendar.
public struct Day: Sendable, Equatable, Comparable {
    public var year: Int
    public var month: Int
    public var day: Int

    public init(_ year: Int, _ month: Int, _ day: Int) { (self.year, self.month, self.day) = (year, month, day) }

    public static func < (a: Day, b: Day) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }

    static func days(of month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day in a place at a moment.
    init(_ date: Date, _ zone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        self.init(parts.year ?? 1970, parts.month ?? 1, parts.day ?? 1)
    }
}

/// A range of days.
public struct DateSpan: Sendable, Equatable {
    public var first: Day
    public var last: Day

    /// Nothing that is asked for lies outside of it.
    static let everything = DateSpan(first: Day(1000, 1, 1), last: Day(2999, 12, 31))

    init(first: Day, last: Day) { (self.first, self.last) = (first, last) }

    /// `2024`, `2024-07`, `2024-07-15`, `today`, `yesterday`, or a range of two of them.
    init(_ text: String, _ moment: QueryMoment) throws(SpanError) {
        let parts = text.components(separatedBy: "..")
        guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else {
            throw SpanError(description: "it is no date and no range")
        }
        let spans = try parts.map { part throws(SpanError) in
            part.isEmpty ? Self.everything : try Self.single(part, moment)
        }
        (first, last) = (spans[0].first, spans[spans.count - 1].last)
        if first > last { throw SpanError(description: "it ends before it begins") }
    }

    private static func single(_ text: String, _ moment: QueryMoment) throws(SpanError) -> DateSpan {
        switch text.lowercased() {
        case "today":
            let day = Day(moment.now, moment.zone)
            return DateSpan(first: day, last: day)
        case "yesterday":
            let day = Day(moment.now.addingTimeInterval(-86_400), moment.zone)
            return DateSpan(first: day, last: day)
        default: break
        }
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false)
        let lengths = numbers.map(\.count)
        guard (1...3).contains(numbers.count), lengths[0] == 4,
            lengths.dropFirst().allSatisfy({ (1...2).contains($0) }),
            numbers.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { throw SpanError(description: "\(text) is no date") }
        let values = numbers.map { Int($0) ?? 0 }
        guard (everything.first.year...everything.last.year).contains(values[0]) else {
            throw SpanError(description: "\(values[0]) is no year that it knows")
        }
        guard values.count > 1 else {
            return DateSpan(first: Day(values[0], 1, 1), last: Day(values[0], 12, 31))
        }
        guard (1...12).contains(values[1]) else { throw SpanError(description: "there is no month \(values[1])") }
        let days = Day.days(of: values[1], values[0])
        guard values.count > 2 else {
            return DateSpan(first: Day(values[0], values[1], 1), last: Day(values[0], values[1], days))
        }
        guard (1...days).contains(values[2]) else {
            throw SpanError(description: "\(numbers[0])-\(numbers[1]) has no day \(values[2])")
        }
        let day = Day(values[0], values[1], values[2])
        return DateSpan(first: day, last: day)
    }

    /// The span as the fewest centuries, decades, years, months and days, each by its digits: `20`, `202`, `2024`,
    /// `202407`, `20240715`. A story whose date is only known to the month has no day, so it lies in a span that holds
    /// the whole month.
    public var cover: [String] {
        var cover: [String] = []
        var at = first
        while at <= last {
            let isYear = at.month == 1 && at.day == 1
            func ends(_ year: Int) -> Bool { Day(year, 12, 31) <= last }
            let year = digits(at.year, 4)
            if isYear, at.year % 100 == 0, ends(at.year + 99) {
                cover.append(String(year.prefix(2)))
                at = Day(at.year + 100, 1, 1)
            } else if isYear, at.year % 10 == 0, ends(at.year + 9) {
                cover.append(String(year.prefix(3)))
                at = Day(at.year + 10, 1, 1)
            } else if isYear, ends(at.year) {
                cover.append(year)
                at = Day(at.year + 1, 1, 1)
            } else if at.day == 1, Day(at.year, at.month, Day.days(of: at.month, at.year)) <= last {
                cover.append(year + digits(at.month, 2))
                at = at.month == 12 ? Day(at.year + 1, 1, 1) : Day(at.year, at.month + 1, 1)
            } else {
                cover.append(year + digits(at.month, 2) + digits(at.day, 2))
                let isLast = at.day == Day.days(of: at.month, at.year)
                at =
                    !isLast
                    ? Day(at.year, at.month, at.day + 1)
                    : at.month == 12 ? Day(at.year + 1, 1, 1) : Day(at.year, at.month + 1, 1)
            }
        }
        return cover
    }

    /// The digits under which a story's date (ISO 8601, as precise as it is) is found: all the spans that hold it.
    /// None for a date without a year.
    public static func places(of date: String) -> [String] {
        let parts = date.split(separator: "-", omittingEmptySubsequences: false)
        guard let year = parts.first, year.utf8.count == 4, parts.count <= 3,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            parts.dropFirst().allSatisfy({ $0.utf8.count == 2 })
        else { return [] }
        var places = [String(year.prefix(2)), String(year.prefix(3)), String(year)]
        var whole = String(year)
        for part in parts.dropFirst() {
            whole += part
            places.append(whole)
        }
        return places
    }

    private func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
