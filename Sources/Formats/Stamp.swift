// Times as formats write them -> ISO 8601. Promises: says only what stands there: a time without zone stays without; what is no
// time is nil.

/// Points in time.
enum Stamp {
    /// `2018-02-26T21:20:11Z` of ISO 8601 in any of its forms, of RFC 5322 and RFC 850, and of what feeds make of them.
    static func iso(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        if let stamp = basic(bytes) ?? extended(bytes) { return stamp }
        return mail(text)
    }

    /// `20151014T043001+0100`, `20151014`.
    private static func basic(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= 8, let year = number(bytes, 0, 4), let month = number(bytes, 4, 2),
            let day = number(bytes, 6, 2), isDay(year, month, day)
        else { return nil }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        if bytes.count == 8 { return date }
        guard bytes.count >= 13, bytes[8] == UInt8(ascii: "T") || bytes[8] == UInt8(ascii: " "),
            let hour = number(bytes, 9, 2), let minute = number(bytes, 11, 2), hour < 25, minute < 60
        else { return nil }
        let second = number(bytes, 13, 2)
        guard let zone = zone(bytes[(second == nil ? 13 : 15)...]) else { return nil }
        return date + "T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second ?? 0, 2))" + zone
    }

    /// `2018-02-26T21:20:11.5+01:00`, `2018-02-26 21:20`, `2018-02-26`, `2018-02`, `2018`.
    private static func extended(_ bytes: [UInt8]) -> String? {
        guard let year = number(bytes, 0, 4), year >= 1000 else { return nil }
        if bytes.count == 4 { return padded(year, 4) }
        guard let separator = bytes.dropFirst(4).first, [0x2D, 0x2E, 0x2F].contains(separator),
            let month = number(bytes, 5, 2), (1...12).contains(month)
        else { return nil }
        if bytes.count == 7 { return "\(padded(year, 4))-\(padded(month, 2))" }
        guard bytes.count >= 10, bytes[7] == separator, let day = number(bytes, 8, 2), isDay(year, month, day) else {
            return nil
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        if bytes.count == 10 { return date }
        guard bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == 0x20, let hour = number(bytes, 11, 2),
            bytes.count >= 16,
            bytes[13] == 0x3A, let minute = number(bytes, 14, 2), hour < 25, minute < 60
        else { return bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == 0x20 || bytes[10] == 0x2B ? date : nil }
        var at = 16
        var time = "T\(padded(hour, 2)):\(padded(minute, 2))"
        if at < bytes.count, bytes[at] == 0x3A, let second = number(bytes, at + 1, 2) {
            time += ":\(padded(second, 2))"
            at += 3
            if at < bytes.count, bytes[at] == 0x2E || bytes[at] == 0x2C {
                at += 1
                let start = at
                while at < bytes.count, bytes[at] &- 0x30 < 10 { at += 1 }
                let fraction = bytes[start..<at].reversed().drop { $0 == 0x30 }.reversed()
                if !fraction.isEmpty { time += "." + String(decoding: fraction, as: UTF8.self) }
            }
        } else {
            time += ":00"
        }
        return zone(bytes[min(at, bytes.count)...]).map { date + time + $0 }
    }

    /// `Thu, 05 May 2016 04:11:45 +0000`, `5 May 16 04:11 GMT`, `Thursday, 05-May-16 04:11:45 GMT`, `Thu May  5 04:11:45 2016`.
    private static func mail(_ text: String) -> String? {
        var words = text.split { $0 == " " || $0 == "," || $0 == "\t" || $0 == "\n" }.map(String.init)
        if let comment = words.firstIndex(where: { $0.hasPrefix("(") }) { words.removeSubrange(comment...) }
        if let first = words.first, days.contains(first.lowercased().prefix(3).description) { words.removeFirst() }
        if let first = words.first, first.contains("-") {
            words.replaceSubrange(0..<1, with: first.split(separator: "-").map(String.init))
        }
        guard words.count >= 3 else { return nil }
        if let month = month(words[0]), let day = Int(words[1]) {
            // asctime(3): the year comes last; Americans write `May 5 2016`.
            let time = words.first { $0.contains(":") }
            guard let year = words.dropFirst(2).lazy.compactMap({ $0.count == 4 ? Int($0) : nil }).first else {
                return nil
            }
            let zoneWord = words.dropFirst(2).first { mailZone($0) != nil && !$0.contains(":") && Int($0) != year }
            return assemble(year, month, day, time, zoneWord)
        }
        guard let day = Int(words[0]), let month = month(words[1]), var year = Int(words[2]) else { return nil }
        if words[2].count == 2 { year += year < 70 ? 2000 : 1900 }
        return assemble(year, month, day, words.dropFirst(3).first, words.dropFirst(4).first)
    }

    private static func assemble(_ year: Int, _ month: Int, _ day: Int, _ time: String?, _ zone: String?) -> String? {
        guard isDay(year, month, day) else { return nil }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        guard let time else { return date }
        let numbers = time.split(separator: ":").map { Int($0) ?? -1 }
        guard numbers.count >= 2, (0...24).contains(numbers[0]), (0...59).contains(numbers[1]) else { return date }
        let second = numbers.count > 2 ? max(0, numbers[2]) : 0
        return date + "T\(padded(numbers[0], 2)):\(padded(numbers[1], 2)):\(padded(second, 2))"
            + (zone.flatMap(mailZone) ?? "")
    }

    private static let days: Set<String> = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    private static func month(_ word: String) -> Int? {
        months.firstIndex(of: word.lowercased().prefix(3).description).map { $0 + 1 }
    }

    private static func mailZone(_ word: String) -> String? {
        switch word.uppercased() {
        case "GMT", "UT", "UTC", "Z": return "Z"
        case "EST": return "-05:00"
        case "EDT": return "-04:00"
        case "CST": return "-06:00"
        case "CDT": return "-05:00"
        case "MST": return "-07:00"
        case "MDT": return "-06:00"
        case "PST": return "-08:00"
        case "PDT": return "-07:00"
        case "CET": return "+01:00"
        case "CEST", "EET": return "+02:00"
        default: return zone(Array(word.utf8)[...])
        }
    }

    /// `Z`, `+0100`, `+01:00`, or nothing.
    private static func zone(_ rest: ArraySlice<UInt8>) -> String? {
        let rest = Array(rest.drop { $0 == 0x20 })
        guard let sign = rest.first else { return "" }
        if sign | 0x20 == UInt8(ascii: "z"), rest.count == 1 { return "Z" }
        if rest == Array("GMT".utf8) || rest == Array("UTC".utf8) { return "Z" }
        guard sign == 0x2B || sign == 0x2D else { return nil }
        let digits = rest.dropFirst().filter { $0 != 0x3A }
        guard let hours = number(digits, 0, 2), hours < 15 else { return nil }
        let minutes = number(digits, 2, 2) ?? 0
        guard minutes < 60, digits.count <= 4 else { return nil }
        return "\(sign == 0x2B ? "+" : "-")\(padded(hours, 2)):\(padded(minutes, 2))"
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
        guard start + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[start..<start + count] {
            guard byte &- 0x30 < 10 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    private static func isDay(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return day <= [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
