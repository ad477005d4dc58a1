// The real program, a real store, real files: what a person would try.

import Foundation
import TestSupport
import Testing

@Suite(.serialized)
struct ScenarioTests {
    private func story(_ number: Int) -> [UInt8] {
        let words = (0..<60).map { "w\((number &* 7919 &+ $0 &* 104_729) % 9000)" }.joined(separator: " ")
        return Array("Headline \(number)\n\n\(words)\n".utf8)
    }

    private func seeds(_ program: Program) {
        for prefix in ["000", "003", "004"] { program.deliver(Checkout.seed(prefix), as: "\(prefix).txt") }
    }

    @Test func theSeedsTravelFromTheInboxToTheStoreAndBack() throws {
        let program = Program()
        try program.start()
        seeds(program)
        #expect(try program.await(3))
        for record in try program.ledger() {
            let id = try #require(record["id"] as? Int)
            let name = try #require(record["name"] as? String)
            #expect(try program.run("show", "\(id)", "--raw").output == Data(Checkout.seed(String(name.prefix(3)))))
        }
        let shown = try #require(try program.run("show", "1", "--json").records.first)
        #expect((shown["headline"] as? String)?.hasPrefix("China Congratulates Cambodia") == true)
        #expect(shown["contentcreated"] as? String == "2023-07-24")
        #expect((shown["body"] as? [String])?.count == 6)
        #expect((shown["evidence"] as? [[String: Any]])?.isEmpty == false)
        #expect(eventually { (try? program.run("search", "Diaoyutai").status) == 0 })
        #expect(program.stop() == 0)
        #expect(try program.run("verify").status == 0)
    }

    @Test func aBurstThatOverflowsTheEventQueueIsIngestedWhole() throws {
        let program = Program()
        try program.start()
        let count = 20_000
        for i in 0..<count { program.scratch.write("Flash \(i % 19_000)\n\nA short text.", to: "burst/\(i).txt") }
        let daemon = try #require(program.daemon)
        // Stopped, it cannot read events: 20,000 renames overflow the queue of 16,384.
        kill(daemon.processIdentifier, SIGSTOP)
        for i in 0..<count { rename(program.scratch.path("burst/\(i).txt"), program.inbox + "/\(i).txt") }
        kill(daemon.processIdentifier, SIGCONT)
        #expect(try program.await(count, within: 300))
        #expect(program.log.contains("more arrived at once than the kernel remembers"))
        #expect(program.stop() == 0)
        let verified = try #require(try program.run("verify", "--json").records.first)
        #expect(verified["sound"] as? Bool == true)
        #expect(verified["delivered"] as? Int == count)
        #expect(verified["rows"] as? Int == count)
    }

    @Test func killedAtAnyMomentNothingIsLostOrDoubled() throws {
        let program = Program()
        let rounds = 12
        let perRound = 150
        for round in 0..<rounds {
            try program.start()
            for i in 0..<perRound { program.deliver(story(round * perRound + i), as: "\(round)-\(i).txt") }
            usleep(UInt32(round) * 15_000)
            program.kill()
        }
        try program.start()
        #expect(try program.await(rounds * perRound, within: 120))
        #expect(program.stop() == 0)
        let names = try program.ledger().compactMap { $0["name"] as? String }
        #expect(names.count == rounds * perRound, "nothing twice")
        #expect(Set(names).count == rounds * perRound, "nothing lost")
        #expect(try program.ledger().allSatisfy { $0["verdict"] as? String != "identical" })
        #expect(try program.run("verify").status == 0)
    }

    @Test func whatIsNoTextIsRejectedByItsName() throws {
        let program = Program()
        try program.start()
        let picture =
            [0xFF, 0xD8, 0xFF, 0xE0] + (0..<40_008).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        program.deliver(picture, as: "story.txt")
        program.deliver(story(1), as: "picture.jpg")
        #expect(try program.await(2))
        #expect(program.stop() == 0)
        let ledger = try program.ledger().sorted { $0["name"] as? String ?? "" < $1["name"] as? String ?? "" }
        #expect(ledger.map { $0["verdict"] as? String } == ["new", "rejected"])
        #expect(ledger[1]["reasoncode"] as? String == "not-text")
        #expect(ledger[1]["reason"] as? String == "this is a JPEG image (40,012 bytes), not text")
        #expect((ledger[1]["sha256"] as? String)?.count == 64)
        let row = try #require(ledger[1]["id"] as? Int)
        let kept = FileManager.default.contents(atPath: program.scratch.path("spool/rejected/\(row)"))
        #expect(kept == Data(picture))
    }

