import TestSupport
import Testing

@testable import Files
@testable import Inbox

struct ClaimQueueTests {
    private func candidate(_ number: Int, in directory: FileName? = nil) -> ClaimQueue.Candidate {
        let name = FileName(Int64(number + 1))
        let path = directory.map { RelativePath($0).appending(name) } ?? RelativePath(name)
        return ClaimQueue.Candidate(name: path, seen: nil, isNews: true)
    }

    private func order(_ queue: inout ClaimQueue, where mayGo: (UInt32, Bool) -> Bool = { _, _ in true }) -> [String] {
        var order: [String] = []
        while let (sender, candidate) = queue.take(where: mayGo) { order.append("\(sender.owner):\(candidate.name)") }
        return order
    }

    @Test func ownersTakeTurnsWhateverOneOfThemHasWaiting() {
        var queue = ClaimQueue()
        for i in 0..<1000 { queue.add(candidate(i), from: Sender(owner: 1, directory: nil)) }
        queue.add(candidate(0), from: Sender(owner: 2, directory: nil))
        let order = order(&queue)
        #expect(order.count == 1001)
        #expect(order.firstIndex(of: "2:1") == 1)
        #expect(order.filter { $0.hasPrefix("1:") } == (1...1000).map { "1:\($0)" }, "each line in its own order")
        #expect(queue.isEmpty)
    }

    @Test func manyDirectoriesOfOneOwnerAreOneOwner() {
        var queue = ClaimQueue()
        for i in 0..<500 {
            let directory = FileName(Int64(i + 1))
            queue.add(candidate(i, in: directory), from: Sender(owner: 1, directory: directory))
        }
        for i in 0..<3 { queue.add(candidate(i), from: Sender(owner: 2, directory: nil)) }
        let all = order(&queue)
        let places = all.enumerated().filter { $0.element.hasPrefix("2:") }.map(\.offset)
        #expect(places == [1, 3, 5])
    }

    @Test func directoriesOfOneOwnerTakeTurns() {
        var queue = ClaimQueue()
        for i in 0..<100 { queue.add(candidate(i, in: "a"), from: Sender(owner: 1, directory: "a")) }
        queue.add(candidate(0, in: "b"), from: Sender(owner: 1, directory: "b"))
        let all = order(&queue)
        #expect(all.firstIndex(of: "1:b/1") == 1)
    }

    @Test func whoHasItsShareOnTheWayIsPassedOver() {
        var queue = ClaimQueue()
        for owner: UInt32 in [1, 2] {
            for i in 0..<2 { queue.add(candidate(i), from: Sender(owner: owner, directory: nil)) }
        }
        let others = order(&queue, where: { owner, _ in owner != 1 })
        #expect(others == ["2:1", "2:2"])
        #expect(queue.count == 2)
        let rest = order(&queue)
        #expect(rest == ["1:1", "1:2"])
    }

    @Test func oneOwnersLinesAreBoundedAndTheRestIsRemembered() {
        var queue = ClaimQueue()
        let flood = Sender(owner: 1, directory: "flood")
        for i in 0..<ClaimQueue.mostNames + 5 { queue.add(candidate(i, in: "flood"), from: flood) }
        #expect(queue.count == ClaimQueue.mostNames)
        #expect(queue.incomplete == [flood])
        let early = queue.takeIncomplete()
        #expect(early == [], "no room yet")
        let other = Sender(owner: 1, directory: "other")
        let isAdded = queue.add(candidate(0, in: "other"), from: other)
        #expect(isAdded, "the owner's other directories still come to a turn")
        for _ in 0..<ClaimQueue.mostNames { _ = queue.take { _, _ in true } }
        let (late, again) = (queue.takeIncomplete(), queue.takeIncomplete())
        #expect(late == [flood])
        #expect(again == [])
    }

    @Test func aSendersQuotaOfFilesIsItsOwn() {
        var queue = ClaimQueue()
        queue.quota.files = 100
        let (flood, wire) = (Sender(owner: 1, directory: "flood"), Sender(owner: 1, directory: "wire"))
        for i in 0..<150 { queue.add(candidate(i, in: "flood"), from: flood) }
        #expect(queue.count == 100 && queue.isOverQuota(flood) && queue.incomplete == [flood])
        let isAdded = queue.add(candidate(0, in: "wire"), from: wire)
        #expect(isAdded && !queue.isOverQuota(wire), "the same owner's other directory has one of its own")
        for _ in 0..<40 { _ = queue.take { _, _ in true } }
        let early = queue.takeIncomplete()
        #expect(early.isEmpty && !queue.isOverQuota(flood), "it is looked for when half has gone")
        for _ in 0..<20 { _ = queue.take { _, _ in true } }
        #expect(queue.takeIncomplete() == [flood])
    }

    @Test func aSendersQuotaOfBytesCountsWhatIsKnown() throws {
        let scratch = Scratch()
        scratch.write([UInt8](repeating: 65, count: 1000), to: "large")
        let status = try Directory(path: scratch.path).status("large")
        var queue = ClaimQueue()
        queue.quota.bytes = 2500
        let sender = Sender(owner: 1, directory: nil)
        for i in 0..<5 {
            let name = RelativePath(FileName(Int64(i + 1)))
            queue.add(ClaimQueue.Candidate(name: name, seen: status, isNews: true), from: sender)
        }
        #expect(queue.count == 3, "the one that goes beyond is the last")
        #expect(queue.isOverQuota(sender))
        var waiting: [Int64] = []
        queue.forEachSender { _, _, bytes in waiting.append(bytes) }
        #expect(waiting == [3000])
        _ = queue.take { _, _ in true }
        #expect(!queue.isOverQuota(sender) && !queue.hasDrained(sender))
        _ = queue.take { _, _ in true }
        #expect(queue.hasDrained(sender))
    }
}
