// What a file is, by its first bytes, never by its name. Promises: looks at no more than the first bytes that it is given;
// decides on plain text, which most deliveries are, after a few of them. What a container or an XML document is in
// particular, the reader that parses it says in the end.

internal import Text

/// Recognises formats.
public enum Recognizer {
    /// How many of a file's first bytes to look at.
    public static let length = 4096

    private static let openBrace = UInt8(ascii: "{")

    /// The format of a file.
    ///
    /// - Parameter head: its first ``length`` bytes, or all of it.
    public static func format(of head: [UInt8]) -> Format {
        var at = head.starts(with: Detection.utf8Mark) ? 3 : 0
        while at < head.count, head[at] == 0x20 || head[at] >= 0x09 && head[at] <= 0x0D { at += 1 }
        guard at < head.count else { return .text }
        switch head[at] {
        case Byte.less: return markup(head, at)
        case openBrace: return has("{\\rtf", head, at) ? .rtf : json(head, at)
        case Byte.openBracket: return json(head, at)
        case 0x01 where at == 0, 0x16 where at == 0: return Telegraph.format(of: head) ?? .text
        case UInt8(ascii: "W") where has("WARC/", head, at) && head.count > at + 5 && Letters.isDigit(head[at + 5]):
            return .warc
        case UInt8(ascii: "f") where has("filedesc://", head, at): return .warc
        case UInt8(ascii: "%") where has("%PDF-", head, at): return .pdf
        case UInt8(ascii: "P") where at == 0 && isZip(head): return .zip
        case UInt8(ascii: "B") where at == 0 && has("BZh", head, 0) && isBzip2(head): return .bzip2
        case 0x1F where at == 0 && head.count > 2 && head[1] == 0x8B && head[2] == 8: return .gzip
        case 0xFD where at == 0 && head.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]): return .xz
        case 0x28 where at == 0 && head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]): return .zstd
        case 0xFE, 0xFF, 0x00: if at == 0, let wide = wide(head) { return wide }
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            if let mail = MailHead.format(of: head, at) { return mail }
            if head[at] | 0x20 <= UInt8(ascii: "z"), let wire = Telegraph.plainANPA(head, at) { return wire }
        default: break
        }
        if at == 0, Media.type(of: head) != nil { return .media }
        if isTar(head) { return .tar }
        return .text
    }

    static func has(_ word: StaticString, _ bytes: [UInt8], _ at: Int) -> Bool { Letters.has(word, bytes, at: at) }

    private static func isZip(_ head: [UInt8]) -> Bool {
        head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6])
    }

    private static func isBzip2(_ head: [UInt8]) -> Bool {
        head.count > 10 && Letters.isDigit(head[3])
            && (head[4..<10].elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
                || head[4..<10].elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90]))
    }

    private static func isTar(_ head: [UInt8]) -> Bool {
        head.count >= 512 && has("ustar", head, 257) && head[..<257].contains(0)
    }

    /// UTF-16 and UTF-32: what the text in them is.
    private static func wide(_ head: [UInt8]) -> Format? {
        guard let encoding = Detection.wide(head) else { return nil }
        let text = Decoding.decode(Array(head.prefix(head.count & ~3)), as: encoding)
        let format = format(of: text)
        return format == .xml || format == .html || format == .json || markupFormats.contains(format) ? format : nil
    }

    // MARK: Markup

    private static let markupFormats: Set<Format> = [.nitf, .newsml1, .newsmlG2, .rss, .atom, .rdf]

    /// The format of an XML document by the name of its root element, without prefix.
    public static func format(ofRoot name: String) -> Format? { roots[name] }

    private static let roots: [String: Format] = [
        "nitf": .nitf, "NewsML": .newsml1, "newsItem": .newsmlG2, "packageItem": .newsmlG2, "newsMessage": .newsmlG2,
        "conceptItem": .newsmlG2, "knowledgeItem": .newsmlG2, "planningItem": .newsmlG2, "catalogItem": .newsmlG2,
        "rss": .rss, "feed": .atom, "entry": .atom, "RDF": .rdf, "html": .html, "HTML": .html,
    ]

    private static func markup(_ head: [UInt8], _ start: Int) -> Format {
        var at = start
        var isXML = false
        while at < head.count, head[at] == Byte.less {
            if has("<?", head, at) {
                if has("<?xml", head, at) { isXML = true }
                at = skip(head, at, past: "?>")
            } else if has("<!--", head, at) {
                at = skip(head, at, past: "-->")
            } else if has("<!", head, at) {
                let word = word(head, at + 2)
                guard word.lowercased() == "doctype" else { return isXML ? .xml : .text }
                let root = Self.word(head, at + 10)
                if root.lowercased() == "html" { return .html }
                return roots[root] ?? .xml
            } else {
                return root(head, at, isXML: isXML)
            }
            while at < head.count, head[at] <= Byte.space { at += 1 }
        }
        return isXML ? .xml : .text
    }

    private static func root(_ head: [UInt8], _ at: Int, isXML: Bool) -> Format {
        var name = word(head, at + 1)
        if let colon = name.firstIndex(of: ":") { name = String(name[name.index(after: colon)...]) }
        if let format = roots[name] { return format }
        if isXML { return .xml }
        if name.isEmpty { return .text }
        if pageElements.contains(name.lowercased()) { return .html }
        // `<something attribute="">` or a closing tag of the same name makes it XML; a lone `<` is a sign in a text.
        let tag = head[at...].prefix(512)
        guard let end = tag.firstIndex(of: Byte.greater) else { return .text }
        let inner = head[(at + 1)..<end]
        return inner.contains(UInt8(ascii: "=")) && inner.contains(Byte.quote) || closes(name, head, end) ? .xml : .text
    }

    private static let pageElements: Set<String> = [
        "html", "head", "body", "title", "meta", "link", "script", "style", "div", "p", "article", "section", "main",
        "h1", "h2", "h3", "table", "span", "header", "nav", "ul", "ol", "base", "center", "font", "b", "strong", "a",
        "br", "img", "blockquote", "pre", "figure",
    ]

    private static func closes(_ name: String, _ head: [UInt8], _ start: Int) -> Bool {
        head[start...].firstRange(of: Array("</\(name)>".utf8)) != nil
    }

    private static func skip(_ head: [UInt8], _ at: Int, past end: StaticString) -> Int {
        var at = at
        while at < head.count, !has(end, head, at) { at += 1 }
        return min(at + end.utf8CodeUnitCount, head.count)
    }

    private static func word(_ head: [UInt8], _ start: Int) -> String {
        var at = min(start, head.count)
        while at < head.count, head[at] == Byte.space || head[at] == Byte.tab || head[at] == Byte.lineFeed { at += 1 }
        let first = at
        while at < head.count, at - first < 64,
            Letters.isAsciiLetter(head[at]) || Letters.isDigit(head[at]) || head[at] == Byte.colon
                || head[at] == Byte.hyphen || head[at] == Byte.period || head[at] == UInt8(ascii: "_")
        {
            at += 1
        }
        return String(decoding: head[first..<at], as: UTF8.self)
    }

    // MARK: JSON

    /// `{"` or `[{` or `["`: what a text in braces does not begin with.
    private static func json(_ head: [UInt8], _ start: Int) -> Format {
        var at = start + 1
        while at < head.count, head[at] <= Byte.space { at += 1 }
        guard at < head.count else { return .text }
        if head[start] == openBrace {
            guard head[at] == Byte.quote else { return .text }
            // A colon after the first string.
            guard let end = head[(at + 1)...].firstIndex(of: Byte.quote) else { return .text }
            let next = head[(end + 1)...].first { $0 > Byte.space }
            return next == Byte.colon ? .json : .text
        }
        return head[at] == openBrace ? json(head, at) : .text
    }
}
