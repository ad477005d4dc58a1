import Testing

@testable import Pipeline

struct OrderedBufferTests {
    private func taken(_ buffer: OrderedBuffer<Int>) -> [Int] { buffer.take(atMost: 512)?.batch ?? [] }

    @Test func whatIsPutLateComesAfterWhatIsReadyAndOneAtATime() {
        let buffer = OrderedBuffer<Int>(first: 0)
        buffer.put(late: 100)
        buffer.put(late: 101)
        buffer.put(1, at: 1)
        #expect(taken(buffer) == [100], "1 still waits for 0")
        buffer.put(0, at: 0)
        #expect(taken(buffer) == [0, 1])
        buffer.put(2, at: 2)
        #expect(taken(buffer) == [101], "it is its turn, whatever else is ready")
        #expect(taken(buffer) == [2])
        buffer.put(late: 102)
        buffer.close()
        #expect(taken(buffer) == [102], "nothing is left behind")
        #expect(buffer.take(atMost: 512) == nil)
    }
}
