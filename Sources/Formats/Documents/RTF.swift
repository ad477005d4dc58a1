// RTF: its text, by its control words. Promises: linear, never fails; groups nest to a bound.

internal import Parts
internal import Story
internal import Text

struct RTF: FormatReader {
    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        var scanner = RTFScanner(source.bytes)
        scanner.scan()
        var builder = ReadingBuilder(limits: sink.limits)
        for (word, kind) in [
            ("title", Field.Kind.headline), ("author", .byline), ("keywords", .keyword), ("subject", .subject),
        ] {
            guard
                let text = scanner.information[word].map({ String(decoding: WhiteSpace.collapsed($0), as: UTF8.self) }),
                !text.isEmpty
            else { continue }
            let rule = "rtf/\(kind.rawValue) \\info\\\(word)"
            if kind == .headline || kind == .byline {
                builder.write(kind, text, rule: rule)
            } else {
                builder.state(kind, text, rule: rule)
            }
        }
        for paragraph in scanner.text.split(separator: Byte.lineFeed) {
            builder.write(.paragraph, WhiteSpace.collapsed(Array(paragraph)), rule: "rtf/body \\pard")
        }
        try sink.add(source, .rtf, "application/rtf", builder.reading())
    }
}

private struct RTFScanner {
    private let bytes: [UInt8]
    private var at = 0
    var text: [UInt8] = []
    var information: [String: [UInt8]] = [:]
    private var groups: [Group] = [Group()]
    private var encoding = TextEncoding.windows1252
    /// Bytes of the document's encoding that are not decoded yet: a letter may be two of them.
    private var pending: [UInt8] = []

    private struct Group {
        var isSilent = false
        var destination: String?
        /// How many bytes stand for each `\u`.
        var replaced = 1
    }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private static let silent: Set<String> = [
        "fonttbl", "colortbl", "stylesheet", "pict", "object", "header", "footer", "headerl", "headerr", "footerl",
        "footerr",
        "footnote", "listtable", "listoverridetable", "rsidtbl", "generator", "themedata", "datastore", "xmlnstbl",
        "latentstyles", "fldinst", "bkmkstart", "bkmkend", "info", "filetbl", "revtbl", "private", "annotation",
    ]

    private static let information: Set<String> = ["title", "author", "keywords", "subject"]

