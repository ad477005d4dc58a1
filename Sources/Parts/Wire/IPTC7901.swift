// IPTC 7901: `eca0124 3 i 93 dpa 1888`, keywords, then the text, whose headline ends with `=`, then the time.

internal import Story
internal import Text

enum IPTC7901 {
    static func read(_ story: [UInt8], limits: ReadLimits) -> (Reading, identifier: String) {
        let frame = Telegraph.Frame(story)
        var builder = ReadingBuilder(notes: frame.notes, limits: limits)
        let identifier = heading(frame.heading, &builder)
        if let time = WireTime.iptc(frame.trailer) { builder.state(.versioncreated, time, rule: "iptc7901/time ETX") }
        text(frame.text, &builder)
        return (builder.reading(), identifier)
    }

    private static func heading(_ lines: [[UInt8]], _ builder: inout ReadingBuilder) -> String {
        guard let first = lines.first(where: { $0.contains { $0 > Byte.space } }) else { return "" }
        let words = first.trimmed.split(separator: " ").map(String.init)
        let identifier = words.first ?? ""
        if !identifier.isEmpty { builder.state(.altid, identifier, rule: "iptc7901/identifier SOH") }
        if words.count > 1, words[1].count == 1, let priority = Int(words[1]), (1...9).contains(priority) {
            builder.state(.urgency, words[1], rule: "iptc7901/priority SOH")
        }
        if words.count > 2, words[2].utf8.allSatisfy(Letters.isAsciiLetter) {
            builder.state(.service, words[2], rule: "iptc7901/category SOH")
        }
        let keywords = lines.drop { $0 != first }.dropFirst().map(\.trimmed).filter { !$0.isEmpty }
        if !keywords.isEmpty {
            let slugline = keywords.joined(separator: " ")
            builder.state(.slugline, slugline, rule: "iptc7901/keywords SOH")
            for keyword in slugline.split(separator: "/") {
                builder.state(.keyword, keyword.trimmingBlanks, rule: "iptc7901/keywords SOH")
            }
        }
        return identifier
    }

    private static func text(_ lines: [[UInt8]], _ builder: inout ReadingBuilder) {
        var rest = lines[...]
        while let first = rest.first, first.trimmed.isEmpty { rest.removeFirst() }
        // Up to the first line that ends with `=`, or to the first blank line, stands what is no body.
        let block = rest.prefix { !$0.trimmed.isEmpty }
        let marked = block.prefix(10).firstIndex { $0.trimmed.hasSuffix("=") }
        let head: ArraySlice<[UInt8]>
        if let marked {
            head = rest[rest.startIndex...marked]
        } else if block.count <= 4, rest.count > block.count {
            head = block
        } else {
            head = rest.prefix(0)
        }
        lead(head.map(\.trimmed), &builder)
        for paragraph in WireText.paragraphs(rest[head.endIndex...]) {
            builder.write(.paragraph, paragraph, rule: "iptc7901/text STX")
        }
    }

    private static func lead(_ lines: [String], _ builder: inout ReadingBuilder) {
        var headline: [String] = []
        var bylines: [String] = []
        for line in lines {
            let line = (line.hasSuffix("=") ? String(line.dropLast()) : line).trimmingBlanks
            if line.isEmpty { continue }
            if headline.isEmpty, let kind = WireText.updateKind(line) {
                builder.state(.updatekind, kind, rule: "iptc7901/update STX")
            } else if headline.isEmpty, line.hasPrefix("("), line.hasSuffix(")") {
                builder.state(.ednote, String(line.dropFirst().dropLast()), rule: "iptc7901/note STX")
            } else if let name = WireText.byline(line), !headline.isEmpty {
                bylines.append(name)
            } else {
                headline.append(line)
            }
        }
        if !headline.isEmpty {
            builder.write(.headline, headline.joined(separator: " "), rule: "iptc7901/headline STX")
        }
        for name in bylines { builder.write(.byline, name, rule: "iptc7901/byline STX") }
    }
}

