// What one text has from another, passage by passage: the common thread in runs that are long enough to be somebody's work.

/// Words in a row that two texts share, but for an edited word here and there.
struct SharedRun: Sendable, Equatable {
    /// Bytes in the text of either reading.
    var mine: Range<Int>
    var theirs: Range<Int>
    /// How many words (or letters, in scripts without blanks) are the same.
    var words: Int
    /// Where the words stand that are the same in a row, in either text; between them some were edited.
    var parts: [(mine: Range<Int>, theirs: Int)]

    static func == (a: SharedRun, b: SharedRun) -> Bool { (a.mine, a.theirs, a.words) == (b.mine, b.theirs, b.words) }

    /// Where the second text has what the first has at `place`.
    func counterpart(of place: Int) -> Int {
        guard let part = parts.last(where: { $0.mine.lowerBound <= place }) else { return theirs.lowerBound }
        return part.theirs + min(place - part.mine.lowerBound, part.mine.count)
    }
}

struct SharedRuns {
    /// Ascending in the first text.
    private(set) var runs: [SharedRun] = []
    /// The words of all runs, as languages count that put blanks between them.
    private(set) var words = 0

    /// So many words may be edited between two runs of one passage.
    private static let mostEdited = 4
    /// Fewer words in a row are a phrase.
    private static let fewest = 8
    /// Fewer in all are no work of anybody.
    private static let fewestInAll = 20
    /// Unless they are this many, they are a good part of one of the two texts, or they are a standing sentence.
    private static let many = 60
    private static let partOfMine = 0.3
    private static let partOfTheirs = 0.2
    private let lengths: (mine: Int, theirs: Int)
    /// More passages are not kept of one pair.
    private static let most = 32

    init(_ a: Passage, _ b: Passage, _ alignment: Alignment) {
        lengths = (
            Passage.length(a.words, in: a.text.text), Passage.length(b.words, in: b.text.text)
        )
        var open: (mine: Range<Int>, theirs: Range<Int>, words: Int)?
        var parts: [(mine: Range<Int>, theirs: Int)] = []
        func close(_ runs: inout SharedRuns) {
            guard let run = open, runs.runs.count < Self.most else { return }
            let length = Passage.length(Array(a.words[run.mine]), in: a.text.text)
            // What was edited within the run does not count.
            let words = length * run.words / max(1, run.mine.count)
            guard words >= Self.fewest else { return }
            runs.words += words
            runs.runs.append(
                SharedRun(mine: a.bytes(run.mine), theirs: b.bytes(run.theirs), words: run.words, parts: parts))
        }
        for (range, start) in zip(alignment.common, alignment.commonStarts) {
            let theirs = start..<start + range.count
            if let last = open, range.lowerBound - last.mine.upperBound <= Self.mostEdited,
                theirs.lowerBound - last.theirs.upperBound <= Self.mostEdited
            {
                open = (
                    last.mine.lowerBound..<range.upperBound, last.theirs.lowerBound..<theirs.upperBound,
                    last.words + range.count
                )
            } else {
                close(&self)
                open = (range, theirs, range.count)
                parts = []
            }
            parts.append((a.bytes(range), b.bytes(theirs).lowerBound))
        }
        close(&self)
    }

    /// Whether this is enough to say that one text is partly derived from the other.
    var isDerived: Bool {
        words >= Self.many
            || words >= Self.fewestInAll
                && (Double(words) >= Self.partOfMine * Double(lengths.mine)
                    || Double(words) >= Self.partOfTheirs * Double(lengths.theirs))
    }
}

extension Passage {
    /// The words that stand in a range of the reading's text.
    func words(in bytes: Range<Int>) -> Range<Int> {
        let range = max(0, bytes.lowerBound - text.offset)..<max(0, bytes.upperBound - text.offset)
        func first(_ isAtOrBehind: (Word) -> Bool) -> Int {
            var (low, high) = (0, words.count)
            while low < high {
                let middle = (low + high) / 2
                if isAtOrBehind(words[middle]) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        let start = first { Int($0.start) >= range.lowerBound }
        return start..<max(start, first { Int($0.end) > range.upperBound })
    }

    /// Where the words stand in the text of the reading.
    func bytes(_ range: Range<Int>) -> Range<Int> {
        guard let first = words[range].first, let last = words[range].last else { return text.offset..<text.offset }
        return text.offset + Int(first.start)..<text.offset + Int(last.end)
    }
}
