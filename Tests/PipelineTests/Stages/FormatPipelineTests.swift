// Files in other formats: read by the real reader program, from the inbox to the store.

import Foundation
import Parts
import Resemblance
import Store
import Story
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

private func item(_ number: Int, guid: String, version: Int = 1) -> String {
    """
    <item><title>Council decides on harbour plan number \(number)</title><guid isPermaLink="false">\(guid)</guid>
    <description>\(words(number)) This is version \(version) of it.</description></item>
    """
}

private func words(_ number: Int) -> String {
    (0..<60).map { "word\((number &* 7919 &+ $0 &* 104_729) % 5000)" }.joined(separator: " ")
}

private func feed(_ items: [String]) -> String {
    "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>\(items.joined())</channel></rss>"
}

private let nitf = """
    <?xml version="1.0"?><nitf><head><title>x</title><docdata><doc-id id-string="urn:x:1"/></docdata></head><body><body.head>
    <hedline><hl1>Storm closes the harbour for two days</hl1></hedline></body.head><body.content>
    <p>\(words(77))</p></body.content></body></nitf>
    """

struct FormatPipelineTests {
    private let test = TestPipeline()

    private var store: StoreReader { get throws { try StoreReader(directory: test.scratch.path("state")) } }

    @Test func oneStoryInAFormatIsAStoryOfTheDelivery() throws {
        let pipeline = try test.start()
        test.drop(nitf, as: "agency/storm.xml")
        #expect(test.await(1))
        #expect(pipeline.stop())
        let row = try #require(try test.rows().first)
        #expect(row.verdict == .new, "\(row.reason.map { "\($0)" } ?? "")")
        let document = try #require(try store.document(row.id))
        #expect(document.bytes == Array(nitf.utf8))
        let reading = try document.reading()
        #expect(reading.headline == "Storm closes the harbour for two days")
        #expect(!String(decoding: reading.text, as: UTF8.self).contains("<p>"))
        #expect(try test.isSound() && test.isEmpty)
    }

