// Skipping over plain text eight bytes at a time: what most of every document is.

enum Bytes {
    /// The first byte from `start` on that is not printable ASCII, or the count.
    @inline(__always)
    static func nextSpecial(_ span: Span<UInt8>, from start: Int) -> Int {
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
}
