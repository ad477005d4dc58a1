// A delivery with several stories: one row in the ledger, and one for each part, in one sequence of numbers.

import Files
import Foundation
import GRDB
import Recover
import Resemblance
import Story
import TestSupport
import Testing
import Text

@testable import Store

extension Make {
    /// A delivery whose parts have these texts. A text that was there before is a repeat of it.
    static func delivery(
        _ id: Int64, _ texts: [String], repeating: [String: Int64] = [:], kept: String? = nil, rejecting: Int? = nil
    ) -> StoreEntry {
        var row = row(id, texts.joined(), .parts)
        let first = id - Int64(texts.count)
        let parts = texts.enumerated().map { place, text in
            let isRejected = place == rejecting
            let of = isRejected ? nil : repeating[text]
            let part = PartRow(
                id: first + Int64(place), delivery: id, number: Int64(place + 1), name: Array("dir/\(place).txt".utf8),
                format: "text", mediaType: "text/plain", start: nil, size: Int64(text.utf8.count),
                sha256: SHA256Digest(of: Array(text.utf8)),
                verdict: isRejected ? .rejected : of == nil ? .new : .identical, of: of,
                reason: isRejected ? RejectionReason(code: "damaged", sentence: "it is damaged", hint: "mend it") : nil)
            return PartEntry(row: part, content: part.hasDocument ? content(text) : nil)
        }
        row.parts = PartsSeal(parts.map(\.row))
        if rejecting != nil { row.reason = RejectionReason(code: "parts", sentence: "1 rejected", hint: "mend it") }
        return StoreEntry(row: row, content: kept.map(unread), parts: parts)
    }

    static func content(_ text: String) -> StoryContent {
        entry(1, text).content ?? unread(text)
    }

    /// Bytes that are kept as they are.
    static func unread(_ text: String) -> StoryContent {
        StoryContent(
            compressed: Compressor().compress(Array(text.utf8), by: nil), text: Compressor().compress([], by: nil),
            fields: Reading(text: [], encoding: .utf8).encoded(), parser: Reading.parserVersion, fingerprint: [],
            version: nil, relations: [])
    }
}

struct PartsTests {
    let scratch = Scratch()

    private func filled() throws -> StoreWriter {
        let store = try StoreWriter(directory: scratch.path)
        try store.append([Make.entry(1, "A story alone")])
        try store.append([
            Make.delivery(4, ["The first of two", "The second of two"]),
            Make.delivery(7, ["The second of two", "Another one"], repeating: ["The second of two": 3]),
        ])
        try store.append([Make.entry(8, "Another story alone")])
        return store
    }

    private func reader() throws -> StoreReader { try StoreReader(directory: scratch.path) }

    private func ids(_ change: (inout StoreReader.Filter) -> Void) throws -> [Int64] {
        var filter = StoreReader.Filter()
        change(&filter)
        var ids: [Int64] = []
        try reader().forEachRow(filter) {
            ids.append($0.id)
            return true
        }
        return ids
    }

