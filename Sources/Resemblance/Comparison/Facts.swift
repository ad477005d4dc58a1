// The veto. Ritual copy repeats itself word for word about different events; what gives it away is that the
// same sentence names another number, another day or another person. So the veto looks only at slots (places
// where two texts say something else in the middle of common text), and only at slots in which both texts
// state a fact. Words that were merely edited, dropped or added do not count.

internal import Text

/// What a word may state.
enum FactKind: UInt8, Sendable {
    case none, number, name
}

/// What the veto saw where two texts run side by side.
public struct FactCheck: Sendable, Equatable {
    /// Places in which both texts state a number, and not the same one.
    public var otherNumbers = 0
    /// Places in which both texts state a name (a word with a capital), and not the same one.
    public var otherNames = 0
    /// Numbers in the common text.
    public var sameNumbers = 0
    /// Names in the common text.
    public var sameNames = 0
    /// The share of the common text that is replaced, several words at a time, by other words, 0...1.
    public var replaced = 0.0
    /// A name or an ordinal that another one stands for throughout.
    public var exchange: Exchange?
    /// The first places that differ, quoted.
    public var examples: [String] = []
    /// The dates that the two stories state for themselves, if they are more than two days apart.
    public var dates: [String] = []

    /// Words at the beginning of a text that tell what it is about.
    private static let opening = 16

    /// Compares the facts of two texts along their common thread. Complexity: linear.
    init(_ a: Passage, _ b: Passage, _ alignment: Alignment) {
        for range in alignment.common {
            for index in range {
                if a.facts[index] == .number { sameNumbers += 1 }
                if a.facts[index] == .name { sameNames += 1 }
            }
        }
        var slotWords = 0
        var replacedWords = 0
        for slot in alignment.slots {
            let numbers = Self.numbersDiffer(a, slot.mine, b, slot.theirs)
            let names = Self.states(.name, a, slot.mine) && Self.states(.name, b, slot.theirs)
            let long = slot.mine.count > 1 && slot.theirs.count > 1
            let words = slot.mine.count + slot.theirs.count
            if numbers { otherNumbers += 1 }
            if names { otherNames += 1 }
            // The news stands in the opening words: they count twice.
            let weight = slot.mine.upperBound <= Self.opening && slot.theirs.upperBound <= Self.opening ? 2 : 1
            if long { replacedWords += words * weight }
            slotWords += words
            if (numbers || names || long) && examples.count < 3 {
                examples.append("\u{201C}\(a.quote(slot.mine))\u{201D} for \u{201C}\(b.quote(slot.theirs))\u{201D}")
            }
        }
        exchange = ExchangeSearch(a, b, alignment).find()
        // Both texts' words are counted in the slots, so both are counted here.
        replaced = Double(replacedWords) / Double(max(1, 2 * alignment.pairs + slotWords))
        if let mine = a.text.date, let theirs = b.text.date, Facts.areFarApart(mine, theirs) {
            dates = [mine, theirs]
        }
    }

    private static func states(_ kind: FactKind, _ passage: Passage, _ range: Range<Int>) -> Bool {
        passage.facts[range].contains(kind)
    }

    /// Whether both places state numbers, and not the same ones ("8" is the same as "eight").
    private static func numbersDiffer(_ a: Passage, _ mine: Range<Int>, _ b: Passage, _ theirs: Range<Int>) -> Bool {
        let one = mine.filter { a.facts[$0] == .number }.map { Facts.number(a.words[$0].hash) }
        let other = theirs.filter { b.facts[$0] == .number }.map { Facts.number(b.words[$0].hash) }
        return !one.isEmpty && !other.isEmpty && one != other
    }

    /// The facts that differ, for the rule's sentence.
    var description: String {
        var parts = examples
        if !dates.isEmpty { parts.append("dated \(dates[0]) and \(dates[1])") }
        return parts.joined(separator: ", ")
    }

