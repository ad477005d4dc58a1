// What the pipeline promises of files on their way in: each is taken once and whole, however it comes, or is told of.

import Foundation
import Resemblance
import Store
import Synchronization
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

struct ArrivalTests {
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
