// What stands between a file and the service, who is told of it, and how it is counted.

import Foundation
import TestSupport
import Testing

@testable import Files
@testable import Inbox

struct ObstacleTests {
    private let second: Int64 = 1_000_000_000
    private let error = FileError(.renameat2, EACCES, path: "x")

    @Test func whatNeedsAPersonIsToldTwiceTheSecondTimeAfterAMinute() {
        var list = Deferrals<RelativePath>()
        func told(_ now: Int64, _ cause: Deferral.Cause) -> Telling? {
            list.postpone("a", now: now * second, cause: cause, isNews: true)
        }
        #expect(told(0, .fileForbidden) == .first)
        #expect(told(31, .fileForbidden) == nil)
        #expect(told(63, .fileForbidden) == .stillWaiting)
        #expect(told(1000, .fileForbidden) == nil)
        list.remove("a")
        #expect(told(1000, .fileForbidden) == .first, "a new delivery is news again")
    }

    @Test func aWriterMayTakeItsTime() {
        var list = Deferrals<RelativePath>()
        func told(_ now: Int64) -> Telling? { list.postpone("a", now: now * second, isNews: true) }
        #expect([told(0), told(60), told(119)] == [nil, nil, nil])
        #expect(told(121) == .first)
        #expect(told(10_000) == nil, "it is nobody's fault")
    }

    @Test func aDirectoryIsToldOnceForAllFilesInItAndAgainAfterAMinute() {
        var obstacles = Obstacles()
        let deferral = Deferral(error, directory: "wire")
        var told: [Telling?] = []
        for now in [0, 1, 59, 61, 200] as [Int64] {
            told.append(obstacles.meet(deferral, at: "wire", isClosed: false, now: now * second))
        }
        #expect(told == [.first, nil, nil, .stillWaiting, nil])
    }

    @Test func whatWaitsIsCountedByReasonAndPlace() {
        var obstacles = Obstacles()
        var list = Deferrals<RelativePath>()
        _ = obstacles.meet(Deferral(error, directory: "wire"), at: "wire", isClosed: false, now: 5)
        for name in ["wire/a", "wire/b/c"] as [RelativePath] {
            list.postpone(name, now: 7, cause: .directoryForbidden)
        }
        for name in ["x", "y"] as [RelativePath] { list.postpone(name, now: 9, cause: .failed) }
        obstacles.meet(Deferral(FileError(.openat2, EACCES, path: "y")), file: "y")
        list.postpone("z", now: 1)
        _ = obstacles.meet(.tooDeep("deep"), at: "deep", isClosed: true, now: 6)
        func found() -> [String] {
            obstacles.count(list).map { "\($0.cause.rawValue) \($0.name) \($0.files ?? -1) \($0.since)" }
        }
        #expect(
            found() == [
                "failed wire 2 5", "too-deep deep -1 6", "failed y 2 9", "being-written z 1 1",
            ], "what needs a person comes first")
        for name in list.names { list.remove(name) }
        obstacles.forgetClosed(notSeenSince: 7)
        #expect(found() == [], "nothing waits any more, and a walk did not meet the closed one again")
    }

    @Test func theWordsNameWhoMayAndWhatToRun() throws {
        let test = try TestSpool()
        test.drop("x", as: "wire/2026/a.txt")
        let directory = try test.spool.inbox.directory(beneath: "wire/2026")
        let moved = test.spool.deferral(error, "wire/2026/a.txt", in: directory)
        #expect(moved.cause == .directoryForbidden)
        #expect(moved.directory == "wire", "one command for the whole tree")
        let inbox = test.spool.options.inboxPath
        let me = UserNames.name(of: Process.user)
        #expect(moved.sentence.contains("may not move files out of wire/2026/, which belongs to \(me)"))
        #expect(moved.hint?.contains("can run: setfacl -R -P -m u:\(me):rwX \(inbox)/wire") == true)
        let read = test.spool.deferral(FileError(.openat2, EACCES, path: "x"), "wire/2026/a.txt", in: directory)
        #expect(read.cause == .fileForbidden && read.directory == nil)
        #expect(read.hint?.hasSuffix("-m u:\(me):r \(inbox)/wire/2026/a.txt") == true)
    }

    @Test(arguments: [
        ("/a/b-c_1.txt", "/a/b-c_1.txt"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("$(reboot)", "'$(reboot)'"),
        ("a\nb", #"$'a\x0ab'"#), ("Ünder", "'Ünder'"), ("", "''"), ("a;b", "'a;b'"),
    ])
    func aPathIsOneWordForTheShell(path: String, word: String) {
        #expect(PrintableName.shellWord(Array(path.utf8)) == word)
    }

    @Test func bytesThatAreNoTextAreEscapedForTheShell() {
        #expect(PrintableName.shellWord([0x61, 0xFF, 0x27]) == #"$'a\xff\x27'"#)
    }

    @Test func usersAreNamedByThePasswordFileAlone() {
        let scratch = Scratch()
        scratch.write("root:x:0:0::/:/bin/sh\nwiredesk:x:1234:5::/:/bin/sh\nbroken\n", to: "passwd")
        #expect(UserNames.name(of: 1234, in: scratch.path) == "wiredesk")
        #expect(UserNames.name(of: 7, in: scratch.path) == "7")
        #expect(UserNames.name(of: 7, in: scratch.path("nowhere")) == "7")
    }
}
