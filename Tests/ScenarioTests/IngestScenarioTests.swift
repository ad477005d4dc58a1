// `ingest` as a person would use it: without a service, beside one, and beside one that ends.

import Foundation
import TestSupport
import Testing

@Suite(.serialized)
struct IngestScenarioTests {
    private func story(_ number: Int) -> [UInt8] {
        let words = (0..<60).map { "w\((number &* 7919 &+ $0 &* 104_729) % 9000)" }.joined(separator: " ")
        return Array("Headline \(number)\n\n\(words)\n".utf8)
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
}
