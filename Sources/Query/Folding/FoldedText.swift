// Text as it is searched: its words, folded so that what readers take for the same is the same.
//
// The index and each query go through this one function, so both sides fold alike. Case, accents, full-width forms and
// digits of any script; Arabic and Hebrew vowel signs; simplified and traditional Chinese (SearchFoldingData.swift).
// Chinese, Japanese, Thai, Lao, Burmese and Khmer write no spaces between words: a run of their letters `abc` gives the
// words `ab`, `bc` and `c`, so that any run of them is found as a phrase of pairs, and a single one as a beginning.
//
// Any valid UTF-8 is accepted; time and room are linear in it.

internal import Text

/// A text's words, folded.
public struct FoldedText: Sendable, Equatable {
    /// What a word is made of.
    public enum Kind: UInt8, Sendable {
        /// Letters between two separators.
        case word
        /// Two neighbours in a run of an unspaced script.
        case pair
        /// The last letter of such a run.
        case single
    }

    /// One word.
    public struct Word: Sendable, Equatable {
        /// Where its folded form stands in ``FoldedText/bytes``.
        public var folded: Range<Int>
        /// Where it stands in the text, in UTF-8 bytes.
        public var place: Range<Int>
        public var kind: Kind
    }

    /// A longer word is found by its first so many bytes.
    static let longestWord = 128

    /// The words, one blank between two. There are no other ASCII characters than small letters and digits.
    public private(set) var bytes: [UInt8] = []
    /// Each word's place; empty unless asked for.
    public private(set) var words: [Word] = []

    private let keepsWords: Bool
    /// Where the word that is being read begins, folded; -1 outside words.
    private var open = -1
    private var place = 0..<0
    /// The last letter of a run of an unspaced script, and where it stands.
    private var previous: UInt32 = 0
    private var previousPlace = 0..<0

    /// Folds a text.
    ///
    /// - Parameter keepsWords: whether ``words`` is wanted.
    public init(_ text: [UInt8], keepsWords: Bool = false) {
        self.init(room: text.count, keepsWords: keepsWords)
        add(text, 0..<text.count)
    }

    /// No text yet.
    ///
    /// - Parameter room: how many bytes are to come, about.
    public init(room: Int, keepsWords: Bool = false) {
        self.keepsWords = keepsWords
        bytes.reserveCapacity(room + room / 4 + 16)
    }

    public init(_ text: String, keepsWords: Bool = false) { self.init(Array(text.utf8), keepsWords: keepsWords) }

    /// A word's folded bytes.
    public func folded(_ word: Word) -> ArraySlice<UInt8> { bytes[word.folded] }

    /// Adds a stretch of text, valid UTF-8 by itself; no word goes over its ends.
    public mutating func add(_ text: [UInt8], _ range: Range<Int>) {
        let span = text.span
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = span[at]
            if byte >= Byte.firstBeyondASCII {
                let (scalar, length) = Letters.scalar(text, at: at)
                add(scalar, at..<at + length)
                at += length
            } else if Self.isWord(byte) {
                var end = at + 1
                while end < range.upperBound, Self.isWord(span[end]) { end += 1 }
                add(text, letters: at..<end)
                at = end
            } else {
                close()
                at += 1
            }
        }
        close()
    }

    @inline(__always)
    private static func isWord(_ byte: UInt8) -> Bool { Letters.isAsciiLetter(byte) || Letters.isDigit(byte) }

    /// Adds a run of ASCII letters and digits.
    @inline(__always)
    private mutating func add(_ text: [UInt8], letters: Range<Int>) {
        if open < 0 { begin(letters.lowerBound) }
        let room = min(letters.count, Self.longestWord - (bytes.count - open))
        if room > 0 {
            let start = bytes.count
            bytes.append(contentsOf: text[letters.prefix(room)])
            // Setting bit 5 lowers a letter and leaves a digit alone.
            for at in start..<bytes.count { bytes[at] |= Byte.caseBit }
        }
        place = place.lowerBound..<letters.upperBound
    }

    private mutating func add(_ scalar: Unicode.Scalar, _ here: Range<Int>) {
        let table = SearchFoldingTable.shared
        let entry = table[scalar.value]
        if !entry.isMapped {
            add(scalar.value, entry.kind, here)
        } else if entry.mapsToOne {
            add(entry.payload, table[entry.payload].kind, here)
        } else {
            for part in table.several(entry) { add(part, table[part].kind, here) }
        }
    }

    private mutating func add(_ scalar: UInt32, _ kind: ScalarKind, _ here: Range<Int>) {
        switch kind {
        case .separator:
            close()
        case .letter:
            if open < 0 { begin(here.lowerBound) }
            if bytes.count - open + 4 <= Self.longestWord { append(scalar) }
            place = place.lowerBound..<here.upperBound
        case .unspaced:
            if open >= 0 { closeWord() }
            if previous != 0 {
                let start = next()
                append(previous)
                append(scalar)
                note(start, previousPlace.lowerBound..<here.upperBound, .pair)
            }
            (previous, previousPlace) = (scalar, here)
        }
    }

    private mutating func begin(_ at: Int) {
        if previous != 0 { closeRun() }
        open = next()
        place = at..<at
    }

    /// Where the next word begins, behind a blank.
    private mutating func next() -> Int {
        if !bytes.isEmpty { bytes.append(Byte.space) }
        return bytes.count
    }

    @inline(__always)
    private mutating func close() {
        if open >= 0 { closeWord() } else if previous != 0 { closeRun() }
    }

    private mutating func closeWord() {
        note(open, place, .word)
        open = -1
    }

    private mutating func closeRun() {
        let start = next()
        append(previous)
        note(start, previousPlace, .single)
        previous = 0
    }

    private mutating func note(_ start: Int, _ place: Range<Int>, _ kind: Kind) {
        if keepsWords { words.append(Word(folded: start..<bytes.count, place: place, kind: kind)) }
    }

    private mutating func append(_ scalar: UInt32) {
        if scalar < 0x80 {
            bytes.append(UInt8(scalar))
        } else if let scalar = Unicode.Scalar(scalar) {
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }
}
