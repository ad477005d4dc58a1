// Bytes -> valid UTF-8 text without control characters. Promises: never fails, never drops what can be
// kept, linear time; the same bytes and the same encoding always give the same text, so a stored reading
// can be restored from the raw bytes. What cannot be decoded becomes U+FFFD and is said in a note.

/// The outcome of decoding one document.
package struct Decoded {
    package var text: [UInt8]
    package var encoding: TextEncoding
    package var notes: [String]
}

package enum Decoding {
    /// Finds the encoding of `bytes` and decodes them by it.
    package static func decode(_ bytes: [UInt8]) -> Decoded {
        let survey = UTF8Check.survey(bytes.span, from: 0)
        if survey.twice < 2, isPlain(bytes, survey) { return Decoded(text: bytes, encoding: .utf8, notes: []) }
        let (encoding, notes) = Detection.detect(bytes, isSuspicious: survey.twice >= 2)
        return Decoded(text: decode(bytes, as: encoding), encoding: encoding, notes: notes)
    }

    /// Whether the bytes are their own text, as most are: well-formed UTF-8 without control characters.
    private static func isPlain(_ bytes: [UInt8], _ survey: UTF8Check.Survey) -> Bool {
        survey.error == bytes.count && survey.control == bytes.count && !bytes.starts(with: Detection.utf8Mark)
    }

    /// Decodes `bytes` by a known encoding. A byte order mark is not part of the text.
    package static func decode(_ bytes: [UInt8], as encoding: TextEncoding) -> [UInt8] {
        if encoding == .utf8, isPlain(bytes, UTF8Check.survey(bytes.span, from: 0)) { return bytes }
        let text: [UInt8]
        switch encoding {
        case .utf8: text = utf8(bytes)
        case .utf16LittleEndian: text = utf16(bytes, high: 1)
        case .utf16BigEndian: text = utf16(bytes, high: 0)
        case .utf32LittleEndian: text = utf32(bytes, order: [3, 2, 1, 0])
        case .utf32BigEndian: text = utf32(bytes, order: [0, 1, 2, 3])
        default: text = Charsets.decode(bytes, as: encoding)
        }
        return withoutControls(text)
    }

    // MARK: Unicode forms

    private static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        let start = bytes.starts(with: Detection.utf8Mark) ? Detection.utf8Mark.count : 0
        if UTF8Check.isValid(bytes, from: start) {
            return start == 0 ? bytes : Array(bytes[start...])
        }
        return UTF8Check.repaired(bytes, from: start)
    }

    private static func utf16(_ bytes: [UInt8], high: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var at = 0
        func unit(_ at: Int) -> UInt32 { UInt32(bytes[at + high]) << 8 | UInt32(bytes[at + 1 - high]) }
        while at + 1 < bytes.count {
            var scalar = unit(at)
            at += 2
            if scalar == 0xFEFF, at == 2 { continue }
            if scalar & 0xFC00 == 0xD800, at + 1 < bytes.count, unit(at) & 0xFC00 == 0xDC00 {
                scalar = 0x10000 + (scalar & 0x3FF) << 10 + unit(at) & 0x3FF
                at += 2
            }
            append(scalar, to: &text)
        }
        if at < bytes.count { append(0xFFFD, to: &text) }
        return text
    }

    private static func utf32(_ bytes: [UInt8], order: [Int]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 2)
        var at = 0
        while at + 3 < bytes.count {
            var scalar: UInt32 = 0
            for index in order { scalar = scalar << 8 | UInt32(bytes[at + index]) }
            at += 4
            if scalar == 0xFEFF, at == 4 { continue }
            append(scalar, to: &text)
        }
        if at < bytes.count { append(0xFFFD, to: &text) }
        return text
    }

    /// Appends one scalar as UTF-8; what is no scalar (a lone surrogate, say) becomes U+FFFD.
    package static func append(_ value: UInt32, to text: inout [UInt8]) {
        switch value {
        case 0..<0x80: text.append(UInt8(value))
        case 0x80..<0x800:
            text.append(0xC0 | UInt8(value >> 6))
            text.append(0x80 | UInt8(value & 0x3F))
        case 0x800..<0xD800, 0xE000..<0x10000:
            text.append(0xE0 | UInt8(value >> 12))
            text.append(0x80 | UInt8(value >> 6 & 0x3F))
            text.append(0x80 | UInt8(value & 0x3F))
        case 0x10000..<0x110000:
            text.append(0xF0 | UInt8(value >> 18))
            text.append(0x80 | UInt8(value >> 12 & 0x3F))
            text.append(0x80 | UInt8(value >> 6 & 0x3F))
            text.append(0x80 | UInt8(value & 0x3F))
        default: text.append(contentsOf: [0xEF, 0xBF, 0xBD])
        }
    }

    // MARK: Control characters

    /// Blanks out every control character but tab, line feed and carriage return, byte for byte, so that
    /// no NUL or escape sequence reaches a store or a terminal. Wire copy frames its parts with such
    /// characters, so a blank keeps the words on both sides apart.
    package static func withoutControls(_ text: [UInt8]) -> [UInt8] {
        var first = firstControl(in: text, from: 0)
        guard first < text.count else { return text }
        var clean = text
        while first < clean.count {
            if clean[first] == 0xC2 {
                clean[first] = 0x20
                clean[first + 1] = 0x20
            } else {
                clean[first] = 0x20
            }
            first = firstControl(in: clean, from: first + 1)
        }
        return clean
    }

    private static func firstControl(in text: [UInt8], from start: Int) -> Int {
        let span = text.span
        var at = Bytes.nextSpecial(span, from: start)
        while at < span.count {
            let byte = span[at]
            if byte >= 0x80 {
                if byte == 0xC2, at + 1 < span.count, span[at + 1] < 0xA0 { return at }
                at += 1
                if at < span.count, span[at] >= 0x80 { continue }
            } else if byte < Byte.space
                ? byte != Byte.lineFeed && byte != Byte.carriageReturn && byte != Byte.tab : byte == Byte.delete
            {
                return at
            } else {
                at += 1
            }
            at = Bytes.nextSpecial(span, from: at)
        }
        return at
    }
}