    @Test func partsAndDeliveriesShareOneSequenceOfNumbers() throws {
        let store = try filled()
        #expect(store.lastID == 8)
        #expect(try ids { _ in } == [1, 4, 7, 8], "the ledger is of deliveries")
        #expect(try ids { $0.includesParts = true } == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(try ids { $0.storiesOnly = true } == [1, 2, 3, 6, 8])
        #expect(
            try ids {
                $0.storiesOnly = true; $0.newest = 2
            } == [8, 6])
        #expect(
            try ids {
                $0.source = Array("src".utf8); $0.storiesOnly = true
            } == [1, 2, 3, 6, 8])
        #expect(try reader().counts() == [.new: 2, .parts: 2])
        #expect(try reader().partCounts() == [.new: 3, .identical: 1])
    }

    @Test func aPartIsAStoryLikeAnyOther() throws {
        _ = try filled()
        let reader = try reader()
        let part = try #require(try reader.row(3))
        #expect(part.part?.delivery == 4 && part.part?.number == 2 && part.isStory)
        #expect(String(decoding: part.name, as: UTF8.self) == "src/4.txt!dir/1.txt")
        #expect(part.source == Array("src".utf8))
        #expect(try reader.document(3)?.bytes == Array("The second of two".utf8))
        #expect(try reader.story(part: 2, of: 7) == 6)
        #expect(try reader.story(part: 3, of: 7) == nil)
        #expect(try reader.story(part: 1, of: 8) == nil)
        #expect(try reader.families().family(of: 5) == 3, "the repeat is in the family of the earlier part")
    }

    @Test func verifyProvesTheParts() throws {
        _ = try filled()
        let proof = try reader().verify()
        #expect(proof.isSound, "\(proof.checks.flatMap(\.faults))")
        #expect(proof.rows == 4 && proof.parts == 4)
        #expect(proof.partCounts == [.new: 3, .identical: 1])
    }

    /// What somebody with the file in hand might do; checksums are made to fit, as he would.
    @Test(arguments: ["name", "verdict", "gone", "stranger", "swapped"]) func verifyFindsWhatBecameOfParts(
        _ damage: String
    ) throws {
        let store = try filled()
        try store.pool.write { db in
            func part(_ id: Int64) throws -> PartRow {
                try PartRow(
                    #require(
                        try Row.fetchOne(db, sql: "SELECT \(PartRow.columns) FROM part WHERE id = ?", arguments: [id])))
            }
            func replace(_ row: PartRow) throws {
                try db.execute(sql: "DELETE FROM part WHERE id = ?", arguments: [row.id])
                try row.insert(into: db)
            }
            var row = try part(3)
            switch damage {
            case "name":
                row.name = Array("other".utf8)
                try replace(row)
            case "verdict":
                var repeated = try part(5)
                repeated.of = 2
                try replace(repeated)
            case "gone": try db.execute(sql: "DELETE FROM part WHERE id = 5")
            case "stranger":
                row.id = 8
                row.delivery = 9
                try replace(row)
                try db.execute(sql: "UPDATE ledger SET id = 9 WHERE id = 8")
            default:
                var (a, b) = (try part(2), try part(3))
                (a.id, b.id) = (3, 2)
                try db.execute(sql: "DELETE FROM part WHERE id IN (2, 3)")
                try a.insert(into: db)
                try b.insert(into: db)
            }
        }
        #expect(try !reader().verify().isSound)
    }

    @Test func readingsKeepTheTextThatWasTakenOut() throws {
        let store = try StoreWriter(directory: scratch.path)
        let bytes = Array("<nitf><hl1>A headline of five words</hl1><p>Body.</p></nitf>".utf8)
        let text = Array("A headline of five words\n\nBody.".utf8)
        let reading = Reading(
            text: text, encoding: .utf8,
            fields: [
                Field(.headline, 0..<24, rule: "nitf/headline /nitf/hl1"),
                Field(.paragraph, 26..<31, rule: "nitf/p /nitf"),
            ])
        var row = Make.row(1, "")
        row.sha256 = SHA256Digest(of: bytes)
        try store.append([
            StoreEntry(
                row: row,
                content: StoryContent(
                    compressed: Compressor().compress(bytes, by: nil), text: Compressor().compress(text, by: nil),
                    fields: reading.encoded(), parser: 1, fingerprint: [], version: nil, relations: []))
        ])
        let document = try #require(try reader().document(1))
        #expect(document.bytes == bytes && document.extracted == text)
        #expect(try document.reading().headline == "A headline of five words")
        #expect(try reader().verify().isSound)
        try store.redact(1, reason: "")
        try store.emptyLog()
        let file = try Data(contentsOf: URL(fileURLWithPath: store.path))
        #expect(file.range(of: Data("five words".utf8)) == nil)
    }

    // MARK: In steps

    private static let many = StoreWriter.partsAtOnce * 2 + 10
    private static let texts = (0..<many).map { "Part number \($0) of very many, with words of its own: \($0 * 7919)" }

    @Test func thousandsOfPartsAreCommittedInSteps() throws {
        let store = try StoreWriter(directory: scratch.path)
        var seen: [Int64] = []
        let delivery = Make.delivery(Int64(Self.many) + 1, Self.texts)
        try store.append([delivery]) {
            // Between the steps nobody sees a part.
            seen.append((try? reader().lastID()) ?? -1)
            #expect((try? ids { $0.includesParts = true })?.isEmpty == (seen.last == 0))
            #expect(((try? reader().row(5)) == nil) == (seen.last == 0))
            #expect((try? reader().verify().isSound) == true)
        }
        #expect(seen == [0, 0, Int64(Self.many) + 1])
        #expect(try reader().verify().parts == Self.many)
    }

    @Test func whatAnEndInBetweenLeavesIsRemoved() throws {
        let store = try StoreWriter(directory: scratch.path)
        try store.append([Make.entry(1, "A story alone")])
        let delivery = Make.delivery(Int64(Self.many) + 2, Self.texts)
        var steps = 0
        #expect(throws: StoreError.self) {
            // The disk is full after the first step.
            try store.append([delivery]) {
                steps += 1
                if steps == 1 { try? store.limitPages(to: 1) }
            }
        }
        #expect(steps == 1)
        let left = try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM part") }
        #expect(left == StoreWriter.partsAtOnce)
        store.close()
        // The next start knows that there is no such delivery, and something else gets the numbers.
        let next = try StoreWriter(directory: scratch.path)
        #expect(next.lastID == 1)
        for table in ["part", "document", "sketch", "reading"] {
            let rows = try next.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
            #expect(rows == (table == "part" ? 0 : 1), "\(table)")
        }
        try next.append([Make.entry(2, "Another story alone")])
        #expect(try reader().verify().isSound)
    }

    @Test func theSameEntriesCanBeAppendedAgainWhenThereIsRoom() throws {
        let store = try StoreWriter(directory: scratch.path)
        let entries = [Make.entry(1, "A story alone"), Make.delivery(Int64(Self.many) + 2, Self.texts)]
        var steps = 0
        #expect(throws: StoreError.self) {
            try store.append(entries) {
                steps += 1
                if steps == 2 { try? store.limitPages(to: 1) }
            }
        }
        #expect(steps == 2 && store.lastID == 1)
        try store.limitPages(to: 1 << 30)
        try store.append(entries)
        #expect(store.lastID == Int64(Self.many) + 2)
        let proof = try reader().verify()
        #expect(proof.isSound && proof.parts == Self.many && proof.rows == 2)
    }

    // MARK: Redaction

    @Test func redactingAPartTakesItsContainerAlong() throws {
        let store = try StoreWriter(directory: scratch.path)
        try store.append([Make.delivery(3, ["The first of two", "The second of two"], kept: "the whole container")])
        try store.append([
            Make.delivery(5, ["The second of two"], repeating: ["The second of two": 2], kept: "the other container")
        ])
        #expect(try reader().document(3)?.bytes == Array("the whole container".utf8))
        #expect(throws: StoreError.self, "not alone") { try store.redact(3, reason: "") }
        #expect(try store.deliveries(withBytesOf: 2) == [3, 5])
        try store.redact(2, reason: "a complaint")
        #expect(try reader().document(2) == nil && reader().document(3) == nil && reader().document(5) == nil)
        #expect(try reader().document(1) != nil)
        #expect(try store.containers(ofRedacted: [2]) == [3, 5])
        let proof = try reader().verify()
        #expect(proof.isSound, "\(proof.checks.flatMap(\.faults))")
    }

    @Test func searchFindsParts() throws {
        let store = try filled()
        let index = try SearchIndex(directory: scratch.path, store: store.lastCheckpoint().epoch)
        while try index.advance() > 0 {}
        #expect(try reader().found("second") == [3])
        #expect(try reader().found("story") == [8, 1])
        #expect(try reader().verifyIndex(complete: true).isSound)
    }

    // MARK: Recovery

    private func recover() throws -> (result: RecoveryResult, reader: StoreReader) {
        let new = scratch.path("new")
        try FileManager.default.createDirectory(atPath: new, withIntermediateDirectories: true)
        let result = try StoreRecovery(directory: scratch.path).run(into: new) { _, _ in }
        return (result, try StoreReader(directory: new))
    }

    @Test func recoveryBringsPartsOver() throws {
        let store = try filled()
        let head = store.chainHead
        store.close()
        let (result, reader) = try recover()
        #expect(result.isComplete && result.rows == 4 && result.stories == 5)
        let proof = try reader.verify()
        #expect(proof.isSound && proof.parts == 4 && proof.head == head, "\(proof.checks.flatMap(\.faults))")
        #expect(try reader.document(3)?.bytes == Array("The second of two".utf8))
    }

    @Test func aPartWhoseRowIsLostIsMadeAnew() throws {
        let store = try filled()
        try store.pool.write { try $0.execute(sql: "DELETE FROM part WHERE id = 3") }
        try store.emptyLog()
        store.close()
        let (result, reader) = try recover()
        #expect(result.partless == [4] && result.remade == [3] && result.lost.isEmpty)
        #expect(try reader.document(3)?.bytes == Array("The second of two".utf8))
        #expect(try reader.row(3)?.part?.delivery == 4)
        let proof = try reader.verify()
        #expect(proof.isSound, "\(proof.checks.flatMap(\.faults))")
    }

    @Test func partsOutliveTheirDeliverysRow() throws {
        let store = try filled()
        try store.pool.write { try $0.execute(sql: "DELETE FROM ledger WHERE id = 4") }
        try store.emptyLog()
        store.close()
        let (result, reader) = try recover()
        #expect(result.remade == [2, 3] && result.lost == [4...4])
        #expect(try reader.document(2)?.bytes == Array("The first of two".utf8))
        let proof = try reader.verify()
        #expect(proof.isSound, "\(proof.checks.flatMap(\.faults))")
    }
}