    /// Numbers and dates that differ, of all that both texts state in the same place.
    public var numberShare: Double {
        let other = otherNumbers + (dates.isEmpty ? 0 : 1)
        return other == 0 ? 0 : Double(other) / Double(other + sameNumbers)
    }

    /// Whether the two texts state the same numbers, dates and names where they run side by side.
    func statesTheSame(_ thresholds: Thresholds) -> Bool {
        numberShare < thresholds.otherNumbers && nameShare < thresholds.otherNames && exchange == nil
    }

    /// Names that differ, of all that both texts state in the same place.
    public var nameShare: Double {
        otherNames == 0 ? 0 : Double(otherNames) / Double(otherNames + sameNames)
    }
}

enum Facts {
    /// What each word of a text may state.
    static func kinds(of words: [Word], in text: [UInt8]) -> [FactKind] {
        var kinds = words.map { kind(of: $0, in: text) }
        let names = kinds.count { $0 == .name }
        // In copy that is all capitals, capitals say nothing.
        let numbers = kinds.count { $0 == .number }
        if names * 5 > (kinds.count - numbers) * 4 {
            for index in kinds.indices where kinds[index] == .name { kinds[index] = .none }
        }
        return kinds
    }

    static func kind(of word: Word, in text: [UInt8]) -> FactKind {
        let first = text[Int(word.start)]
        if first < Byte.firstBeyondASCII { return kind(ofASCII: first, word) }
        let (decoded, _) = decodeScalar(text.span, Int(word.start), Int(word.end))
        guard let scalar = decoded.flatMap(Unicode.Scalar.init) else { return .none }
        if numberWords[word.hash] != nil { return .number }
        let properties = scalar.properties
        if properties.numericType != nil { return .number }
        return properties.isUppercase ? .name : .none
    }

    /// What most words of most copy may state, without the tables of Unicode.
    @inline(__always)
    private static func kind(ofASCII first: UInt8, _ word: Word) -> FactKind {
        if first >= Byte.zero, first <= Byte.nine { return .number }
        let letter = first | Byte.caseBit
        // Folding changes no ASCII letter into another one: only these begin a number in words.
        switch letter {
        case UInt8(ascii: "e"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "o"), UInt8(ascii: "s"),
            UInt8(ascii: "t"):
            if word.end - word.start >= 3, numberWords[word.hash] != nil { return .number }
        default: break
        }
        return first != letter && letter >= Byte.lowerA && letter <= Byte.lowerZ ? .name : .none
    }

    /// The hash of a number in figures, for the hash of one in figures or in an English word.
    static func number(_ hash: UInt64) -> UInt64 {
        numberWords[hash] ?? hash
    }

    /// Numbers that English copy spells out, and what they are in figures.
    private static let numberWords: [UInt64: UInt64] = {
        let words = [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        ]
        func hash(_ word: String) -> UInt64 { WordScanner.words(of: Array(word.utf8)).first?.hash ?? 0 }
        return Dictionary(
            words.enumerated().map { (hash($0.element), hash("\($0.offset + 1)")) }, uniquingKeysWith: { $1 })
    }()

    /// Whether more than two days lie between two dates.
    static func areFarApart(_ one: String, _ other: String) -> Bool { daysBetween(one, other) ?? 0 > 2 }

    /// How many days lie between two dates; of one without a year (`--12-03`), to the nearest such day.
    static func daysBetween(_ one: String, _ other: String) -> Int? {
        let yearless = [one, other].contains { $0.hasPrefix("--") }
        func dated(_ date: String) -> Int? {
            // 2000 is a leap year.
            yearless
                ? day("2000-" + (date.hasPrefix("--") ? date.dropFirst(2) : date.dropFirst(5)).prefix(5)) : day(date)
        }
        guard let first = dated(one), let second = dated(other) else { return nil }
        let days = abs(first - second)
        return yearless ? min(days, 366 - days) : days
    }

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
