// Where two texts run side by side, and where one says something else in the same place.
//
// Shingles that occur once in either text and in both are anchors (the idea of patience diff, B. Cohen 2005);
// the longest chain of anchors in the same order is the common thread (longest increasing subsequence,
// Fredman 1975). Between two anchors that follow each other closely lies a slot.

/// The common thread of two texts.
struct Alignment {
    /// A place where the common text is interrupted: the words that only the first text has there, and the
    /// words that only the second has.
    struct Slot: Equatable {
        var mine: Range<Int>
        var theirs: Range<Int>
    }

    /// The interruptions in which both texts have words, and few: the same sentence about something else.
    private(set) var slots: [Slot] = []
    /// The words of the first text that stand in the common thread.
    private(set) var common: [Range<Int>] = []
    /// Where each of them begins in the second text.
    private(set) var commonStarts: [Int] = []

    /// More words than this in an interruption are a passage of their own, not a slot.
    static let longestSlot = 12

    /// How many words of either text have their counterpart in the other.
    private(set) var pairs = 0
    /// From the first common word to the last one, in either text; nil if there is none.
    private(set) var extentInFirst: Range<Int>?
    private(set) var extentInSecond: Range<Int>?

    init(_ a: Passage, _ b: Passage) {
        let chain = Self.longestChain(Self.anchors(a, b))
        guard let first = chain.first else { return }
        let width = min(Shingles.width, a.words.count, b.words.count)
        // The words before the first anchor, as far as they may still be the same sentence.
        addSlot(
            a, b, max(0, first.mine - 2 * Self.longestSlot)..<first.mine,
            max(0, first.theirs - 2 * Self.longestSlot)..<first.theirs)
        // Ends of the common run being followed.
        var mine = first.mine + width
        var theirs = first.theirs + width
        var start = first.mine
        for anchor in chain.dropFirst() {
            if anchor.mine - mine != anchor.theirs - theirs || anchor.mine > mine {
                // Overlapping anchors that shift against each other: words were added or dropped.
                let skip = max(0, max(mine - anchor.mine, theirs - anchor.theirs))
                let nextMine = anchor.mine + skip
                let nextTheirs = anchor.theirs + skip
                addCommon(start..<mine, endingAt: theirs)
                start = nextMine
                addSlot(a, b, mine..<max(mine, nextMine), theirs..<max(theirs, nextTheirs))
            }
            mine = max(mine, anchor.mine + width)
            theirs = max(theirs, anchor.theirs + width)
        }
        addCommon(min(start, mine)..<mine, endingAt: theirs)
        extentInFirst = first.mine..<mine
        extentInSecond = first.theirs..<theirs
        addSlot(
            a, b, mine..<min(a.words.count, mine + 2 * Self.longestSlot),
            theirs..<min(b.words.count, theirs + 2 * Self.longestSlot))
    }

    private mutating func addCommon(_ range: Range<Int>, endingAt theirs: Int) {
        common.append(range)
        commonStarts.append(theirs - range.count)
        pairs += range.count
    }

    /// Narrows an interruption to the words that differ, and keeps what is a slot.
    private mutating func addSlot(_ a: Passage, _ b: Passage, _ mine: Range<Int>, _ theirs: Range<Int>) {
        guard !mine.isEmpty, !theirs.isEmpty, mine.count <= Self.longestSlot * 2, theirs.count <= Self.longestSlot * 2
        else { return }
        let parts = Self.difference(mine, theirs) { a.words[$0].hash == b.words[$1].hash }
        pairs += mine.count - parts.reduce(0) { $0 + $1.mine.count }
        for part in parts
        where !part.mine.isEmpty && !part.theirs.isEmpty && part.mine.count <= Self.longestSlot
            && part.theirs.count <= Self.longestSlot
        {
            slots.append(part)
        }
    }

    /// The word-by-word difference of two short ranges, by the longest common subsequence.
    private static func difference(
        _ mine: Range<Int>, _ theirs: Range<Int>, _ areSame: (Int, Int) -> Bool
    ) -> [Slot] {
        let width = theirs.count + 1
        var table = [UInt16](repeating: 0, count: (mine.count + 1) * width)
        for i in stride(from: mine.count - 1, through: 0, by: -1) {
            for j in stride(from: theirs.count - 1, through: 0, by: -1) {
                let same = areSame(mine.lowerBound + i, theirs.lowerBound + j)
                table[i * width + j] =
                    same
                    ? table[(i + 1) * width + j + 1] + 1 : max(table[(i + 1) * width + j], table[i * width + j + 1])
            }
        }
        var parts: [Slot] = []
        var (i, j, fromI, fromJ) = (0, 0, 0, 0)
        func close() {
            if i > fromI || j > fromJ {
                parts.append(
                    Slot(
                        mine: mine.lowerBound + fromI..<mine.lowerBound + i,
                        theirs: theirs.lowerBound + fromJ..<theirs.lowerBound + j))
            }
        }
        while i < mine.count && j < theirs.count {
            if areSame(mine.lowerBound + i, theirs.lowerBound + j) {
                close()
                (i, j) = (i + 1, j + 1)
                (fromI, fromJ) = (i, j)
            } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        (i, j) = (mine.count, theirs.count)
        close()
        return parts
    }

    /// Where two headlines in much the same words differ, and both have words there; empty if less than half is the same.
    static func differences(of a: Headline, _ b: Headline) -> [Slot] {
        let (mine, theirs) = (a.hashes.prefix(longestHeadline), b.hashes.prefix(longestHeadline))
        guard !mine.isEmpty, !theirs.isEmpty else { return [] }
        let parts = difference(mine.indices, theirs.indices) { mine[$0] == theirs[$1] }
        let same = mine.count - parts.reduce(0) { $0 + $1.mine.count }
        guard same * 2 >= max(mine.count, theirs.count) else { return [] }
        return parts.filter { !$0.mine.isEmpty && !$0.theirs.isEmpty }
    }

    /// More words than this of a headline are not looked at.
    private static let longestHeadline = 40

    private struct Anchor {
        var mine: Int
        var theirs: Int
    }

    /// The shingles that occur once in each text, in the order of the first.
    private static func anchors(_ a: Passage, _ b: Passage) -> [Anchor] {
        var anchors: [Anchor] = []
        var (i, j) = (0, 0)
        while i < a.once.count && j < b.once.count {
            let (mine, theirs) = (a.once[i], b.once[j])
            if mine.hash == theirs.hash {
                anchors.append(Anchor(mine: Int(mine.position), theirs: Int(theirs.position)))
                (i, j) = (i + 1, j + 1)
            } else if mine.hash < theirs.hash {
                i += 1
            } else {
                j += 1
            }
        }
        anchors.sort { $0.mine < $1.mine }
        return anchors
    }

    /// The longest subsequence that ascends in both texts.
    private static func longestChain(_ anchors: [Anchor]) -> [Anchor] {
        var tails: [Int] = []
        var previous = [Int](repeating: -1, count: anchors.count)
        for (index, anchor) in anchors.enumerated() {
            var (low, high) = (0, tails.count)
            while low < high {
                let middle = (low + high) / 2
                if anchors[tails[middle]].theirs < anchor.theirs { low = middle + 1 } else { high = middle }
            }
            if low > 0 { previous[index] = tails[low - 1] }
            if low == tails.count { tails.append(index) } else { tails[low] = index }
        }
        var chain: [Anchor] = []
        var index = tails.last ?? -1
        while index >= 0 {
            chain.append(anchors[index])
            index = previous[index]
        }
        return chain.reversed()
    }
}
