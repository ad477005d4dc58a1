// A consistent exchange: wherever one text has a name, a place or an ordinal, the other has another one. Ritual copy about
// another guest, another town or another round looks like that, and so does nothing else: whoever corrects the spelling of a
// name writes nearly the same letters, and whoever edits a text does not put one name for another in the headline, too.
//
// Promises: symmetric; bounded by the slots of the common thread, of which the first 64 are looked at.

internal import Story

/// What stands for what, in two texts that are otherwise alike.
public struct Exchange: Sendable, Equatable {
    /// As the first text has it, and as the second has it in its place.
    public var mine: String
    public var theirs: String
    /// In how many places, the headline among them.
    public var places: Int
    /// Whether the headlines differ in it, too.
    public var isInHeadline: Bool
}

/// Looks for an exchange along the common thread of two texts.
struct ExchangeSearch {
    private static let mostSlots = 64
    /// Words at the beginning of a text that tell what it is about.
    private static let opening = 40
    /// Names in one slot that are paired with those of the other text.
    private static let mostNames = 4
    /// Fewer words than this are a few paragraphs.
    private static let fewWords = 200
    /// Places that are enough where neither the headline nor the opening is among them.
    private static let manyPlaces = 3

    private let a: Passage
    private let b: Passage
    private let slots: ArraySlice<Alignment.Slot>

    /// Words in a row of either text that may have been exchanged for each other.
    private struct Candidate {
        enum Kind { case name, ordinal, caseless }
        var mine: Range<Int>
        var theirs: Range<Int>
        var kind: Kind
    }

    init(_ a: Passage, _ b: Passage, _ alignment: Alignment) {
        (self.a, self.b) = (a, b)
        slots = alignment.slots.prefix(Self.mostSlots)
    }

    /// The exchange that most places show, if there is one.
    func find() -> Exchange? {
        var best: Exchange?
        for candidate in slots.flatMap(candidates) {
            if let exchange = confirm(candidate), exchange.places > best?.places ?? 0 { best = exchange }
        }
        return best
    }

    private func candidates(_ slot: Alignment.Slot) -> [Candidate] {
        var candidates: [Candidate] = []
        let names = slot.mine.filter { a.facts[$0] == .name }.prefix(Self.mostNames)
        let others = slot.theirs.filter { b.facts[$0] == .name }.prefix(Self.mostNames)
        for one in names {
            for other in others {
                candidates.append(Candidate(mine: one..<one + 1, theirs: other..<other + 1, kind: .name))
            }
        }
        if let one = slot.mine.first(where: { Ordinals.isOrdinal(a, $0) }),
            let other = slot.theirs.first(where: { Ordinals.isOrdinal(b, $0) })
        {
            candidates.append(Candidate(mine: one..<one + 1, theirs: other..<other + 1, kind: .ordinal))
        }
        if names.isEmpty, others.isEmpty, a.isCaseless(slot.mine), b.isCaseless(slot.theirs) {
            candidates.append(
                Candidate(mine: named(slot.mine, in: a), theirs: named(slot.theirs, in: b), kind: .caseless))
        }
        return candidates
    }

    /// A letter alone, with the one after it: a letter comes again in many words.
    private func named(_ range: Range<Int>, in passage: Passage) -> Range<Int> {
        range.count > 1 ? range : widened(range, in: passage)
    }

    private func widened(_ range: Range<Int>, in passage: Passage) -> Range<Int> {
        range.lowerBound..<min(passage.words.count, range.upperBound + 1)
    }

    private func confirm(_ candidate: Candidate) -> Exchange? {
        let (mine, theirs) = (a.hashes(candidate.mine), b.hashes(candidate.theirs))
        guard mine != theirs else { return nil }
        var places = 0
        var isEarly = false
        for slot in slots
        where a.has(mine, in: widened(slot.mine, in: a)) && b.has(theirs, in: widened(slot.theirs, in: b)) {
            places += 1
            if slot.mine.lowerBound < Self.opening, slot.theirs.lowerBound < Self.opening { isEarly = true }
        }
        let isInHeadline =
            Passage.has(mine, in: a.headline) && Passage.has(theirs, in: b.headline)
            && !Passage.has(mine, in: b.headline) && !Passage.has(theirs, in: a.headline)
        if isInHeadline { places += 1 }
        switch candidate.kind {
        case .name: guard places >= Self.manyPlaces || places >= 2 && (isInHeadline || isEarly) else { return nil }
        case .caseless: guard places >= 2 else { return nil }
        case .ordinal:
            // The date or the round that opens a few paragraphs is what they are about.
            let isShort = min(a.words.count, b.words.count) < Self.fewWords
            guard places >= 2 && (isInHeadline || isEarly) || isEarly && isShort else { return nil }
        }
        // An ordinal may stand in the text for something else, too; a name that still stands there was not exchanged.
        if candidate.kind != .ordinal {
            guard !b.has(mine, in: b.words.indices), !a.has(theirs, in: a.words.indices),
                !isSpelling(candidate)
            else { return nil }
        }
        return Exchange(
            mine: a.quote(candidate.mine), theirs: b.quote(candidate.theirs), places: places,
            isInHeadline: isInHeadline)
    }

    /// Whether the two are one name in two spellings.
    private func isSpelling(_ candidate: Candidate) -> Bool {
        let (mine, theirs) = (a.quote(candidate.mine).lowercased(), b.quote(candidate.theirs).lowercased())
        return Spelling.areVariants(mine, theirs)
    }
}

extension Passage {
    func hashes(_ range: Range<Int>) -> [UInt64] { words[range].map(\.hash) }

    /// Whether the words stand in a row somewhere in the range.
    func has(_ wanted: [UInt64], in range: Range<Int>) -> Bool {
        guard wanted.count <= range.count, let first = wanted.first else { return false }
        for start in range.lowerBound...range.upperBound - wanted.count where words[start].hash == first {
            if wanted.indices.allSatisfy({ words[start + $0].hash == wanted[$0] }) { return true }
        }
        return false
    }

    static func has(_ wanted: [UInt64], in words: [UInt64]) -> Bool {
        guard wanted.count <= words.count else { return false }
        return (0...words.count - wanted.count).contains { words[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }

    /// Whether all words of the range are of scripts without capitals, and long enough to be a name.
    func isCaseless(_ range: Range<Int>) -> Bool {
        var letters = 0
        for word in words[range] {
            for scalar in String(decoding: text.text[Int(word.start)..<Int(word.end)], as: UTF8.self).unicodeScalars {
                if scalar.isASCII || scalar.properties.isCased || scalar.properties.numericType != nil { return false }
                letters += 1
            }
        }
        guard letters == 1, let word = words[range].first else { return letters > 1 }
        return Spelling.isCountry(String(decoding: text.text[Int(word.start)..<Int(word.end)], as: UTF8.self))
    }
}
