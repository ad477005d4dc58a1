// Legacy encodings -> UTF-8. Promises: never fails; a byte that the encoding does not define becomes U+FFFD.

enum Charsets {
    static func decode(_ bytes: [UInt8], as encoding: TextEncoding) -> [UInt8] {
        windows1252(bytes)
    }

    /// Windows-1252 as the WHATWG Encoding Standard has it: every byte has a meaning.
    static func windows1252(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 {
                text.append(byte)
            } else if byte >= 0xA0 {
                Decoding.append(UInt32(byte), to: &text)
            } else {
                Decoding.append(UInt32(windows1252High[Int(byte) - 0x80]), to: &text)
            }
        }
        return text
    }

    private static let windows1252High: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
        0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ]
}
