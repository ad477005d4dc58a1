// What is partly derived from another story, and which passages of it.

import Testing

@testable import Resemblance

@Suite struct PassageTests {
    private let other = inventedParagraphs(3, seed: 77)

    /// Three paragraphs of the harbour among others, under another headline.
    private func half(_ headline: String = "A quiet week in the valley") -> ComparableText {
        story(headline, [other[0], harbour[1], harbour[2], other[1], harbour[4], other[2]])
    }

    @Test func halfTrimmedAndHalfExtendedIsPartlyDerived() throws {
        let judge = Judge()
        judge.insert(story("Mole closed", harbour), id: 1)
        let judgement = judge.judge(half()) { _ in nil }
        #expect(judgement.verdict == .new && judgement.of == nil)
        let relation = try #require(judgement.relations.first)
        #expect(relation.kind == .partial && relation.of == 1)
        #expect(relation.rule.hasPrefix("2 passages of "))
        // The two paragraphs in a row are one passage, and stand where the texts have them.
        let (text, source) = (half(), story("Mole closed", harbour))
        #expect(judgement.passages.map(\.of) == [1, 1])
        let quotes = judgement.passages.map { String(decoding: text.text[$0.range], as: UTF8.self) }
        #expect(quotes[0].hasPrefix("Divers had found") && quotes[0].hasSuffix("set up by volunteers"))
        #expect(quotes[1].hasPrefix("Repairs are expected"))
        for passage in judgement.passages {
            let there = source.text[passage.ofStart..<passage.ofStart + passage.range.count]
            #expect(there.elementsEqual(text.text[passage.range]))
        }
    }

    @Test func aRoundupHasAllItsSources() {
        let judge = Judge()
        judge.insert(story("Mole closed", harbour), id: 1)
        judge.insert(story("Small harvest", orchard), id: 2)
        let roundup = story("News in brief", [harbour[0], harbour[1], orchard[0], orchard[1], other[0], other[1]])
        let judgement = judge.judge(roundup) { _ in nil }
        #expect(Set(judgement.relations.filter { $0.kind != .related }.map(\.of)) == [1, 2])
        #expect(judgement.passages.map(\.of) == [1, 2])
    }

    /// The story that a passage first came from, whichever of the later ones is closest.
    @Test func aPassageIsOfTheEarliestStory() {
        let judge = Judge()
        judge.insert(story("Mole closed", harbour), id: 3)
        judge.insert(half("Another headline"), id: 4)
        let judgement = judge.judge(half()) { _ in nil }
        #expect(judgement.of == 4)
        #expect(judgement.passages.map(\.of) == [4, 3, 4, 3, 4])
    }

    @Test func whatManyStoriesHaveIsNobodys() {
        let judge = Judge()
        for id in 1...10 {
            judge.insert(
                story("Ritual \(id)", inventedParagraphs(3, seed: UInt64(id)) + [harbour[1], harbour[2]]), id: Int64(id)
            )
        }
        let judgement = judge.judge(story("Ritual", inventedParagraphs(3, seed: 50) + [harbour[1], harbour[2]])) { _ in
            nil
        }
        #expect(!judgement.relations.contains { $0.kind == .partial })
        #expect(judgement.passages.isEmpty)
    }

    @Test func aSentenceIsNoPassage() {
        let judge = Judge()
        judge.insert(story("Mole closed", harbour), id: 1)
        let text = story("Something else", inventedParagraphs(6, seed: 9) + ["The director of works told reporters."])
        #expect(judge.judge(text) { _ in nil }.relations.isEmpty)
    }

    /// Partly derived is no duplicate: it makes no family.
    @Test func kindsThatMakeFamilies() {
        #expect(Relation.Kind.allCases.filter { !$0.makesFamily } == [.partial, .related])
        #expect(Relation.Kind.allCases.filter { Verdict($0) == nil } == [.update, .version, .partial, .related])
    }
}
