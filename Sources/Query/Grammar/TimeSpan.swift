// When a file came, as people write it: a moment, a day, a month, so long ago, or a range.

internal import Foundation

/// A range of moments, in microseconds since 1970.
public struct TimeSpan: Sendable, Equatable {
    /// From this moment on; nil if it has no beginning.
    public var from: Int64?
    /// Before this one; nil if it has no end.
    public var until: Int64?

    public init(from: Int64? = nil, until: Int64? = nil) { (self.from, self.until) = (from, until) }

    /// `yesterday`, `2h` (from two hours ago on), `2026-11`, `2026-11-20`, `2026-11-20T14:00` (that minute); or a range.
    init(_ text: String, _ moment: QueryMoment) throws(SpanError) {
        let parts = text.components(separatedBy: "..")
        guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else {
            throw SpanError(description: "it is no time and no range")
        }
        func edge(_ part: String, isEnd: Bool) throws(SpanError) -> Int64 {
            guard let time = Self.edge(part, isEnd: isEnd, moment) else {
                throw SpanError(description: "\(part) is no time")
            }
            return time
        }
        if parts.count == 1 {
            from = try edge(text, isEnd: false)
            let end = try edge(text, isEnd: true)
            // So long ago has no length of its own; a minute does.
            until = end > from ?? end ? end : Self.isAgo(text) ? nil : end + 60_000_000
        } else {
            from = parts[0].isEmpty ? nil : try edge(parts[0], isEnd: false)
            until = parts[1].isEmpty ? nil : try edge(parts[1], isEnd: true)
            if let from, let until, until <= from { throw SpanError(description: "it ends before it begins") }
        }
    }

    /// A moment as people write it: `now`, `today`, `yesterday`, `45m`, `2h`, `3d`, `1w`, `2026`, `2026-11`, `2026-11-20`,
    /// `2026-11-20 14:00`. Nil if it is none.
    ///
    /// - Parameter isEnd: a day, a month or a year then means its end.
    public static func edge(_ text: String, isEnd: Bool, _ moment: QueryMoment) -> Int64? {
        date(text, isEnd: isEnd, moment).map { Int64($0.timeIntervalSince1970 * 1_000_000) }
    }

    private static let units: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]

    private static func isAgo(_ text: String) -> Bool {
        text == "now" || text.last.map { units[$0] != nil } ?? false && Int(text.dropLast()) != nil
    }

    private static func date(_ text: String, isEnd: Bool, _ moment: QueryMoment) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = moment.zone
        func whole(_ start: Date, _ unit: Calendar.Component) -> Date? {
            isEnd ? calendar.date(byAdding: unit, value: 1, to: start) : start
        }
        let today = calendar.startOfDay(for: moment.now)
        switch text.lowercased() {
        case "now": return moment.now
        case "today": return whole(today, .day)
        case "yesterday": return calendar.date(byAdding: .day, value: -1, to: today).flatMap { whole($0, .day) }
        default: break
        }
        if let last = text.last, let seconds = Self.units[last], let count = Int(text.dropLast()),
            (0..<1_000_000).contains(count)
        {
            return moment.now.addingTimeInterval(-seconds * Double(count))
        }
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        guard (1...2).contains(parts.count) else { return nil }
        let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...3).contains(numbers.count), parts.count == 1 || numbers.count == 3, parts[0].prefix(5).count >= 4,
            let year = numbers[0], (1970...9999).contains(year),
            let month = numbers.count > 1 ? numbers[1] : 1, let day = numbers.count > 2 ? numbers[2] : 1
        else { return nil }
        var components = DateComponents(year: year, month: month, day: day)
        guard components.isValidDate(in: calendar) else { return nil }
        if parts.count == 2 {
            let time = parts[1].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
            guard (2...3).contains(time.count), let hour = time[0], let minute = time[1], (0...23).contains(hour),
                (0...59).contains(minute), let second = time.count == 3 ? time[2] : 0, (0...59).contains(second)
            else { return nil }
            (components.hour, components.minute, components.second) = (hour, minute, second)
            return calendar.date(from: components)
        }
        let units: [Calendar.Component] = [.year, .month, .day]
        return calendar.date(from: components).flatMap { whole($0, units[numbers.count - 1]) }
    }
}
