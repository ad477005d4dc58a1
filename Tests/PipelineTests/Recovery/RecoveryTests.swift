// What a crash or a power cut leaves, made by hand: every line of the state table.

import Foundation
import Resemblance
import Store
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

struct RecoveryTests {
    private func text(_ name: String) -> String {
        "Story \(name)\n\n" + (0..<40).map { "\(name)\($0)" }.joined(separator: " ")
    }

    /// Commits `name` and leaves its file where a crash between COMMIT and unlink would; returns its place in work/.
    @discardableResult
    private func commitAndKeep(_ test: TestPipeline, _ name: String) throws -> String {
        let pipeline = try test.start { $0.spool.keepsArchive = true }
        let count = test.outcomes.count
        test.drop(text(name), as: name)
        #expect(test.await(count + 1))
        pipeline.stop()
        let row = try #require(try test.rows().last)
        let place = test.scratch.path("spool/work/\(row.identity.claim)")
        rename(test.scratch.path("spool/archive/\(row.id / 1000)/\(row.id)"), place)
        try markUnclean(test, finished: row.id - 1)
        return place
    }

    private func markUnclean(_ test: TestPipeline, finished: Int64) throws {
        let store = try StoreWriter(directory: test.scratch.path("state"))
        try store.setCheckpoint(finished: finished, isClean: false)
        store.close()
    }

    @Test func aFileInWorkWithARowIsFinished() throws {
        let test = TestPipeline()
        try commitAndKeep(test, "a.txt")
        let pipeline = try test.start()
        #expect(eventually { test.isEmpty })
        pipeline.stop()
        #expect(try test.rows().count == 1, "not a second time")
    }

    @Test(arguments: [SystemCall.statx, .openat2, .read])
    func whatCannotBeLookedAtInWorkWaitsForTheNextStartAndIsNotTakenTwice(call: SystemCall) throws {
        let test = TestPipeline()
        let place = try commitAndKeep(test, "sub/a.txt")
        do {
            let fault = Fault(call, below: place, first: 1, count: 1000, code: EIO)
            let pipeline = try test.start()
            test.drop(text("b"), as: "b.txt")
            #expect(test.await(2), "others go on")
            fault.end()
            pipeline.stop()
        }
        #expect(test.stuck == ["sub/a.txt"])
        #expect(FileManager.default.fileExists(atPath: place))
        let pipeline = try test.start()
        #expect(eventually { test.isEmpty })
        pipeline.stop()
        #expect(try test.rows().count == 2, "not a second time")
    }

    @Test func aLeftoverThatCannotBeMovedOutOfWorkDoesNotHoldUpTheStart() throws {
        let test = TestPipeline()
        try test.start().stop()
        symlink("/nowhere", test.scratch.path("spool/work/1"))
        let fault = Fault(.openat2, below: test.scratch.path("spool/rejected/"), first: 1, count: 100, code: ENOSPC)
        let pipeline = try test.start()
        test.drop(text("b"), as: "b.txt")
        #expect(test.await(2))
        fault.end()
        pipeline.stop()
        #expect(test.isEmpty)
        #expect(test.scratch.exists("spool/rejected/1.json"))
    }

