import TestSupport
import Testing

@testable import Files
@testable import Inbox

struct SenderTests {
    @Test func oneOwnersDirectoriesLeaveRoomForOthersAndTheRestIsOneRow() {
        var table = SenderTable()
        for i in 1...1000 { table.update(Sender(owner: 1, directory: FileName(Int64(i)))) { $0.deliveries += 1 } }
        table.update(Sender(owner: 2, directory: "wire")) { $0.deliveries += 1 }
        #expect(table.all.count == SenderTable.mostOfOwner + 2)
        #expect(table.all.first { $0.sender == nil }?.deliveries == Int64(1000 - SenderTable.mostOfOwner))
        #expect(table.all.contains { $0.sender == Sender(owner: 2, directory: "wire") })
        for owner in 3..<1000 { table.update(Sender(owner: UInt32(owner), directory: nil)) { $0.waiting += 1 } }
        #expect(table.all.count == SenderTable.mostSenders + 1)
        #expect(table.all.map(\.deliveries).reduce(0, +) == 1001, "none is lost")
        table.clearWaiting()
        #expect(table.all.allSatisfy { $0.waiting == 0 } && table.all.map(\.deliveries).reduce(0, +) == 1001)
    }

    @Test func aSilentSourceIsToldOnceAndAgainAfterItWasHeard() {
        var watch = QuietWatch()
        watch.use(["wire": 100, "pictures": 1000], now: 0)
        #expect(watch.nextDue == 100)
        #expect(watch.takeSilent(now: 99).isEmpty)
        #expect(watch.heard("wire", now: 50) == nil)
        #expect(watch.heard("unknown", now: 50) == nil)
        #expect(watch.takeSilent(now: 149).isEmpty)
        #expect(watch.takeSilent(now: 160).map(\.silence) == [110])
        #expect(watch.takeSilent(now: 170).isEmpty && watch.nextDue == 1000)
        #expect(watch.heard("wire", now: 200) == 150)
        #expect(watch.heard("wire", now: 201) == nil)
        watch.use(["wire": 10], now: 205)
        #expect(watch.takeSilent(now: 210).isEmpty, "what was heard is known after a reload")
        #expect(watch.takeSilent(now: 211).map(\.source) == ["wire"])
        watch.use([:], now: 300)
        #expect(watch.nextDue == .max)
    }
}
