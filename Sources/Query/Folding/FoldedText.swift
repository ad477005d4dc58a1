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
        self.keepsWords = keepsWords
        bytes.reserveCapacity(text.count + text.count / 4 + 16)
        fold(text)
    }

    public init(_ text: String, keepsWords: Bool = false) { self.init(Array(text.utf8), keepsWords: keepsWords) }

    /// A word's folded bytes.
    public func folded(_ word: Word) -> ArraySlice<UInt8> { bytes[word.folded] }

    private mutating func fold(_ text: [UInt8]) {
        let table = SearchFoldingTable.shared
        let span = text.span
        var at = 0
        while at < span.count {
            let byte = span[at]
            if byte < Byte.firstBeyondASCII {
                // Letters and digits keep the bits that lower a letter; everything else separates.
                if Letters.isAsciiLetter(byte) || Letters.isDigit(byte) {
                    add(ascii: byte | Byte.caseBit, at)
                } else {
                    close()
                }
                at += 1
                continue
            }
            let (scalar, length) = Letters.scalar(text, at: at)
            let entry = table[scalar.value]
            let here = at..<at + length
            if !entry.isMapped {
                add(scalar.value, entry.kind, here)
            } else if entry.mapsToOne {
                add(entry.payload, table[entry.payload].kind, here)
            } else {
                for part in table.several(entry) { add(part, table[part].kind, here) }
            }
            at += length
        }
        close()
    }

    @inline(__always)
    private mutating func add(ascii byte: UInt8, _ at: Int) {
        if open < 0 { begin(at) }
        if bytes.count - open < Self.longestWord { bytes.append(byte) }
        place = place.lowerBound..<at + 1
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
