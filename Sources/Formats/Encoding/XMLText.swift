// XML as bytes -> UTF-8. Order of trust, as XML 1.0 (appendix F) has it: byte order mark, the shape of UTF-16 and UTF-32,
// then what the document declares, unless its bytes contradict it: a sender's declaration is wrong more often than UTF-8 is
// valid by chance.

internal import Text

enum XMLText {
    /// The text as UTF-8, without its declaration, which is no longer true.
    static func decode(_ bytes: [UInt8]) -> (text: [UInt8], encoding: TextEncoding, notes: [String]) {
        var decoded = decodeAll(bytes)
        let start = decoded.text.firstIndex { !WhiteSpace.isBlank($0) } ?? 0
        if Letters.has("<?xml", decoded.text, at: start),
            let end = decoded.text[start...].firstRange(of: Array("?>".utf8))
        {
            decoded.text.removeSubrange(..<end.upperBound)
        }
        return decoded
    }

    private static func decodeAll(_ bytes: [UInt8]) -> (text: [UInt8], encoding: TextEncoding, notes: [String]) {
        if let wide = Detection.wide(bytes) { return (Decoding.decode(bytes, as: wide), wide, []) }
        let isUTF8 = UTF8Check.isValid(bytes)
        guard let label = declared(bytes), let charset = Charset(label: label) else {
            let decoded = Decoding.decode(bytes)
            return (decoded.text, decoded.encoding, isUTF8 ? [] : decoded.notes)
        }
        switch charset {
        case .known(.utf8):
            if isUTF8 { return (Decoding.decode(bytes, as: .utf8), .utf8, []) }
            let decoded = Decoding.decode(bytes)
            return (decoded.text, decoded.encoding, ["Declared as \(label), which it is not."] + decoded.notes)
        case .known(let encoding) where encoding != .utf8 && isUTF8 && hasLetters(bytes) && isSingleByte(encoding):
            return (
                Decoding.decode(bytes, as: .utf8), .utf8, ["Declared as \(label); read as UTF-8, which it is."]
            )
        case .known(.utf16LittleEndian), .known(.utf16BigEndian), .known(.utf32LittleEndian), .known(.utf32BigEndian):
            // Without the zero bytes of these it is something else.
            let decoded = Decoding.decode(bytes)
            return (decoded.text, decoded.encoding, decoded.notes)
        default: return (charset.decode(bytes), charset.textEncoding, [])
        }
    }

    private static func hasLetters(_ bytes: [UInt8]) -> Bool { bytes.contains { $0 >= 0x80 } }

    private static func isSingleByte(_ encoding: TextEncoding) -> Bool {
        switch encoding {
        case .gb18030, .big5, .shiftJIS, .eucJP, .eucKR: false
        default: true
        }
    }

    /// The encoding that the XML declaration names.
    static func declared(_ bytes: [UInt8]) -> String? {
        let head = Array(bytes.prefix(512))
        guard let start = head.firstRange(of: Array("<?xml".utf8)),
            let end = head[start.upperBound...].firstRange(of: Array("?>".utf8)),
            let key = head[start.upperBound..<end.lowerBound].firstRange(of: Array("encoding".utf8))
        else { return nil }
        var rest = head[key.upperBound..<end.lowerBound].drop { WhiteSpace.isBlank($0) }
        guard rest.first == UInt8(ascii: "=") else { return nil }
        rest = rest.dropFirst().drop { WhiteSpace.isBlank($0) }
        guard let quote = rest.first, quote == 0x22 || quote == 0x27 else { return nil }
        rest = rest.dropFirst()
        return rest.firstIndex(of: quote).map { String(decoding: rest[..<$0], as: UTF8.self) }
    }
}
