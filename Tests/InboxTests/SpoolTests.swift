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
        _ = spool.journal.reconcile(with: .none, filesInWork: [])
    }

    @discardableResult
    func drop(_ text: String, as name: String) -> String { scratch.write(text, to: "spool/inbox/" + name) }

    func claim(_ name: String, settled: FileStatus? = nil) throws -> ClaimOutcome {
        let path = try #require(RelativePath(name))
        defer { sequence += 1 }
        let directory = try spool.inbox.directory(beneath: path.directory)
        return spool.claim(path, in: directory, sequence: sequence, settled: settled)
    }

    func claimed(_ name: String) throws -> Claim {
        guard case .claimed(let claim) = try claim(name) else { throw Unexpected() }
        return claim
    }

    func finish(_ claim: Claim, as disposition: Disposition = .stored, isVerified: Bool = false) throws -> FinishOutcome
    {
        try spool.finish(
            claim.number, row: 7, as: disposition, readAt: claim.status, leasedBy: claim.isLeased ? claim.file : nil,
            isVerified: isVerified)
    }

    var inbox: [String] { scratch.names(in: "spool/inbox") }
    var work: [String] { scratch.names(in: "spool/work").filter { !$0.hasPrefix(".") } }

    struct Unexpected: Error {}
}

extension LedgerClaims {
    /// An empty ledger.
    static var none: LedgerClaims {
        LedgerClaims(store: "test", recent: [:], count: { (0, 0) }, rows: { _ in [] })
    }
}

struct SpoolTests {
    @Test func aClaimedFileLiesInWorkAndIsUnlinkedWhenFinished() throws {
        let test = try TestSpool()
        test.drop("story", as: "a.txt")
        let claim = try test.claimed("a.txt")
        #expect(test.inbox == [] && test.work == ["1"])
        #expect(claim.isLeased)
        #expect(try claim.file?.readAll(expected: 5, limit: 100) == Array("story".utf8))
        #expect(try test.finish(claim) == .done)
        #expect(test.work == [])
    }

