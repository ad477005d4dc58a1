// Runs that are not plain ASCII: scalar by scalar, folded, into words.

/// Folds runs of letters into words. Between runs it holds nothing.
struct WordFolder {
    private let table = FoldingTable.shared
    private var hasher = WordHasher()
    /// Marks since the last letter: they are ordered by class before they count (Unicode Standard, 3.11).
    private var marks: [UInt32] = []
    /// A Hangul letter or syllable that the next letter may join.
    private var held: UInt32 = 0
    /// Whether the word being read is a single character of a script without spaces: only marks (a Thai vowel,
    /// the voicing of a kana) may still join it.
    private var isWhole = false
    /// Whether anything of a word was read.
    private var isPending = false
    private var start = 0
    /// Whether there was no room for a word.
    private var isOverfull = false

    /// Appends the words of the run `start..<end` of a text; false if there was no room.
    mutating func fold(_ text: Span<UInt8>, _ start: Int, _ end: Int, into words: inout OutputSpan<Word>) -> Bool {
        var index = start
        while index < end && !isOverfull {
            let (decoded, next) = decodeScalar(text, index, end)
            if let scalar = decoded {
                if scalar &- 0x4E00 < 0x5200 || scalar &- 0x3400 < 0x19C0 {
                    // Han, which folds to itself and takes no marks: the greater part of Chinese.
                    if isPending { finish(at: index, into: &words) }
                    let hash = Hash.word(WordHasher.utf8(scalar).bytes, 0, length: 3)
                    if !words.add(hash, index, next) { isOverfull = true }
                } else if scalar < 0x80 {
                    if isWhole { finish(at: index, into: &words) }
                    addLetter(scalar, at: index)
                } else {
                    add(scalar, index, next, into: &words)
                }
            } else if isPending {
                finish(at: index, into: &words)
            }
            index = next
        }
        if isPending { finish(at: end, into: &words) }
        return !isOverfull
    }

    @inline(__always)
    private mutating func add(_ scalar: UInt32, _ index: Int, _ next: Int, into words: inout OutputSpan<Word>) {
        let entry = table[scalar]
        if !entry.isMapped {
            return addFolded(scalar, entry.scalarClass, index, next, into: &words)
        }
        if entry.scalarClass == .ignorable { return }
        if entry.mapsToOne {
            return addFolded(entry.payload, classify(entry.payload), index, next, into: &words)
        }
        for part in table.several(entry) {
            addFolded(part, classify(part), index, next, into: &words)
        }
    }

    private func classify(_ scalar: UInt32) -> ScalarClass {
        if scalar >= 0x80 { return table[scalar].scalarClass }
        return scalar &- 0x30 < 10 || scalar &- 0x61 < 26 ? .letter : .separator
    }

    private mutating func addFolded(
        _ scalar: UInt32, _ scalarClass: ScalarClass, _ index: Int, _ next: Int, into words: inout OutputSpan<Word>
    ) {
        // A scalar that folds to several words stands in the text once: each of them is all of it.
        let end = isPending && start == index ? next : index
        switch scalarClass {
        case .separator:
            if isPending { finish(at: end, into: &words) }
        case .ignorable:
            break
        case .letter:
            if isWhole { finish(at: end, into: &words) }
            addLetter(scalar, at: index)
        case .ideograph:
            if isPending { finish(at: end, into: &words) }
            begin(at: index)
            hasher.add(scalar)
            isWhole = true
        case .mark:
            begin(at: index)
            flushHeld()
            marks.append(scalar)
        }
    }

    @inline(__always)
    private mutating func begin(at index: Int) {
        if !isPending {
            isPending = true
            start = index
        }
    }

    @inline(__always)
    private mutating func addLetter(_ scalar: UInt32, at index: Int) {
        begin(at: index)
        if !marks.isEmpty { flushMarks() }
        if scalar < 0x1100 || (scalar > 0x11FF && scalar &- 0xAC00 >= 11172) {
            flushHeld()
            // Setting bit 5 lowers an ASCII letter and leaves a digit alone.
            hasher.add(scalar < 0x80 ? scalar | 0x20 : scalar)
        } else if let joined = Hangul.compose(held, scalar) {
            held = joined
        } else {
            flushHeld()
            held = scalar
        }
    }

