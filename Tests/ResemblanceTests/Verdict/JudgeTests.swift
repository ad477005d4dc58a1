import Foundation
import Story
import Text
import TestSupport
import Testing

@testable import Resemblance

/// Judges the stories one after another, all fetched from memory.
private func judgeAll(_ texts: [ComparableText]) -> [Judgement] {
    let judge = Judge()
    return texts.enumerated().map { id, text in
        let judgement = judge.judge(text) { texts[Int($0)] }
        judge.insert(text, id: Int64(id))
        return judgement
    }
}

@Suite struct JudgeTests {
    @Test func sameWordsInOtherDressAreSameText() {
        let judge = Judge()
        judge.insert(story("Mole closed", harbour[0], harbour[1]), id: 7)
        let second = story("MOLE  CLOSED", harbour[0].uppercased(), "\u{201C}" + harbour[1] + "\u{201D}")
        let judgement = judge.judge(second) { _ in nil }
        #expect(judgement.verdict == .sameText)
        #expect(judgement.of == 7)
    }

    @Test func textsWithoutWordsAreNotTheSame() {
        let judge = Judge()
        judge.insert(story("", "\u{2602}"), id: 1)
        #expect(judge.judge(story("", "\u{2603}")) { _ in nil }.verdict == .new)
        #expect(judge.judge(story("", "\u{2602}")) { _ in nil }.verdict == .sameText)
    }

    @Test func verdictsAndTheirFirstStories() {
        let judgements = judgeAll([
            story("Apples", orchard), story("Mole closed", harbour), story("Cracks", harbour[1], harbour[2]),
            story("Round-up", inventedParagraphs(6, seed: 3) + harbour), story("Storm", inventedParagraphs(6, seed: 4)),
        ])
        #expect(judgements.map(\.verdict) == [.new, .new, .excerpt, .expansion, .new])
        #expect(judgements[2].of == 1)
        #expect(judgements[3].of == 1)
        #expect(judgements[4].relations.isEmpty)
    }

