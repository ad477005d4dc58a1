// A judge that takes stories back answers as if they had never come, and its log says what an answer rests on.

import TestSupport
import Testing

@testable import Resemblance

@Suite struct TakeBackTests {
    /// Stories that share paragraphs with one another, so that many are related: some paragraphs are in hundreds.
    private static let texts: [ComparableText] = (0..<240).map { number in
        let family = inventedParagraphs(4, seed: UInt64(number / 6))
        return story(
            "S\(number % 90)",
            [family[number % 4], family[(number + 1) % 4]] + inventedParagraphs(1, seed: UInt64(9000 + number % 200))
                + inventedParagraphs(number % 3 == 0 ? 1 : 0, seed: 77))
    }

    private func ask(_ judge: Judge, _ id: Int) -> Judgement { judge.judge(Self.texts[id]) { Self.texts[Int($0)] } }

    @Test func takingBackIsAsIfTheyHadNeverCome() {
        var random = SplitMix64(seed: 21)
        let (judge, never) = (Judge(), Judge())
        var next = 0
        while next < Self.texts.count - 40 {
            // Some that are taken back, then some that stay, under the same numbers.
            let trial = Int.random(in: 0...30, using: &random)
            let order = (0..<trial).map { _ in Int.random(in: 0..<Self.texts.count, using: &random) }
            for (place, text) in order.enumerated() { judge.insert(Self.texts[text], id: Int64(next + place)) }
            for (place, text) in order.enumerated().reversed() {
                judge.takeBack(Self.texts[text], id: Int64(next + place))
            }
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                #expect(ask(judge, next) == ask(never, next))
                judge.insert(Self.texts[next], id: Int64(next))
                never.insert(Self.texts[next], id: Int64(next))
                next += 1
            }
            #expect(judge.count == never.count)
        }
        for id in Self.texts.indices { #expect(ask(judge, id) == ask(never, id)) }
    }

    @Test func thePostingsAreAsBeforeAlsoWhereLeavesWereSplit() {
        var random = SplitMix64(seed: 22)
        let index = PostingIndex()
        func keys() -> [UInt64] {
            (0..<40).map { _ in
                let wide = UInt64.random(in: 0..<1 << 40, using: &random)
                return wide % 20 == 0 ? wide % 50 : wide
            }
        }
        var kept: [[UInt64]] = []
        var answers: [UInt64: [UInt32]] = [:]
        for story in 0..<20_000 {
            kept.append(keys())
            index.insert(kept[story], story: story)
        }
        for key in kept.joined() where key % 8 == 0 {
            var found: [UInt32] = []
            index.find(key, into: &found)
            answers[key] = found
        }
        let before = index.memoryBytes
        let trial = (0..<20_000).map { _ in keys() }
        for (place, keys) in trial.enumerated() { index.insert(keys, story: 20_000 + place) }
        for (place, keys) in trial.enumerated().reversed() { index.remove(keys, story: 20_000 + place) }
        for (key, answer) in answers {
            var found: [UInt32] = []
            index.find(key, into: &found)
            #expect(found == answer)
        }
        for key in trial.joined() where key % 64 == 0 && answers[key] == nil && !kept.joined().contains(key) {
            var found: [UInt32] = []
            index.find(key, into: &found)
            #expect(found.isEmpty)
            break
        }
        // Leaves that were split stay so.
        #expect(index.memoryBytes < before * 5 / 4)
    }

    @Test func moreThanAreKeptAtHandCanBeTakenBack() {
        let judge = Judge()
        for id in 0..<Judge.recentCount + 50 { judge.insert(Self.texts[id % 240], id: Int64(id)) }
        for id in (100..<Judge.recentCount + 50).reversed() { judge.takeBack(Self.texts[id % 240], id: Int64(id)) }
        #expect(judge.count == 100)
        let never = Judge()
        for id in 0..<100 { never.insert(Self.texts[id], id: Int64(id)) }
        for id in Self.texts.indices { #expect(ask(judge, id) == ask(never, id)) }
        judge.insert(Self.texts[100], id: 100)
        #expect(ask(judge, 100).of == 100)
    }

    /// The log of a judgement is whole: a story that does not touch it does not change it.
    @Test func whatTouchesNothingChangesNothing() {
        let judge = Judge()
        for id in 0..<100 { judge.insert(Self.texts[id], id: Int64(id)) }
        var (untouched, touched) = (0, 0)
        for id in 100..<Self.texts.count {
            var log = LookupLog()
            let judgement = judge.judge(Self.texts[id], noting: &log) { Self.texts[Int($0)] }
            for other in stride(from: id % 7 + 100, to: 240, by: 7) {
                var changes = ArchiveChanges()
                changes.add(Self.texts[other].fingerprint, digest: 1, version: nil)
                judge.insert(Self.texts[other], id: 1000)
                let after = judge.judge(Self.texts[id]) { Self.texts[$0 == 1000 ? other : Int($0)] }
                judge.takeBack(Self.texts[other], id: 1000)
                if log.isTouched(by: changes) {
                    touched += 1
                } else {
                    untouched += 1
                    #expect(after == judgement)
                }
            }
        }
        #expect(untouched > 500 && touched > 50)
    }

    /// Whether an excerpt is one depends on how common the rest of the longer story is.
    @Test func theRestOfALongerStoryIsAskedForToo() {
        let judge = Judge()
        let whole = inventedParagraphs(8, seed: 40)
        for id in 0..<3 {
            judge.insert(story("Whole", whole + inventedParagraphs(1, seed: UInt64(50 + id))), id: Int64(id))
        }
        var log = LookupLog()
        let judgement = judge.judge(story("Part", whole[0], whole[1], whole[2]), noting: &log) { _ in nil }
        #expect(judgement.verdict == .excerpt)
        var changes = ArchiveChanges()
        changes.add(story("Rest", Array(whole[3...])).fingerprint, digest: 1, version: nil)
        #expect(log.isTouched(by: changes))
    }

    @Test func aLogKnowsDigestsVersionsAndStories() {
        var log = LookupLog()
        log.asked(digest: 1)
        log.asked(version: 2)
        log.asked(story: 3)
        func isTouched(_ change: (inout ArchiveChanges) -> Void) -> Bool {
            var changes = ArchiveChanges()
            change(&changes)
            return log.isTouched(by: changes)
        }
        let fingerprint = Self.texts[0].fingerprint
        #expect(!isTouched { $0.add(fingerprint, digest: 9, version: 9) })
        #expect(isTouched { $0.add(fingerprint, digest: 1, version: nil) })
        #expect(isTouched { $0.add(fingerprint, digest: 9, version: 2) })
        #expect(isTouched { $0.add(story: 3) })
        #expect(!isTouched { $0.add(story: 4) })
    }
}