    @inline(__always)
    private mutating func flushHeld() {
        if held != 0 {
            hasher.add(held)
            held = 0
        }
    }

    private mutating func flushMarks() {
        if marks.count > 1 { order() }
        for mark in marks { hasher.add(mark) }
        marks.removeAll(keepingCapacity: true)
    }

    /// Puts the marks into canonical order: those between two marks of class 0 are sorted by class, stably. A text
    /// may have millions of marks in a row, so their places are part of the sort's key: n log n, whatever stands there.
    private mutating func order() {
        var keys: [UInt64] = []
        keys.reserveCapacity(marks.count)
        var run: UInt64 = 0
        for (place, mark) in marks.enumerated() {
            let combining = table.combiningClass(mark)
            // A mark of class 0 ends one run and begins the next: itself sorts before the marks that follow it.
            if combining == 0 { run += 1 }
            keys.append(run << 40 | UInt64(combining) << 32 | UInt64(truncatingIfNeeded: place))
        }
        if marks.count == 2 {
            if keys[0] > keys[1] { marks.swapAt(0, 1) }
            return
        }
        keys.sort()
        let unordered = marks
        for index in keys.indices { marks[index] = unordered[Int(keys[index] & 0xFFFF_FFFF)] }
    }

    private mutating func finish(at end: Int, into words: inout OutputSpan<Word>) {
        flushHeld()
        if !marks.isEmpty { flushMarks() }
        isWhole = false
        isPending = false
        if !words.add(hasher.finish(), start, end) { isOverfull = true }
    }
}

/// Hashes a word scalar by scalar; agrees with ``Hash/word(_:_:length:)`` on the word's UTF-8 bytes.
struct WordHasher {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var state = Hash.seed
    private var length = 0

    /// The UTF-8 bytes of a scalar as a little-endian number.
    @inline(__always)
    static func utf8(_ scalar: UInt32) -> (bytes: UInt64, count: Int) {
        let last = UInt64(0x80 | scalar & 0x3F)
        if scalar < 0x80 { return (UInt64(scalar), 1) }
        if scalar < 0x800 { return (UInt64(0xC0 | scalar >> 6) | last << 8, 2) }
        let third = UInt64(0x80 | scalar >> 6 & 0x3F)
        if scalar < 0x10000 { return (UInt64(0xE0 | scalar >> 12) | third << 8 | last << 16, 3) }
        let second = UInt64(0x80 | scalar >> 12 & 0x3F)
        return (UInt64(0xF0 | scalar >> 18) | second << 8 | third << 16 | last << 24, 4)
    }

    /// Adds the UTF-8 bytes of a scalar.
    @inline(__always)
    mutating func add(_ scalar: UInt32) {
        let (bytes, count) = Self.utf8(scalar)
        let place = length & 15
        if place == 0 && length > 0 { close() }
        length &+= count
        let shift = UInt64(truncatingIfNeeded: (place & 7) &* 8)
        // What does not fit into this half; none if the half begins here.
        let rest = shift == 0 ? 0 : bytes &>> (64 &- shift)
        if place < 8 {
            low |= bytes &<< shift
            high |= rest
        } else {
            high |= bytes &<< shift
            if place &+ count > 16 {
                close()
                low = rest
            }
        }
    }

    private mutating func close() {
        state = Hash.block(state, low, high)
        (low, high) = (0, 0)
    }

    /// The hash of what was added; empties the hasher.
    @inline(__always)
    mutating func finish() -> UInt64 {
        let hash =
            length <= 16
            ? Hash.word(low, high, length: length) : Hash.long(Hash.block(state, low, high), length: length)
        (low, high, state, length) = (0, 0, Hash.seed, 0)
        return hash
    }
}
