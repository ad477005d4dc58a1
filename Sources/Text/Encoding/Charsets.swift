// Legacy encodings -> UTF-8. Promises: never fails; what the encoding does not define becomes U+FFFD. The
// single-byte encodings are tables here, the double-byte ones in Charsets+DoubleByte.swift: nothing is asked of the C
// library, so that a reading depends on the bytes and the parser's version alone.

package enum Charsets {
    package static func decode(_ bytes: [UInt8], as encoding: TextEncoding) -> [UInt8] {
        if encoding == .utf8Twice { return once(bytes) ?? UTF8Check.repaired(bytes, from: 0) }
        if let half = upperHalves[encoding] { return singleByte(bytes, half) }
        if let letters = DoubleByte.decode(bytes, as: encoding) { return letters }
        return singleByte(bytes, windows1252High)
    }

    // MARK: Single-byte encodings

    package static func upperHalf(_ encoding: TextEncoding) -> [UInt16] { upperHalves[encoding] ?? windows1252High }

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
    package static func once(_ bytes: [UInt8]) -> [UInt8]? {
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
}
