// A stretch of copy as a person reads it: single blanks, HTML entities resolved.

enum PlainText {
    static func string(_ text: [UInt8], _ range: Range<Int>) -> String {
        guard needsWork(text, range) else { return String(decoding: text[range], as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(range.count)
        var at = range.lowerBound
        while at < range.upperBound {
            let blank = blankRun(text, at, range.upperBound)
            if blank > at {
                if !plain.isEmpty, blank < range.upperBound { plain.append(0x20) }
                at = blank
            } else if text[at] == 0x26, let (scalar, end) = entity(text, at, range.upperBound) {
                Decoding.append(scalar, to: &plain)
                at = end
            } else {
                plain.append(text[at])
                at += 1
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func needsWork(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        var previous: UInt8 = 0
        for at in range {
            let byte = text[at]
            if byte < 0x20 || byte == 0x26 || byte == 0x20 && previous == 0x20 || byte == 0xC2 && text[at + 1] == 0xA0 {
                return true
            }
            previous = byte
        }
        return false
    }

    private static func blankRun(_ text: [UInt8], _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end {
            if text[at] <= 0x20 {
                at += 1
            } else if text[at] == 0xC2, at + 1 < end, text[at + 1] == 0xA0 {
                at += 2
            } else {
                break
            }
        }
        return at
    }

    // MARK: Entities

    private static func entity(_ text: [UInt8], _ at: Int, _ end: Int) -> (UInt32, Int)? {
        let limit = min(end, at + 12)
        guard let semicolon = (at + 2..<max(limit, at + 2)).first(where: { text[$0] == 0x3B }) else { return nil }
        if text[at + 1] == 0x23 { return numeric(text, at + 2..<semicolon).map { ($0, semicolon + 1) } }
        let name = String(decoding: text[at + 1..<semicolon], as: UTF8.self)
        return named[name].map { ($0, semicolon + 1) }
    }

    private static func numeric(_ text: [UInt8], _ digits: Range<Int>) -> UInt32? {
        let isHex = !digits.isEmpty && text[digits.lowerBound] | 0x20 == 0x78
        let number = String(decoding: text[isHex ? digits.dropFirst() : digits], as: UTF8.self)
        guard let value = UInt32(number, radix: isHex ? 16 : 10), value >= 0x20, value < 0x7F || value >= 0xA0 else {
            return nil
        }
        return Unicode.Scalar(value)?.value
    }

    private static let named: [String: UInt32] = [
        "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "nbsp": 0x20, "shy": 0xAD,
        "lsquo": 0x2018, "rsquo": 0x2019, "ldquo": 0x201C, "rdquo": 0x201D, "laquo": 0xAB, "raquo": 0xBB,
        "ndash": 0x2013, "mdash": 0x2014, "hellip": 0x2026, "bull": 0x2022, "middot": 0xB7, "copy": 0xA9,
        "euro": 0x20AC, "pound": 0xA3, "deg": 0xB0, "eacute": 0xE9, "egrave": 0xE8, "agrave": 0xE0,
        "aacute": 0xE1, "iacute": 0xED, "oacute": 0xF3, "uacute": 0xFA, "ntilde": 0xF1, "ccedil": 0xE7,
        "auml": 0xE4, "ouml": 0xF6, "uuml": 0xFC, "szlig": 0xDF, "Auml": 0xC4, "Ouml": 0xD6, "Uuml": 0xDC,
        "ecirc": 0xEA, "ocirc": 0xF4, "acirc": 0xE2, "aring": 0xE5, "aelig": 0xE6, "oslash": 0xF8,
    ]
}
