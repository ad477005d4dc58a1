// The two formats of telegraphic wires: IPTC 7901 (agencies outside North America) and ANPA 1312 (North America). They are
// framed by control characters and read here, in memory-safe code, in the process that asks.
//
//     IPTC 7901  SOH identifier priority category words CR LF [keywords] STX text ETX time EOT
//     ANPA 1312  SYN SYN SOH identifier US ... CR LF priority category keyword date words CR LF STX text ETX time EOT
//
// A file may hold several stories, each from its SOH on. Any encoding: a story's bytes are decoded like any other text.

internal import Story
internal import Text

/// Wire text.
public enum Telegraph {
    static let startOfHeading: UInt8 = 0x01
    static let startOfText: UInt8 = 0x02
    static let endOfText: UInt8 = 0x03
    static let endOfTransmission: UInt8 = 0x04
    static let synchronous: UInt8 = 0x16

    /// Which of the two a file is that begins with a control character.
    static func format(of head: [UInt8]) -> Format? {
        var at = 0
        while at < head.count, head[at] == synchronous { at += 1 }
        guard at < head.count, head[at] == startOfHeading, head[at...].prefix(1024).contains(startOfText) else {
            return nil
        }
        return at >= 2 ? .anpa : .iptc7901
    }

    /// ANPA whose control characters were stripped on the way: `r d BC-US--GiantLobster 08-29 0590` on its second line,
    /// `^Headline<` on the next.
    static func plainANPA(_ head: [UInt8], _ start: Int) -> Format? {
        let lines = head[start...].prefix(512).split(
            separator: Byte.lineFeed, maxSplits: 3, omittingEmptySubsequences: false)
        guard lines.count >= 3, lines[0].count < 24, let keywords = ANPA.Keywords(lines[1]), keywords.words != nil,
            lines[2].contains(Byte.less) || lines[2].contains(UInt8(ascii: "^"))
        else { return nil }
        return .anpa
    }

    /// The stories of a file in one of the two formats, in order. A story's name is its identifier: `#eca0124`.
    public static func parts(of bytes: [UInt8], format: Format, limits: ReadLimits = ReadLimits()) -> [Part] {
        let ranges = stories(in: bytes)
        var parts: [Part] = []
        var names: [String: Int] = [:]
        for range in ranges.prefix(limits.parts) {
            let story = Array(bytes[range])
            let (reading, identifier) =
                format == .anpa ? ANPA.read(story, limits: limits) : IPTC7901.read(story, limits: limits)
            var name = ranges.count == 1 ? "" : "#" + (identifier.isEmpty ? "\(parts.count + 1)" : identifier)
            let seen = names[name, default: 0]
            names[name] = seen + 1
            if seen > 0 { name += "/\(seen + 1)" }
            parts.append(
                Part(
                    name: name, format: format, mediaType: format == .anpa ? "text/vnd.anpa" : "text/vnd.iptc.7901",
                    bytes: .range(range), content: .story(reading)))
        }
        return parts
    }

    /// Where the stories are: from the start of one heading (or what synchronises before it) to that of the next.
    static func stories(in bytes: [UInt8]) -> [Range<Int>] {
        var starts: [Int] = []
        for at in bytes.indices where bytes[at] == startOfHeading {
            var start = at
            while start > 0, bytes[start - 1] == synchronous { start -= 1 }
            starts.append(start)
        }
        if starts.isEmpty { return [0..<bytes.count] }
        starts[0] = 0
        return starts.indices.map { starts[$0]..<($0 + 1 < starts.count ? starts[$0 + 1] : bytes.count) }
    }

    /// Heading, text and trailer of one story, each decoded.
    struct Frame {
        var heading: [[UInt8]]
        var text: [[UInt8]]
        var trailer: String
        var notes: [String]

        init(_ story: [UInt8]) {
            let start = story.firstIndex(of: startOfText)
            let end = start.flatMap { story[$0...].firstIndex(of: endOfText) } ?? story.count
            let heading = story[..<(start ?? 0)].drop { $0 == synchronous || $0 == startOfHeading }
            self.heading = Frame.lines(Decoding.decode(Array(heading)).text)
            let decoded = Decoding.decode(Array(story[(start.map { $0 + 1 } ?? 0)..<end]))
            text = Frame.lines(decoded.text)
            notes = decoded.notes
            let rest = story[end...].filter { $0 >= Byte.space && $0 < Byte.delete || $0 == Byte.lineFeed }
            trailer = String(decoding: rest, as: UTF8.self)
        }

        static func lines(_ text: [UInt8]) -> [[UInt8]] {
            text.split(separator: Byte.lineFeed, omittingEmptySubsequences: false).map { line in
                Array(line.last == Byte.carriageReturn ? line.dropLast() : line)
            }
        }
    }
}

extension Array where Element == UInt8 {
    /// The line without blanks at its ends, as text.
    var trimmed: String {
        let end = (lastIndex { $0 > Byte.space } ?? -1) + 1
        let start = firstIndex { $0 > Byte.space } ?? end
        return String(decoding: self[start..<Swift.max(start, end)], as: UTF8.self)
    }
}
