// What a person meets whose store is damaged: the real program says what is wrong and what to do, writes nothing, and
// never crashes.

import Foundation
import Synchronization
import TestSupport
import Testing

@Suite(.serialized)
struct DamageScenarioTests {
    private func story(_ number: Int) -> [UInt8] {
        Array("Headline \(number)\n\n\((0..<300).map { "word\(number &* 31 &+ $0)" }.joined(separator: " "))\n".utf8)
    }

    /// A program that has stored some stories and was stopped.
    private func stored(_ count: Int = 40) throws -> Program {
        let program = Program()
        try program.start()
        for i in 0..<count { program.deliver(story(i), as: "\(i).txt") }
        #expect(try program.await(count))
        #expect(eventually { (try? program.run("search", "headline").status) == 0 })
        #expect(program.stop() == 0)
        return program
    }

    private func garble(_ path: String, at offset: Int, _ count: Int = 16) throws {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try handle.seek(toOffset: UInt64(offset))
        let bytes = try handle.read(upToCount: count) ?? Data()
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: Data(bytes.map { ~$0 }))
        try handle.close()
    }

    private func size(_ path: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.intValue ?? 0
    }

    @Test func aStoreWithoutAHeaderIsRefusedAndRecovered() throws {
        let program = try stored()
        let path = program.scratch.path("state/copytaster.sqlite")
        try garble(path, at: 0, 100)
        let before = FileManager.default.contents(atPath: path)
        program.deliver(story(99), as: "waits.txt")
        try program.start()
        program.daemon?.waitUntilExit()
        #expect(program.daemon?.terminationStatus == EX_DATAERR, "systemd does not restart it")
        #expect(program.log.contains("copytaster recover"), "\(program.log.suffix(400))")
        #expect(FileManager.default.contents(atPath: path) == before, "nothing was written")
        #expect(FileManager.default.fileExists(atPath: program.inbox + "/waits.txt"))
        let verified = try program.run("verify")
        #expect(verified.status == EX_DATAERR && verified.errors.contains("copytaster recover"))
        let recovered = try program.run("recover", "--to", program.scratch.path("new"), "--json")
        #expect(recovered.status == 0, "\(recovered.errors)")
        #expect(recovered.records.first?["stories"] as? Int == 40)
        // As docs/operations.md says: the new directory takes the place of the old one.
        rename(program.scratch.path("state"), program.scratch.path("damaged"))
        rename(program.scratch.path("new"), program.scratch.path("state"))
        try program.start()
        #expect(try program.await(41))
        #expect(program.stop() == 0)
        #expect(try program.run("verify", "--search").status == 0)
    }

    @Test func damageThatIsMetWhileItRunsEndsTheServiceAndIsNotRetried() throws {
        let program = try stored()
        let path = program.scratch.path("state/copytaster.sqlite")
        // All but the first page: the tables' roots, and with them whatever is read or written next.
        for offset in stride(from: 16384, to: size(path), by: 16384) { try garble(path, at: offset, 64) }
        try program.start()
        program.deliver(story(100), as: "late.txt")
        #expect(eventually { program.daemon?.isRunning == false })
        #expect(program.daemon?.terminationStatus == EX_DATAERR)
        #expect(program.log.contains("copytaster recover"), "\(program.log.suffix(400))")
        let places = ["inbox/late.txt", "work/late.txt"].map { program.scratch.path("spool/" + $0) }
        #expect(places.contains { FileManager.default.fileExists(atPath: $0) }, "nothing is unlinked")
    }

    @Test func aDamagedSearchIndexIsMadeAgainAndSaidOnce() throws {
        let program = try stored()
        let path = program.scratch.path("state/search.sqlite")
        for path in [path, path + "-wal"] {
            for offset in stride(from: 0, to: size(path), by: 4096) { try garble(path, at: offset, 64) }
        }
        let searched = try program.run("search", "headline")
        #expect(searched.status == EX_DATAERR && searched.errors.contains("verify --rebuild"), "\(searched.errors)")
        try program.start()
        #expect(eventually { (try? program.run("search", "headline").status) == 0 })
        #expect(program.stop() == 0)
        #expect(program.log.components(separatedBy: "being made again").count == 2, "\(program.log)")
        #expect(try program.run("verify", "--search").status == 0)
    }

    @Test func noCommandCrashesWhateverIsDamaged() throws {
        let program = try stored()
        let state = program.scratch.path("state")
        let pristine = try FileManager.default.contentsOfDirectory(atPath: state).filter { $0.contains("sqlite") }
            .map { ($0, FileManager.default.contents(atPath: state + "/" + $0) ?? Data()) }
        var numbers = SystemRandomNumberGenerator()
        for round in 0..<6 {
            for (name, bytes) in pristine { try bytes.write(to: URL(fileURLWithPath: state + "/" + name)) }
            let path = state + (round % 3 == 2 ? "/search.sqlite" : "/copytaster.sqlite")
            let at = Int.random(in: 0..<size(path), using: &numbers)
            if round % 2 == 0 { try garble(path, at: at, 200) } else { truncate(path, off_t(at)) }
            for command in [
                ["verify", "--search"], ["list"], ["ledger"], ["show", "3"], ["search", "headline"], ["relations"],
                ["status"], ["backup", program.scratch.path("copy\(round)")], ["redact", "5", "--reason", "x"],
                ["reparse", "7"], ["recover", "--to", program.scratch.path("new\(round)")], ["verify", "--rebuild"],
            ] {
                let result = try program.runToTheEnd(command)
                #expect(result.reason == .exit, "\(command) crashed, with byte \(at) of \(path) damaged")
            }
            try program.start()
            program.deliver(story(200 + round), as: "\(round).txt")
            usleep(300_000)
            program.stop()
            #expect(program.daemon?.terminationReason == .exit, "byte \(at) of \(path)\n\(program.log.suffix(500))")
        }
    }

    /// Readers and a backup beside a steady stream: how long each file lies from its arrival until it is gone.
    @Test func readersAndBackupsDoNotHoldUpTheRoad() throws {
        let program = try stored(200)
        try program.start()
        let isOver = Mutex(false)
        let readers = DispatchGroup()
        for command in [["list", "--json"], ["search", "headline"], ["backup"]] {
            DispatchQueue.global().async(group: readers) { [scratch = program.scratch] in
                let program = Program(scratch)
                var round = 0
                while !isOver.withLock({ $0 }) {
                    round += 1
                    let copy = program.scratch.path("copy-\(round)")
                    _ = try? program.runToTheEnd(command == ["backup"] ? ["backup", copy] : command)
                    unlink(copy)
                }
            }
        }
        var latencies: [Double] = []
        for i in 0..<150 {
            let name = "steady-\(i).txt"
            program.deliver(story(1000 + i), as: name)
            let began = ContinuousClock.now
            let path = program.inbox + "/" + name
            let work = program.scratch.path("spool/work/" + name)
            while access(path, F_OK) == 0 || access(work, F_OK) == 0, began.duration(to: .now) < .seconds(20) {
                usleep(200)
            }
            latencies.append(began.duration(to: .now) / .milliseconds(1))
            usleep(20_000)
        }
        isOver.withLock { $0 = true }
        readers.wait()
        #expect(program.stop() == 0)
        latencies.sort()
        let (median, high) = (latencies[latencies.count / 2], latencies[latencies.count * 99 / 100])
        print(String(format: "beside readers and backups: median %.1f ms, 99th percentile %.1f ms", median, high))
        // A debug build on a busy machine of two cores; docs/reliability.md has the figures of the release build.
        #expect(high < 1000)
    }
}