    @Test func aFileInASubdirectoryKeepsItsPath() throws {
        let test = try TestSpool()
        test.drop("story", as: "xinhua/2024/a.txt")
        let claim = try test.claimed("xinhua/2024/a.txt")
        #expect(claim.name == "xinhua/2024/a.txt")
        #expect(test.work == ["1"], "names in work/ are flat, and the service's own")
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

    @Test func aSecondFileOfTheNameDoesNotWaitForTheFirst() throws {
        let test = try TestSpool()
        test.drop("first", as: "a.txt")
        let first = try test.claimed("a.txt")
        test.drop("second", as: "a.txt")
        let second = try test.claimed("a.txt")
        #expect(test.work == ["1", "2"])
        #expect(try second.file?.readAll(expected: 0, limit: 100) == Array("second".utf8))
        _ = try test.finish(first)
        #expect(test.work == ["2"])
    }

    @Test func aNameThatWasADirectoryIsClaimedLikeAnyOther() throws {
        let test = try TestSpool()
        test.drop("first", as: "a/b")
        let first = try test.claimed("a/b")
        rmdir(test.scratch.path("spool/inbox/a"))
        test.drop("second", as: "a")
        _ = try test.claimed("a")
        #expect(test.work == ["1", "2"])
        _ = try test.finish(first)
    }

    /// The look at the name and the move are two steps: what a stranger exchanges in between must not lead anywhere.
    @Test func aDirectoryThatTakesTheFilesPlaceAtTheLastMomentStaysOutside() throws {
        let test = try TestSpool()
        test.drop("text", as: "a.txt")
        let seen = try test.spool.inbox.status("a.txt")
        unlink(test.scratch.path("spool/inbox/a.txt"))
        mkfifo(test.scratch.path("spool/inbox/a.txt"), 0o600)
        let fifo = try test.spool.inbox.status("a.txt")
        unlink(test.scratch.path("spool/inbox/a.txt"))
        test.drop("hers", as: "a.txt/x/copytaster.sqlite")
        for status in [fifo, seen] {
            let outcome = test.spool.claim("a.txt", in: test.spool.inbox, sequence: 0, seen: status)
            guard case .gone = outcome else { throw TestSpool.Unexpected() }
        }
        #expect(test.scratch.exists("spool/inbox/a.txt/x/copytaster.sqlite"))
        #expect(try test.spool.filesInWork().found.isEmpty)
        #expect(test.work == [], "what the failed claim left is removed")
    }

    @Test func anotherFileThatTakesTheFilesPlaceIsWhatWasDelivered() throws {
        let test = try TestSpool()
        mkfifo(test.scratch.path("spool/inbox/a.txt"), 0o600)
        let fifo = try test.spool.inbox.status("a.txt")
        unlink(test.scratch.path("spool/inbox/a.txt"))
        test.drop("text", as: "a.txt")
        let outcome = test.spool.claim("a.txt", in: test.spool.inbox, sequence: 0, seen: fifo)
        guard case .claimed(let claim) = outcome else { throw TestSpool.Unexpected() }
        #expect(claim.refusal == nil)
        #expect(try claim.file?.readAll(expected: 0, limit: 100) == Array("text".utf8))
    }

    @Test func withoutHardLinksClaimsAreMadeAllTheSame() throws {
        let test = try TestSpool()
        let fault = Fault(.link, below: test.scratch.path("spool/work"), count: 100, code: EPERM)
        defer { fault.end() }
        test.drop("text", as: "a.txt")
        #expect(try test.finish(test.claimed("a.txt")) == .done)
        #expect(fault.seen == 1)
    }

    @Test(arguments: ["link", "fifo", "socket"])
    func whatIsNoFileIsRefusedUnopened(_ kind: String) throws {
        let test = try TestSpool()
        let path = test.scratch.path("spool/inbox/x")
        switch kind {
        case "link": symlink("/etc/passwd", path)
        case "fifo": mkfifo(path, 0o600)
        default: _ = try LocalSocket(listening: test.spool.inbox, name: "x")
        }
        let claim = try test.claimed("x")
        #expect(claim.refusal?.code == (kind == "link" ? "symbolic-link" : kind))
        #expect(claim.file == nil)
        #expect(try test.finish(claim, as: .rejected(explanation: Array("{}".utf8))) == .done)
        #expect(test.scratch.names(in: "spool/rejected") == ["7", "7.json"])
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
            sequence: 0, source: claim.source, name: claim.name, file: nil, status: claim.status, isLeased: false,
            refusal: nil)
        try FileHandle(forWritingTo: URL(fileURLWithPath: test.scratch.path("spool/work/1"))).write(
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
        #expect(test.work == ["1"])
        #expect(try test.finish(claim, isVerified: true) == .done)
        #expect(test.work == [])
    }

    @Test func whenItsNameIsTakenAChangedFileStaysInWork() throws {
        let test = try TestSpool()
        test.drop("text", as: "a.txt")
        let claim = try test.claimed("a.txt")
        test.drop("another", as: "a.txt")
        #expect(try test.spool.putBack(claim.number, hasRow: true) == .changed)
        #expect(test.work == ["1"])
        claim.file?.dropLease()
        guard case .claimed(let again) = test.spool.reclaim(claim.number, hasRow: true, sequence: 9) else {
            throw TestSpool.Unexpected()
        }
        #expect(again.name == claim.name)
        #expect(again.number == 2 && test.work == ["2"], "its old number belongs to a row")
    }

    @Test func finishedFilesAreKeptWhereThatIsConfigured() throws {
        let test = try TestSpool { $0.keepsArchive = true }
        let name = String(repeating: "n", count: 255)
        test.drop("text", as: name)
        #expect(try test.finish(test.claimed(name)) == .done)
        #expect(test.scratch.names(in: "spool/archive/0") == ["7"])
    }

    @Test func requeuedFilesAreDeliveredAgain() throws {
        let test = try TestSpool { $0.maximumSize = 3 }
        test.drop("four", as: "sub/a.txt")
        _ = try test.finish(test.claimed("sub/a.txt"), as: .rejected(explanation: Array("{}".utf8)))
        try test.spool.requeue(row: 7, name: "sub/a.txt")
        #expect(test.scratch.exists("spool/inbox/sub/a.txt"))
        #expect(test.scratch.names(in: "spool/rejected") == [])
    }

    @Test func anInboxElsewhereHoldsTheOtherStations() throws {
        let scratch = Scratch()
        mkdir(scratch.path("ftp"), 0o755)
        let spool = try Spool(Spool.Options(path: scratch.path("unused"), externalInbox: scratch.path("ftp")))
        _ = spool.journal.reconcile(with: .none, filesInWork: [])
        scratch.write("text", to: "ftp/a.txt")
        guard case .claimed = spool.claim("a.txt", in: spool.inbox, sequence: 0) else {
            throw TestSpool.Unexpected()
        }
        #expect(scratch.exists("ftp/.copytaster/work/1"))
        #expect(try SpoolCount(spool.options, filter: .none).claimed == 1)
    }

    @Test(arguments: ["other's", "writable", "link"])
    func stationsThatAreNotTheServicesOwnAreRefused(_ kind: String) throws {
        let scratch = Scratch()
        mkdir(scratch.path("ftp"), 0o755)
        let stations = scratch.path("ftp/.copytaster")
        switch kind {
        case "other's":
            mkdir(stations, 0o755)
            chown(stations, 64002, 64002)
        case "writable":
            mkdir(stations, 0o755)
            chmod(stations, 0o775)
        default:
            mkdir(scratch.path("elsewhere"), 0o755)
            symlink(scratch.path("elsewhere"), stations)
        }
        #expect(throws: SpoolError.self) {
            try Spool(Spool.Options(path: scratch.path("unused"), externalInbox: scratch.path("ftp")))
        }
        #expect(!scratch.exists("elsewhere/work"))
    }

    @Test func whatCannotBeCountedIsNamedAndNotZero() throws {
        let test = try TestSpool()
        test.drop("text", as: "sub/a.txt")
        let fault = Fault(.openat2, below: test.scratch.path("spool/inbox/sub"), count: 100, code: EACCES)
        defer { fault.end() }
        let count = try SpoolCount(test.spool.options, filter: .none)
        #expect(count.waiting == 0 && count.unreadable.count == 1)
    }
}
