// Which encoding a document is in. Promises: linear time, no allocation beyond the answer. Order of trust:
// a byte order mark, then the shape of UTF-16 and UTF-32 (their zero bytes), then UTF-8 (which other
// encodings hardly ever satisfy by chance), then the single- and double-byte encodings by their statistics.

package enum Detection {
    package static let utf8Mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The encoding of `bytes`, and what a person should know about the choice.
    ///
    /// - Parameter isSuspicious: the bytes have sequences that look as if they had been encoded twice.
    package static func detect(_ bytes: [UInt8], isSuspicious: Bool) -> (TextEncoding, [String]) {
        if bytes.starts(with: utf8Mark) {
            return (.utf8, UTF8Check.isValid(bytes) ? [] : [Detection.damaged])
        }
        if let marked = byteOrderMark(bytes) { return (marked, []) }
        if let wide = wideShape(bytes) {
            return (wide, ["No byte order mark; read as \(wide.rawValue) by its zero bytes."])
        }
        if UTF8Check.isValid(bytes) {
            return isSuspicious && Charsets.once(bytes) != nil
                ? (.utf8Twice, ["The text was encoded twice; read as it was meant."]) : (.utf8, [])
        }
        return legacy(bytes)
    }

    /// The form of Unicode in units of two or four bytes that `bytes` are in, if they are.
    package static func wide(_ bytes: [UInt8]) -> TextEncoding? { byteOrderMark(bytes) ?? wideShape(bytes) }

    /// Whether bytes beyond ASCII belong together as letters: UTF-8 with little damage, or an encoding whose letters they
    /// are, which is more than that no other fits.
    package static func isCopy(_ bytes: [UInt8]) -> Bool {
        let counts = sequences(bytes)
        return counts.valid > counts.errors * 4 || LegacyDetection.detect(bytes) != .windows1252
    }

    package static let damaged = "Some bytes are not valid UTF-8; each such place shows as U+FFFD."

    private static func byteOrderMark(_ bytes: [UInt8]) -> TextEncoding? {
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]), bytes.count % 4 == 0 { return .utf32LittleEndian }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return .utf32BigEndian }
        if bytes.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
        if bytes.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
        return nil
    }

    /// UTF-16 or UTF-32 without a mark: western text in them has zero bytes at a fixed place in each unit;
    /// in text of other scripts at least the spaces and line ends have.
    private static func wideShape(_ bytes: [UInt8]) -> TextEncoding? {
        let count = min(bytes.count, 4096) & ~3
        guard count >= 8, let zero = bytes[..<count].firstIndex(of: 0), zero < count else { return nil }
        var zeros = [0, 0, 0, 0]
        var blanks = [0, 0, 0, 0]
        for at in 0..<count where bytes[at] == 0 {
            zeros[at & 3] += 1
            if bytes[at ^ 1] == Byte.space || bytes[at ^ 1] == Byte.lineFeed { blanks[at & 3] += 1 }
        }
        let units = count / 4
        if zeros[3] == units, zeros[2] > units / 2, zeros[0] <= units / 8 { return .utf32LittleEndian }
        if zeros[0] == units, zeros[1] > units / 2, zeros[3] <= units / 8 { return .utf32BigEndian }
        let even = zeros[0] + zeros[2]
        let odd = zeros[1] + zeros[3]
        if even <= odd / 8, odd > units / 2 || blanks[1] + blanks[3] == odd { return .utf16LittleEndian }
        if odd <= even / 8, even > units / 2 || blanks[0] + blanks[2] == even { return .utf16BigEndian }
        return nil
    }

    /// Neither Unicode form: a legacy encoding, or UTF-8 with some damage.
    private static func legacy(_ bytes: [UInt8]) -> (TextEncoding, [String]) {
        let counts = sequences(bytes)
        if counts.valid > counts.errors * 4 { return (.utf8, [damaged]) }
        let encoding = LegacyDetection.detect(bytes)
        return (encoding, ["Not UTF-8; read as \(encoding.rawValue)."])
    }

    /// How many sequences beyond ASCII are well-formed UTF-8 near the start, and how many are not.
    private static func sequences(_ bytes: [UInt8]) -> (valid: Int, errors: Int) {
        var (valid, errors, at) = (0, 0, 0)
        let span = bytes.span
        let limit = min(span.count, 8_192)
        while at < limit {
            let length = UTF8Check.sequenceLength(in: span, at: at)
            if length < 0 { errors += 1 } else if length > 1 { valid += 1 }
            at += abs(length)
        }
        return (valid, errors)
    }
}
