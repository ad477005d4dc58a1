// The veto. Ritual copy repeats itself word for word about different events; what gives it away is that the
// same sentence names another number, another day or another person. So the veto looks only at slots (places
// where two texts say something else in the middle of common text), and only at slots in which both texts
// state a fact. Words that were merely edited, dropped or added do not count.

/// What a word may state.
enum FactKind: UInt8, Sendable {
    case none, number, name
}

/// What the veto saw in two texts.
struct FactCheck: Equatable {
    /// Slots in which both texts state a number, and not the same.
    var otherNumbers = 0
    /// Slots in which both texts state a name, and not the same.
    var otherNames = 0
    /// Numbers in the common text.
    var sameNumbers = 0
    /// Names in the common text.
    var sameNames = 0
    /// The first slots that differ, quoted.
    var examples: [String] = []
    /// The dates that the two stories state for themselves, if they are days apart.
    var dates: (mine: String, theirs: String)?

    static func == (a: FactCheck, b: FactCheck) -> Bool {
        a.otherNumbers == b.otherNumbers && a.otherNames == b.otherNames && a.sameNumbers == b.sameNumbers
            && a.sameNames == b.sameNames && a.examples == b.examples && a.dates?.mine == b.dates?.mine
            && a.dates?.theirs == b.dates?.theirs
    }

    /// Compares the facts of two texts. Complexity: n log n in the words.
    init(_ a: Passage, _ b: Passage) {
        let alignment = Alignment(a, b)
        for range in alignment.common {
            for index in range {
                if a.facts[index] == .number { sameNumbers += 1 }
                if a.facts[index] == .name { sameNames += 1 }
            }
        }
        for slot in alignment.slots {
            let mine = Self.facts(a, slot.mine)
            let theirs = Self.facts(b, slot.theirs)
            let numbers = mine.numbers && theirs.numbers
            let names = mine.names && theirs.names
            if numbers { otherNumbers += 1 }
            if names { otherNames += 1 }
            if (numbers || names) && examples.count < 3 {
                examples.append("\u{201C}\(a.quote(slot.mine))\u{201D} for \u{201C}\(b.quote(slot.theirs))\u{201D}")
            }
        }
        if let mine = a.text.date, let theirs = b.text.date, let one = Facts.day(mine), let other = Facts.day(theirs),
            abs(one - other) > 2
        {
            dates = (mine, theirs)
        }
    }

    private static func facts(_ passage: Passage, _ range: Range<Int>) -> (numbers: Bool, names: Bool) {
        let kinds = passage.facts[range]
        return (kinds.contains(.number), kinds.contains(.name))
    }

    /// The facts that differ, for the rule's sentence.
    var description: String {
        var parts = examples
        let more = otherNumbers + otherNames - examples.count
        if more > 0 { parts.append("\(more) more") }
        if let dates { parts.append("dated \(dates.mine) and \(dates.theirs)") }
        return parts.joined(separator: ", ")
    }

    /// Facts that differ, of all facts stated in the same place.
    var share: Double {
        let other = otherNumbers + otherNames + (dates == nil ? 0 : 1)
        let all = other + sameNumbers + sameNames
        return all == 0 ? 0 : Double(other) / Double(all)
    }

    /// Numbers and dates that differ, of all numbers stated in the same place.
    var numberShare: Double {
        let other = otherNumbers + (dates == nil ? 0 : 1)
        let all = other + sameNumbers
        return all == 0 ? 0 : Double(other) / Double(all)
    }
}

enum Facts {
    /// What each word of a text may state.
    static func kinds(of words: [Word], in text: [UInt8]) -> [FactKind] {
        var kinds = words.map { kind(of: $0, in: text) }
        let names = kinds.count { $0 == .name }
        // In copy that is all capitals, capitals say nothing.
        if names * 2 > kinds.count {
            for index in kinds.indices where kinds[index] == .name { kinds[index] = .none }
        }
        return kinds
    }

    private static func kind(of word: Word, in text: [UInt8]) -> FactKind {
        let (decoded, _) = decodeScalar(text.span, Int(word.start), Int(word.end))
        guard let scalar = decoded.flatMap(Unicode.Scalar.init) else { return .none }
        if numberWords.contains(word.hash) { return .number }
        let properties = scalar.properties
        if properties.numericType != nil { return .number }
        return properties.isUppercase ? .name : .none
    }

    /// Numbers that English copy spells out.
    private static let numberWords: Set<UInt64> = Set(
        [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        ].flatMap { word in WordScanner.words(of: Array(word.utf8)).map(\.hash) })

    /// The day number of an ISO date (`2024-12-03...`), for differences; nil when it is not one.
    static func day(_ date: String) -> Int? {
        let parts = date.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            (1...12).contains(month), (1...31).contains(day), (1...9999).contains(year)
        else { return nil }
        // Days from civil (H. Hinnant, "chrono-compatible low-level date algorithms").
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    }
}
