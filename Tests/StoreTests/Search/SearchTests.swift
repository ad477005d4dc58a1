import Foundation
import TestSupport
import Testing

@testable import Store

struct SearchTests {
    let scratch = Scratch()

    private func indexed(_ texts: [String]) throws -> (StoreWriter, SearchIndex, StoreReader) {
        let store = try StoreWriter(directory: scratch.path)
        try store.append(texts.enumerated().map { Make.entry(Int64($0.offset + 1), $0.element) })
        let index = try SearchIndex(directory: scratch.path, store: store.lastCheckpoint().epoch)
        while try index.advance() > 0 {}
        return (store, index, try StoreReader(directory: scratch.path))
    }

    @Test(
        arguments: [
            ("hun sen", [2, 1]), ("HUN", [2, 1]), ("\"election victory\"", [1]), ("\"victory election\"", []),
            ("congrat*", [2, 1]),
            ("北京", [3]), ("洪森", [3]), ("习近平", [3]), ("京", [3]), ("北森", []), ("hun 北京", []), ("ភ្នំពេញ", [4]),
            ("พนมเปญ", [5]),
            ("\"", []), ("AND OR NOT (", []), ("zürich", [6]), ("zurich", [6]), ("", []), ("*", []),
            ("hun\" NEAR(", []),
        ] as [(String, [Int64])])
    func findsStories(query: String, ids: [Int64]) throws {
        let (_, _, reader) = try indexed([
            "Chinese leaders congratulate Hun Sen on election victory", "Hun Sen received congratulations",
            "国家主席习近平在北京会见洪森。", "ព័ត៌មានពីភ្នំពេញ ថ្ងៃនេះ", "ข่าวจากพนมเปญวันนี้", "Bericht aus Zürich",
        ])
        #expect(try reader.search(query, limit: 10).ids == ids)
    }

    @Test func theIndexGoesOnWhereItStoppedAndIsRebuiltWhenGone() throws {
        let (store, index, reader) = try indexed(["one story"])
        try store.append([Make.entry(2, "another story")])
        #expect(try reader.search("story", limit: 10).behind == 1)
        #expect(try index.advance() == 1)
        #expect(try reader.search("story", limit: 10).ids == [2, 1])
        #expect(try reader.search("story", limit: 1).ids == [2], "the newest first")
        SearchIndex.remove(directory: scratch.path)
        let again = try SearchIndex(directory: scratch.path, store: store.lastCheckpoint().epoch)
        while try again.advance() > 0 {}
        #expect(try reader.search("story", limit: 10).ids == [2, 1])
    }

    @Test func aBatchThatMustEndKeepsWhatIsDone() throws {
        let (store, index, reader) = try indexed([])
        try store.append((1...5).map { Make.entry($0, "story number \($0)") })
        var asked = 0
        let moved = try index.advance {
            asked += 1
            return asked > 3
        }
        #expect(moved > 0 && moved < 5)
        #expect(try index.progress() == Int64(moved))
        #expect(try index.advance() == 5 - moved)
        #expect(try reader.search("story", limit: 10).ids == [5, 4, 3, 2, 1])
    }

    @Test func anIndexOfAnotherStoreIsNotUsed() throws {
        _ = try indexed(["one story"])
        let other = try SearchIndex(directory: scratch.path, store: "another")
        #expect(try other.progress() == 0)
    }

    @Test func aRedactedStoryIsNotFound() throws {
        let (store, index, reader) = try indexed(["a secret story", "a public story"])
        try index.remove(1)
        try store.redact(1, reason: "privacy")
        #expect(try reader.search("secret", limit: 10).ids == [])
        #expect(try reader.search("story", limit: 10).ids == [2])
    }

    @Test func theBestMatchComesFirstWhenAsked() throws {
        let (_, _, reader) = try indexed([
            "Rice harvest\n\nrice rice rice prices",
            "A long report on trade\n\nthat names rice once among many other goods and words",
        ])
        #expect(try reader.search("rice", limit: 10).ids == [2, 1])
        #expect(try reader.search("rice", limit: 10, best: true).ids == [1, 2])
    }
}
