// What an operator does with the real program: asks, requeues, redacts, configures, and mistypes.

import Foundation
import TestSupport
import Testing

@Suite(.serialized)
struct OperatorScenarioTests {
    private func story(_ number: Int) -> [UInt8] {
        let words = (0..<60).map { "w\((number &* 7919 &+ $0 &* 104_729) % 9000)" }.joined(separator: " ")
        return Array("Headline \(number)\n\n\(words)\n".utf8)
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
}
