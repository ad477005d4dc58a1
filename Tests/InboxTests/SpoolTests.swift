import Foundation
import TestSupport
import Testing

@testable import Files
@testable import Inbox

/// A spool in a scratch directory.
final class TestSpool {
    let scratch = Scratch()
    let spool: Spool
    private var sequence: UInt64 = 0

    init(_ change: (inout Spool.Options) -> Void = { _ in }) throws {
        Files.Process.ignoreSignals()
        var options = Spool.Options(path: scratch.path("spool"))
        change(&options)
        spool = try Spool(options)
    }

    @discardableResult
    func drop(_ text: String, as name: String) -> String { scratch.write(text, to: "spool/inbox/" + name) }

    func claim(_ name: String, settled: FileStatus? = nil) throws -> ClaimOutcome {
        let path = RelativePath(name)
        defer { sequence += 1 }
        return spool.claim(path, in: try spool.inbox.directory(path.directory), sequence: sequence, settled: settled)
    }

    func claimed(_ name: String) throws -> Claim {
        guard case .claimed(let claim) = try claim(name) else { throw Unexpected() }
        return claim
    }

    func finish(_ claim: Claim, as disposition: Disposition = .stored, isVerified: Bool = false) throws -> FinishOutcome
    {
        try spool.finish(
            claim.workName, row: 7, as: disposition, readAt: claim.status, leasedBy: claim.isLeased ? claim.file : nil,
            isVerified: isVerified)
    }

    var inbox: [String] { scratch.names(in: "spool/inbox") }
    var work: [String] { scratch.names(in: "spool/work").filter { $0 != ".copytaster.lock" } }

    struct Unexpected: Error {}
}

struct SpoolTests {
    @Test func aClaimedFileLiesInWorkAndIsUnlinkedWhenFinished() throws {
        let test = try TestSpool()
        test.drop("story", as: "a.txt")
        let claim = try test.claimed("a.txt")
        #expect(test.inbox == [] && test.work == ["a.txt"])
        #expect(claim.isLeased)
        #expect(try claim.file?.readAll(expected: 5, limit: 100) == Array("story".utf8))
        #expect(try test.finish(claim) == .done)
        #expect(test.work == [])
    }

    @Test func aFileInASubdirectoryKeepsItsPath() throws {
        let test = try TestSpool()
        test.drop("story", as: "xinhua/2024/a.txt")
        let claim = try test.claimed("xinhua/2024/a.txt")
        #expect(claim.name == RelativePath("xinhua/2024/a.txt"))
        #expect(test.scratch.exists("spool/work/xinhua/2024/a.txt"))
        #expect(try test.finish(claim) == .done)
        #expect(test.inbox == ["xinhua"], "the sender's directories stay")
    }

    @Test func aFileThatIsStillOpenForWritingWaits() throws {
        let test = try TestSpool()
        let writer = open(test.drop("half", as: "a.txt"), O_WRONLY)
        guard case .deferred(let deferral) = try test.claim("a.txt") else { throw TestSpool.Unexpected() }
        #expect(deferral.cause == .beingWritten)
        #expect(test.inbox == ["a.txt"])
        close(writer)
        _ = try test.claimed("a.txt")
    }

    @Test func whereLeasesDoNotWorkAFileMustStandStill() throws {
        let test = try TestSpool()
        let path = test.drop("half", as: "a.txt")
        let fault = Fault(.fcntlSetLease, below: test.scratch.path, count: 100, code: EINVAL)
        defer { fault.end() }
        guard case .unsettled(let first) = try test.claim("a.txt") else { throw TestSpool.Unexpected() }
        try Data("half and more".utf8).write(to: URL(fileURLWithPath: path))
        guard case .unsettled(let second) = try test.claim("a.txt", settled: first) else {
            throw TestSpool.Unexpected()
        }
        guard case .claimed(let claim) = try test.claim("a.txt", settled: second) else { throw TestSpool.Unexpected() }
        #expect(!claim.isLeased)
    }

    @Test func aSecondFileOfTheNameWaits() throws {
        let test = try TestSpool()
        test.drop("first", as: "a.txt")
        let first = try test.claimed("a.txt")
        test.drop("second", as: "a.txt")
        guard case .deferred(let deferral) = try test.claim("a.txt") else { throw TestSpool.Unexpected() }
        #expect(deferral.cause == .nameInFlight)
        _ = try test.finish(first)
        #expect(try test.claimed("a.txt").file?.readAll(expected: 0, limit: 100) == Array("second".utf8))
    }

    @Test(arguments: ["link", "fifo", "socket"])
    func whatIsNoFileIsRefusedUnopened(_ kind: String) throws {
        let test = try TestSpool()
        let path = test.scratch.path("spool/inbox/x")
        switch kind {
        case "link": symlink("/etc/passwd", path)
        case "fifo": mkfifo(path, 0o600)
        default: _ = try LocalSocket(listening: test.spool.inbox, name: RelativePath("x"))
        }
        let claim = try test.claimed("x")
        #expect(claim.refusal?.code == (kind == "link" ? "symbolic-link" : kind))
        #expect(claim.file == nil)
        #expect(try test.finish(claim, as: .rejected(explanation: Array("{}".utf8))) == .done)
        #expect(test.scratch.names(in: "spool/rejected/7") == ["rejection.json", "x"])
    }

