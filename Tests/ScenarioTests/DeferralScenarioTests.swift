// What the service may not take: the real program as a user of its own, with other users' files in its inbox.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: geteuid() == 0, "other users' parts can only be played by root"))
struct DeferralScenarioTests {
    /// The service, as the user 65534, who may take leases.
    private final class Desk {
        let program = Program()
        private let daemon = Foundation.Process()
        private let log: String

        init(capabilities: String = "+lease") throws {
            // The checkout may lie where nobody else may look.
            let copy = program.scratch.path("copytaster")
            try FileManager.default.copyItem(atPath: Checkout.program, toPath: copy)
            chmod(copy, 0o755)
            chown(program.scratch.path, 65534, 65534)
            chmod(program.scratch.path, 0o755)
            log = program.scratch.path("log")
            close(creat(log, 0o600))
            daemon.executableURL = URL(filePath: "/usr/bin/setpriv")
            daemon.arguments =
                ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=\(capabilities)"]
                + [
                    "--ambient-caps=\(capabilities)", copy, "run", "--state", program.scratch.path("state"), "--spool",
                    program.scratch.path("spool"),
                ]
            daemon.environment = ["HOME": "/nonexistent"]
            daemon.standardError = FileHandle(forWritingAtPath: log)
            daemon.standardInput = FileHandle.nullDevice
            try daemon.run()
            #expect(eventually { program.log.contains("watches its inbox") })
            chmod(program.inbox, 0o777)
        }

        deinit {
            daemon.terminate()
            daemon.waitUntilExit()
        }

        /// Files of root in a directory that comes as a whole, as by `mv` or `rsync -a`.
        func deliverTree(_ name: String, mode: mode_t, files: Int) {
            for i in 0..<files {
                chmod(program.scratch.write("Number \(i) of \(name)\n", to: "out/\(name)/2026/\(i).txt"), 0o644)
            }
            for path in ["", "/2026"] { chmod(program.scratch.path("out/\(name)\(path)"), mode) }
            rename(program.scratch.path("out/\(name)"), program.inbox + "/" + name)
        }

        func deferred() throws -> [[String: Any]] {
            let status = try program.run("status", "--json").records.first
            return (status?["live"] as? [String: Any])?["deferred"] as? [[String: Any]] ?? []
        }
    }

    @Test func aTreeThatMayNotBeEmptiedIsToldOnceWithTheCommandThatHelps() throws {
        let desk = try Desk()
        desk.deliverTree("wire", mode: 0o755, files: 15)
        #expect(eventually { desk.program.log.contains("wire/ has to wait") })
        #expect(try eventually { try desk.deferred().first?["files"] as? Int == 15 })
        let record = try #require(try desk.deferred().first)
        #expect(record["reason"] as? String == "directory-forbidden")
        #expect(record["name"] as? String == "wire/")
        let sentence = try #require(record["sentence"] as? String)
        #expect(sentence.contains("may not move files out of wire/2026/, which belongs to root and has mode 755"))
        let status = try desk.program.run("status")
        #expect(status.status == 0, "for a minute nobody is woken")
        #expect(status.text.contains("15 wait: wire/: the service"))
        let metrics = try desk.program.run("status", "--metrics").text
        #expect(metrics.contains("copytaster_inbox_deferred{reason=\"directory-forbidden\"} 15\n"))
        #expect(metrics.contains("copytaster_inbox_deferred{reason=\"file-forbidden\"} 0\n"))
        #expect(desk.program.log.split(separator: "\n").filter { $0.contains("to wait") }.count == 1)
        // What the program says, no more.
        let hint = try #require(record["hint"] as? String)
        let command = try #require(hint.split(separator: "run: ").last)
        #expect(command.hasPrefix("setfacl "))
        let before = Date()
        #expect(shell(String(command)) == 0)
        #expect(try desk.program.await(15))
        #expect(Date().timeIntervalSince(before) < 8, "noticed within seconds, not at the next walk")
        #expect(try eventually { try desk.deferred().isEmpty })
    }

    @Test func aTreeThatMayNotBeEnteredAndAFileThatMayNotBeReadAreNoticedOnceMended() throws {
        let desk = try Desk()
        desk.deliverTree("closed", mode: 0o700, files: 3)
        desk.deliverTree("listed", mode: 0o744, files: 2)
        // Closed before it arrives, or it is taken first.
        let hidden = desk.program.scratch.write("Private\n", to: "out/private")
        chmod(hidden, 0o600)
        rename(hidden, desk.program.inbox + "/it's $(private).txt")
        #expect(
            try eventually {
                let found = try desk.deferred().map { "\($0["reason"] ?? "") \($0["name"] ?? "")" }
                return Set(found) == [
                    "directory-forbidden closed/", "directory-forbidden listed/",
                    "file-forbidden it's $(private).txt",
                ]
            })
        for record in try desk.deferred() {
            let hint = try #require(record["hint"] as? String)
            let command = try #require(hint.split(separator: "run: ").last)
            #expect(shell(String(command)) == 0, "\(command)")
        }
        let before = Date()
        #expect(try desk.program.await(6))
        #expect(Date().timeIntervalSince(before) < 8)
    }

    /// As the unit runs it.
    @Test func withTheCapabilityTreesOfOthersAreEmptiedAndWhatIsClosedWaits() throws {
        let desk = try Desk(capabilities: "+lease,+fowner")
        desk.deliverTree("wire", mode: 0o755, files: 15)
        desk.deliverTree("sticky", mode: 0o1755, files: 1)
        #expect(try desk.program.await(16))
        #expect(!desk.program.log.contains("to wait"))
        desk.deliverTree("closed", mode: 0o700, files: 1)
        #expect(eventually { desk.program.log.contains("closed/ has to wait") })
    }

    /// The inbox itself is in the way, as with one of somebody else's elsewhere.
    @Test func anInboxThatMayNotBeEmptiedIsTold() throws {
        let desk = try Desk()
        chown(desk.program.inbox, 0, 0)
        chmod(desk.program.inbox, 0o755)
        desk.program.deliver(Array("At the top\n".utf8), as: "a.txt")
        #expect(eventually { desk.program.log.contains("may not move files out of the inbox, which belongs to root") })
        #expect(try eventually { try desk.deferred().first?["name"] as? String == "./" })
        chmod(desk.program.inbox, 0o777)
        #expect(try desk.program.await(1))
    }

    @Test func theStickyBitOfAStrangersDirectoryIsTold() throws {
        let desk = try Desk()
        desk.deliverTree("sticky", mode: 0o1777, files: 1)
        #expect(try eventually { try desk.deferred().first?["sentence"] != nil })
        let record = try #require(try desk.deferred().first)
        #expect((record["sentence"] as? String)?.contains("sticky bit") == true)
        #expect((record["hint"] as? String)?.contains("chmod -t \(desk.program.inbox)/sticky/2026") == true)
        chmod(desk.program.inbox + "/sticky/2026", 0o777)
        #expect(try desk.program.await(1))
    }

    private func shell(_ command: String) -> Int32 {
        let process = Foundation.Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", command]
        guard (try? process.run()) != nil else { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
