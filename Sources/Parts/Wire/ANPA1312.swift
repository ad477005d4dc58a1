// ANPA 1312: `V4644`, `r d BC-US--GiantLobsterDeath 08-29 0590`, then lines that begin with `^` and end with `<` or `=` (slug,
// headline, notes, byline), the text in indented paragraphs, and the time.

internal import Story
internal import Text

enum ANPA {
    /// The heading's second line.
    struct Keywords {
        var priority: String
        var category: String
        var keyword: String
        var date: String?
        var words: Int?

        /// `r d BC-US--GiantLobsterDeath 1stLd-Writethru   08-29 0590`.
        init?(_ line: some Collection<UInt8>) {
            var line = Decoding.withoutControls(Array(line))
            if let first = line.firstIndex(where: { $0 > Byte.space }) { line.removeSubrange(..<first) }
            var words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
            guard words.count >= 3, words[0].count == 1, words[1].count == 1,
                words[0].utf8.allSatisfy(Letters.isAsciiLetter),
                words[1].utf8.allSatisfy(Letters.isAsciiLetter)
            else { return nil }
            (priority, category) = (words[0], words[1])
            if let last = words.last, last.count == 4, let count = Int(last) {
                self.words = count
                words.removeLast()
            }
            if let last = words.last, last.count == 5, last.utf8.dropFirst(2).first == Byte.hyphen,
                Int(last.prefix(2)) != nil
            {
                date = last
                words.removeLast()
            }
            keyword = words.dropFirst(2).joined(separator: " ")
        }
    }

    static func read(_ story: [UInt8], limits: ReadLimits) -> (Reading, identifier: String) {
        let frame = Telegraph.Frame(story)
        var builder = ReadingBuilder(notes: frame.notes, limits: limits)
        var lines = frame.text[...]
        var heading = frame.heading
        if heading.allSatisfy({ $0.trimmed.isEmpty }) {
            // Without control characters the heading is the text's first two lines.
            heading = Array(lines.prefix(2))
            lines = lines.dropFirst(2)
        }
        let first = heading.first.map { $0.trimmed } ?? ""
        let identifier = String(first.prefix { $0 != " " && $0 != "\u{1F}" })
        builder.state(.altid, identifier, rule: "anpa/identifier SOH")
        var service = ""
        if let keywords = heading.dropFirst().lazy.compactMap({ Keywords($0) }).first {
            builder.state(
                .urgency, urgencies[keywords.priority.lowercased()] ?? keywords.priority, rule: "anpa/priority SOH")
            builder.state(.service, keywords.category, rule: "anpa/category SOH")
            service = keywords.keyword
        }
        text(lines, keyword: service, &builder)
        let time = WireTime.anpa(frame.trailer) ?? WireTime.anpa(trailing(&lines))
        if let time { builder.state(.versioncreated, time, rule: "anpa/time ETX") }
        return (builder.reading(), identifier)
    }

    /// Flash, bulletin, urgent, rush, deferred ... as urgencies of 1 to 8.
    private static let urgencies: [String: String] = [
        "f": "1", "b": "2", "u": "3", "r": "4", "d": "5", "s": "6", "a": "5",
    ]

    private static func trailing(_ lines: inout ArraySlice<[UInt8]>) -> String {
        lines.suffix(6).map(\.trimmed).joined(separator: "\n")
    }

