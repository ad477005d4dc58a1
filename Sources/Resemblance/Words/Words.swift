// Bytes to words. A word is a run of letters and digits, folded (case, NFKC), or a single character in
// scripts that put no spaces between words. Everything else only separates words.
//
// Any bytes are accepted: what is not valid UTF-8 separates words. Time is linear in the bytes.
//
// The first pass is arithmetic on eight bytes at a time (SWAR): it marks the bytes that belong to words. The
// marks give the runs; a run of ASCII is hashed straight from the text, other runs go scalar by scalar.

/// One word of a text: its hash after folding, and where it stands.
struct Word {
    var hash: UInt64
    /// Bytes in the text that was scanned.
    var start: UInt32
    var end: UInt32
}

/// Reads the words of a text.
enum WordScanner {
    /// The words of `text`, in order. Texts of 4 GB and more are read up to there.
    static func words(of text: [UInt8]) -> [Word] {
        let text = text.span.extracting(first: Int(UInt32.max))
        let marks = WordMarks(text)
        // A run of ASCII is one word. Other scalars have two bytes or more and rarely give more than one word
        // each. Where they do (compatibility characters such as squared words) the room is used up, and there is
        // another attempt with twice as much. No byte gives more than two words, so two or three attempts are enough.
        var room = marks.runs + marks.beyondASCII / 2 + 16
        while true {
            var complete = false
            let words = [Word](capacity: room) { output in
                complete = scan(text, marks, into: &output)
            }
            if complete { return words }
            room *= 2
        }
    }

    /// Appends the words to `output`; false if there was no room for all, and then what is there is of no use.
    private static func scan(_ text: Span<UInt8>, _ marks: WordMarks, into output: inout OutputSpan<Word>) -> Bool {
        var folder = WordFolder()
        var open = -1
        var base = 0
        var before: UInt64 = 0
        let blocks = marks.blocks.span
        for index in blocks.indices {
            let block = blocks[index]
            let shifted = block << 1 | before
            var starts = block & ~shifted
            var ends = ~block & shifted
            before = block >> 63
            while ends != 0 {
                let end = base &+ ends.trailingZeroBitCount
                ends &= ends &- 1
                if open < 0 {
                    open = base &+ starts.trailingZeroBitCount
                    starts &= starts &- 1
                }
                guard add(text, open, end, &folder, &output) else { return false }
                open = -1
            }
            if starts != 0 { open = base &+ starts.trailingZeroBitCount }
            base &+= 64
        }
        return open < 0 || add(text, open, text.count, &folder, &output)
    }

    /// Appends the words of one run; false if there was no room.
    @inline(__always)
    private static func add(
        _ text: Span<UInt8>, _ start: Int, _ end: Int, _ folder: inout WordFolder, _ output: inout OutputSpan<Word>
    ) -> Bool {
        let length = end &- start
        if length <= 16 && start &+ 16 <= text.count {
            // Inside the span: start + 16 <= count.
            let low = unsafe text.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self)
            let high = unsafe text.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start &+ 8, as: UInt64.self)
            // Ones in the bytes that belong to the run, which has at least one.
            let firstMask = UInt64.max &>> UInt64(truncatingIfNeeded: max(0, 64 &- length &* 8))
            let secondMask = length > 8 ? UInt64.max &>> UInt64(truncatingIfNeeded: 128 &- length &* 8) : 0
            let first = UInt64(littleEndian: low) & firstMask
            let second = UInt64(littleEndian: high) & secondMask
            if (first | second) & 0x8080_8080_8080_8080 == 0 {
                // Setting bit 5 lowers a letter and leaves a digit alone.
                let lower: UInt64 = 0x2020_2020_2020_2020
                let hash = Hash.word(first | lower & firstMask, second | lower & secondMask, length: length)
                return output.add(hash, start, end)
            }
        }
        return folder.fold(text, start, end, into: &output)
    }
}

extension OutputSpan<Word> {
    /// Appends a word; false if there is no room. The only place that appends one.
    @inline(__always)
    mutating func add(_ hash: UInt64, _ start: Int, _ end: Int) -> Bool {
        guard !isFull else { return false }
        append(Word(hash: hash, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end)))
        return true
    }
}

/// Which bytes of a text belong to words: one bit a byte.
struct WordMarks {
    private(set) var blocks: [UInt64] = []
    /// How many runs of such bytes there are.
    private(set) var runs = 0
    /// How many bytes are not ASCII.
    private(set) var beyondASCII = 0

    init(_ text: Span<UInt8>) {
        blocks.reserveCapacity(text.count / 64 + 1)
        var before: UInt64 = 0
        for base in stride(from: 0, to: text.count, by: 64) {
            let block = mark(text, from: base)
            runs &+= (block & ~(block << 1 | before)).nonzeroBitCount
            before = block >> 63
            blocks.append(block)
        }
    }

    /// The marks of the 64 bytes from `base`.
    @inline(__always)
    private mutating func mark(_ text: Span<UInt8>, from base: Int) -> UInt64 {
        var marks: UInt64 = 0
        if base + 64 <= text.count {
            for part in 0..<8 {
                // Inside the span: base + 64 <= count.
                let eight = unsafe text.bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: base &+ part &* 8, as: UInt64.self)
                marks |= mark(UInt64(littleEndian: eight)) &<< UInt64(truncatingIfNeeded: part &* 8)
            }
            return marks
        }
        var last: UInt64 = 0
        for index in base..<text.count {
            last |= UInt64(text[index]) << UInt64(index & 7 * 8)
            if index & 7 == 7 || index + 1 == text.count {
                marks |= mark(last) << UInt64((index - base) & ~7)
                last = 0
            }
        }
        return marks
    }

    /// The marks of eight bytes in one number, in the low eight bits: ASCII letters and digits, and every byte
    /// of a longer UTF-8 sequence.
    @inline(__always)
    private mutating func mark(_ eight: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        beyondASCII &+= (eight & high).nonzeroBitCount
        // With the top bit of each byte clear, adding carries into the top bit and no further.
        let low = eight & ~high
        let letter = low | 0x20 &* ones
        let digits = (low &+ (0x80 - 0x30) &* ones) & ~(low &+ (0x80 - 0x3A) &* ones)
        let letters = (letter &+ (0x80 - 0x61) &* ones) & ~(letter &+ (0x80 - 0x7B) &* ones)
        let found = (digits | letters | eight) & high
        return ((found &>> 7) &* 0x0102_0408_1020_4080) &>> 56
    }
}

/// Decodes the scalar at `index`; nil, one byte on, where the bytes are not UTF-8.
@inline(__always)
func decodeScalar(_ text: Span<UInt8>, _ index: Int, _ end: Int) -> (UInt32?, Int) {
    let lead = text[index]
    if lead < 0x80 { return (UInt32(lead), index + 1) }
    let length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
    guard length > 0, index + length <= end else { return (nil, index + 1) }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length {
        let byte = text[index + offset]
        guard byte & 0xC0 == 0x80 else { return (nil, index + 1) }
        value = value << 6 | UInt32(byte & 0x3F)
    }
    let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= smallest, value < 0x11_0000, value & 0xFFFF_F800 != 0xD800 else { return (nil, index + 1) }
    return (value, index + length)
}
