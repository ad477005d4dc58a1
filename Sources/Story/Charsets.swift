// Legacy encodings -> UTF-8. Promises: never fails; what the encoding does not define becomes U+FFFD. The
// single-byte encodings are tables here; the double-byte ones are the C library's (iconv).

import Glibc

enum Charsets {
    static func decode(_ bytes: [UInt8], as encoding: TextEncoding) -> [UInt8] {
        if encoding == .utf8Twice { return once(bytes) ?? UTF8Check.repaired(bytes, from: 0) }
        if let half = upperHalves[encoding] { return singleByte(bytes, half) }
        if let name = iconvName(encoding) { return multiByte(bytes, name) }
        return singleByte(bytes, windows1252High)
    }

    // MARK: Single-byte encodings

    static func upperHalf(_ encoding: TextEncoding) -> [UInt16] { upperHalves[encoding] ?? windows1252High }

    private static func singleByte(_ bytes: [UInt8], _ half: [UInt16]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 2)
        for byte in bytes {
            if byte < 0x80 { text.append(byte) } else { Decoding.append(UInt32(half[Int(byte) - 0x80]), to: &text) }
        }
        return text
    }

    /// Windows-1252 as the WHATWG Encoding Standard has it: every byte has a meaning.
    private static let windows1252High: [UInt16] =
        [
            0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
            0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
            0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
            0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
        ] + (0xA0...0xFF).map { UInt16($0) }

    // MARK: UTF-8 encoded twice

    /// The text under a second encoding, or nil where some letter does not fit that story.
    static func once(_ bytes: [UInt8]) -> [UInt8]? {
        guard UTF8Check.isValid(bytes) else { return nil }
        var inner: [UInt8] = []
        inner.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            let (scalar, length) = Letters.scalar(bytes, at: at)
            at += length
            if scalar.value < 0x80 {
                inner.append(UInt8(scalar.value))
            } else if let index = windows1252High.firstIndex(where: { UInt32($0) == scalar.value }) {
                inner.append(UInt8(index + 0x80))
            } else {
                return nil
            }
        }
        return UTF8Check.isValid(inner) ? inner : nil
    }

    // MARK: Double-byte encodings

    private static func iconvName(_ encoding: TextEncoding) -> String? {
        switch encoding {
        case .gb18030: "GB18030"
        case .big5: "BIG5-HKSCS"
        case .shiftJIS: "CP932"
        case .eucJP: "EUC-JP"
        case .eucKR: "CP949"
        default: nil
        }
    }

    private static func multiByte(_ bytes: [UInt8], _ name: String) -> [UInt8] {
        let converter = unsafe iconv_open("UTF-8", name)
        // iconv_open answers (iconv_t)-1 where the system lacks the encoding.
        guard Int(bitPattern: converter) != -1 else { return UTF8Check.repaired(bytes, from: 0) }
        defer { _ = unsafe iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        var chunk = [CChar](repeating: 0, count: 16_384)
        unsafe input.withUnsafeMutableBufferPointer { source in
            var from = source.baseAddress
            var left = source.count
            while left > 0 {
                let before = left
                unsafe chunk.withUnsafeMutableBufferPointer { target in
                    var to = target.baseAddress
                    var room = target.count
                    // Both pointers stay within their buffers: iconv moves them by what it takes from the counts.
                    _ = unsafe iconv(converter, &from, &left, &to, &room)
                    for index in 0..<(target.count - room) { unsafe text.append(UInt8(bitPattern: target[index])) }
                }
                if left == before {
                    // One byte that the encoding does not define, or the first half of a letter at the end.
                    text.append(contentsOf: [0xEF, 0xBF, 0xBD])
                    unsafe from = from?.advanced(by: 1)
                    left -= 1
                }
            }
        }
        return text
    }
}
