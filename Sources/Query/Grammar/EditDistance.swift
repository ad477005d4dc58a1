// How near two words are to each other, by the slips of a typist.

public enum EditDistance {
    /// How many letters have to be put in, taken out, replaced or exchanged with their neighbour (optimal string alignment).
    public static func between(_ a: String, _ b: String) -> Int {
        between(Array(a.unicodeScalars), Array(b.unicodeScalars), atMost: .max)
    }

    /// The same; more than `most` is not told exactly.
    public static func between(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], atMost most: Int) -> Int {
        if abs(a.count - b.count) > most { return abs(a.count - b.count) }
        var before: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            if row.allSatisfy({ $0 > most }) { return most + 1 }
            (before, last) = (last, row)
        }
        return last[b.count]
    }
}
