// Which words of two texts are the same, for a person who reads them side by side. Myers's shortest edit (1986), as the
// standard library has it, takes a time that grows with the square of what differs, so it is only asked about short
// stretches: four words in a row that occur once in either text are anchors (patience diff, B. Cohen 2005), and the
// stretches between them that are longer than ``WordMatches/longestStretch`` count as different. n log n in all.

/// The words that two texts have in common, in the same order.
public enum WordMatches {
    /// Stretches between two anchors with more words than this, both counted, are not compared word by word.
    static let longestStretch = 3_000
    private static let width = 4

    /// The places of the common words, ascending in both texts.
    public static func between(_ a: [String], _ b: [String]) -> [(Int, Int)] {
        var numbers: [String: Int] = [:]
        func number(_ word: String) -> Int {
            if let known = numbers[word] { return known }
            numbers[word] = numbers.count
            return numbers.count - 1
        }
        let (first, second) = (a.map(number), b.map(number))
        var matches: [(Int, Int)] = []
        var (i, j) = (0, 0)
        for (mine, theirs) in chain(anchors(first, second)) where mine >= i && theirs >= j {
            addStretch(first, i..<mine, second, j..<theirs, to: &matches)
            for offset in 0..<width { matches.append((mine + offset, theirs + offset)) }
            (i, j) = (mine + width, theirs + width)
        }
        addStretch(first, i..<first.count, second, j..<second.count, to: &matches)
        return matches
    }

    /// The words that are the same at both ends of a stretch, and between them those of the shortest edit.
    private static func addStretch(
        _ a: [Int], _ mine: Range<Int>, _ b: [Int], _ theirs: Range<Int>, to matches: inout [(Int, Int)]
    ) {
        var (mine, theirs) = (mine, theirs)
        while let i = mine.first, let j = theirs.first, a[i] == b[j] {
            matches.append((i, j))
            mine.removeFirst()
            theirs.removeFirst()
        }
        var tail: [(Int, Int)] = []
        while let i = mine.last, let j = theirs.last, a[i] == b[j] {
            tail.append((i, j))
            mine.removeLast()
            theirs.removeLast()
        }
        if !mine.isEmpty, !theirs.isEmpty, mine.count + theirs.count <= longestStretch {
            var (removed, inserted) = (Set<Int>(), Set<Int>())
            for change in b[theirs].difference(from: a[mine]) {
                switch change {
                case .remove(let offset, _, _): removed.insert(mine.lowerBound + offset)
                case .insert(let offset, _, _): inserted.insert(theirs.lowerBound + offset)
                }
            }
            for pair in zip(mine.lazy.filter { !removed.contains($0) }, theirs.lazy.filter { !inserted.contains($0) }) {
                matches.append(pair)
            }
        }
        matches += tail.reversed()
    }

    /// Where runs of words stand that occur once in either text, ascending in the first.
    private static func anchors(_ a: [Int], _ b: [Int]) -> [(Int, Int)] {
        let theirs = places(b)
        return places(a).compactMap { run, place in
            guard place >= 0, let other = theirs[run], other >= 0 else { return nil }
            return (place, other)
        }.sorted { $0.0 < $1.0 }
    }

    /// The place of each run of words; -1 of one that occurs more than once.
    private static func places(_ words: [Int]) -> [ArraySlice<Int>: Int] {
        guard words.count >= width else { return [:] }
        var places: [ArraySlice<Int>: Int] = [:]
        for start in 0...words.count - width {
            places.merge([words[start..<start + width]: start]) { _, _ in -1 }
        }
        return places
    }

    /// The longest subsequence that ascends in both texts (Fredman 1975).
    private static func chain(_ anchors: [(Int, Int)]) -> [(Int, Int)] {
        var tails: [Int] = []
        var previous = [Int](repeating: -1, count: anchors.count)
        for index in anchors.indices {
            var (low, high) = (0, tails.count)
            while low < high {
                let middle = (low + high) / 2
                if anchors[tails[middle]].1 < anchors[index].1 { low = middle + 1 } else { high = middle }
            }
            if low > 0 { previous[index] = tails[low - 1] }
            if low == tails.count { tails.append(index) } else { tails[low] = index }
        }
        var chain: [(Int, Int)] = []
        var index = tails.last ?? -1
        while index >= 0 {
            chain.append(anchors[index])
            index = previous[index]
        }
        return chain.reversed()
    }
}
