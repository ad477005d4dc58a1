// When two names are one: a corrected letter, an abbreviation, another transliteration.

enum Spelling {
    /// Whether two names, in small letters, are spellings of one.
    static func areVariants(_ one: String, _ other: String) -> Bool {
        let (short, long) = one.count <= other.count ? (one, other) : (other, one)
        if short.count >= 2, long.hasPrefix(short) { return true }
        if alternatives.contains([one, other]) { return true }
        if initials(long) == short.filter(\.isLetter) { return true }
        if isSwapped(Array(one), Array(other)) { return true }
        let allowed = long.count < 5 ? 0 : long.count < 8 ? 1 : 2
        return distance(Array(one), Array(other), atMost: allowed) <= allowed
    }

    /// The Chinese letters that stand for a country: one of them is a name of its own.
    static func isCountry(_ letter: String) -> Bool { countries.contains(letter) }

    private static let countries = Set("中美俄英法德日韩朝印越泰柬缅老菲新马澳加意西葡荷比瑞巴墨埃土伊沙以乌波希匈塞奥".map(String.init))

    /// Names of one place or people in two traditions.
    private static let alternatives: Set<Set<String>> = [
        ["kiev", "kyiv"], ["peking", "beijing"], ["burma", "myanmar"], ["bombay", "mumbai"], ["turkey", "türkiye"],
        ["rangoon", "yangon"], ["calcutta", "kolkata"], ["us", "american"], ["us", "america"], ["uk", "britain"],
        ["uk", "british"], ["holland", "netherlands"], ["england", "britain"], ["usa", "us"], ["eu", "european"],
    ]

    private static func initials(_ name: String) -> String {
        let words = name.split(separator: " ")
        return words.count < 2 ? "" : String(words.compactMap(\.first))
    }

    /// Whether two neighbouring letters changed places (Damerau 1964 found that the most frequent slip after a wrong letter).
    private static func isSwapped(_ one: [Character], _ other: [Character]) -> Bool {
        guard one.count == other.count, one.count >= 3, let first = one.indices.first(where: { one[$0] != other[$0] }),
            first + 1 < one.count
        else { return false }
        return one[first] == other[first + 1] && one[first + 1] == other[first]
            && one[(first + 2)...] == other[(first + 2)...]
    }

    /// Levenshtein's distance (1966), or more than `limit`.
    private static func distance(_ one: [Character], _ other: [Character], atMost limit: Int) -> Int {
        guard abs(one.count - other.count) <= limit, one.count <= 64 else { return limit + 1 }
        var row = Array(0...other.count)
        for (i, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, theirs) in other.enumerated() {
                let best = min(row[j] + 1, row[j + 1] + 1, diagonal + (letter == theirs ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = best
            }
        }
        return row[other.count]
    }
}
