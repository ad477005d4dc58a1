// A consistent exchange: wherever one text has a name, a place or an ordinal, the other has another one. Ritual copy about
// another guest, another town or another round looks like that, and so does nothing else: whoever corrects the spelling of a
// name writes nearly the same letters, and whoever edits a text does not put one name for another in the headline, too. In an
// announcement of a few sentences each name stands once, and is what they announce.
//
// Promises: symmetric; bounded by the slots of the common thread, of which the first 64 are looked at.

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
    private let common: [Range<Int>]
    private let slots: ArraySlice<Alignment.Slot>
    /// Where two headlines in much the same words differ; they are words of `heads`.
    private let headSlots: [Alignment.Slot]
    private let fewer: Int

    /// Words in a row of either text that may have been exchanged for each other.
    private struct Candidate {
        enum Kind { case name, ordinal, caseless }
        var mine: Range<Int>
        var theirs: Range<Int>
        var kind: Kind
    }

    init(_ a: Passage, _ b: Passage, _ alignment: Alignment) {
        (self.a, self.b) = (a, b)
        common = alignment.common
        slots = alignment.slots.prefix(Self.mostSlots)
        headSlots = Alignment.differences(of: a.headline, b.headline)
        fewer = min(a.length, b.length)
    }

    private var isAnnouncement: Bool { fewer < Thresholds.shortText }

    /// Whether most places in which the texts differ tell one event from another: who edits an announcement changes other words,
    /// too.
    private var differsInNames: Bool {
        let telling = slots.count { slot in
            candidates(slot).contains { $0.kind != .caseless || isNamed($0) }
        }
        return telling * 2 > slots.count
    }

    /// The exchange that most places show, if there is one.
    func find() -> Exchange? {
        var best: Exchange?
        func propose(_ exchange: Exchange?) {
            if let exchange, exchange.places > best?.places ?? 0 { best = exchange }
        }
        for candidate in slots.flatMap(candidates) { propose(confirm(candidate)) }
        if best == nil { propose(otherDays()) }
        if best == nil { propose(otherNames()) }
        if best == nil, isAnnouncement { propose(otherHeadline() ?? otherDateline()) }
        return best
    }

    private func candidates(_ slot: Alignment.Slot) -> [Candidate] {
        var candidates: [Candidate] = []
        let names = slot.mine.filter { a.facts[$0] == .name }.prefix(Self.mostNames)
        let others = slot.theirs.filter { b.facts[$0] == .name }.prefix(Self.mostNames)
        if let mine = Self.run(names), let theirs = Self.run(others), mine.count > 1 || theirs.count > 1 {
            candidates.append(Candidate(mine: mine, theirs: theirs, kind: .name))
        }
        for one in names {
            for other in others {
                candidates.append(Candidate(mine: one..<one + 1, theirs: other..<other + 1, kind: .name))
            }
        }
        if let (one, other) = ordinals(slot) {
            candidates.append(Candidate(mine: one..<one + 1, theirs: other..<other + 1, kind: .ordinal))
        }
        if names.isEmpty, others.isEmpty, a.isCaseless(slot.mine), b.isCaseless(slot.theirs) {
            if PlaceNames.isBeforeOffice(a, slot.mine.upperBound), PlaceNames.isBeforeOffice(b, slot.theirs.upperBound)
            {
                candidates.append(
                    Candidate(mine: widened(slot.mine, in: a), theirs: widened(slot.theirs, in: b), kind: .caseless))
            }
            candidates.append(
                Candidate(mine: named(slot.mine, in: a), theirs: named(slot.theirs, in: b), kind: .caseless))
        }
        return candidates
    }

    /// The names that stand in a row from the first one on.
    private static func run(_ names: ArraySlice<Int>) -> Range<Int>? {
        guard let first = names.first else { return nil }
        var end = first + 1
        while names.contains(end) { end += 1 }
        return first..<end
    }

    /// An ordinal, or a part of a date, for another one.
    private func ordinals(_ slot: Alignment.Slot) -> (Int, Int)? {
        guard let one = slot.mine.first(where: { Ordinals.isOrdinal(a, $0) }),
            let other = slot.theirs.first(where: { Ordinals.isOrdinal(b, $0) }),
            !Ordinals.areSame(a, one, b, other), !Ordinals.isFirst(a, one) || !Ordinals.isFirst(b, other)
        else { return nil }
        return (one, other)
    }

    /// A letter alone, with the one after it: a letter comes again in many words.
    private func named(_ range: Range<Int>, in passage: Passage) -> Range<Int> {
        range.count > 1 || passage.quote(range).unicodeScalars.count > 1 ? range : widened(range, in: passage)
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
            if Self.isEarly(slot) { isEarly = true }
        }
        let isInHeadline =
            a.headline.has(mine) && b.headline.has(theirs) && !b.headline.has(mine) && !a.headline.has(theirs)
        if isInHeadline { places += 1 }
        switch candidate.kind {
        case .name:
            guard
                places >= Self.manyPlaces || places >= 2 && (isInHeadline || isEarly)
                    || isAnnouncement && differsInNames && a.isOnlyName(candidate.mine)
                        && b.isOnlyName(candidate.theirs)
            else { return nil }
        case .caseless:
            guard places >= 2 || isAnnouncement && places >= 1 && differsInNames && isNamed(candidate) else {
                return nil
            }
        case .ordinal:
            // The date or the round that opens a few paragraphs is what they are about.
            guard
                places >= 2 && (isInHeadline || isEarly) || isEarly && fewer < Self.fewWords
                    || isAnnouncement && differsInNames
            else { return nil }
        }
        // An ordinal may stand in the text for something else, too; a name that still stands where the other text has it was
        // not exchanged.
        if candidate.kind != .ordinal {
            guard !stays(mine, candidate.kind), !stays(theirs, candidate.kind), !isSpelling(candidate) else {
                return nil
            }
        }
        return Exchange(
            mine: a.quote(candidate.mine), theirs: b.quote(candidate.theirs), places: places,
            isInHeadline: isInHeadline)
    }

    private static func isEarly(_ slot: Alignment.Slot) -> Bool {
        slot.mine.lowerBound < opening && slot.theirs.lowerBound < opening
    }

    /// Whether both texts have the words in the same place somewhere; a name, as a name.
    private func stays(_ words: [UInt64], _ kind: Candidate.Kind) -> Bool {
        common.contains { range in
            guard words.count <= range.count else { return false }
            return (range.lowerBound...range.upperBound - words.count).contains { start in
                a.words[start].hash == words[0] && (kind != .name || a.facts[start] == .name)
                    && words.indices.allSatisfy { a.words[start + $0].hash == words[$0] }
            }
        }
    }

    /// Whether words of scripts without capitals are names, by a list or by the words beside them.
    private func isNamed(_ candidate: Candidate) -> Bool {
        PlaceNames.isNamed(a, candidate.mine) && PlaceNames.isNamed(b, candidate.theirs)
    }

    /// Whether the two are one name in two spellings.
    private func isSpelling(_ candidate: Candidate) -> Bool {
        let (mine, theirs) = (a.quote(candidate.mine).lowercased(), b.quote(candidate.theirs).lowercased())
        return Spelling.areVariants(mine, theirs)
    }
}

