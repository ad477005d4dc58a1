// Is it UTF-8, and if nearly, what can be kept. Promises: linear time; the repaired text is always valid
// UTF-8, each maximal ill-formed part replaced by one U+FFFD as the Unicode Standard recommends.

package enum UTF8Check {
    /// Whether the bytes from `start` on are well-formed UTF-8.
    package static func isValid(_ bytes: [UInt8], from start: Int = 0) -> Bool {
        firstError(in: bytes.span, from: start) == bytes.count
    }

    /// What one look at all bytes shows.
    package struct Survey {
        /// The first byte that starts an ill-formed sequence, or the count.
        var error: Int
        /// The first control character but tab and line ends, or the count.
        var control: Int
        /// How many sequences look like UTF-8 that was encoded once more: `Ã` or `â€` and what follows them.
        var twice = 0
    }

    /// Looks for ill-formed sequences and control characters from `start` on; stops at the first of the former.
    package static func survey(_ span: Span<UInt8>, from start: Int) -> Survey {
        let count = span.count
        var survey = Survey(error: count, control: count)
        var at = Bytes.nextSpecial(span, from: start)
        while at < count {
            let byte = span[at]
            if byte < 0x80 {
                let isControl = byte < 0x20 ? byte != 0x0A && byte != 0x0D && byte != 0x09 : byte == 0x7F
                if isControl, survey.control == count { survey.control = at }
                at = Bytes.nextSpecial(span, from: at + 1)
            } else if byte >= 0xE1, byte <= 0xEC, at + 2 < count, span[at + 1] & 0xC0 == 0x80,
                span[at + 2] & 0xC0 == 0x80
            {
                // The plain three-byte sequences: most letters of most scripts.
                at += 3
            } else if byte >= 0xC4, byte <= 0xDF, at + 1 < count, span[at + 1] & 0xC0 == 0x80 {
                // The plain two-byte ones: the letters of Cyrillic, Greek, Hebrew, Arabic.
                at += 2
            } else {
                let length = sequenceLength(in: span, at: at)
                if length <= 0 {
                    survey.error = at
                    return survey
                }
                if byte == 0xC2, span[at + 1] < 0xA0, survey.control == count { survey.control = at }
                if byte == 0xC3, at + 2 < count {
                    let next = (span[at + 1], span[at + 2])
                    if next == (0x83, 0xC2) || next == (0xA2, 0xE2) { survey.twice += 1 }
                }
                at += length
                if at < count, span[at] < 0x80 { at = Bytes.nextSpecial(span, from: at) }
            }
        }
        return survey
    }

    /// The first byte that starts an ill-formed sequence, or the count.
    package static func firstError(in span: Span<UInt8>, from start: Int) -> Int { survey(span, from: start).error }

    /// The length of the well-formed sequence at `at`; if ill-formed, minus the length of the part to replace.
    package static func sequenceLength(in span: Span<UInt8>, at: Int) -> Int {
        let lead = span[at]
        if lead < 0x80 { return 1 }
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        let length: Int
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { low = 0xA0 }
            if lead == 0xED { high = 0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { low = 0x90 }
            if lead == 0xF4 { high = 0x8F }
        default: return -1
        }
        guard at + 1 < span.count, span[at + 1] >= low, span[at + 1] <= high else { return -1 }
        var next = 2
        while next < length {
            guard at + next < span.count, span[at + next] & 0xC0 == 0x80 else { return -next }
            next += 1
        }
        return length
    }

    /// The text with every ill-formed part replaced.
    package static func repaired(_ bytes: [UInt8], from start: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 16)
        var at = start
        while at < bytes.count {
            let error = firstError(in: bytes.span, from: at)
            text.append(contentsOf: bytes[at..<error])
            guard error < bytes.count else { break }
            text.append(contentsOf: [0xEF, 0xBF, 0xBD])
            at = error - sequenceLength(in: bytes.span, at: error)
        }
        return text
    }
}
