// Base64 and quoted-printable, as leniently as mail needs them (RFC 2045). Promises: never fails, linear.

enum Base64 {
    static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }

    /// The decoded bytes; what is no base64 is skipped, `=` ends a group.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count * 3 / 4)
        var (bits, count) = (UInt32(0), 0)
        for byte in text {
            guard let value = value(byte) else {
                if byte == 0x3D { (bits, count) = (0, 0) }
                continue
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= (1 << UInt32(count)) - 1
            }
        }
        return out
    }
}

enum QuotedPrintable {
    /// - Parameter isWord: within an encoded word of a header (RFC 2047), where `_` is a blank.
    static func decode(_ text: some Collection<UInt8>, isWord: Bool = false) -> [UInt8] {
        let text = Array(text)
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte == 0x3D {
                if at + 2 < text.count, let high = hex(text[at + 1]), let low = hex(text[at + 2]) {
                    out.append(high << 4 | low)
                    at += 3
                    continue
                }
                // A soft line break: blanks may stand before it.
                var end = at + 1
                while end < text.count, text[end] == 0x20 || text[end] == 0x09 || text[end] == 0x0D { end += 1 }
                if end == text.count || text[end] == 0x0A {
                    at = min(end + 1, text.count)
                    continue
                }
            }
            out.append(isWord && byte == 0x5F ? 0x20 : byte)
            at += 1
        }
        return out
    }

    static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
