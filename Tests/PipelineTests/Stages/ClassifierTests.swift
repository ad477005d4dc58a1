// Several desks may write one archive: each judges before it knows what another has just committed, and judges again what
// that touched. Whatever was judged too early, the decisions are those of one desk that judged everything in order.

import Foundation
import Resemblance
import Store
import Story
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

struct ClassifierTests {
    private static let headlines = (0..<8).map { "Ferry strike number \($0) ends in the harbour of the old town" }

    /// A delivery of random copy: new, repeated, shortened, mended, an update of another one, refused or unreadable.
    private static func delivery(_ random: inout SplitMix64, claim: Int64) -> Delivery {
        let (kind, family) = (Int.random(in: 0..<12, using: &random), Int.random(in: 0..<8, using: &random))
        var words = (0..<90).map { "word\((family &* 7919 &+ $0 &* 104_729) % 5000)" }
        if kind == 1 { words.removeLast(30) }
        if kind == 2 { words.insert("mended", at: Int.random(in: 0..<90, using: &random)) }
        if kind == 3 { words = words.map { $0.uppercased() } }
        if kind >= 4, kind < 8 { words = (0..<90).map { _ in "w\(Int.random(in: 0..<9999, using: &random))" } }
        let headline = kind == 7 ? "UPDATE 2-\(headlines[family])" : headlines[family]
        let claim = Claim(
            sequence: 0, source: .spool(number: claim), name: "a.txt", file: nil, status: .example, isLeased: false,
            refusal: nil, received: 1)
        switch kind {
        case 10: return Delivery(claim: claim, content: .unreadable(FileError(.open, EIO, path: "a.txt")))
        case 11:
            let reason = RejectionReason(code: "fifo", sentence: "a FIFO holds no file", hint: "")
            return Delivery(claim: claim, content: .refused(reason, sha256: nil))
        default:
            let bytes = Array("\(headline)\n\n\(words.joined(separator: " "))\n".utf8)
            return Delivery(claim: claim, content: CopyReader.parse(bytes, by: Compressor(), nil))
        }
    }

    /// What can be told of decisions, whatever else is new at each judging.
    private static func told(_ decisions: [Decision]) -> [String] {
        decisions.map { decision in
            guard let (entry, outcome) = decision.decided else { return "none" }
            let row = entry.row
            let relations = entry.content?.relations.map { "\($0)" } ?? []
            return
                "\(row.id) \(row.verdict) \(row.of ?? 0) \(row.reason.map { "\($0)" } ?? "") family \(outcome.family ?? 0) "
                + "outcome \(outcome.row.id) \(String(describing: outcome.relation)) \(relations)"
        }
    }

    private static func entries(_ decisions: [Decision]) -> [StoreEntry] { decisions.compactMap { $0.decided?.entry } }

    private static func store(_ scratch: Scratch) throws -> StoreWriter {
        try FileManager.default.createDirectory(atPath: scratch.path("state"), withIntermediateDirectories: true)
        return try StoreWriter(directory: scratch.path("state"))
    }

    private static func classifier(_ store: StoreWriter, storesRedacted: Bool = false) throws -> Classifier {
        Classifier(
            try Archive(store, thresholds: Thresholds()), pulse: Pulse(idle: {}, busy: {}, waiting: { _ in }),
            storesRedacted: { storesRedacted })
    }