    @Test func aLeaseThatCannotBeAskedAboutIsAskedAboutAgain() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        let fault = Fault(.fcntlGetLease, below: test.scratch.path("spool"), code: EIO)
        test.drop(text("a"), as: "a.txt")
        #expect(test.await(1))
        #expect(eventually { fault.seen == 1 })
        pipeline.stop()
        #expect(test.isEmpty, "tried again at the stop at the latest")
        #expect(try test.rows().count == 1)
    }

    @Test func aFileInWorkWithoutARowIsReadAgain() throws {
        let test = TestPipeline()
        try test.start().stop()
        let place = test.scratch.write(text("b"), to: "spool/work/7")
        let pipeline = try test.start()
        #expect(test.await(1))
        test.drop(text("c"), as: "c.txt")
        #expect(test.await(2))
        pipeline.stop()
        #expect(!FileManager.default.fileExists(atPath: place))
        #expect(
            try test.rows().map { String(decoding: $0.name, as: UTF8.self) } == ["recovered/7", "c.txt"],
            "the journal does not know its name")
        #expect(try test.rows().map(\.identity.claim) == [7, 8])
        #expect(test.isEmpty)
    }

    @Test func whatACrashLeavesInWorkKeepsItsName() throws {
        let test = TestPipeline()
        var pipeline = try test.start()
        try pipeline.store.limitPages(to: 1)
        test.drop(largeStory(1), as: "sub/a.txt")
        #expect(eventually { test.scratch.exists("spool/work/1") })
        #expect(eventually { test.events.contains { if case .noRoom = $0 { true } else { false } } })
        #expect(!pipeline.stop())
        pipeline = try test.start()
        #expect(test.await(1))
        pipeline.stop()
        #expect(try test.rows().map { String(decoding: $0.name, as: UTF8.self) } == ["sub/a.txt"])
        #expect(try test.rows().map(\.identity.claim) == [1])
    }

    @Test func aClaimWhoseFileVanishedFromWorkIsToldOf() throws {
        let test = TestPipeline()
        var pipeline = try test.start()
        try pipeline.store.limitPages(to: 1)
        for i in 1...2 { test.drop(largeStory(i), as: "\(i).txt") }
        #expect(eventually { test.scratch.exists("spool/work/2") })
        #expect(eventually { test.events.contains { if case .noRoom = $0 { true } else { false } } })
        #expect(!pipeline.stop())
        unlink(test.scratch.path("spool/work/1"))
        pipeline = try test.start()
        #expect(test.await(1))
        pipeline.stop()
        #expect(test.events.contains { if case .claimLost(1, _) = $0 { true } else { false } })
    }

    @Test func aFileThatChangedAfterItsRowIsANewDelivery() throws {
        let test = TestPipeline()
        let place = try commitAndKeep(test, "a.txt")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: place))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(" and more".utf8))
        try handle.close()
        let pipeline = try test.start()
        #expect(test.await(2))
        pipeline.stop()
        let rows = try test.rows()
        #expect(rows.count == 2 && rows[1].size == rows[0].size + 9)
    }

    @Test func aDifferentFileWithTheSameNameAndBytesIsADelivery() throws {
        let test = TestPipeline()
        let place = try commitAndKeep(test, "a.txt")
        rename(place, place + ".old")
        try Data(text("a.txt").utf8).write(to: URL(fileURLWithPath: place))
        unlink(place + ".old")
        let pipeline = try test.start()
        #expect(test.await(2))
        pipeline.stop()
        #expect(try test.rows().map(\.verdict) == [.new, .identical])
    }

    @Test func afterAPowerCutAFileThatCameBackToTheInboxIsFinished() throws {
        let test = TestPipeline()
        rename(try commitAndKeep(test, "a.txt"), test.scratch.path("spool/inbox/a.txt"))
        test.scratch.write("1 another-boot\n", to: "state/.copytaster.lock")
        let pipeline = try test.start()
        #expect(eventually { test.isEmpty })
        pipeline.stop()
        #expect(try test.rows().count == 1)
    }

    @Test func withinOneBootTheSameFileLinkedAgainIsADelivery() throws {
        let test = TestPipeline()
        rename(try commitAndKeep(test, "a.txt"), test.scratch.path("spool/inbox/a.txt"))
        let pipeline = try test.start()
        #expect(test.await(2))
        pipeline.stop()
        #expect(try test.rows().map(\.verdict) == [.new, .identical])
    }

    @Test func arejectionIsFinishedAsItsRowSays() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        symlink("/nowhere", test.scratch.path("spool/inbox/link"))
        #expect(test.await(1))
        pipeline.stop()
        rename(test.scratch.path("spool/rejected/1"), test.scratch.path("spool/work/1"))
        unlink(test.scratch.path("spool/rejected/1.json"))
        try markUnclean(test, finished: 0)
        let again = try test.start()
        #expect(eventually { test.scratch.names(in: "spool/rejected") == ["1", "1.json"] })
        again.stop()
        #expect(try test.rows().count == 1)
    }

    @Test func aRequeuedFileInWorkIsANewDelivery() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        symlink("/nowhere", test.scratch.path("spool/inbox/link"))
        #expect(test.await(1))
        #expect(eventually { test.scratch.exists("spool/rejected/1.json") })
        pipeline.stop()
        // As a crash leaves it after the requeue was answered and the file claimed, before its row.
        rename(test.scratch.path("spool/rejected/1"), test.scratch.path("spool/work/2"))
        unlink(test.scratch.path("spool/rejected/1.json"))
        try markUnclean(test, finished: 0)
        let store = try StoreWriter(directory: test.scratch.path("state"))
        try store.note(action: "requeue", story: 1, detail: "link")
        store.close()
        let again = try test.start()
        #expect(test.await(2), "the earlier rejection has the same inode")
        again.stop()
        #expect(try test.rows().map(\.verdict) == [.rejected, .rejected])
    }

    @Test func afterACleanStopNothingIsLookedFor() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        test.drop(text("a"), as: "a.txt")
        #expect(test.await(1))
        pipeline.stop()
        let store = try StoreWriter(directory: test.scratch.path("state"))
        #expect(try store.lastCheckpoint().isClean)
        #expect(try store.lastCheckpoint().finished == 1)
    }

    @Test func aLeftoverThatIsStillWrittenWhileItsNameIsTakenIsNotStranded() throws {
        let test = TestPipeline()
        try test.start().stop()
        let writer = open(test.scratch.write(text("left"), to: "spool/work/1"), O_WRONLY)
        let other = open(test.scratch.write(text("new"), to: "spool/inbox/a.txt"), O_WRONLY)
        let pipeline = try test.start()
        close(writer)
        close(other)
        #expect(test.await(2))
        pipeline.stop()
        #expect(test.isEmpty)
    }

    @Test func threeCrashesAloneMakeASuspect() throws {
        let scratch = Scratch()
        let note = SuspectNote(state: try Directory(path: scratch.path))
        scratch.write("x", to: "file")
        let file = try Directory(path: scratch.path).status("file")
        #expect(note.crashes(of: file) == 0)
        try note.begin(file, crashes: 0)
        #expect(note.crashes(of: file) == 1)
        try note.begin(file, crashes: 1)
        #expect(note.crashes(of: file) == 2)
        try note.begin(file, crashes: 2)
        #expect(note.crashes(of: file) == SuspectNote.limit)
        scratch.write("y", to: "other")
        let other = try Directory(path: scratch.path).status("other")
        #expect(note.crashes(of: other) == 0, "the note is about another file")
        note.end()
        #expect(note.crashes(of: file) == 0)
    }

    /// It was under suspicion until its row was durable: three kills while the disk was full, and it was rejected.
    @Test func aFileThatWaitsForItsCommitIsNoSuspect() throws {
        let test = TestPipeline()
        func startWithoutRoom() throws -> Pipeline {
            let pipeline = try Pipeline(test.options, observer: test.observer)
            try pipeline.store.limitPages(to: 1)
            try pipeline.start()
            return pipeline
        }
        func refusals() -> Int { test.events.count { if case .noRoom = $0 { true } else { false } } }
        var pipeline = try startWithoutRoom()
        test.drop(largeStory(1), as: "a.txt")
        #expect(eventually { refusals() == 1 })
        #expect(!pipeline.stop())
        pipeline = try startWithoutRoom()
        #expect(eventually { refusals() == 2 }, "what the last run left is judged")
        #expect(eventually { !test.scratch.exists("state/suspect") })
        try pipeline.store.limitPages(to: 1_000_000)
        #expect(test.await(1))
        pipeline.stop()
        #expect(test.outcomes.map(\.row.verdict) == [.new])
    }

    @Test func whatGathersDuringACommitGoesIntoTheNextOne() {
        func batch(_ count: Int) -> JudgedBatch {
            let status = FileStatus.example
            let claim = Claim(
                sequence: 0, source: .spool(number: 1), name: "a", file: nil, status: status, isLeased: false,
                refusal: nil)
            let unread = Delivery(claim: claim, content: .unreadable(FileError(.open, EIO, path: "a")))
            return JudgedBatch(Array(repeating: Decision(delivery: unread), count: count))
        }
        let merged = JudgedBatch.merged([1, 2, 3, 500, 512, 1].map(batch), upTo: 512)
        #expect(merged.map(\.files.count) == [506, 512, 1])
    }

    @Test func queuesKeepTheOrderOfClaims() {
        let buffer = OrderedBuffer<Int>(first: 5)
        for i in [7, 6, 9, 5] { buffer.put(i, at: UInt64(i)) }
        #expect(buffer.take(atMost: 10)?.batch == [5, 6, 7])
        buffer.put(8, at: 8)
        #expect(buffer.take(atMost: 1)?.batch == [8])
        buffer.close()
        #expect(buffer.take(atMost: 10)?.batch == [9])
        #expect(buffer.take(atMost: 10) == nil)
    }
}

extension FileStatus {
    /// Something to make a claim of.
    static var example: FileStatus {
        guard let status = try? Directory(path: "/").status("etc") else { preconditionFailure("/etc") }
        return status
    }
}
