// Is it UTF-8, and if nearly, what can be kept. Promises: linear time; the repaired text is always valid
// UTF-8, each maximal ill-formed part replaced by one U+FFFD as the Unicode Standard recommends.

enum UTF8Check {
    /// Whether the bytes from `start` on are well-formed UTF-8.
    static func isValid(_ bytes: [UInt8], from start: Int = 0) -> Bool {
        firstError(in: bytes.span, from: start) == bytes.count
    }

    /// The first byte that starts an ill-formed sequence, or the count.
    static func firstError(in span: Span<UInt8>, from start: Int) -> Int {
        var at = start
        let count = span.count
        while at < count {
            if span[at] < 0x80 {
                at += 1
                continue
            }
            let length = sequenceLength(in: span, at: at)
            if length <= 0 { return at }
            at += length
        }
        return count
    }

    /// The length of the well-formed sequence at `at`; if ill-formed, minus the length of the part to replace.
    static func sequenceLength(in span: Span<UInt8>, at: Int) -> Int {
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
    static func repaired(_ bytes: [UInt8], from start: Int) -> [UInt8] {
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