    @Test(arguments: 1...12)
    func whatIsTakenBackAndJudgedAgainIsAsJudgedInOrder(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let scratch = Scratch()
        let store = try Self.store(scratch)
        defer { store.close() }
        let mine = try Self.classifier(store)
        var claims: Int64 = 0
        func deliveries(_ count: ClosedRange<Int>) -> [Delivery] {
            (0..<Int.random(in: count, using: &random)).map { _ in
                claims += 1
                return Self.delivery(&random, claim: claims)
            }
        }
        for _ in 0..<6 {
            // Judged, taken back, and never heard of again.
            let never = try mine.judge(deliveries(0...20))
            mine.undo(never)
            var batch = try mine.judge(deliveries(1...25))
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                // Another desk commits first.
                let theirs = try Self.classifier(store).judge(deliveries(0...25))
                try store.append(Self.entries(theirs))
                batch = try mine.judgeAgain(batch)
            }
            let inOrder = try Self.classifier(store).judge(batch.map(\.delivery))
            #expect(Self.told(batch) == Self.told(inOrder))
            try store.append(Self.entries(batch))
        }
        #expect(store.lastID > 60)
    }

    @Test func whatNothingTouchedIsNotJudgedAgain() throws {
        var random = SplitMix64(seed: 5)
        let scratch = Scratch()
        let store = try Self.store(scratch)
        defer { store.close() }
        let mine = try Self.classifier(store)
        let batch = try mine.judge((1...40).map { Self.delivery(&random, claim: $0) })
        // A mark that no new judgement would make.
        let marked = batch.map { decision in
            var decision = decision
            decision.decided?.outcome.headline = "as it was"
            return decision
        }
        let (one, other) = ("A story of one desk alone", "And one that nobody else has")
        let theirs = [one, other].map { text in
            Delivery(claim: batch[0].delivery.claim, content: CopyReader.parse(Array(text.utf8), by: Compressor(), nil))
        }
        try store.append(Self.entries(try Self.classifier(store).judge(theirs)))
        let again = try mine.judgeAgain(marked)
        let kept = again.count { $0.decided?.outcome.headline == "as it was" }
        let independent = batch.count { decision in decision.decided != nil && decision.log.stories.isEmpty }
        #expect(kept == independent && kept > 10)
        let ids = Self.entries(again).map(\.row.id)
        #expect(ids == (0..<ids.count).map { Int64($0 + 3) })
    }

    @Test func aRedactionMeanwhileCountsToo() throws {
        let scratch = Scratch()
        let store = try Self.store(scratch)
        defer { store.close() }
        func deliver(_ text: String) -> Delivery {
            let claim = Claim(
                sequence: 0, source: .spool(number: 1), name: "a.txt", file: nil, status: .example, isLeased: false,
                refusal: nil)
            return Delivery(claim: claim, content: CopyReader.parse(Array(text.utf8), by: Compressor(), nil))
        }
        let mine = try Self.classifier(store)
        try store.append(Self.entries(try mine.judge([deliver(story(1))])))
        let batch = try mine.judge([deliver(story(1)), deliver(story(1) + "!"), deliver(story(2))])
        #expect(Self.entries(batch).map(\.row.verdict) == [.identical, .sameText, .new])
        try store.redact(1, reason: "a test")
        let again = try mine.judgeAgain(batch, redacted: [1])
        #expect(Self.entries(again).map(\.row.verdict) == [.rejected, .new, .new])
        #expect(Self.told(again) == Self.told(try Self.classifier(store).judge(batch.map(\.delivery))))
    }

    /// After a restart, too, the story that took the place of a redacted one is the one that is repeated.
    @Test func aStoryThatWasDeliveredAgainAfterItsRedactionIsRepeatedAfterARestart() throws {
        let test = TestPipeline()
        func deliver(_ number: Int, _ name: String, _ work: (Pipeline) throws -> Void = { _ in }) throws {
            let pipeline = try test.start { $0.storesRedacted = true }
            test.drop(story(1), as: name)
            #expect(test.await(number))
            try work(pipeline)
            pipeline.stop()
        }
        try deliver(1, "a.txt") { _ = try $0.redact(1, reason: "a test") }
        try deliver(2, "b.txt")
        try deliver(3, "c.txt")
        #expect(try test.rows().map(\.verdict) == [.new, .new, .identical])
        #expect(try test.rows().map(\.of) == [nil, nil, 2])
    }
}
