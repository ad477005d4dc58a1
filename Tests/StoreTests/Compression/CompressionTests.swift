import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

struct CompressionTests {
    let scratch = Scratch()

    /// A story of its own with much that the others have, too.
    private static func story(_ number: Int) -> String {
        var text = "Headline \(number)\n\nLONDON, March 3 (Reuters) - "
        for sentence in 0..<12 {
            text += "A spokesman said on Wednesday that clause\((number * 7 + sentence) % 60) of the agreement "
            text += "between the two governments was number\(number)x\(sentence). "
        }
        return text + "\n(Reporting by the London newsroom; editing by the desk in Singapore)\n"
    }

    private static let stories = (0..<200).map { Array(story($0).utf8) }

    @Test func whatManyStoriesShareIsCompressedInLessRoom() throws {
        let store = try StoreWriter(directory: scratch.path)
        #expect(store.dictionary == nil)
        #expect(try store.trainDictionary(from: Self.stories))
        let dictionary = try #require(store.dictionary)
        let compressor = Compressor()
        let fresh = Array(Self.story(1001).utf8)
        let (with, without) = (compressor.compress(fresh, by: dictionary), compressor.compress(fresh, by: nil))
        #expect(with.coding == 2 && without.coding == 1)
        #expect(with.bytes.count * 10 < without.bytes.count * 9, "\(with.bytes.count) of \(without.bytes.count)")
        #expect(compressor.compress(Array("a flash".utf8), by: dictionary).coding == 0, "too small to gain anything")
    }

    @Test func aStoryOfAnyCodingIsReadBackAlsoInAnotherProcess() throws {
        let (early, late) = (Self.story(1), Self.story(2))
        do {
            let store = try StoreWriter(directory: scratch.path)
            try store.append([Make.entry(1, early)])
            #expect(try store.trainDictionary(from: Self.stories))
            try store.append([Make.entry(2, late, by: store.dictionary), Make.entry(3, "a flash")])
            store.close()
        }
        let store = try StoreWriter(directory: scratch.path)
        #expect(store.dictionary?.number == 1, "the next run goes on with it")
        let reader = try StoreReader(directory: scratch.path)
        #expect(try reader.document(1)?.bytes == Array(early.utf8))
        #expect(try reader.document(2)?.bytes == Array(late.utf8))
        #expect(try reader.document(3)?.bytes == Array("a flash".utf8))
        let codings = try reader.read("codings") { try Int.fetchAll($0, sql: "SELECT coding FROM document") }
        #expect(codings == [1, 2, 0])
        #expect(try reader.verify().isSound)
    }

    @Test(arguments: [
        "UPDATE dictionary SET bytes = zeroblob(50000)", "DELETE FROM dictionary", "DROP TABLE dictionary",
    ])
    func oneDamagedCopyOfADictionaryCostsNothing(damage: String) throws {
        // Of its own: dictionaries that were loaded before are known by their digest.
        let stories = (0..<200).map { Array((Self.story($0) + damage).utf8) }
        let text = Self.story(3)
        do {
            let store = try StoreWriter(directory: scratch.path)
            #expect(try store.trainDictionary(from: stories))
            try store.append([Make.entry(1, text, by: store.dictionary)])
            store.close()
        }
        try DatabaseQueue(path: scratch.path + "/" + StoreWriter.fileName).write { try $0.execute(sql: damage) }
        let reader = try StoreReader(directory: scratch.path)
        #expect(try reader.document(1)?.bytes == Array(text.utf8))
    }

    @Test func damageToBothCopiesIsToldAndNeverReadAsAnotherText() throws {
        let stories = (0..<200).map { Array((Self.story($0) + "damaged twice").utf8) }
        do {
            let store = try StoreWriter(directory: scratch.path)
            #expect(try store.trainDictionary(from: stories))
            try store.append([Make.entry(1, Self.story(3), by: store.dictionary)])
            store.close()
        }
        try DatabaseQueue(path: scratch.path + "/" + StoreWriter.fileName).write {
            try $0.execute(sql: "UPDATE dictionary SET bytes = zeroblob(50000)")
            try $0.execute(sql: "UPDATE dictionarycopy SET bytes = zeroblob(50000)")
        }
        let reader = try StoreReader(directory: scratch.path)
        #expect(throws: StoreError.self) { try reader.document(1) }
        #expect(try !reader.verify().isSound)
    }

    @Test func noStorysOwnTextOutlivesItInADictionary() throws {
        var stories = Self.stories
        let secret = "the minister's private number is 4711 and nobody else may know it"
        // One fewer than are needed.
        for index in 0..<DictionaryBuilder.fewestStories - 1 { stories[index] += Array(secret.utf8) }
        let bytes = try #require(DictionaryBuilder.dictionary(of: stories))
        #expect(bytes.firstRange(of: Array("private".utf8)) == nil)
        #expect(bytes.firstRange(of: Array("4711".utf8)) == nil)
        #expect(bytes.firstRange(of: Array("A spokesman said on Wednesday that ".utf8)) != nil)
        stories[DictionaryBuilder.fewestStories - 1] += Array(secret.utf8)
        let shared = try #require(DictionaryBuilder.dictionary(of: stories))
        #expect(shared.firstRange(of: Array("private number is 4711".utf8)) != nil, "what is shared is kept")
    }

    @Test func storiesThatShareNothingTeachNothing() throws {
        let store = try StoreWriter(directory: scratch.path)
        let strangers = (0..<100).map { number in
            Array((0..<80).map { "w\(number)x\($0)" }.joined(separator: " ").utf8)
        }
        #expect(try !store.trainDictionary(from: strangers))
        #expect(try !store.trainDictionary(from: []))
        #expect(store.dictionary == nil)
    }
}
