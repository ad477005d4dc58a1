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
