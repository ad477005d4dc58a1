// Bytes to words. A word is a run of letters and digits, folded (case, NFKC), or a single character in
// scripts that put no spaces between words. Everything else only separates words.
//
// Any bytes are accepted: what is not valid UTF-8 separates words. Time is linear in the bytes.

/// One word of a text: its hash after folding, and where it stands.
struct Word {
    var hash: UInt64
    /// Bytes in the text that was scanned.
    var start: UInt32
    var end: UInt32
}

/// Reads the words of a text in one pass.
struct WordScanner {
    private(set) var words: [Word] = []
    /// The folded bytes of the word being read, when it is not plain ASCII.
    private var pending: [UInt8] = []
    private var pendingStart = 0

    /// The words of `text`, in order.
    static func words(of text: [UInt8]) -> [Word] {
        var scanner = WordScanner()
        scanner.words.reserveCapacity(text.count / 5 + 8)
        scanner.scan(text.span)
        return scanner.words
    }

    private mutating func scan(_ text: Span<UInt8>) {
        var index = 0
        while index < text.count {
            guard isWordByte(text[index]) else {
                index += 1
                continue
            }
            let start = index
            var seen: UInt8 = 0
            while index < text.count && isWordByte(text[index]) {
                seen |= text[index]
                index += 1
            }
            if seen < 0x80 {
                addASCII(text, start, index)
            } else {
                addFolded(text, start, index)
            }
        }
    }

    /// ASCII letters and digits, and every byte of a longer UTF-8 sequence.
    @inline(__always)
    private func isWordByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte >= 0x80
    }

    private mutating func addASCII(_ text: Span<UInt8>, _ start: Int, _ end: Int) {
        pending.removeAll(keepingCapacity: true)
        // Setting bit 5 lowers a letter and leaves a digit alone.
        for index in start..<end { pending.append(text[index] | 0x20) }
        words.append(Word(hash: Hash.word(pending.span), start: UInt32(start), end: UInt32(end)))
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func addFolded(_ text: Span<UInt8>, _ start: Int, _ end: Int) {
        var index = start
        while index < end {
            let (scalar, next) = decodeScalar(text, index, end)
            add(scalar, from: index, to: next)
            index = next
        }
        finishWord(at: end)
    }

    private mutating func add(_ scalar: Unicode.Scalar?, from index: Int, to next: Int) {
        guard let scalar else { return finishWord(at: index) }
        switch scalar.isASCII ? .letter : Folding.classify(scalar) {
        case .separator:
            finishWord(at: index)
        case .ignorable:
            break
        case .mark, .letter:
            if pending.isEmpty { pendingStart = index }
            pending.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
        case .ideograph:
            finishWord(at: index)
            pendingStart = index
            pending.append(contentsOf: UTF8.encode(scalar) ?? .init())
            finishWord(at: next)
        }
    }

    private mutating func finishWord(at end: Int) {
        guard !pending.isEmpty else { return }
        words.append(Word(hash: Hash.word(pending.span), start: UInt32(pendingStart), end: UInt32(end)))
        pending.removeAll(keepingCapacity: true)
    }
}

/// Decodes the scalar at `index`; nil, one byte on, where the bytes are not UTF-8.
func decodeScalar(_ text: Span<UInt8>, _ index: Int, _ end: Int) -> (Unicode.Scalar?, Int) {
    let lead = text[index]
    let length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
    guard length > 0, index + length <= end else { return (nil, index + 1) }
    if length == 1 { return (Unicode.Scalar(lead), index + 1) }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length {
        let byte = text[index + offset]
        guard byte & 0xC0 == 0x80 else { return (nil, index + 1) }
        value = value << 6 | UInt32(byte & 0x3F)
    }
    let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= smallest, let scalar = Unicode.Scalar(value) else { return (nil, index + 1) }
    return (scalar, index + length)
}