    mutating func scan() {
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "{"):
                flush()
                if groups.count < 500 { groups.append(groups[groups.count - 1]) }
                at += 1
            case UInt8(ascii: "}"):
                flush()
                if groups.count > 1 { groups.removeLast() }
                at += 1
            case Byte.backslash: control()
            case Byte.lineFeed, Byte.carriageReturn: at += 1
            default:
                pending.append(bytes[at])
                at += 1
            }
        }
        flush()
    }

    private mutating func append(_ more: [UInt8]) {
        let group = groups[groups.count - 1]
        if let destination = group.destination {
            information[destination, default: []].append(contentsOf: more)
        } else if !group.isSilent {
            text.append(contentsOf: more)
        }
    }

    private mutating func flush() {
        guard !pending.isEmpty else { return }
        append(pending.allSatisfy { $0 < 0x80 } ? pending : Decoding.decode(pending, as: encoding))
        pending = []
    }

    private mutating func control() {
        at += 1
        guard at < bytes.count else { return }
        let byte = bytes[at]
        guard Letters.isAsciiLetter(byte) else {
            at += 1
            switch byte {
            case Byte.apostrophe:
                if at + 1 < bytes.count, let high = QuotedPrintable.hex(bytes[at]),
                    let low = QuotedPrintable.hex(bytes[at + 1])
                {
                    pending.append(high << 4 | low)
                    at += 2
                }
            case UInt8(ascii: "~"): pending.append(Byte.space)
            case UInt8(ascii: "_"): pending.append(Byte.hyphen)
            case Byte.backslash, UInt8(ascii: "{"), UInt8(ascii: "}"): pending.append(byte)
            case Byte.asterisk: groups[groups.count - 1].isSilent = true
            case Byte.lineFeed, Byte.carriageReturn: line()
            default: break
            }
            return
        }
        let start = at
        while at < bytes.count, Letters.isAsciiLetter(bytes[at]), at - start < 32 { at += 1 }
        let word = String(decoding: bytes[start..<at], as: UTF8.self)
        var parameter: Int?
        let isNegative = at < bytes.count && bytes[at] == Byte.hyphen
        let digits = isNegative ? at + 1 : at
        var next = digits
        while next < bytes.count, Letters.isDigit(bytes[next]), next - digits < 9 { next += 1 }
        if next > digits {
            parameter = Int(String(decoding: bytes[digits..<next], as: UTF8.self)).map { isNegative ? -$0 : $0 }
            at = next
        }
        if at < bytes.count, bytes[at] == Byte.space { at += 1 }
        perform(word, parameter)
    }

    private mutating func line() {
        flush()
        append([Byte.lineFeed])
    }

    private mutating func perform(_ word: String, _ parameter: Int?) {
        switch word {
        case "par", "line", "sect", "page", "row": line()
        case "tab", "cell", "emspace", "enspace": pending.append(Byte.space)
        case "u": unicode(parameter ?? 0)
        case "uc": groups[groups.count - 1].replaced = max(0, min(parameter ?? 1, 8))
        case "ansicpg": encoding = Charset(label: "cp\(parameter ?? 1252)")?.textEncoding ?? .windows1252
        case "bin": at = min(bytes.count, at + max(0, parameter ?? 0))
        case "emdash": special("\u{2014}")
        case "endash": special("\u{2013}")
        case "lquote": special("\u{2018}")
        case "rquote": special("\u{2019}")
        case "ldblquote": special("\u{201C}")
        case "rdblquote": special("\u{201D}")
        case "bullet": special("\u{2022}")
        default:
            if RTFScanner.information.contains(word), groups.count > 2 {
                groups[groups.count - 1].destination = word
            } else if RTFScanner.silent.contains(word) {
                groups[groups.count - 1].isSilent = true
            }
        }
    }

    private mutating func special(_ sign: String) {
        flush()
        append(Array(sign.utf8))
    }

    /// `\u8212?`: a letter, and what programs that do not know it show instead.
    private mutating func unicode(_ value: Int) {
        flush()
        var sign: [UInt8] = []
        var scalar = UInt32(truncatingIfNeeded: value & 0xFFFF)
        skipReplacement()
        if scalar & 0xFC00 == 0xD800, Letters.has("\\u", bytes, at: at) {
            // The second half of a pair.
            var next = at + 2
            let isNegative = next < bytes.count && bytes[next] == Byte.hyphen
            if isNegative { next += 1 }
            let digits = next
            while next < bytes.count, Letters.isDigit(bytes[next]), next - digits < 6 { next += 1 }
            if let low = Int(String(decoding: bytes[digits..<next], as: UTF8.self)) {
                let unit = UInt32(truncatingIfNeeded: (isNegative ? -low : low) & 0xFFFF)
                if unit & 0xFC00 == 0xDC00 {
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + unit & 0x3FF
                    at = next
                    if at < bytes.count, bytes[at] == Byte.space { at += 1 }
                    skipReplacement()
                }
            }
        }
        Decoding.append(scalar, to: &sign)
        append(sign)
    }

    private mutating func skipReplacement() {
        for _ in 0..<groups[groups.count - 1].replaced {
            guard at < bytes.count, bytes[at] != Byte.backslash || Letters.has("\\'", bytes, at: at),
                bytes[at] != UInt8(ascii: "{"), bytes[at] != UInt8(ascii: "}")
            else { return }
            at = min(bytes.count, at + (bytes[at] == Byte.backslash ? 4 : 1))
        }
    }
}