/// What shows only in all places together, or outside the body.
extension ExchangeSearch {
    /// Ordinals or dates that differ nearly wherever they are stated: each of them may be another one.
    private func otherDays() -> Exchange? {
        let differing = slots.compactMap(ordinals)
        let inHeadline = headSlots.filter { slot in
            slot.mine.count == slot.theirs.count
                && zip(slot.mine, slot.theirs).contains {
                    a.headline.isOrdinal($0) && b.headline.isOrdinal($1) && !a.headline.isSame($0, b.headline, $1)
                }
        }
        let places = differing.count + inHeadline.count
        guard places >= (isAnnouncement ? 1 : 2) else { return nil }
        // Ordinals are weighed against ordinals, dates against dates.
        let areOrdinals = !differing.isEmpty && differing.allSatisfy { Ordinals.isNumbered(a, $0.0) }
        var same = 0
        for range in common {
            same += range.count {
                areOrdinals ? Ordinals.isNumbered(a, $0) : Ordinals.isDate(a, $0)
            }
        }
        guard places > same else { return nil }
        guard let (one, other) = differing.first else { return headlineExchange(inHeadline[0]) }
        return Exchange(
            mine: a.quote(one..<one + 1), theirs: b.quote(other..<other + 1), places: places,
            isInHeadline: !inHeadline.isEmpty)
    }