    private static func text(_ lines: ArraySlice<[UInt8]>, keyword: String, _ builder: inout ReadingBuilder) {
        var body: [[UInt8]] = []
        var (hasSlug, hasHeadline, inHead) = (false, false, true)
        for line in lines {
            // Several marked lines may stand on one, after a code such as `*9006<`.
            let pieces = inHead ? marked(line.trimmed) : []
            if pieces.isEmpty {
                if !line.trimmed.isEmpty { inHead = false }
                if WireTime.anpa(line.trimmed) == nil || line.trimmed.utf8.count > 40 { body.append(plain(line)) }
                continue
            }
            for piece in pieces where !piece.isEmpty && !piece.hasPrefix("*") {
                if !hasSlug, let slug = slug(piece) {
                    hasSlug = true
                    builder.state(.slugline, slug, rule: "anpa/slug STX")
                    if let kind = updateKind(slug) { builder.state(.updatekind, kind, rule: "anpa/slug STX") }
                } else if let note = note(piece) {
                    builder.state(.ednote, note, rule: "anpa/note STX")
                } else if let name = WireText.byline(piece) {
                    builder.write(.byline, name, rule: "anpa/byline STX")
                } else if isAgency(piece) {
                    builder.state(.infosource, piece, rule: "anpa/agency STX")
                } else if !hasHeadline {
                    hasHeadline = true
                    builder.write(.headline, piece, rule: "anpa/headline STX")
                } else {
                    body.append([])
                    body.append(Array(piece.utf8))
                    body.append([])
                }
            }
        }
        if !hasSlug, !keyword.isEmpty { builder.state(.slugline, keyword, rule: "anpa/keyword SOH") }
        for paragraph in WireText.paragraphs(body) { builder.write(.paragraph, paragraph, rule: "anpa/text STX") }
    }

    /// `^BC-US--Giant Lobster Death, 1st Ld-Writethru,127<`: what stands between `^` and `<` or `=`.
    private static func marked(_ line: String) -> [String] {
        guard line.contains("^"), line.hasPrefix("^") || line.hasPrefix("*") else { return [] }
        return line.split(separator: "^").map { piece in
            var piece = piece.trimmingBlanks
            while piece.hasSuffix("<") || piece.hasSuffix("=") { piece = String(piece.dropLast()).trimmingBlanks }
            return piece
        }
    }

    /// A slug has the number of words at its end, or begins with a cycle (`BC-`, `AM-`, `PM-`).
    private static func slug(_ piece: String) -> String? {
        var slug = piece
        if let comma = piece.lastIndex(of: ","), Int(piece[piece.index(after: comma)...].trimmingBlanks) != nil {
            slug = String(piece[..<comma])
        } else if !["BC-", "AM-", "PM-"].contains(where: piece.hasPrefix) {
            return nil
        }
        return slug.trimmingBlanks
    }

    private static func updateKind(_ slug: String) -> String? {
        guard let last = slug.split(separator: ",").last, last.utf8.count < slug.utf8.count else { return nil }
        return WireText.updateKind(last.trimmingBlanks)
    }

    private static func note(_ piece: String) -> String? {
        let piece = piece.hasPrefix("(") && piece.hasSuffix(")") ? String(piece.dropFirst().dropLast()) : piece
        for word in ["Eds:", "Eds.:", "Editors:", "EDITOR'S NOTE:", "AP Photo", "With AP", "AP Video"]
        where piece.hasPrefix(word) {
            return piece
        }
        return nil
    }

    private static func isAgency(_ piece: String) -> Bool {
        ["Associated Press", "AP", "The Associated Press", "Reuters", "The Canadian Press"].contains(
            piece.split(separator: " ").last == "Writer" ? "AP" : piece)
    }

    /// Text without the wire's signs: `<` and `=` at the end of a line, `^` at its start, typewriter quotes.
    private static func plain(_ line: [UInt8]) -> [UInt8] {
        var text = line.filter { $0 != UInt8(ascii: "^") }
        while let last = text.last, last == Byte.space || last == Byte.less || last == Byte.equals { text.removeLast() }
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            let pair = at + 1 < text.count && text[at + 1] == text[at]
            if pair, text[at] == UInt8(ascii: "`") || text[at] == Byte.apostrophe {
                out.append(Byte.quote)
                at += 2
            } else {
                out.append(text[at] == UInt8(ascii: "`") ? Byte.apostrophe : text[at])
                at += 1
            }
        }
        return out
    }
}
