// Files with several stories, from the inbox to the store.

import Foundation
import Resemblance
import Store
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

/// A wire's message.
private func message(_ text: String, _ number: Int) -> String { "ZCZC ABC\(number)\n\(text)\nNNNN\n" }

struct PartsPipelineTests {
    private let test = TestPipeline()

    private func parts(of row: LedgerRow) throws -> [PartRow] {
        try StoreReader(directory: test.scratch.path("state")).parts(of: row)
    }

    private func document(_ id: Int64) throws -> StoredDocument? {
        try StoreReader(directory: test.scratch.path("state")).document(id)
    }

    @Test func theStoriesOfAWireFileArePartsWithVerdictsOfTheirOwn() throws {
        let pipeline = try test.start()
        test.drop(story(1), as: "alone.txt")
        #expect(test.await(1))
        let file = message(story(2), 1) + "\n\n" + message(story(3), 2) + message(story(1), 3)
        test.drop(file, as: "wire/three.txt")
        #expect(test.await(2))
        test.drop(message(story(3), 2) + message(story(4), 7), as: "wire/two.txt")
        #expect(test.await(3))
        #expect(pipeline.stop())
        let rows = try test.rows()
        #expect(rows.map(\.id) == [1, 5, 8] && rows.map(\.verdict) == [.new, .parts, .parts])
        let three = try parts(of: rows[1])
        #expect(three[0].verdict == .new && three[1].verdict == .new)
        #expect(three[2].verdict != .new && three[2].of == 1)
        #expect(three.map { String(decoding: $0.name, as: UTF8.self) } == ["#1", "#2", "#3"])
        let two = try parts(of: rows[2])
        #expect(two.map(\.verdict) == [.identical, .new] && two[0].of == three[1].id)
        // Each part is what stands in the file where it says, and nothing else does.
        var rest = Array(file.utf8)
        for part in three {
            let place = Int(part.start ?? 0)..<Int((part.start ?? 0) + part.size)
            #expect(try document(part.id)?.bytes == Array(file.utf8)[place].map { $0 })
            rest.replaceSubrange(place, with: repeatElement(0x20, count: place.count))
        }
        #expect(rest.allSatisfy { $0 <= 0x20 })
        #expect(try test.isSound() && test.isEmpty)
        #expect(test.outcomes[1].parts.count == 3)
    }

    @Test func theSameFileAgainCostsOneRow() throws {
        let file = message(story(2), 1) + message(story(3), 2)
        let pipeline = try test.start()
        test.drop(file, as: "a.txt")
        #expect(test.await(1))
        test.drop(file, as: "b.txt")
        #expect(test.await(2))
        #expect(pipeline.stop())
        // Also after the tables in memory were made anew.
        let again = try test.start()
        test.drop(file, as: "c.txt")
        #expect(test.await(3))
        #expect(again.stop())
        let rows = try test.rows()
        #expect(rows.map(\.verdict) == [.parts, .identical, .identical] && rows.map(\.of) == [nil, 3, 3])
        #expect(try test.isSound())
    }

    @Test func partsOfOneFileKnowEachOther() throws {
        let pipeline = try test.start()
        test.drop(message(story(2), 1) + message(story(2), 1), as: "twice.txt")
        #expect(test.await(1))
        #expect(pipeline.stop())
        #expect(try parts(of: test.rows()[0]).map(\.verdict) == [.new, .identical])
    }

    @Test func oneBadPartIsRejectedByNameAndTheFileKept() throws {
        let bad = String(repeating: "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}", count: 200)
        let file = message(story(2), 1) + message(story(3) + story(4) + story(5), 2) + message(bad, 3)
        let pipeline = try test.start()
        test.drop(file, as: "some.txt")
        #expect(test.await(1))
        #expect(pipeline.stop())
        let row = try #require(try test.rows().first)
        let all = try parts(of: row)
        #expect(all.map(\.verdict) == [.new, .new, .rejected] && row.isSetAside)
        #expect(row.reason?.sentence.contains("#3") == true)
        let kept = test.scratch.path("spool/rejected/\(row.id)")
        #expect(FileManager.default.contents(atPath: kept) == Data(file.utf8))
        #expect(try test.isSound())
        // Requeued, it is read again: what was stored is there already.
        let again = try test.start()
        try pipeline.spool.requeue(row: row.id, name: try #require(RelativePath(row.name)))
        again.scanSoon()
        #expect(test.await(2))
        #expect(again.stop())
        #expect(try parts(of: test.rows()[1]).map(\.verdict) == [.identical, .identical, .rejected])
    }

    @Test func containersAreKeptIfThatIsConfigured() throws {
        let file = message(story(2), 1) + message(story(3), 2)
        let pipeline = try test.start { $0.formats.keepsContainers = true }
        test.drop(file, as: "a.txt")
        #expect(test.await(1))
        #expect(try document(3)?.bytes == Array(file.utf8))
        #expect(try pipeline.redact(1, reason: "a complaint") == nil)
        #expect(try document(3) == nil && document(1) == nil && document(2) != nil)
        // What the file held is gone, so it is looked into when it comes again.
        test.drop(file, as: "b.txt")
        #expect(test.await(2))
        #expect(pipeline.stop())
        #expect(try parts(of: test.rows()[1]).map(\.verdict) == [.rejected, .identical])
        #expect(try test.isSound())
    }

    @Test func moreStoriesThanAllowedAreRefusedWithFigures() throws {
        let pipeline = try test.start { $0.formats.mostParts = 3 }
        test.drop((1...4).map { message(story($0), $0) }.joined(), as: "a.txt")
        #expect(test.await(1))
        #expect(pipeline.stop())
        let row = try #require(try test.rows().first)
        #expect(row.reason?.code == "too-many-parts" && row.reason?.sentence.contains("4 stories") == true)
    }

    @Test func aRedactedPartIsErasedFromTheFilesThatHeldIt() throws {
        let file = message(story(2), 1) + message(story(3), 2)
        let pipeline = try test.start { $0.spool.keepsArchive = true }
        test.drop(file, as: "a.txt")
        #expect(test.await(1))
        test.drop(message(story(3), 2) + message(story(4), 3), as: "b.txt")
        test.drop(file, as: "c.txt")
        #expect(test.await(3))
        #expect(eventually { test.isEmpty })
        func archived() -> [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: test.scratch.path("spool/archive/0")))?.sorted() ?? []
        }
        #expect(archived() == ["3", "6", "7"])
        #expect(try pipeline.redact(1, reason: "") == nil)
        #expect(archived() == ["6"])
        #expect(try pipeline.redact(2, reason: "") == nil)
        #expect(archived() == [])
        #expect(pipeline.stop())
    }
}
