import TestSupport
import Testing

@testable import Resemblance

@Suite struct IndexTests {
    /// The index and a plain dictionary are driven side by side, far enough for the leaves to split.
    @Test func answersLikeADictionary() {
        var random = SplitMix64(seed: 5)
        let index = PostingIndex()
        let loaded = PostingIndex()
        var model: [UInt64: [UInt32]] = [:]
        for story in 0..<30_000 {
            for _ in 0..<25 {
                let wide = UInt64.random(in: 0..<1 << 40, using: &random)
                // Some keys are common, and some sit close together, as sampled shingles do.
                let key = wide % 100 == 0 ? wide % 5000 : wide % 3 == 0 ? wide >> 5 : wide
                index.insert(key, story: story)
                loaded.load(key, story: story)
                if model[key, default: []].count < PostingIndex.common { model[key, default: []].append(UInt32(story)) }
            }
        }
        var checked = 0
        for (key, stories) in model where key % 16 == 0 {
            var found: [UInt32] = []
            index.find(key, into: &found)
            #expect(found == stories)
            var again: [UInt32] = []
            loaded.find(key, into: &again)
            #expect(again == stories)
            checked += 1
        }
        #expect(checked > 20_000)
        #expect(index.memoryBytes < 30_000 * 25 * 9)
    }

    @Test func unknownKeysFindNobody() {
        let index = PostingIndex()
        for key in 0..<1000 { index.insert(UInt64(key) << 13, story: key) }
        var found: [UInt32] = []
        for key in 1000..<9000 { index.find(UInt64(key) << 13, into: &found) }
        #expect(found.isEmpty)
    }
}