    @Test func aFileThatIsTooLargeIsRefused() throws {
        let test = try TestSpool { $0.maximumSize = 3 }
        test.drop("four", as: "a.txt")
        #expect(try test.claimed("a.txt").refusal?.code == "too-large")
        test.drop("abc", as: "b.txt")
        #expect(try test.claimed("b.txt").refusal == nil)
    }

    @Test func whatIsWrittenAfterReadingGoesBackAsANewDelivery() throws {
        let test = try TestSpool()
        test.drop("text", as: "a.txt")
        let claim = try test.claimed("a.txt")
        claim.file?.dropLease()
        let unleased = Claim(
            sequence: 0, name: claim.name, workName: claim.workName, file: nil, status: claim.status, isLeased: false,
            refusal: nil)
        try FileHandle(forWritingTo: URL(fileURLWithPath: test.scratch.path("spool/work/a.txt"))).write(
            contentsOf: Data("more!".utf8))
        #expect(try test.finish(unleased) == .returned)
        #expect(test.inbox == ["a.txt"] && test.work == [])
    }

    @Test func aWriterThatWaitsForTheLeaseGetsItsFileBack() throws {
        let test = try TestSpool()
        let path = test.drop("text", as: "a.txt")
        let other = test.scratch.path("other-name")
        link(path, other)
        let claim = try test.claimed("a.txt")
        #expect(open(other, O_WRONLY | O_NONBLOCK) == -1, "the lease holds the writer back")
        #expect(try test.finish(claim) == .returned)
        #expect(test.inbox == ["a.txt"])
    }

    @Test func aChangedInodeAloneAsksForTheBytes() throws {
        let test = try TestSpool()
        let path = test.drop("text", as: "a.txt")
        link(path, test.scratch.path("other-name"))
        let claim = try test.claimed("a.txt")
        unlink(test.scratch.path("other-name"))
        #expect(try test.finish(claim) == .suspect)
        #expect(test.work == ["a.txt"])
        #expect(try test.finish(claim, isVerified: true) == .done)
        #expect(test.work == [])
    }

    @Test func whenItsNameIsTakenAChangedFileStaysInWork() throws {
        let test = try TestSpool()
        test.drop("text", as: "a.txt")
        let claim = try test.claimed("a.txt")
        test.drop("another", as: "a.txt")
        #expect(try test.spool.putBack(claim.workName) == .changed)
        #expect(test.work == ["a.txt"])
        claim.file?.dropLease()
        guard case .claimed(let again) = test.spool.reclaim(claim.workName, sequence: 9) else {
            throw TestSpool.Unexpected()
        }
        #expect(again.name == claim.name)
    }

    @Test func finishedFilesAreKeptWhereThatIsConfigured() throws {
        let test = try TestSpool { $0.keepsArchive = true }
        let name = String(repeating: "n", count: 255)
        test.drop("text", as: name)
        #expect(try test.finish(test.claimed(name)) == .done)
        #expect(test.scratch.names(in: "spool/archive/0") == [String(("7-" + name).prefix(255))])
    }

    @Test func withoutBirthTimesWorkNamesAreUnique() throws {
        let test = try TestSpool { $0.hasBirthTimes = false }
        test.drop("text", as: "sub/a.txt")
        let claim = try test.claimed("sub/a.txt")
        #expect(claim.workName != claim.name)
        #expect(Spool.token(ofWork: claim.workName) != nil)
        #expect(test.spool.inboxName(ofWork: claim.workName) == claim.name)
        #expect(try test.finish(claim) == .done)
        #expect(test.work == [], "the unique directory goes with the file")
    }

    @Test func requeuedFilesAreDeliveredAgain() throws {
        let test = try TestSpool { $0.maximumSize = 3 }
        test.drop("four", as: "sub/a.txt")
        _ = try test.finish(test.claimed("sub/a.txt"), as: .rejected(explanation: Array("{}".utf8)))
        try test.spool.requeue(row: 7, name: RelativePath("sub/a.txt"))
        #expect(test.scratch.exists("spool/inbox/sub/a.txt"))
        #expect(test.scratch.names(in: "spool/rejected") == [])
    }

    @Test func aFileNamedLikeTheExplanationDoesNotLoseIt() throws {
        let test = try TestSpool()
        symlink("/nowhere", test.scratch.path("spool/inbox/rejection.json"))
        _ = try test.finish(test.claimed("rejection.json"), as: .rejected(explanation: Array("{}".utf8)))
        #expect(test.scratch.names(in: "spool/rejected/7") == ["rejection-of-it.json", "rejection.json"])
    }

    @Test func anInboxElsewhereHoldsTheOtherStations() throws {
        let scratch = Scratch()
        mkdir(scratch.path("ftp"), 0o755)
        let spool = try Spool(Spool.Options(path: scratch.path("unused"), externalInbox: scratch.path("ftp")))
        scratch.write("text", to: "ftp/a.txt")
        guard case .claimed = spool.claim(RelativePath("a.txt"), in: spool.inbox, sequence: 0) else {
            throw TestSpool.Unexpected()
        }
        #expect(scratch.exists("ftp/.copytaster/work/a.txt"))
        #expect(try SpoolCount(spool.options, filter: .none).claimed == 1)
    }
}
