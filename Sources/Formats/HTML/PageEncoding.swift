// Which encoding a page is in. Promises: never fails; linear time. Order of trust: a byte order mark; UTF-8 where all bytes
// fit it; what the transport stated; what the page states in its first kilobytes; the statistics of `Text`. (Many pages say
// windows-1252 and are UTF-8; a text in another encoding is not well-formed UTF-8 by chance.)

internal import Text

enum PageEncoding {
    /// How far into a page the statement of its encoding is looked for. The HTML Standard says 1,024; pages put it later.
    private static let lookahead = 8_192

    /// The page as valid UTF-8 without control characters.
    ///
    /// - Parameter charset: the label that a transport stated (`Content-Type`).
    static func decode(_ bytes: [UInt8], charset: String?) -> (text: [UInt8], encoding: TextEncoding, notes: [String]) {
        let stated = charset.flatMap { Charset(label: $0) } ?? statement(in: Array(bytes.prefix(lookahead)))
        guard let stated, !isMarked(bytes) else { return detected(bytes) }
        switch stated {
        case .iso2022jp, .hz, .utf7:
            // These are ASCII bytes all through, so that nothing but the statement tells.
            return (stated.decode(bytes), stated.textEncoding, [])
        case .known(.utf8):
            let text = Decoding.decode(bytes)
            let isGuess = text.encoding != .utf8 && text.encoding != .utf8Twice
            guard isGuess, isMostlyUTF8(bytes) else { return (text.text, text.encoding, text.notes) }
            return (Decoding.decode(bytes, as: .utf8), .utf8, [Detection.damaged])
        case .known(.utf16LittleEndian), .known(.utf16BigEndian), .known(.utf32LittleEndian), .known(.utf32BigEndian):
            // A page that can be read as ASCII to find this out is in none of them.
            return detected(bytes)
        default:
            if UTF8Check.isValid(bytes) { return detected(bytes) }
            return (stated.decode(bytes), stated.textEncoding, [])
        }
    }

    private static func detected(_ bytes: [UInt8]) -> (text: [UInt8], encoding: TextEncoding, notes: [String]) {
        let decoded = Decoding.decode(bytes)
        return (decoded.text, decoded.encoding, decoded.notes)
    }

    private static func isMarked(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: Detection.utf8Mark) || Detection.wide(bytes) != nil
    }

    /// Whether of the sequences beyond ASCII most are well-formed UTF-8.
    private static func isMostlyUTF8(_ bytes: [UInt8]) -> Bool {
        var (good, bad, at) = (0, 0, 0)
        let span = bytes.span
        while at < span.count {
            let length = UTF8Check.sequenceLength(in: span, at: at)
            if length < 0 { bad += 1 } else if length > 1 { good += 1 }
            at += abs(length)
        }
        return good > bad * 4
    }

    /// What follows the first `charset=` that names an encoding, or the `encoding=` of a declaration.
    private static func statement(in head: [UInt8]) -> Charset? {
        var at = 0
        while at + 9 < head.count {
            let isCharset = Self.has("charset", head, at)
            guard isCharset || at < 200 && Self.has("encoding", head, at) else {
                at += 1
                continue
            }
            at += isCharset ? 7 : 8
            while at < head.count, head[at] <= Byte.space { at += 1 }
            guard at < head.count, head[at] == Byte.equals else { continue }
            at += 1
            while at < head.count, head[at] <= Byte.space || head[at] == Byte.quote || head[at] == Byte.apostrophe {
                at += 1
            }
            let start = at
            while at < head.count, isLabelByte(head[at]) { at += 1 }
            if let charset = Charset(label: String(decoding: head[start..<at], as: UTF8.self)) { return charset }
        }
        return nil
    }

    /// Whether a word of small letters stands at `at`, in any case.
    private static func has(_ word: StaticString, _ text: [UInt8], _ at: Int) -> Bool {
        guard at + word.utf8CodeUnitCount <= text.count else { return false }
        return word.withUTF8Buffer { letters in
            for index in letters.indices where unsafe text[at + index] | Byte.caseBit != letters[index] { return false }
            return true
        }
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        Letters.isAsciiLetter(byte) || Letters.isDigit(byte) || byte == Byte.hyphen || byte == Byte.underscore
            || byte == Byte.period || byte == Byte.colon
    }
}
