// A stretch of copy as a person reads it: single blanks, HTML entities resolved.

package enum PlainText {
    package static func string(_ text: [UInt8], _ range: Range<Int>) -> String {
        guard needsWork(text, range) else { return String(decoding: text[range], as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(range.count)
        var at = range.lowerBound
        while at < range.upperBound {
            let blank = blankRun(text, at, range.upperBound)
            if blank > at {
                if !plain.isEmpty, blank < range.upperBound { plain.append(Byte.space) }
                at = blank
            } else if text[at] == Byte.ampersand, let (scalar, end) = entity(text, at, range.upperBound) {
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
            if byte < Byte.space || byte == Byte.ampersand || byte == Byte.space && previous == Byte.space
                || byte == Byte.latinSignLead && text[at + 1] == 0xA0
            {
                return true
            }
            previous = byte
        }
        return false
    }

    private static func blankRun(_ text: [UInt8], _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end {
            if text[at] <= Byte.space {
                at += 1
            } else if text[at] == Byte.latinSignLead, at + 1 < end, text[at + 1] == 0xA0 {
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
        guard let semicolon = (at + 2..<max(limit, at + 2)).first(where: { text[$0] == Byte.semicolon }) else {
            return nil
        }
        if text[at + 1] == Byte.number { return numeric(text, at + 2..<semicolon).map { ($0, semicolon + 1) } }
        let name = String(decoding: text[at + 1..<semicolon], as: UTF8.self)
        return named[name].map { ($0.value, semicolon + 1) }
    }

    private static func numeric(_ text: [UInt8], _ digits: Range<Int>) -> UInt32? {
        let isHex = !digits.isEmpty && text[digits.lowerBound] | Byte.caseBit == UInt8(ascii: "x")
        let number = String(decoding: text[isHex ? digits.dropFirst() : digits], as: UTF8.self)
        guard let value = UInt32(number, radix: isHex ? 16 : 10), value >= 0x20, value < 0x7F || value >= 0xA0 else {
            return nil
        }
        return Unicode.Scalar(value)?.value
    }

    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "shy": "\u{AD}", "lsquo": "‘",
        "rsquo": "’", "ldquo": "“", "rdquo": "”", "laquo": "«", "raquo": "»", "ndash": "–", "mdash": "—",
        "hellip": "…", "bull": "•", "middot": "·", "copy": "©", "euro": "€", "pound": "£", "deg": "°", "eacute": "é",
        "egrave": "è", "agrave": "à", "aacute": "á", "iacute": "í", "oacute": "ó", "uacute": "ú", "ntilde": "ñ",
        "ccedil": "ç", "auml": "ä", "ouml": "ö", "uuml": "ü", "szlig": "ß", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
        "ecirc": "ê", "ocirc": "ô", "acirc": "â", "aring": "å", "aelig": "æ", "oslash": "ø",
    ]
}