    @Test func aFeedAddsOnlyItsNewItems() throws {
        let pipeline = try test.start()
        test.drop(feed([item(1, guid: "tag:x,1"), item(2, guid: "tag:x,2")]), as: "feed-1.xml")
        #expect(test.await(1))
        test.drop(
            feed([item(3, guid: "tag:x,3"), item(1, guid: "tag:x,1"), item(2, guid: "tag:x,2")]), as: "feed-2.xml")
        #expect(test.await(2))
        #expect(pipeline.stop())
        let rows = try test.rows()
        #expect(rows.map(\.verdict) == [.parts, .parts])
        #expect(try store.parts(of: rows[0]).map(\.verdict) == [.new, .new])
        #expect(try store.parts(of: rows[1]).map(\.verdict) == [.new, .identical, .identical])
        #expect(
            try store.parts(of: rows[1]).map { String(decoding: $0.name, as: UTF8.self) } == [
                "#tag:x,3", "#tag:x,1", "#tag:x,2",
            ])
        #expect(try test.isSound())
    }

    @Test func theIdentifierTiesVersionsWhoseWordsDoNot() throws {
        let pipeline = try test.start()
        test.drop(feed([item(1, guid: "tag:x,1"), item(9, guid: "tag:x,9")]), as: "feed-1.xml")
        #expect(test.await(1))
        #expect(pipeline.stop())
        // Also after the tables in memory were made anew; and not by a number that is another sender's.
        let again = try test.start()
        test.drop(feed([item(500, guid: "tag:x,1", version: 2), item(9, guid: "tag:x,9")]), as: "feed-2.xml")
        #expect(test.await(2))
        #expect(again.stop())
        let later = try #require(try store.parts(of: test.rows()[1]).first)
        #expect(later.verdict == .new, "its words are all others")
        var relations: [StoreReader.StoryRelation] = []
        try store.forEachRelation(of: later.id) { relations.append($0) }
        #expect(relations.map(\.relation.kind) == [.version] && relations.first?.relation.of == 1)
        #expect(relations.first?.relation.rule.contains("tag:x,1") == true)
        #expect(try store.families().family(of: later.id) == 1)
        #expect(try test.isSound())
    }

    @Test func aBareNumberIsAnIdentifierOnlyOfItsSender() throws {
        let pipeline = try test.start()
        test.drop(feed([item(1, guid: "17"), item(2, guid: "18")]), as: "a/feed.xml")
        #expect(test.await(1))
        test.drop(feed([item(601, guid: "17"), item(602, guid: "18")]), as: "b/feed.xml")
        #expect(test.await(2))
        test.drop(feed([item(701, guid: "17"), item(702, guid: "18")]), as: "a/feed.xml")
        #expect(test.await(3))
        #expect(pipeline.stop())
        var ties: [[Int64]] = []
        try store.forEachRelation { ties.append([$0.story, $0.relation.of]) }
        #expect(ties == [[7, 1], [8, 2]])
    }

    @Test func whatNoProgramReadsIsRejectedWithTheNameOfThePackage() throws {
        let pipeline = try test.start { $0.formats.reader = "/nowhere/copytaster-reader" }
        test.drop(nitf, as: "storm.xml")
        test.drop(story(1), as: "plain.txt")
        #expect(test.await(2))
        #expect(pipeline.stop())
        let row = try #require(try test.rows().first { $0.verdict == .rejected })
        #expect(row.reason?.code == "no-reader" && row.reason?.hint.contains("copytaster-formats") == true)
        #expect(FileManager.default.fileExists(atPath: test.scratch.path("spool/rejected/\(row.id)")))
        #expect(try test.rows().contains { $0.verdict == .new })
    }

    /// Readers that fail, as programs: each costs its file, and plain text goes on meanwhile.
    @Test(arguments: ["exit 3", "kill -SEGV $$", "exec sleep 100", "echo rubbish; exec sleep 100"])
    func aReaderThatFailsCostsItsFile(
        _ command: String
    ) throws {
        let program = test.scratch.write("#!/bin/sh\n\(command)\n", to: "reader")
        chmod(program, 0o755)
        let pipeline = try test.start {
            $0.formats.reader = program
            $0.formats.limits.seconds = 1
        }
        test.drop(nitf, as: "storm.xml")
        test.drop(story(1), as: "plain.txt")
        #expect(eventually { test.outcomes.contains { $0.row.verdict == .new } })
        #expect(test.await(2))
        #expect(pipeline.stop())
        let row = try #require(try test.rows().first { $0.verdict == .rejected })
        #expect(row.reason?.code == "reader-failed" && row.reason?.sentence.contains("NITF") == true)
        #expect(try test.isSound())
    }

    @Test func plainTextDoesNotWaitForAReader() throws {
        let program = test.scratch.write("#!/bin/sh\nexec sleep 100\n", to: "reader")
        chmod(program, 0o755)
        let pipeline = try test.start {
            $0.formats.reader = program
            $0.formats.limits.seconds = 30
        }
        test.drop(nitf, as: "storm.xml")
        #expect(eventually { pipeline.inFlight == 1 })
        for number in 1...20 { test.drop(story(number), as: "plain-\(number).txt") }
        #expect(test.await(20))
        // A stop does not wait for it either: the next start reads it.
        #expect(pipeline.stop())
        #expect(test.outcomes.count == 20)
        let again = try test.start()
        #expect(test.await(21))
        #expect(again.stop())
        #expect(try test.rows().count == 21 && test.isSound() && test.isEmpty)
    }

    @Test func wireFormatsAreReadHere() throws {
        func message(_ id: String, _ number: Int) -> String {
            "\u{1}\(id) 3 i 93 dpa 1888\r\n\u{2}Harbour plan number \(number) is decided=\r\n\r\n   \(words(number))\r\n\u{3}\r\n"
        }
        let pipeline = try test.start { $0.formats.reader = "/nowhere/copytaster-reader" }
        test.drop(message("eca0123", 1) + message("eca0124", 2), as: "dpa.txt")
        test.drop(message("eca0125", 3), as: "dpa-1.txt")
        #expect(test.await(2))
        #expect(pipeline.stop())
        let rows = try test.rows()
        #expect(Set(rows.map(\.verdict)) == [.parts, .new])
        let parts = try store.parts(of: try #require(rows.first { $0.verdict == .parts }))
        #expect(parts.map(\.format) == ["iptc7901", "iptc7901"] && parts.map(\.verdict) == [.new, .new])
        #expect(try store.document(parts[0].id)?.reading().headline == "Harbour plan number 1 is decided")
    }
}
