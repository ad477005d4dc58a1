// A stop ends a start that waits: before the service has claimed anything there is nothing to finish.

import Foundation
import TestSupport
import Testing

@Suite(.serialized)
struct StopTests {
    /// Begins the service without waiting until it answers, and ends it as soon as it hears signals.
    private func stopWhileStarting(
        _ program: Program, after isWaiting: @escaping () -> Bool
    ) throws -> (status: Int32, seconds: Double) {
        let log = program.scratch.path("log")
        close(creat(log, 0o600))
        let daemon = try program.begin(["run"], errors: try FileHandle(forWritingTo: URL(fileURLWithPath: log)))
        defer { if daemon.isRunning { kill(daemon.processIdentifier, SIGKILL) } }
        #expect(eventually { hearsTermination(daemon.processIdentifier) && isWaiting() }, "\(program.log)")
        let asked = Date()
        daemon.terminate()
        #expect(eventually(within: 5) { !daemon.isRunning }, "it goes on waiting: \(program.log)")
        guard !daemon.isRunning else { return (-1, .infinity) }
        return (daemon.terminationReason == .exit ? daemon.terminationStatus : -1, Date().timeIntervalSince(asked))
    }

    /// Whether SIGTERM does not end the process by itself any more.
    private func hearsTermination(_ pid: Int32) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        return status.split(separator: "\n").contains { line in
            guard line.hasPrefix("SigIgn:") || line.hasPrefix("SigCgt:"),
                let mask = UInt64(line.drop { $0 != "\t" }.dropFirst(), radix: 16)
            else { return false }
            return mask & (1 << UInt64(SIGTERM - 1)) != 0
        }
    }

    /// A store that has been used, and is not in use.
    private func used() throws -> Scratch {
        let program = Program()
        try program.start()
        program.deliver(Array("A story from before\n".utf8), as: "before.txt")
        #expect(try program.await(1))
        #expect(program.stop() == 0)
        return program.scratch
    }

    @Test func aStopEndsThePauseAfterManyEndsAndIsNotCountedAsOne() throws {
        let scratch = try used()
        var now = timespec()
        clock_gettime(CLOCK_BOOTTIME, &now)
        let recent = (1...6).map { "\(Int64(now.tv_sec) * 1_000_000_000 - Int64($0))\n" }.reversed().joined()
        let list = scratch.write(Array(recent.utf8), to: "state/interruptions")
        let program = Program(scratch, environment: ["NOTIFY_SOCKET": scratch.path("nobody-listens")])
        let end = try stopWhileStarting(program) { program.log.contains("before this start") }
        #expect(end.status == 0 && end.seconds < 3, "\(end): \(program.log)")
        #expect(program.log.contains("stopped"))
        let kept = try String(contentsOfFile: list, encoding: .utf8)
        #expect(kept.split(separator: "\n").count == 6, "\(kept)")
    }

    @Test func aStartThatFailsEndsByItself() throws {
        let scratch = try used()
        _ = scratch.write([], to: "state/copytaster.sqlite")
        let (status, reason) = try Program(scratch).runToTheEnd(["run"])
        #expect(status == EX_DATAERR && reason == .exit)
    }

    @Test func aStopEndsTheWaitForAStoreThatAnotherProcessHolds() throws {
        let scratch = try used()
        let holder = Foundation.Process()
        holder.executableURL = URL(filePath: "/usr/bin/python3")
        holder.arguments = [
            "-c",
            """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.execute("PRAGMA locking_mode = EXCLUSIVE"); db.execute("BEGIN EXCLUSIVE"); db.execute("SELECT count(*) FROM ledger").fetchall()
            print("held", flush=True); sys.stdin.read()
            """, scratch.path("state/copytaster.sqlite"),
        ]
        let (input, output) = (Pipe(), Pipe())
        (holder.standardInput, holder.standardOutput) = (input, output)
        try holder.run()
        #expect(!output.fileHandleForReading.availableData.isEmpty)
        let program = Program(scratch)
        let end = try stopWhileStarting(program) { true }
        #expect(end.status == 0 && end.seconds < 3, "\(end): \(program.log)")
        try input.fileHandleForWriting.close()
        holder.waitUntilExit()
        try program.start()
        #expect(try program.await(1))
        #expect(program.stop() == 0)
    }

    /// The reader never comes out of a large file: others get their rows, a stop ends, and the file is in work/.
    @Test func aLargeFileHoldsUpNeitherOthersNorAStop() throws {
        let program = Program(environment: ["COPYTASTER_TEST_HANG": "endless pill", "COPYTASTER_WORKERS": "1"])
        try program.start()
        let large = Array("an endless pill in a long story\n".utf8) + [UInt8](repeating: 97, count: 300 << 10)
        program.deliver(large, as: "large.txt")
        #expect(eventually { program.scratch.names(in: "spool/work").contains("1") })
        for i in 0..<20 { program.deliver(Array("Short story \(i)\n".utf8), as: "\(i).txt") }
        #expect(try program.await(20, within: 20))
        let asked = Date()
        #expect(program.stop() == 0)
        #expect(Date().timeIntervalSince(asked) < 10)
        #expect(program.scratch.names(in: "spool/work").filter { !$0.hasPrefix(".") } == ["1"])
        let next = Program(program.scratch)
        try next.start()
        #expect(try next.await(21))
        #expect(try next.ledger().last?["name"] as? String == "large.txt")
        #expect(next.stop() == 0)
        #expect(try next.run("verify").status == 0)
    }
}
