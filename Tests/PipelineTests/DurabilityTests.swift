// What the pipeline promises of the disk: no row before its file is safe, and a disk without room is waited for.

import Foundation
import Resemblance
import Store
import Synchronization
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

struct DurabilityTests {
    @Test func withoutBirthTimesClaimsAreDurableBeforeTheirRows() throws {
        let test = TestPipeline()
        let pipeline = try test.start { $0.spool.hasBirthTimes = false }
        let fault = Fault(.fsync, below: test.scratch.path("spool"), count: 0, code: EIO)
        test.drop(story(1), as: "sub/a.txt")
        #expect(test.await(1))
        #expect(fault.seen >= 3, "work/, the inbox and the file's own directory")
        pipeline.stop()
        #expect(test.isEmpty)
        #expect(try test.rows().first?.identity.claim == 1)
    }

    /// The journal and work/ are synced before the COMMIT: when that fails there is no row.
    @Test(arguments: 1...2)
    func withoutBirthTimesAClaimThatIsNotDurableGetsNoRow(sync: Int) throws {
        let test = TestPipeline()
        mkdir(test.scratch.path("spool"), 0o755)
        let pipeline = try test.start { $0.spool.hasBirthTimes = false }
        let fault = Fault(.fsync, below: test.scratch.path("spool"), first: sync, count: 1, code: EIO)
        test.drop(story(1), as: "sub/a.txt")
        #expect(eventually { pipeline.state == .failed })
        #expect(fault.seen >= sync)
        #expect(!pipeline.stop())
        #expect(try test.rows().isEmpty)
        #expect(test.scratch.exists("spool/work/1"), "it waits for the next start")
    }

    @Test func aFullStoreWaitsAndGoesOnByItself() throws {
        // A limit on pages stands for the full disk: SQLite answers both with SQLITE_FULL.
        let test = TestPipeline()
        let pipeline = try test.start()
        try pipeline.store.limitPages(to: 1)
        test.drop(largeStory(1), as: "a.txt")
        #expect(eventually { test.events.contains { if case .noRoom = $0 { true } else { false } } })
        #expect(test.outcomes.isEmpty)
        try pipeline.store.limitPages(to: 1_000_000)
        #expect(test.await(1))
        #expect(test.events.contains { if case .roomAgain = $0 { true } else { false } })
        #expect(test.events.count { if case .noRoom = $0 { true } else { false } } == 1, "said once")
        pipeline.stop()
        #expect(try test.isSound())
    }

    @Test func stoppingWhileTheStoreIsFullLosesNothing() throws {
        let test = TestPipeline()
        var pipeline = try test.start()
        try pipeline.store.limitPages(to: 1)
        for i in 0..<20 { test.drop(largeStory(i), as: "\(i).txt") }
        #expect(eventually { test.events.contains { if case .noRoom = $0 { true } else { false } } })
        #expect(!pipeline.stop())
        pipeline = try test.start()
        #expect(test.await(20))
        pipeline.stop()
        #expect(try test.rows().count == 20)
        #expect(test.isEmpty)
    }
}
