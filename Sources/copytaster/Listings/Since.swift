// Where a listing begins or ends: a ledger row, a cursor (a row with the store's epoch), or a time as people write it.

internal import ArgumentParser
internal import Foundation
internal import Store

/// A ledger row, with the epoch that its number belongs to.
struct Cursor: Equatable, CustomStringConvertible {
    var epoch: String?
    var row: Int64

    var description: String { epoch.map { "\($0):\(row)" } ?? "\(row)" }

    init(epoch: String?, row: Int64) { (self.epoch, self.row) = (epoch, row) }

    /// `49`, or `0123456789abcdef:49`.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let last = parts.last, last.allSatisfy({ $0.isASCII && $0.isNumber }), let row = Int64(last) else {
            return nil
        }
        guard parts.count > 1 else {
            self.init(epoch: nil, row: row)
            return
        }
        guard parts.count == 2, parts[0].count == 16, parts[0].allSatisfy(\.isHexDigit) else { return nil }
        self.init(epoch: parts[0].lowercased(), row: row)
    }

    /// Throws if the row is one of another life of the store: the same number may be another file now.
    func check(_ reader: StoreReader) throws {
        let now = try reader.epoch()
        guard let epoch, epoch != now else { return }
        // How far the rows are the same, over every restore since.
        let ended = try reader.endedEpochs()
        guard let first = ended.firstIndex(where: { $0.epoch == epoch }) else {
            throw CommandError(
                "the cursor \(self) is of another store: this one has the epoch \(now)",
                hint:
                    "its rows may be other ones: read them from the beginning (--since \(now):0), and match what you have "
                    + "by sha256", code: EX_PROTOCOL)
        }
        let same = ended[first...].map(\.last).min() ?? 0
        throw CommandError(
            "the cursor \(self) is of an epoch that ended: a backup was put in place of the store, whose epoch is now \(now)",
            hint: (row > same ? "the rows after \(same) that you have are not in it any more; " : "")
                + "go on with --since \(now):\(min(row, same))", code: EX_PROTOCOL)
    }
}

/// What `--since` and `--until` take.
enum ListingEdge: Equatable {
    case cursor(Cursor)
    /// Microseconds since 1970.
    case time(Int64)

    /// - Parameters:
    ///   - text: a cursor; or `today`, `yesterday`, `2h`, `3d`, `45m`, `2026-11-20`, `2026-11-20 14:00`.
    ///   - isEnd: a day then means its end.
    init?(_ text: String, isEnd: Bool, now: Date = Date(), zone: TimeZone = Console.now.timeZone) {
        if !isEnd, let cursor = Cursor(text) {
            self = .cursor(cursor)
            return
        }
        guard let date = ListingEdge.date(text, isEnd: isEnd, now: now, zone: zone) else { return nil }
        self = .time(Int64(date.timeIntervalSince1970 * 1_000_000))
    }

    private static func date(_ text: String, isEnd: Bool, now: Date, zone: TimeZone) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let today = calendar.startOfDay(for: now)
        func day(_ start: Date) -> Date? { isEnd ? calendar.date(byAdding: .day, value: 1, to: start) : start }
        switch text {
        case "now": return now
        case "today": return day(today)
        case "yesterday": return calendar.date(byAdding: .day, value: -1, to: today).flatMap(day)
        default: break
        }
        if let unit = text.last, let count = Int(text.dropLast()), count >= 0, count < 1_000_000 {
            let seconds: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
            return seconds[unit].map { now.addingTimeInterval(-$0 * Double(count)) }
        }
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        guard parts.count <= 2, let first = parts.first else { return nil }
        let numbers = first.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 3, let year = numbers[0], let month = numbers[1], let number = numbers[2],
            (1970...9999).contains(year)
        else { return nil }
        var components = DateComponents(year: year, month: month, day: number)
        guard components.isValidDate(in: calendar) else { return nil }
        if parts.count == 2 {
            let time = parts[1].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
            guard (2...3).contains(time.count), let hour = time[0], let minute = time[1], (0...23).contains(hour),
                (0...59).contains(minute), let second = time.count == 3 ? time[2] : 0, (0...59).contains(second)
            else { return nil }
            (components.hour, components.minute, components.second) = (hour, minute, second)
            return calendar.date(from: components)
        }
        return calendar.date(from: components).flatMap(day)
    }
}
