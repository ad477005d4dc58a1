// Whether a stretch of text occurs in another, by its first letters and digits, whatever stands between them: how a block is
// found again in JSON-LD, in a description, in the text that stands for a picture.

internal import Text

/// Texts by their first letters, with their lengths.
struct LetterSet {
    /// How many bytes of letters are looked at.
    private static let length = 24
    private var lengths: [UInt64: Int] = [:]

    mutating func insert(_ text: [UInt8], _ range: Range<Int>) {
        if let hash = Self.start(text, range) { lengths[hash] = max(lengths[hash] ?? 0, range.count) }
    }

    /// How long the longest text is that begins as the one at `range` does; nil where none does.
    func length(_ text: [UInt8], _ range: Range<Int>) -> Int? {
        guard !lengths.isEmpty, let hash = Self.start(text, range) else { return nil }
        return lengths[hash]
    }

    private static func start(_ text: [UInt8], _ range: Range<Int>) -> UInt64? {
        var state = Letters.HashState()
        var count = 0
        for at in range where isLetter(text[at]) {
            state.add(text[at])
            count += 1
            if count == length { break }
        }
        return count < 8 ? nil : state.value
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        byte >= Byte.firstBeyondASCII || Letters.isAsciiLetter(byte) || Letters.isDigit(byte)
    }

    static func letterCount(_ text: [UInt8], _ range: Range<Int>) -> Int {
        range.reduce(0) { $0 + (isLetter(text[$1]) ? 1 : 0) }
    }
}

/// A long text in which blocks are looked up: a run of it from every eighth letter, so that of eight neighbouring runs of a
/// block one is found.
struct LetterIndex {
    private static let step = 8
    private static let length = 24
    private static let base: UInt64 = 0x100_0000_01B3
    private var hashes: Set<UInt64> = []
    /// How many bytes of letters the text has.
    let count: Int

    init(_ text: String) {
        let letters = text.utf8.filter(LetterSet.isLetter).map(Self.folded)
        count = letters.count
        hashes.reserveCapacity(letters.count / Self.step)
        var at = 0
        while at + Self.length <= letters.count {
            var hash: UInt64 = 0
            for byte in letters[at..<at + Self.length] { hash = hash &* Self.base &+ UInt64(byte) }
            hashes.insert(hash)
            at += Self.step
        }
    }

    private static func folded(_ byte: UInt8) -> UInt8 { byte &- Byte.upperA < 26 ? byte | Byte.caseBit : byte }

    /// How many bytes of letters stand in the text before which a block is too short to be looked up.
    static let minimum = length + step

    /// Whether the beginning or the middle of a block occurs in the text; nil for a block that is too short.
    func contains(_ text: [UInt8], _ range: Range<Int>) -> Bool? {
        var letters: [UInt8] = []
        for at in range where LetterSet.isLetter(text[at]) {
            letters.append(Self.folded(text[at]))
            if letters.count == 400 { break }
        }
        guard letters.count >= Self.minimum else { return nil }
        return hasRun(letters, from: 0) || hasRun(letters, from: letters.count / 2)
            || hasRun(letters, from: letters.count)
    }

    private func hasRun(_ letters: [UInt8], from start: Int) -> Bool {
        var at = min(start, letters.count - Self.minimum)
        for _ in 0..<Self.step {
            var hash: UInt64 = 0
            for byte in letters[at..<at + Self.length] { hash = hash &* Self.base &+ UInt64(byte) }
            if hashes.contains(hash) { return true }
            at += 1
        }
        return false
    }
}
