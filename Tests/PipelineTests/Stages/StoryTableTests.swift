import TestSupport
import Testing

@testable import Pipeline

struct StoryTableTests {
    @Test func itAnswersAsADictionaryDoes() {
        var table = StoryTable()
        var model: [UInt64: Int64] = [:]
        var random: UInt64 = 88_172_645_463_325_252
        for id in 1...60_000 as ClosedRange<Int64> {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            // Some keys come again, some differ in one half only.
            let key = id % 5 == 0 ? random % 1000 : id % 7 == 0 ? random << 32 : random
            #expect(table[key] == model[key])
            table[key] = id
            model[key] = id
        }
        #expect(model.allSatisfy { table[$0.key] == $0.value })
        #expect(table[0xDEAD_BEEF_0000_0001] == nil)
        #expect(table.bytes < model.count * 20)
    }

    @Test func whatIsTakenBackWasNeverThere() {
        var table = StoryTable()
        var random = SplitMix64(seed: 11)
        var model: [UInt64: Int64] = [:]
        var history: [(key: UInt64, earlier: Int64?)] = []
        for id in 1...40_000 as ClosedRange<Int64> {
            // Some keys come again, and many are near each other, whatever they are spread by.
            let key = UInt64.random(in: 0..<20_000, using: &random)
            history.append((key, table[key]))
            (table[key], model[key]) = (id, id)
            if id % 100 == 0 {
                for _ in 0..<Int.random(in: 0..<90, using: &random) {
                    let (key, earlier) = history.removeLast()
                    table.restore(key, to: earlier)
                    model[key] = earlier
                }
            }
        }
        #expect((0..<20_000).allSatisfy { table[$0] == model[$0] })
        while let (key, earlier) = history.popLast() {
            table.restore(key, to: earlier)
            model[key] = earlier
            if history.count % 1000 == 0 { #expect((0..<20_000).allSatisfy { table[$0] == model[$0] }) }
        }
        #expect((0..<20_000).allSatisfy { table[$0] == nil })
    }

    @Test func whatDoesNotFitIsLeftOut() {
        var table = StoryTable(expecting: 10)
        table[7] = 1 << 32
        #expect(table[7] == nil)
        table[7] = 1 << 32 - 1
        #expect(table[7] == 1 << 32 - 1)
        table[0] = 5
        #expect(table[0] == 5, "zero is a key like any other")
    }
}
