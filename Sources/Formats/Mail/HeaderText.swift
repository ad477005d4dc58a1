// The text of headers: encoded words (RFC 2047), parameters with their own encodings (RFC 2231), addresses.

internal import Text

enum HeaderText {
    /// A header's value as text.
    static func decode(_ value: [UInt8]) -> String {
        var out: [UInt8] = []
        var at = 0
        var wasEncoded = false
        var blanks: [UInt8] = []
        while at < value.count {
            if let (text, end) = encodedWord(value, at) {
                // Blanks between two encoded words are no text.
                if !wasEncoded { out.append(contentsOf: blanks) }
                out.append(contentsOf: text)
                blanks = []
                wasEncoded = true
                at = end
            } else if value[at] <= Byte.space {
                blanks.append(Byte.space)
                at += 1
            } else {
                out.append(contentsOf: blanks)
                blanks = []
                out.append(value[at])
                wasEncoded = false
                at += 1
            }
        }
        let text = UTF8Check.isValid(out) ? out : Decoding.decode(out).text
        return String(decoding: WhiteSpace.collapsed(Decoding.withoutControls(text)), as: UTF8.self)
    }

    /// `=?charset?B?text?=` at `at`: its text as UTF-8, and where it ends.
    private static func encodedWord(_ value: [UInt8], _ at: Int) -> ([UInt8], Int)? {
        guard at + 6 < value.count, value[at] == Byte.equals, value[at + 1] == Byte.question,
            let first = value[(at + 2)...].prefix(80).firstIndex(of: Byte.question), first + 2 < value.count,
            value[first + 2] == Byte.question
        else { return nil }
        let start = first + 3
        var end = start
        while end + 1 < value.count, !(value[end] == Byte.question && value[end + 1] == Byte.equals) {
            if value[end] == Byte.lineFeed { return nil }
            end += 1
        }
        guard end + 1 < value.count else { return nil }
        let label = String(decoding: value[(at + 2)..<first], as: UTF8.self).split(separator: "*").first ?? ""
        let bytes: [UInt8]
        switch value[first + 1] | Byte.caseBit {
        case UInt8(ascii: "b"): bytes = Base64.decode(value[start..<end])
        case UInt8(ascii: "q"): bytes = QuotedPrintable.decode(value[start..<end], isWord: true)
        default: return nil
        }
        // A word may hold letters that its charset does not have, where a sender did not encode them.
        if UTF8Check.isValid(bytes), bytes.contains(where: { $0 >= 0x80 }) { return (bytes, end + 2) }
        return (Charset(label: String(label))?.decode(bytes) ?? Decoding.decode(bytes).text, end + 2)
    }

    /// `text/plain; charset="utf-8"; name*0*=utf-8''a%20b`: the value in small letters, and its parameters.
    static func parameters(_ value: [UInt8]) -> (value: String, parameters: [String: String]) {
        var pieces: [[UInt8]] = [[]]
        var (isQuoted, isEscaped) = (false, false)
        for byte in value {
            if isEscaped {
                isEscaped = false
            } else if byte == Byte.backslash, isQuoted {
                isEscaped = true
                continue
            } else if byte == Byte.quote {
                isQuoted.toggle()
                continue
            } else if byte == Byte.semicolon, !isQuoted {
                pieces.append([])
                continue
            }
            pieces[pieces.count - 1].append(byte)
        }
        var parameters: [String: [UInt8]] = [:]
        var charsets: [String: String] = [:]
        for piece in pieces.dropFirst() {
            guard let equals = piece.firstIndex(of: Byte.equals) else { continue }
            let key = String(decoding: piece[..<equals].filter { $0 > Byte.space }, as: UTF8.self).lowercased()
            var content = Array(piece[(equals + 1)...])
            while let last = content.last, last <= Byte.space { content.removeLast() }
            while let first = content.first, first <= Byte.space { content.removeFirst() }
            let words = key.split(separator: "*", omittingEmptySubsequences: false)
            let name = String(words[0])
            if key.hasSuffix("*") {
                let quotes = content.indices.filter { content[$0] == Byte.apostrophe }
                if quotes.count >= 2, charsets[name] == nil {
                    charsets[name] = String(decoding: content[..<quotes[0]], as: UTF8.self)
                    content = Array(content[(quotes[1] + 1)...])
                }
                content = percentDecoded(content)
            }
            parameters[name, default: []].append(contentsOf: content)
        }
        var texts: [String: String] = [:]
        for (name, content) in parameters {
            let decoded = charsets[name].flatMap { Charset(label: $0)?.decode(content) } ?? content
            texts[name] = decode(decoded)
        }
        let first = String(decoding: pieces[0].filter { $0 > Byte.space && $0 < Byte.delete }, as: UTF8.self)
            .lowercased()
        return (first, texts)
    }

    private static func percentDecoded(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var at = 0
        while at < text.count {
            if text[at] == UInt8(ascii: "%"), at + 2 < text.count, let high = QuotedPrintable.hex(text[at + 1]),
                let low = QuotedPrintable.hex(text[at + 2])
            {
                out.append(high << 4 | low)
                at += 3
            } else {
                out.append(text[at])
                at += 1
            }
        }
        return out
    }
}
