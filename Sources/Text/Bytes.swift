// Skipping over plain text eight bytes at a time: what most of every document is.

public enum Bytes {
    /// The first byte from `start` on that is not printable ASCII, or the count.
    @inlinable @inline(__always)
    public static func nextSpecial(_ span: Span<UInt8>, from start: Int) -> Int {
        var at = start
        let high: UInt64 = 0x8080_8080_8080_8080
        let raw = unsafe span.bytes
        while at + 8 <= span.count {
            // Eight bytes from `at` on are inside the span, by the condition above.
            let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self)
            let isBelowBlank = (word &- 0x2020_2020_2020_2020) & ~word & high
            let isDelete = (word & ~high) &+ 0x0101_0101_0101_0101
            if (word | isBelowBlank | isDelete) & high != 0 { break }
            at += 8
        }
        while at < span.count, span[at] &- 0x20 < 0x5F { at += 1 }
        return at
    }

    /// The first of four bytes in `range`, or its end.
    @inlinable @inline(__always)
    public static func next(of bytes: (UInt8, UInt8, UInt8, UInt8), _ span: Span<UInt8>, in range: Range<Int>) -> Int {
        var at = range.lowerBound
        let ones: UInt64 = 0x0101_0101_0101_0101
        let patterns = (
            UInt64(bytes.0) &* ones, UInt64(bytes.1) &* ones, UInt64(bytes.2) &* ones, UInt64(bytes.3) &* ones
        )
        let raw = unsafe span.bytes
        while at + 8 <= min(range.upperBound, span.count) {
            // Eight bytes from `at` on are inside the span, by the condition above.
            let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self)
            let zeros = hasZero(word ^ patterns.0) | hasZero(word ^ patterns.1) | hasZero(word ^ patterns.2)
            if (zeros | hasZero(word ^ patterns.3)) != 0 { break }
            at += 8
        }
        while at < range.upperBound {
            let byte = span[at]
            if byte == bytes.0 || byte == bytes.1 || byte == bytes.2 || byte == bytes.3 { return at }
            at += 1
        }
        return range.upperBound
    }

    @inlinable @inline(__always)
    static func hasZero(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}
