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