    /// Below the size at which boilerplate is learned, the order changes who is first, not who is related.
    @Test func orderChangesOnlyWhoIsFirst() {
        var texts: [ComparableText] = []
        for family in 0..<12 {
            let whole = inventedParagraphs(6, seed: UInt64(100 + family))
            texts.append(story("A\(family)", whole))
            texts.append(story("B\(family)", Array(whole[0...3])))
            texts.append(story("C\(family)", whole + inventedParagraphs(3, seed: UInt64(900 + family))))
        }
        func pairs(_ order: [Int]) -> Set<Set<Int>> {
            let judgements = judgeAll(order.map { texts[$0] })
            return Set(
                judgements.enumerated().flatMap { place, judgement in
                    judgement.relations.map { Set([order[place], order[Int($0.of)]]) }
                })
        }
        let wanted = pairs(Array(texts.indices))
        #expect(wanted.count == 36)
        var random = SplitMix64(seed: 8)
        for _ in 0..<5 { #expect(pairs(texts.indices.shuffled(using: &random)) == wanted) }
    }

    /// A memory rebuilt from stored fingerprints gives the same judgements as the one that grew.
    @Test func rebuiltMemoryJudgesAlike() throws {
        let texts = (0..<200).map { index in
            story(
                "S\(index)", inventedParagraphs(4, seed: UInt64(index / 3)) + inventedParagraphs(index % 3, seed: 5000))
        }
        let wanted = judgeAll(texts)
        for cut in [1, 50, 199] {
            let judge = Judge()
            judge.reserve(cut)
            for id in 0..<cut {
                judge.load(
                    id: Int64(id), fingerprint: try Fingerprint(encoded: texts[id].fingerprint.encoded()))
            }
            for id in cut..<texts.count {
                #expect(judge.judge(texts[id]) { texts[Int($0)] } == wanted[id])
                judge.insert(texts[id], id: Int64(id))
            }
        }
    }

    @Test func recentStoriesAreNotFetchedAndOlderOnesAre() {
        let judge = Judge()
        judge.insert(story("Mole closed", harbour), id: 10)
        var fetched: [Int64] = []
        func verdict() -> Verdict {
            judge.judge(story("Cracks", harbour[1], harbour[2])) { id in
                fetched.append(id)
                return story("Mole closed", harbour)
            }.verdict
        }
        #expect(verdict() == .excerpt)
        #expect(fetched.isEmpty)
        for id in 0..<Judge.recentCount { judge.insert(story("", "Item \(id)"), id: Int64(11 + id)) }
        #expect(verdict() == .excerpt)
        #expect(fetched == [10])
    }

    /// Twice around the ring of recent stories: each is found under its own id, the last ones without a fetch.
    @Test func everyStoryIsFoundUnderItsId() {
        let judge = Judge()
        let count = 2 * Judge.recentCount + 100
        let texts = (0..<count).map { story("", inventedParagraphs(1, seed: UInt64(10_000 + $0))) }
        for (id, text) in texts.enumerated() { judge.insert(text, id: Int64(3 * id)) }
        for id in stride(from: 0, to: count, by: 37) {
            var fetched: [Int64] = []
            let variant = story("Another headline", inventedParagraphs(1, seed: UInt64(10_000 + id)))
            let judgement = judge.judge(variant) {
                fetched.append($0)
                return texts[Int($0) / 3]
            }
            #expect(judgement.of == Int64(3 * id))
            #expect(fetched == (id < count - Judge.recentCount ? [Int64(3 * id)] : []))
        }
    }

    @Test func redactedStoriesArePassedOver() {
        let judge = Judge()
        judge.load(id: 5, fingerprint: story("Mole closed", harbour).fingerprint)
        judge.insert(story("Mole closed", harbour), id: 6)
        #expect(judge.judge(story("Mole closed", harbour)) { _ in nil }.of == 6)
        judge.remove(id: 6)
        #expect(judge.judge(story("Mole closed", harbour)) { _ in nil }.verdict == .new)
        #expect(judge.judge(story("Mole", harbour)) { _ in nil }.verdict == .new)
        judge.remove(id: 5)
        #expect(judge.judge(story("Mole closed", harbour)) { _ in story("Mole closed", harbour) }.verdict == .new)
        #expect(judge.judge(story("Mole", harbour)) { _ in story("Mole closed", harbour) }.verdict == .new)
        #expect(judge.count == 0)
        judge.remove(id: 99)
    }

    @Test func errorsOfTheStorePassThrough() {
        struct Broken: Error {}
        let judge = Judge()
        judge.load(id: 5, fingerprint: story("Mole closed", harbour).fingerprint)
        #expect(throws: Broken.self) { try judge.judge(story("Mole", harbour)) { _ in throw Broken() } }
    }

    /// A line that every story of an agency carries makes no two of them alike.
    @Test func standingPhrasesProveNothing() {
        let line =
            "All rights reserved by the agency. This material may not be published, broadcast, rewritten or redistributed"
            + " without the prior written consent of the agency and of its members in the county."
        let judge = Judge()
        for id in 0..<40 {
            judge.insert(story("", inventedParagraphs(3, seed: UInt64(700 + id)) + [line]), id: Int64(id))
        }
        let stub = story("", "Photo follows shortly. " + line)
        let judgement = judge.judge(stub) { _ in nil }
        #expect(judgement.verdict == .new)
        // Without the archive it would pass for an excerpt.
        let other = story("", [line] + inventedParagraphs(3, seed: 700))
        #expect(compare(stub, other).kind == .excerpt)
    }

    /// More copies than a posting list holds: the hundredth reprint is still recognised, whole or trimmed.
    @Test func aStoryThatEverybodyPrints() {
        let judge = Judge()
        var texts: [ComparableText] = []
        for id in 0..<100 {
            let text = story("Edition \(id)", harbour + inventedParagraphs(1, seed: UInt64(2000 + id)))
            texts.append(text)
            judge.insert(text, id: Int64(id))
        }
        let whole = story("Last edition", harbour + inventedParagraphs(1, seed: 5))
        #expect(judge.judge(whole) { texts[Int($0)] }.verdict == .nearDuplicate)
        let trimmed = judge.judge(story("In brief", harbour[0], harbour[1])) { texts[Int($0)] }
        #expect(trimmed.verdict == .excerpt)
        #expect(trimmed.relations.count <= Thresholds().candidates)
    }

    @Test func judgingTwiceGivesTheSameAnswer() {
        let texts = (0..<60).map { story("", inventedParagraphs(3, seed: UInt64($0 % 20)) + [orchard[$0 % 3]]) }
        #expect(judgeAll(texts) == judgeAll(texts))
    }

    /// Two elections five years apart, told in much the same words (the project's seeds).
    @Test func twoElectionsAreNotOneStory() throws {
        func seed(_ name: String) throws -> ComparableText {
            let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../seeds")
            return ComparableText(of: Reading(of: Array(try Data(contentsOf: root.appending(path: name)))))
        }
        let (one, other) = (try seed("000_7844e40871c5aec3.txt"), try seed("003_333a7b3f00cc0f31.txt"))
        let kind = compare(one, other).kind
        #expect(kind == nil || kind == .related)
        let verdicts = judgeAll([one, other, try seed("004_67d303dc5acc7f3a.txt")]).map(\.verdict)
        #expect(verdicts == [.new, .new, .new])
    }
}

/// Texts of megabytes: none holds up the others, and none fills the memory.
@Suite struct LargeTextTests {
    /// Some 170 bytes a paragraph.
    private func large(_ paragraphs: Int, seed: UInt64) -> [String] { inventedParagraphs(paragraphs, seed: seed) }