    @Test func aFileThatCrashesTheReaderIsRejectedAndTheRestGoesOn() throws {
        let program = Program(environment: ["COPYTASTER_TEST_CRASH": "poison pill"])
        try program.start()
        program.deliver(Array("a poison pill in a story".utf8), as: "poison.txt")
        // The first end, and the second, when it is read alone; from then on a process of its own reads it first.
        for _ in 0..<2 {
            program.daemon?.waitUntilExit()
            #expect(program.daemon?.terminationReason == .uncaughtSignal)
            try program.start()
        }
        #expect(try program.await(1))
        for number in 1...20 { program.deliver(Array("a poison pill, \(number)".utf8), as: "poison-\(number).txt") }
        program.deliver(story(1), as: "good.txt")
        #expect(try program.await(22))
        #expect(program.daemon?.isRunning == true, "twenty bad files cost twenty children")
        #expect(program.stop() == 0)
        let ledger = try program.ledger()
        #expect(ledger.count { $0["reasoncode"] as? String == "crashed-the-reader" } == 21)
        #expect(ledger.count { $0["verdict"] as? String == "new" } == 1)
        #expect(
            ledger.first?["reason"] as? String
                == "the reader cannot read this file: a process that read it alone ended by signal 9")
        #expect(FileManager.default.fileExists(atPath: program.scratch.path("spool/rejected/1")))
    }

    @Test func aFileThatHangsTheReaderSilencesTheWatchdogAndIsRejectedInTheEnd() throws {
        let manager = FakeManager()
        let program = Program(
            environment: [
                "COPYTASTER_TEST_HANG": "endless pill", "NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "1000000",
            ])
        try program.start()
        program.deliver(Array("an endless pill in a story".utf8), as: "endless.txt")
        for _ in 0..<4 {
            #expect(eventually { manager.hasBeenSilent(for: 2) }, "as systemd would see it")
            program.kill()
            try program.start()
            manager.expectPing()
        }
        #expect(try program.await(1))
        program.deliver(story(1), as: "good.txt")
        #expect(try program.await(2))
        #expect(program.stop() == 0)
        #expect(try program.ledger().map { $0["reasoncode"] as? String } == ["crashed-the-reader", nil])
    }

    @Test func moreFilesThanOneScanHoldsStayBounded() throws {
        let program = Program()
        mkdir(program.scratch.path("spool"), 0o755)
        mkdir(program.inbox, 0o755)
        for i in 0..<70_000 { close(creat(program.inbox + "/\(i)", 0o600)) }
        try program.start()
        var most = 0
        let isDone = try eventually(within: 300) {
            most = max(most, program.residentBytes)
            usleep(200_000)
            return try program.lastRow() >= 70_000
        }
        #expect(isDone)
        #expect(most < 200 << 20, "\(most >> 20) MB")
        program.stop()
    }

    @Test func anIdleDaemonRestsInLittleMemory() throws {
        let program = Program()
        try program.start()
        program.deliver(story(1), as: "a.txt")
        #expect(try program.await(1))
        sleep(2)
        let before = program.processorTicks
        sleep(4)
        #expect(program.processorTicks - before <= 2, "of 400 ticks")
        #expect(program.residentBytes < 64 << 20, "a debug build; the release build's figure is in docs/performance.md")
        program.stop()
    }

    @Test func ingestWithoutAndWithADaemon() throws {
        let program = Program()
        program.scratch.write(story(1), to: "wire/a.txt")
        program.scratch.write(story(2), to: "wire/deep/b.txt")
        let alone = try program.run("ingest", program.scratch.path("wire"), "--json")
        #expect(alone.status == 0)
        #expect(Set(alone.records.compactMap { $0["name"] as? String }) == ["wire/a.txt", "wire/deep/b.txt"])
        #expect(program.scratch.exists("wire/a.txt"), "the originals stay")
        try program.start()
        let served = try program.run("ingest", "--move", program.scratch.path("wire/a.txt"), "--json")
        #expect(served.records.first?["verdict"] as? String == "identical")
        #expect(!program.scratch.exists("wire/a.txt"), "moved")
        #expect(try program.run("ingest", "/nowhere").status == EX_NOINPUT)
        program.stop()
    }

    @Test func ingestWithoutADaemonLeavesTheOriginalsAloneAndRejectsWhatIsTooLarge() throws {
        let program = Program(environment: ["COPYTASTER_INBOX_MAXSIZE": "5000"])
        program.scratch.write(story(1), to: "wire/a.txt")
        program.scratch.write(story(1), to: "wire/same.txt")
        program.scratch.write(Array(repeating: 0x61, count: 6000), to: "wire/large.txt")
        let before = try FileManager.default.attributesOfItem(atPath: program.scratch.path("wire/a.txt"))
        let ran = try program.run("ingest", program.scratch.path("wire"), "--json")
        #expect(ran.status == 0)
        let verdicts = ran.records.reduce(into: [:]) { $0[$1["name"] as? String] = $1["verdict"] as? String }
        #expect(verdicts == ["wire/a.txt": "new", "wire/same.txt": "identical", "wire/large.txt": "rejected"])
        let after = try FileManager.default.attributesOfItem(atPath: program.scratch.path("wire/a.txt"))
        #expect(before[.systemFileNumber] as? UInt64 == after[.systemFileNumber] as? UInt64)
        #expect(after[.referenceCount] as? Int == 1)
        #expect(program.scratch.exists("wire/large.txt"))
        // The rejected one was copied, so that it can be looked at and requeued like any other.
        #expect(FileManager.default.fileExists(atPath: program.scratch.path("spool/rejected/3")))
        #expect(try program.run("verify").status == 0)
    }

    @Test func ingestBesideAServiceLendsItTheOriginals() throws {
        let program = Program(environment: ["COPYTASTER_INBOX_MAXSIZE": "5000"])
        for number in 0..<200 { program.scratch.write(story(number), to: "wire/\(number).txt") }
        try program.start()
        let ran = try program.run("ingest", program.scratch.path("wire"), "--json")
        #expect(ran.status == 0)
        #expect(ran.records.count { $0["verdict"] as? String != "identical" } == 200)
        #expect(!program.scratch.exists("spool/inbox/wire"), "nothing was copied into the inbox")
        #expect(program.scratch.exists("wire/0.txt"))
        program.scratch.write(Array(repeating: 0x61, count: 6000), to: "wire/large.txt")
        let again = try program.run("ingest", program.scratch.path("wire"), "--json")
        let verdicts = again.records.reduce(into: [:]) { $0[$1["verdict"] as? String, default: 0] += 1 }
        #expect(verdicts == ["identical": 200, "rejected": 1])
        #expect(try program.run("verify").status == 0)
        #expect(program.stop() == 0)
    }

    /// The service ends with files lent; all that it had not recorded goes through the inbox, where the culprit is found.
    @Test func ingestGoesOnWhenALentFileCrashesTheService() throws {
        let program = Program(environment: ["COPYTASTER_TEST_CRASH": "poison pill"])
        for number in 0..<300 { program.scratch.write(story(number), to: "wire/\(number).txt") }
        program.scratch.write(Array("a poison pill in a story".utf8), to: "wire/250x.txt")
        try program.start()
        let ingest = try program.begin(["ingest", program.scratch.path("wire")])
        var starts = 0
        let isDone = try eventually(within: 120) {
            if program.daemon?.isRunning != true {
                try program.start()
                starts += 1
            }
            return !ingest.isRunning
        }
        #expect(isDone)
        #expect(starts > 1, "it went on crashing, from the inbox")
        #expect(ingest.terminationStatus == 0)
        #expect(program.stop() == 0)
        let ledger = try program.ledger()
        #expect(ledger.filter { $0["reasoncode"] as? String == "crashed-the-reader" }.count == 1)
        #expect(Set(ledger.compactMap { $0["name"] as? String }).count == 301)
        #expect(ledger.count == 301, "none twice")
    }

    @Test func ingestSaysSoWhenTheServiceIsSilentOrEndsAndGoesOnWhenItIsBack() throws {
        let program = Program()
        program.scratch.write(story(1), to: "wire/a.txt")
        try program.start()
        let daemon = try #require(program.daemon)
        #expect(eventually { program.log.contains("watches its inbox") })
        Foundation.kill(daemon.processIdentifier, SIGSTOP)
        let errors = program.scratch.path("errors")
        close(creat(errors, 0o600))
        let ingest = try program.begin(
            ["ingest", "--move", program.scratch.path("wire")],
            errors: #require(FileHandle(forWritingAtPath: errors)))
        #expect(eventually { program.scratch.exists("spool/inbox/wire/a.txt") })
        func isTold(_ what: String) -> Bool {
            eventually { (try? String(contentsOfFile: errors, encoding: .utf8))?.contains(what) == true }
        }
        #expect(isTold("none of these files for ten seconds: 1 in \(program.inbox)"))
        program.kill()
        #expect(isTold("has ended"))
        try program.start()
        ingest.waitUntilExit()
        #expect(ingest.terminationStatus == 0)
        #expect(program.stop() == 0)
    }

    @Test func aFileThatIsBeingWrittenIsIngestedOnceItsWriterIsDone() throws {
        let program = Program()
        program.scratch.write(story(1), to: "wire/a.txt")
        let writer = try #require(FileHandle(forWritingAtPath: program.scratch.path("wire/a.txt")))
        let ran = try program.run("ingest", program.scratch.path("wire"), "--json")
        try writer.close()
        #expect(ran.status == 0)
        #expect(ran.records.map { $0["verdict"] as? String } == ["new"], "a copy of it, as it was")
    }

    /// It ended by a trap: the failure that it wanted to tell was forgotten over the one to tell it.
    @Test func anErrorThatCannotBeToldStillIsTheExitStatus() throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let ran = try Program().runToTheEnd(["ingest", "/nowhere"], errors: full)
        #expect(ran.reason == .exit)
        #expect(ran.status == EX_NOINPUT)
    }

    @Test func rejectedFilesAreRequeuedByTheDaemonAndWithoutIt() throws {
        let program = Program()
        try program.start()
        symlink("/nowhere", program.inbox + "/link")
        #expect(try program.await(1))
        #expect(try eventually { try program.run("requeue", "1").status == 0 })
        #expect(try program.await(2))
        program.stop()
        #expect(try program.run("requeue", "2").status == 0)
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: program.inbox + "/link")) == "/nowhere")
        #expect(try program.run("requeue", "1").status == EX_NOINPUT)
        #expect(try program.run("requeue", "77").status == EX_NOINPUT)
    }

    @Test func aRedactedStoryIsGoneFromEverywhereWhileTheDaemonRuns() throws {
        let program = Program()
        try program.start()
        program.deliver(Array("Secret headline\n\nxylophone quartet plays".utf8), as: "a.txt")
        #expect(eventually { (try? program.run("search", "xylophone").status) == 0 })
        #expect(try program.run("redact", "1", "--reason", "court order").status == 0)
        #expect(try program.run("search", "xylophone").status == 1)
        let shown = try program.run("show", "1")
        #expect(shown.status == EX_NOINPUT && shown.errors.contains("court order"))
        #expect(try program.run("verify").status == 0)
        program.stop()
    }

    @Test func statusIsForMonitors() throws {
        let program = Program()
        #expect(try program.run("status").status == 3)
        try program.start()
        #expect(try program.run("status").status == 0)
        let metrics = try program.run("status", "--metrics").text
        #expect(metrics.contains("copytaster_up 1\n") && metrics.hasSuffix("# EOF\n"))
        #expect(metrics.contains("copytaster_files_total{verdict=\"new\"} 0"))
        #expect(try program.run("status", "--json").records.first?["running"] as? Bool == true)
        program.stop()
        #expect(try program.run("status").status == 3)
    }

    @Test func aSecondDaemonIsRefusedAndNamesTheFirst() throws {
        let program = Program()
        try program.start()
        let second = try program.run("run")
        #expect(second.status == EX_TEMPFAIL)
        #expect(second.errors.contains("in use by process \(program.daemon?.processIdentifier ?? 0)"))
        program.stop()
    }

    @Test(
        arguments: [
            ("workers: four", "workers"), ("inbox:\n  ingore: []", "inbox.ignore"),
            ("inbox:\n  maxdepth: -1", "from 0 to 1024"),
            ("log:\n  level: loud", "one of"), ("spool: relative", "an absolute path"), ("[]", "keys and values"),
            ("resemblance:\n  containment: 7", "from 0 to 1"), ("a: [", "not valid"),
        ] as [(String, String)])
    func aWrongConfigurationStopsTheStartAndSaysWhatIsAllowed(yaml: String, words: String) throws {
        let program = Program()
        let file = program.scratch.write(yaml, to: "bad.conf")
        let result = try program.run("check-config", "--config", file)
        #expect(result.status == EX_CONFIG)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.errors.contains("bad.conf"))
    }

    @Test func theCommandLineBeatsTheEnvironmentBeatsTheFile() throws {
        let scratch = Scratch()
        let file = scratch.write("spool: /from/file\nstate: /from/file\nworkers: 3\n", to: "conf")
        let program = Program(scratch, environment: ["COPYTASTER_SPOOL": "/from/environment"])
        let text = try program.run("check-config", "--config", file, "--state", "/from/line", withPlaces: false).text
        #expect(text.contains("spool /from/environment") && text.contains("store /from/line"))
        let wrong = Program(environment: ["COPYTASTER_WORKRES": "1"])
        let result = try wrong.run("check-config")
        #expect(result.status == EX_CONFIG && result.errors.contains("did you mean 'workers'?"))
    }

    @Test func reloadingTellsWhatIsWrongAndKeepsTheOldConfiguration() throws {
        let program = Program()
        let file = program.scratch.write("log:\n  level: info\n", to: "conf")
        try program.start(["--config", file])
        #expect(try program.run("reload", "--config", file).status == 0)
        program.scratch.write("log:\n  level: loud\n", to: "conf")
        let refused = try program.run("reload", "--config", file)
        #expect(refused.status == EX_CONFIG && refused.errors.contains("log.level"))
        #expect(try program.run("status").status == 0, "it goes on with the old one")
        program.stop()
        #expect(try program.run("reload").status == EX_UNAVAILABLE)
    }

    /// A slip of the keys is told as one.
    @Test func slipsAreToldAsSlips() throws {
        let program = Program()
        try program.start()
        program.deliver(story(1), as: "a.txt")
        #expect(try program.await(1))
        let command = try program.run("shw", "1", withPlaces: false)
        #expect(command.status == EX_USAGE && command.errors.contains("did you mean show?"))
        let far = try program.run("frobnicate", withPlaces: false)
        #expect(far.status == EX_USAGE && far.errors.contains("copytaster --help"))
        let head = try program.run("verify", "--head", "12zz")
        #expect(head.status == EX_USAGE && head.errors.contains("64 hexadecimal digits"))
        #expect(eventually { (try? program.run("search", "xylophone").errors.contains("no story matches")) == true })
        #expect(try program.run("search", "xylophone").status == 1)
        #expect(program.stop() == 0)
    }

    /// The documented cure for "too large": raise the limit, reload, requeue.
    @Test func whatMayChangeIsInForceAfterAReload() throws {
        let program = Program()
        let file = program.scratch.write("inbox:\n  maxsize: 100\n", to: "conf")
        try program.start(["--config", file])
        program.deliver(story(1), as: "large.txt")
        #expect(try program.await(1))
        #expect(try program.ledger().last?["verdict"] as? String == "rejected")
        program.scratch.write("inbox:\n  maxsize: 100000\n  archive: true\n", to: "conf")
        #expect(try program.run("reload", "--config", file).status == 0)
        #expect(try program.run("requeue", "1").status == 0)
        #expect(try program.await(2))
        #expect(try program.ledger().last?["verdict"] as? String == "new")
        #expect(eventually { program.scratch.names(in: "spool/archive/0") == ["2"] })
        program.scratch.write("inbox:\n  maxsize: 100000\nworkers: 7\n", to: "conf")
        let part = try program.run("reload", "--config", file)
        #expect(part.status == EX_TEMPFAIL)
        #expect(part.errors.contains("except for workers") && part.errors.contains("restart"))
        #expect(program.stop() == 0)
    }

    @Test func strangeNamesAreShownSafelyAndKeptExactly() throws {
        let program = Program()
        try program.start()
        let name: [UInt8] = [0x61, 0xFF, 0x1B, 0x5B, 0x33, 0x31, 0x6D, 0x0A]
        let hidden = program.scratch.write(story(1), to: "x")
        var target = Array(program.inbox.utf8)
        target.append(UInt8(ascii: "/"))
        target += name
        target.append(0)
        rename(hidden, target.map { CChar(bitPattern: $0) })
        #expect(try program.await(1))
        let record = try #require(try program.ledger().first)
        #expect(record["name"] as? String == "a%FF%1B[31m%0A")
        #expect(record["nameescaped"] as? Bool == true)
        #expect(try !program.run("ledger").text.contains("\u{1B}"))
        #expect(!program.log.contains("\u{1B}"))
        program.stop()
    }
}