/// What both wires' texts have in common.
enum WireText {
    /// Paragraphs: lines are joined up to a blank one; a line that is indented begins another one.
    static func paragraphs(_ lines: some Sequence<[UInt8]>) -> [[UInt8]] {
        var paragraphs: [[UInt8]] = []
        var current: [UInt8] = []
        func flush() {
            if !current.isEmpty { paragraphs.append(current) }
            current = []
        }
        for line in lines {
            let trimmed = Array(line.trimmed.utf8)
            if trimmed.isEmpty || line.first == Byte.tab || line.starts(with: [0x20, 0x20]) { flush() }
            if trimmed.isEmpty { continue }
            if !current.isEmpty { current.append(Byte.space) }
            current.append(contentsOf: trimmed)
        }
        flush()
        return paragraphs
    }

    /// `By Jane Doe, dpa` and its like.
    static func byline(_ line: String) -> String? {
        for word in ["By ", "Von ", "Par ", "Por ", "Di ", "BY "] where line.hasPrefix(word) && line.utf8.count < 100 {
            let name = line.dropFirst(word.count)
            return name.first?.isUppercase == true ? String(name.split(separator: ",")[0]).trimmingBlanks : nil
        }
        return nil
    }

    /// A line that only says which version this is.
    static func updateKind(_ line: String) -> String? {
        guard line.utf8.count <= 24 else { return nil }
        let words = line.lowercased().split { $0 == " " || $0 == "-" || $0 == ":" }.map(String.init)
        guard let last = words.last else { return nil }
        let number = words.first.flatMap { Int($0.prefix { $0.isNumber }) }
        switch last {
        case "lead", "ld", "writethru":
            let kind = last == "writethru" ? "writethru" : "lead"
            return number.map { "\(kind) \($0)" } ?? kind
        case "urgent", "eil", "dringend": return "urgent"
        case "flash", "blitz": return "flash"
        case "bulletin": return "bulletin"
        case "correction", "corrected", "corrects", "korrektur", "berichtigung": return "correction"
        case "update", "extra": return last == "update" ? "update" : nil
        case "kill", "eliminate": return "kill"
        case "advisory": return "advisory"
        default: return nil
        }
    }
}

extension StringProtocol {
    /// Without blanks at the ends.
    var trimmingBlanks: String { Array(utf8).trimmed }
}

enum WireTime {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// `212101 GMT Nov 18`: day, hour and minute, zone, month, year.
    static func iptc(_ trailer: String) -> String? {
        for line in trailer.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 4, words[0].count == 6, let number = Int(words[0]), let year = Int(words[3]),
                let month = months.firstIndex(of: words[2].lowercased().prefix(3).description)
            else { continue }
            let zone = ["GMT", "UTC", "Z"].contains(words[1]) ? "Z" : ""
            return stamp(
                year < 100 ? 2000 + year : year, month + 1, number / 10_000, number / 100 % 100, number % 100, zone)
        }
        return nil
    }

    /// `AP-WF-08-29-16 1626GMT<`: month, day, year, hour and minute.
    static func anpa(_ trailer: String) -> String? {
        for line in trailer.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "<" }.map(String.init)
            for (index, word) in words.enumerated() where index + 1 < words.count {
                let numbers = word.split(separator: "-").compactMap { $0.count == 2 ? Int($0) : nil }
                let time = words[index + 1]
                guard numbers.count == 3, time.count >= 4, let clock = Int(time.prefix(4)) else { continue }
                let zone = time.dropFirst(4)
                let offset =
                    zone == "GMT" || zone == "UTC" ? "Z" : zone == "EDT" ? "-04:00" : zone == "EST" ? "-05:00" : ""
                return stamp(2000 + numbers[2], numbers[0], numbers[1], clock / 100, clock % 100, offset)
            }
        }
        return nil
    }

    private static func stamp(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ zone: String)
        -> String?
    {
        guard (1...12).contains(month), (1...31).contains(day), (0...24).contains(hour), (0...59).contains(minute),
            (1900...2199).contains(year)
        else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):00\(zone)"
    }
}