    @Test func theRecentTextsTakeBoundedMemory() {
        let judge = Judge()
        let text = story("Large", large(6_500, seed: 1))
        for id in 0..<60 { judge.insert(text, id: Int64(id)) }
        #expect(judge.memoryBytes - judge.indexBytes < 24 << 20)
        var fetched = 0
        let judgement = judge.judge(story("Again", large(6_500, seed: 1))) { _ in
            fetched += 1
            return text
        }
        #expect(judgement.of == 0 && judgement.verdict == .nearDuplicate)
        #expect(fetched == 2)
    }

    @Test func ofManyAlikeFewAreFetched() {
        let judge = Judge()
        let body = large(8_000, seed: 1)
        let text = story("Large", body)
        for id in 0..<10 { judge.load(id: Int64(id), fingerprint: text.fingerprint) }
        var fetched = 0
        let judgement = judge.judge(story("A part of it", Array(body[100..<900]))) { _ in
            fetched += 1
            return text
        }
        #expect(judgement.verdict == .excerpt && judgement.of == 0)
        #expect(fetched == 2)
    }

    @Test func aLongTextIsComparedByItsFirstMegabyte() {
        let body = large(9_000, seed: 1)
        let (first, second) = (story("One", body + ["And its end."]), story("Two", body + ["An end of its own."]))
        #expect(first.text.count == ComparableText.longest)
        #expect(first.fingerprint.shingleCount > 200_000)
        #expect(first.fingerprint.textHash != second.fingerprint.textHash)
        #expect(compare(first, second).kind == .nearDuplicate)
    }

    /// The judgement must not depend on whether a text is still at hand or fetched.
    @Test func whatIsFetchedIsComparedLikeWhatIsRecent() {
        let body = large(9_000, seed: 1)
        let reading = Reading(
            text: Array(body.joined(separator: "\n").utf8), encoding: .utf8, fields: [])
        let other = story("Other", Array(body[1_000..<8_000]))
        #expect(
            compare(other, ComparableText(of: reading)) == compare(other, ComparableText(earlier: reading)))
    }
}