    /// Several names that others stand for, each in a place or two.
    private func otherNames() -> Exchange? {
        var places = 0
        var isEarly = false
        var first: Candidate?
        for slot in slots {
            guard let candidate = candidates(slot).first, candidate.kind == .name,
                !stays(a.hashes(candidate.mine), .name), !stays(b.hashes(candidate.theirs), .name),
                !isSpelling(candidate)
            else { continue }
            places += 1
            if Self.isEarly(slot) { isEarly = true }
            if first == nil { first = candidate }
        }
        guard let first, places > Self.manyPlaces || places == Self.manyPlaces && isEarly else { return nil }
        return Exchange(
            mine: a.quote(first.mine), theirs: b.quote(first.theirs), places: places, isInHeadline: false)
    }

    /// A headline that names somebody else in the same words, over an announcement.
    private func otherHeadline() -> Exchange? {
        for slot in headSlots where slot.mine.count <= Self.mostNames && slot.theirs.count <= Self.mostNames {
            let (mine, theirs) = (a.headline.quote(slot.mine), b.headline.quote(slot.theirs))
            let tellsApart =
                slot.mine.allSatisfy(a.headline.isName) && slot.theirs.allSatisfy(b.headline.isName)
                || slot.mine.contains(where: a.headline.isOrdinal) && slot.theirs.contains(where: b.headline.isOrdinal)
                || PlaceNames.contains(mine) && PlaceNames.contains(theirs)
            if tellsApart, !Spelling.areVariants(mine.lowercased(), theirs.lowercased()) {
                return headlineExchange(slot)
            }
        }
        return nil
    }

    private func headlineExchange(_ slot: Alignment.Slot) -> Exchange {
        Exchange(
            mine: a.headline.quote(slot.mine), theirs: b.headline.quote(slot.theirs), places: 1, isInHeadline: true)
    }

    /// Two announcements state other dates for themselves, or their datelines other places.
    private func otherDateline() -> Exchange? {
        if let mine = a.text.date, let theirs = b.text.date, Facts.areFarApart(mine, theirs) {
            return Exchange(mine: mine, theirs: theirs, places: 1, isInHeadline: false)
        }
        guard let mine = a.text.located, let theirs = b.text.located,
            !Spelling.areVariants(mine.lowercased(), theirs.lowercased())
        else { return nil }
        return Exchange(mine: mine, theirs: theirs, places: 1, isInHeadline: false)
    }
}

extension Passage {
    func hashes(_ range: Range<Int>) -> [UInt64] { words[range].map(\.hash) }

    /// How many words it has, as other languages count: five letters of a script without blanks are some three words.
    var length: Int {
        // Only texts about as long as an announcement need it to the word.
        guard words.count < 2 * Thresholds.shortText else { return words.count }
        return Self.length(words, in: text.text)
    }

    static func length(_ words: [Word], in text: [UInt8]) -> Int {
        let letters = words.count { word in
            let (scalar, end) = decodeScalar(text.span, Int(word.start), Int(word.end))
            return end == Int(word.end) && scalar ?? 0 >= firstWithoutBlanks
        }
        return words.count - letters * 2 / 5
    }

    /// Thai, the first of the scripts that are read by letter.
    private static let firstWithoutBlanks: UInt32 = 0x0E00

    /// Whether the words have a capital wherever they stand: `The` within a sentence is no name.
    func isOnlyName(_ range: Range<Int>) -> Bool {
        range.allSatisfy { index in
            !words.indices.contains { words[$0].hash == words[index].hash && facts[$0] != .name }
        }
    }

    /// Whether the words stand in a row somewhere in the range.
    func has(_ wanted: [UInt64], in range: Range<Int>) -> Bool {
        guard wanted.count <= range.count, let first = wanted.first else { return false }
        for start in range.lowerBound...range.upperBound - wanted.count where words[start].hash == first {
            if wanted.indices.allSatisfy({ words[start + $0].hash == wanted[$0] }) { return true }
        }
        return false
    }

    /// Whether all words of the range are of scripts without capitals, and long enough to be a name.
    func isCaseless(_ range: Range<Int>) -> Bool {
        var (letters, numbers) = (0, 0)
        for word in words[range] {
            for scalar in String(decoding: text.text[Int(word.start)..<Int(word.end)], as: UTF8.self).unicodeScalars {
                if scalar.isASCII || scalar.properties.isCased { return false }
                letters += 1
                if scalar.properties.numericType != nil { numbers += 1 }
            }
        }
        // A letter that is also a numeral may be a part of a name: 四川, 北京.
        if letters == numbers { return false }
        guard letters == 1, let word = words[range].first else { return letters > 1 }
        return Spelling.isCountry(String(decoding: text.text[Int(word.start)..<Int(word.end)], as: UTF8.self))
    }
}
