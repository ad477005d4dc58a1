// What the feeder's thread does, with a spool of its own and nobody behind it.

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Files
@testable import Inbox

struct FeederTests {
    /// Claims until `isEnough`; returns the names in the order of their claims.
    private func claims(
        _ scratch: Scratch, until isEnough: @escaping @Sendable ([String]) -> Bool,
        meanwhile: @escaping @Sendable (Int) -> Void
    ) throws -> [String] {
        let spool = try Spool(Spool.Options(path: scratch.path("spool")))
        _ = spool.journal.reconcile(with: .none, filesInWork: [])
        let feeder = try Feeder(spool: spool, options: Feeder.Options(filter: .none)) { _ in }
        let names = Mutex<[String]>([])
        let submit: (Claim) -> Void = { claim in
            // Nobody finishes it: its sender's share is not used up all the same.
            feeder.finished(claim)
            let all = names.withLock { names in
                names.append(claim.name.description)
                return names
            }
            meanwhile(all.count)
            if isEnough(all) { feeder.stop() }
        }
        feeder.run(firstSequence: 0, door: Feeder.Door(pulse: { _ in }, admit: { _ in true }, submit: submit))
        return names.withLock { $0 }
    }

    @Test func whatArrivesDuringALongWalkDoesNotWaitForItsEnd() throws {
        let scratch = Scratch()
        let count = 3000
        for i in 0..<count { scratch.write("", to: "spool/inbox/flood/\(i)") }
        scratch.write("", to: "outgoing")
        mkdir(scratch.path("spool/inbox/wire"), 0o755)
        // "flood" is read before "wire" is watched: the file goes where a watch is already.
        let order = try claims(scratch, until: { $0.count > count }) { number in
            if number == 10 { rename(scratch.path("outgoing"), scratch.path("spool/inbox/late.txt")) }
        }
        let place = try #require(order.firstIndex(of: "late.txt"))
        #expect(place < count / 2, "claimed in the midst of the flood, not after it")
    }

    @Test func aDirectoryThatArrivesIsWalkedWithAllInIt() throws {
        let scratch = Scratch()
        scratch.write("", to: "spool/inbox/first")
        scratch.write("", to: "tree/a/b/c.txt")
        scratch.write("", to: "tree/d.txt")
        let order = try claims(scratch, until: { $0.count == 3 }) { number in
            if number == 1 { rename(scratch.path("tree"), scratch.path("spool/inbox/tree")) }
        }
        #expect(Set(order) == ["first", "tree/a/b/c.txt", "tree/d.txt"])
    }
}
