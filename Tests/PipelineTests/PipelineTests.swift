// What the pipeline promises of files, verdicts, and its own life.

import Foundation
import Resemblance
import Store
import Synchronization
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

struct PipelineTests {
    @Test func verdictsOfRepeatsInOrder() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        test.drop(story(1), as: "a.txt")
        #expect(test.await(1))
        test.drop(story(1), as: "b.txt")
        #expect(test.await(2))
        test.drop(story(1).replacing(" ", with: "  ").uppercased(), as: "c.txt")
        #expect(test.await(3))
        test.drop(story(2), as: "sub/a.txt")
        #expect(test.await(4))
        #expect(pipeline.stop())
        let rows = try test.rows()
        #expect(rows.map(\.verdict) == [.new, .identical, .sameText, .new])
        #expect(rows.map(\.of) == [nil, 1, 1, nil])
        #expect(test.isEmpty)
        #expect(try test.isSound())
    }

    @Test func aVersionJoinsTheFamilyOfTheStoryThatItUpdatesAndAKillWithdrawsIt() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        let headline = "Fire in London market hall destroys stalls"
        test.drop("\(headline)\n\nFire crews were called to the old hall this morning.", as: "a.txt")
        #expect(test.await(1))
        test.drop(
            "UPDATE 2-\(headline)\n\nNobody was hurt, said police on Monday, and the cause is unknown.", as: "b.txt")
        #expect(test.await(2))
        test.drop("Another headline altogether here\n\nIt has nothing to do with it.", as: "c.txt")
        #expect(test.await(3))
        let reader = try StoreReader(directory: test.scratch.path("state"))
        #expect(try reader.families().family(of: 2) == 1)
        #expect(try reader.withdrawals { try reader.families() }.status(of: 1) == "usable")
        test.drop("KILL: \(headline)\n\nEditors: please kill this story. It is wrong.", as: "d.txt")
        #expect(test.await(4))
        pipeline.stop()
        let families = try reader.families()
        #expect([1, 2, 3, 4].map { families.family(of: $0) } == [1, 1, 3, 1])
        let withdrawals = try reader.withdrawals { families }
        #expect([1, 2, 3, 4].map { withdrawals.status(of: $0) } == ["canceled", "canceled", "usable", "canceled"])
        #expect(test.outcomes.map(\.family) == [nil, 1, nil, 1])
        // What another process judged is looked up in the store.
        let again = try test.start()
        test.drop("KILL: \(headline)\n\nEditors: please kill this story. It is wrong.", as: "e.txt")
        #expect(test.await(5))
        test.drop("UPDATE 3-\(headline)\n\nFour people were treated for smoke, doctors at the ward say.", as: "f.txt")
        #expect(test.await(6))
        test.drop("UPDATE 3-\(headline)\n\nFour people were treated for smoke, doctors at the ward say.", as: "g.txt")
        #expect(test.await(7))
        again.stop()
        #expect(test.outcomes.suffix(3).map(\.family) == [1, 1, 1])
        #expect(test.outcomes.suffix(3).map(\.row.of) == [4, nil, 6])
    }

    @Test func theSameFilesGiveTheSameAnswersWhateverTheNumberOfWorkers() throws {
        var ledgers: [[String]] = []
        for workers in [1, 2, 5] {
            let test = TestPipeline()
            for i in 0..<60 {
                let path = test.scratch.write(story(i % 40), to: "spool/inbox/\(String(format: "%03d", i)).txt")
                var times = [timeval(tv_sec: 1000 + i, tv_usec: 0), timeval(tv_sec: 1000 + i, tv_usec: 0)]
                utimes(path, &times)
            }
            let pipeline = try test.start { $0.workers = workers }
            #expect(test.await(60))
            pipeline.stop()
            ledgers.append(
                try test.rows().map {
                    "\($0.id) \($0.verdict) \($0.of ?? 0) \(String(decoding: $0.name, as: UTF8.self))"
                })
        }
        #expect(ledgers[0] == ledgers[1] && ledgers[1] == ledgers[2])
    }

    @Test func verdictsAreTheSameAfterARestart() throws {
        let test = TestPipeline()
        var pipeline = try test.start()
        test.drop(story(1), as: "a.txt")
        #expect(test.await(1))
        pipeline.stop()
        pipeline = try test.start()
        test.drop(story(1), as: "b.txt")
        test.drop(story(1).lowercased() + " ", as: "c.txt")
        #expect(test.await(3))
        pipeline.stop()
        #expect(try test.rows().map(\.verdict) == [.new, .identical, .sameText])
    }

    @Test func aSecondRoadOnTheSameSpoolOrStoreIsRefused() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        defer { pipeline.stop() }
        #expect(throws: PipelineError.self) { try Pipeline(test.options, observer: PipelineObserver()) }
        var otherState = test.options
        otherState.state = test.scratch.path("other")
        #expect(throws: PipelineError.self) { try Pipeline(otherState, observer: PipelineObserver()) }
    }

    @Test func filesFromBeforeTheStartAndInMovedInDirectoriesAreTaken() throws {
        let test = TestPipeline()
        test.scratch.write(story(1), to: "spool/inbox/before/deep/a.txt")
        let pipeline = try test.start()
        #expect(test.await(1))
        test.scratch.write(story(2), to: "outside/x/b.txt")
        rename(test.scratch.path("outside"), test.scratch.path("spool/inbox/moved"))
        #expect(test.await(2))
        // The moved directory is watched from now on.
        test.drop(story(3), as: "moved/x/c.txt")
        #expect(test.await(3))
        pipeline.stop()
        #expect(
            try test.rows().map { String(decoding: $0.name, as: UTF8.self) } == [
                "before/deep/a.txt", "moved/x/b.txt", "moved/x/c.txt",
            ])
    }

    @Test func directoriesMayMoveWithinTheInboxAndOutOfIt() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        test.drop(story(1), as: "a/deep/1.txt")
        #expect(test.await(1))
        rename(test.scratch.path("spool/inbox/a"), test.scratch.path("spool/inbox/b"))
        test.drop(story(2), as: "b/deep/2.txt")
        #expect(test.await(2))
        rename(test.scratch.path("spool/inbox/b"), test.scratch.path("gone"))
        test.drop(story(3), as: "c.txt")
        #expect(test.await(3))
        test.scratch.write(story(4), to: "gone/deep/4.txt")
        test.drop(story(5), as: "d.txt")
        #expect(test.await(4))
        pipeline.stop()
        #expect(test.scratch.exists("gone/deep/4.txt"), "what lies outside the inbox is not ours")
        #expect(
            try test.rows().map { String(decoding: $0.name, as: UTF8.self) } == [
                "a/deep/1.txt", "b/deep/2.txt", "c.txt", "d.txt",
            ])
    }

    @Test func hardLinksArriveWithoutBeingClosed() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        link(test.scratch.write(story(1), to: "original.txt"), test.scratch.path("spool/inbox/linked.txt"))
        #expect(test.await(1))
        pipeline.stop()
        #expect(test.scratch.exists("original.txt"), "the other name of the file is not ours")
    }

    @Test func aFileThatIsWrittenSlowlyIsTakenOnceAndWhole() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        let slow = FileHandle(fileDescriptor: creat(test.scratch.path("spool/inbox/slow.txt"), 0o600))
        for part in 0..<20 {
            try slow.write(contentsOf: Data("part \(part) ".utf8))
            usleep(5_000)
        }
        test.drop(story(1), as: "fence.txt")
        #expect(test.await(1))
        #expect(test.outcomes.map(\.row.name) == [Array("fence.txt".utf8)], "its writer is not done")
        try slow.close()
        #expect(test.await(2))
        #expect(pipeline.stop())
        let size = (0..<20).map { "part \($0) ".utf8.count }.reduce(0, +)
        #expect(try test.rows().dropFirst().map(\.size) == [Int64(size)])
        #expect(test.isEmpty)
    }

    @Test func stoppingTwiceGivesTheSameAnswer() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        #expect(pipeline.state == .running)
        let answers = Mutex<[Bool]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let isWell = pipeline.stop()
            answers.withLock { $0.append(isWell) }
        }
        #expect(answers.withLock { $0 } == [true, true, true, true])
        #expect(pipeline.state == .stopped)
        #expect(pipeline.stop())
    }

    /// A stop may come as soon as the inbox is watched, while the start still starts threads: none may be left behind to
    /// use a store that is closed.
    @Test func aStopInTheMidstOfAStartWaitsForEveryThread() throws {
        for _ in 0..<10 {
            let test = TestPipeline()
            let isWatching = DispatchSemaphore(value: 0)
            let running = Atomic(0)
            var observer = test.observer
            observer.happened = { event in
                guard case .inbox(.watching) = event else { return }
                isWatching.signal()
            }
            observer.pulse = { _, _ in
                running.add(1, ordering: .relaxed)
                return .ignored
            }
            var options = test.options
            // So that the start takes a while.
            options.workers = 300
            let pipeline = try Pipeline(options, observer: observer)
            let hasStopped = DispatchSemaphore(value: 0)
            DispatchQueue.global().async {
                isWatching.wait()
                pipeline.stop()
                hasStopped.signal()
            }
            try pipeline.start()
            hasStopped.wait()
            #expect(pipeline.state == .stopped)
            #expect(throws: StoreError.self) { try pipeline.store.lastCheckpoint() }
            // Every stage had begun, and ended, before the store was closed: none makes its pulse now.
            let count = running.load(ordering: .relaxed)
            usleep(2_000)
            #expect(running.load(ordering: .relaxed) == count)
        }
    }

    @Test func aPipelineThatWasNeverStartedCanBeStopped() throws {
        let test = TestPipeline()
        let pipeline = try Pipeline(test.options, observer: PipelineObserver())
        #expect(pipeline.state == .starting)
        #expect(pipeline.stop())
        // And leaves the store and the spool to the next.
        #expect(try test.start().stop())
    }

    @Test func rejectedFilesSayWhyAndComeBack() throws {
        let test = TestPipeline()
        var pipeline = try test.start { $0.spool.maximumSize = 10 }
        test.drop(story(1), as: "a.txt")
        #expect(test.await(1))
        #expect(eventually { test.scratch.names(in: "spool/rejected") == ["1", "1.json"] })
        let note = try #require(
            FileManager.default.contents(atPath: test.scratch.path("spool/rejected/1.json")))
        let json = try #require(try JSONSerialization.jsonObject(with: note) as? [String: Any])
        #expect(json["code"] as? String == "too-large")
        #expect((json["hint"] as? String)?.contains("inbox.maxsize") == true)
        pipeline.stop()
        pipeline = try test.start()
        try pipeline.spool.requeue(row: 1, name: "a.txt")
        #expect(test.await(2))
        pipeline.stop()
        #expect(try test.rows().map(\.verdict) == [.rejected, .new])
    }

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

    @Test func theInboxMayGoAndComeBack() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        test.drop(story(1), as: "a.txt")
        #expect(test.await(1))
        rename(test.scratch.path("spool/inbox"), test.scratch.path("spool/away"))
        #expect(eventually { test.events.contains { if case .inbox(.inboxLost) = $0 { true } else { false } } })
        mkdir(test.scratch.path("spool/inbox"), 0o700)
        #expect(eventually { test.events.contains { if case .inbox(.inboxBack) = $0 { true } else { false } } })
        test.drop(story(2), as: "b.txt")
        #expect(test.await(2))
        pipeline.stop()
    }

    @Test func whatCannotBeReadGoesBackAndIsTriedAgainLaterNotAtOnce() throws {
        let test = TestPipeline()
        let pipeline = try test.start { $0.feeder.unreadable = 300_000_000 }
        let fault = Fault(.read, below: test.scratch.path("spool/inbox"), count: 2, code: EIO)
        let began = Date()
        test.drop(story(1), as: "a.txt")
        #expect(test.await(1))
        #expect(Date().timeIntervalSince(began) > 0.5, "two failures, two pauses")
        #expect(test.events.count { if case .unreadable = $0 { true } else { false } } == 2)
        #expect(fault.seen >= 3)
        pipeline.stop()
        #expect(test.isEmpty)
    }

    @Test func withoutWatchesItPolls() throws {
        let test = TestPipeline()
        let fault = Fault(.inotifyAddWatch, below: test.scratch.path, count: 1_000_000, code: ENOSPC)
        defer { fault.end() }
        let pipeline = try test.start { $0.feeder.poll = 50_000_000 }
        #expect(eventually { test.events.contains { if case .inbox(.polling) = $0 { true } else { false } } })
        test.drop(story(1), as: "a.txt")
        #expect(test.await(1))
        pipeline.stop()
    }

    @Test func whatCannotBeOpenedIsDeferredOnceWithAHint() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        let fault = Fault(.renameat2, below: test.scratch.path, count: 1_000_000, code: EACCES)
        test.drop(story(1), as: "a.txt")
        #expect(
            eventually {
                test.events.contains {
                    if case .inbox(.deferred(let name, let deferral, .first)) = $0 {
                        name == .root && deferral.hint?.contains(test.scratch.path("spool/inbox")) == true
                    } else {
                        false
                    }
                }
            })
        fault.end()
        #expect(test.await(1), "it is tried again by itself")
        pipeline.stop()
    }
}
