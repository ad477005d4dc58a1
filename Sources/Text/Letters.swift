// Questions about letters and words, asked of UTF-8 bytes. Promises: no allocation, no Character; a
// position that is outside the text is no letter at all.

/// Words that are looked up without regard to case.
///
/// Keys are 64-bit hashes of the folded bytes, in open addressing: a look-up costs a few nanoseconds, and the
/// tables hold a few hundred words, so a wrong hit by collision is out of the question in practice.
public struct WordTable: Sendable {
    private var keys: [UInt64]
    private var values: [UInt8]
    private let mask: Int

    /// Each entry: a value and its words, separated by blanks; `_` in a word stands for a blank.
    public init(_ entries: [(UInt8, String)], hyphensAreBlanks: Bool = false, firstWordsOnly: Bool = false) {
        var pairs: [(UInt64, UInt8)] = []
        for (value, words) in entries {
            for word in words.utf8.split(whereSeparator: { $0 <= Byte.space }) {
                var bytes = word.map {
                    $0 == Byte.underscore || hyphensAreBlanks && $0 == Byte.hyphen ? Byte.space : $0
                }
                if firstWordsOnly { bytes = Array(bytes.prefix { $0 != Byte.space }) }
                pairs.append((Letters.hash(bytes, 0..<bytes.count), value))
            }
        }
        var size = 16
        while size < pairs.count * 3 { size *= 2 }
        mask = size - 1
        keys = Array(repeating: 0, count: size)
        values = Array(repeating: 0, count: size)
        for (key, value) in pairs {
            var slot = Int(truncatingIfNeeded: key) & mask
            while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
            if keys[slot] == 0 {
                keys[slot] = key
                values[slot] = value
            }
        }
    }

    /// The value of the word at `range`, or nil.
    public func value(of range: Range<Int>, in text: [UInt8]) -> UInt8? { value(hash: Letters.hash(text, range)) }

    public func value(hash: UInt64) -> UInt8? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while keys[slot] != 0 {
            if keys[slot] == hash { return values[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }
}

public enum Letters {
    /// A hash of letters without regard to case (ASCII, Latin-1, Cyrillic), one byte after another.
    @frozen public struct HashState {
        @usableFromInline var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        @usableFromInline var previous: UInt8 = 0

        @inlinable @inline(__always)
        public mutating func add(_ byte: UInt8) {
            hash = (hash ^ UInt64(folded(byte, after: previous))) &* 0x100_0000_01B3
            previous = byte
        }

        @inlinable public init() {}

        /// Adds an ASCII letter in lower case.
        @inlinable @inline(__always)
        public mutating func add(letter: UInt8) {
            hash = (hash ^ UInt64(letter)) &* 0x100_0000_01B3
            previous = letter
        }

        /// Never zero.
        @inlinable public var value: UInt64 { hash == 0 ? 1 : hash }
    }

    /// The hash of the letters at `range`.
    @inlinable public static func hash(_ text: [UInt8], _ range: Range<Int>) -> UInt64 {
        var state = HashState()
        for at in range { state.add(text[at]) }
        return state.value
    }

    /// Lower case, byte by byte; the Cyrillic lead byte changes too, but a hash needs no exact letters, only
    /// that both cases agree: both leads become the same.
    @inlinable @inline(__always)
    static func folded(_ byte: UInt8, after lead: UInt8) -> UInt8 {
        if byte < Byte.firstBeyondASCII { return byte &- Byte.upperA < 26 ? byte | Byte.caseBit : byte }
        if lead == Byte.latinLead, byte < 0x9F, byte != 0x97 { return byte | Byte.caseBit }
        if byte == 0xD1 { return 0xD0 }
        if lead == 0xD0 {
            if byte >= 0x90, byte < 0xA0 { return byte | Byte.caseBit }
            if byte >= 0xA0, byte < 0xB0 { return byte & 0x8F }
        }
        return byte
    }

    @inlinable @inline(__always)
    public static func isDigit(_ byte: UInt8) -> Bool { byte &- Byte.zero < 10 }

    @inlinable @inline(__always)
    public static func isAsciiLetter(_ byte: UInt8) -> Bool { (byte | Byte.caseBit) &- Byte.lowerA < 26 }

    /// The scalar at `at` and its length; text is valid UTF-8.
    @inlinable public static func scalar(_ text: [UInt8], at: Int) -> (Unicode.Scalar, Int) {
        let lead = text[at]
        if lead < Byte.firstBeyondASCII { return (Unicode.Scalar(lead), 1) }
        var value: UInt32
        let length: Int
        if lead < Byte.threeByteLead {
            value = UInt32(lead & 0x1F)
            length = 2
        } else if lead < Byte.fourByteLead {
            value = UInt32(lead & 0x0F)
            length = 3
        } else {
            value = UInt32(lead & 0x07)
            length = 4
        }
        guard at + length <= text.count else { return ("\u{FFFD}", text.count - at) }
        for next in 1..<length { value = value << 6 | UInt32(text[at + next] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    /// Whether an upper-case letter starts at `at`.
    @inlinable public static func isUpper(_ text: [UInt8], at: Int) -> Bool {
        guard at < text.count else { return false }
        let byte = text[at]
        if byte < Byte.firstBeyondASCII { return byte &- Byte.upperA < 26 }
        if byte & Byte.kindMask == Byte.continuation || byte >= Byte.kanaLead { return false }
        return scalar(text, at: at).0.properties.isUppercase
    }

    /// Whether a lower-case letter starts at `at`.
    @inlinable public static func isLower(_ text: [UInt8], at: Int) -> Bool {
        guard at < text.count else { return false }
        let byte = text[at]
        if byte < Byte.firstBeyondASCII { return byte &- Byte.lowerA < 26 }
        if byte & Byte.kindMask == Byte.continuation || byte >= Byte.kanaLead { return false }
        return scalar(text, at: at).0.properties.isLowercase
    }

    /// Whether the text at `range` has at least two letters with a case and none of them is lower-case.
    public static func isAllCaps(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        var uppers = 0
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = text[at]
            if byte < Byte.firstBeyondASCII {
                if byte &- Byte.lowerA < 26 { return false }
                if byte &- Byte.upperA < 26 { uppers += 1 }
                at += 1
            } else {
                let (scalar, length) = scalar(text, at: at)
                if scalar.properties.isLowercase { return false }
                if scalar.properties.isUppercase { uppers += 1 }
                at += length
            }
        }
        return uppers >= 2
    }

    /// Whether the bytes of `word` stand at `at`.
    @inlinable @inline(__always)
    public static func has(_ word: StaticString, _ text: [UInt8], at: Int) -> Bool {
        let count = word.utf8CodeUnitCount
        guard at >= 0, at + count <= text.count else { return false }
        return word.withUTF8Buffer { letters in
            for index in 0..<count where unsafe letters[index] != text[at + index] { return false }
            return true
        }
    }
}
