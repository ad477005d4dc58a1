// Backups as an operator has them: the real program follows a store, is killed, and brings it back.

import Foundation
import TestSupport
import Testing

@Suite(.serialized)
struct BackupScenarioTests {
    private func story(_ number: Int) -> String { "Headline \(number)\n\nWords of story \(number), told at length.\n" }

    private func deliver(_ program: Program, _ numbers: Range<Int>) {
        for number in numbers { program.deliver(Array(story(number).utf8), as: "\(number).txt") }
    }

    private func figures(_ program: Program) -> [String: Any]? {
        (try? program.run("status", "--json").records.first)?["backup"] as? [String: Any]
    }

    /// Begins to follow the store to a directory; its log goes to a file.
    private func follow(_ program: Program, _ target: String) throws -> Process {
        let log = program.scratch.path("follow.log")
        if !FileManager.default.fileExists(atPath: log) { close(creat(log, 0o600)) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try handle.seekToEnd()
        return try program.begin(["backup", "--follow", target, "--every", "0.05"], errors: handle)
    }

    private func log(_ program: Program) -> String {
        String(
            decoding: FileManager.default.contents(atPath: program.scratch.path("follow.log")) ?? Data(), as: UTF8.self)
    }

    private func isComplete(_ program: Program, upTo row: Int) -> Bool {
        eventually { (figures(program)?["row"] as? Int ?? 0) >= row && figures(program)?["behind"] as? Int == 0 }
    }

    private func holds(_ word: String, below directory: String) -> Bool {
        let files = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return files.contains {
            FileManager.default.contents(atPath: directory + "/" + $0)?.range(of: Data(word.utf8)) != nil
        }
    }

    private func directory(_ program: Program, _ name: String) throws -> String {
        let path = program.scratch.path(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test func aStoreIsFollowedThroughKillsAndComesBack() throws {
        let program = Program()
        let target = try directory(program, "target")
        try program.start()
        var follower = try follow(program, target)
        for round in 0..<6 {
            deliver(program, round * 40..<round * 40 + 40)
            usleep(UInt32(round) * 30_000)
            kill(follower.processIdentifier, SIGKILL)
            follower.waitUntilExit()
            follower = try follow(program, target)
        }
        #expect(try program.await(240))
        #expect(isComplete(program, upTo: 240))
        program.deliver(Array("xylophonquartz\n".utf8), as: "secret.txt")
        #expect(isComplete(program, upTo: 241))
        #expect(holds("xylophonquartz", below: target))
        #expect(try program.run("redact", "241", "--reason", "court order").status == 0)
        #expect(eventually { !holds("xylophonquartz", below: target) })
        #expect(eventually { log(program).contains("is erased from the backup") })
        #expect(log(program).contains("is complete up to row"))
        let status = try program.run("status")
        #expect(status.text.contains("backup    up to row 241, nothing behind"))
        #expect(try program.run("status", "--metrics").text.contains("copytaster_backup_behind 0"))

        let proved = try program.run("backup", "--verify", target, "--scratch", program.scratch.path)
        #expect(proved.status == 0 && proved.errors.contains("was restored and is sound: 241 rows"), "\(proved.errors)")
        #expect(program.scratch.names().filter { $0.hasPrefix("copytaster-") } == [], "nothing is left of it")

        let restored = try program.run("restore", target, "--to", program.scratch.path("restored"))
        #expect(restored.status == 0, "\(restored.errors)")
        follower.terminate()
        follower.waitUntilExit()
        #expect(program.stop() == 0)
        let old = try #require(try program.run("verify", "--json").records.first)
        let new = try #require(
            try program.run("verify", "--json", "--state", program.scratch.path("restored"), withPlaces: false).records
                .first)
        #expect(new["sound"] as? Bool == true)
        #expect(new["head"] as? String == old["head"] as? String)
        #expect(new["epoch"] as? String != old["epoch"] as? String)
        #expect(new["rows"] as? Int == 241)
        #expect(
            try program.run("restore", target, "--to", program.scratch.path("restored")).status != 0, "not over a store"
        )
    }

    @Test func aTargetThatGoesAwayIsWaitedForAndTold() throws {
        let program = Program()
        let target = try directory(program, "target")
        try program.start()
        deliver(program, 0..<3)
        #expect(try program.await(3))
        let follower = try follow(program, target)
        #expect(isComplete(program, upTo: 3))
        rename(target, target + ".away")
        // The open directory would still lead there.
        follower.terminate()
        follower.waitUntilExit()
        let again = try follow(program, target)
        #expect(eventually { figures(program)?["trouble"] != nil })
        deliver(program, 3..<6)
        #expect(try program.await(6), "what is delivered does not notice")
        #expect(figures(program)?["behind"] as? Int == 3)
        #expect(try program.run("status").text.contains("it stands still"))
        #expect(try program.run("status", "--metrics").text.contains("copytaster_backup_trouble 1"))
        rename(target + ".away", target)
        #expect(isComplete(program, upTo: 6), "it goes on by itself")
        #expect(figures(program)?["trouble"] == nil)
        #expect(log(program).components(separatedBy: "stands still").count == 2, "told once")
        again.terminate()
        again.waitUntilExit()
    }

    @Test func oneProcessFollowsAStore() throws {
        let program = Program()
        let target = try directory(program, "target")
        try program.start()
        deliver(program, 0..<1)
        let follower = try follow(program, target)
        #expect(isComplete(program, upTo: 1))
        let second = try program.run("backup", "--follow", target)
        #expect(second.status == EX_TEMPFAIL)
        follower.terminate()
        follower.waitUntilExit()
        #expect(try program.run("backup", "--follow").errors.contains("set backup.target"))
        #expect(try program.run("backup").status == EX_USAGE)
    }

    @Test func aBackupThatIsNotSoundIsAnAlert() throws {
        let program = Program()
        let target = try directory(program, "target")
        try program.start()
        deliver(program, 0..<5)
        #expect(try program.await(5))
        #expect(try program.run("backup", "--verify", target).errors.contains("there is no backup"))
        let follower = try follow(program, target)
        #expect(isComplete(program, upTo: 5))
        follower.terminate()
        follower.waitUntilExit()
        let folder = try #require(
            try FileManager.default.contentsOfDirectory(atPath: target).first { $0.count == 16 && !$0.hasPrefix(".") })
        let file = try #require(
            try FileManager.default.contentsOfDirectory(atPath: "\(target)/\(folder)").first {
                $0.hasSuffix(".segment")
            })
        let path = "\(target)/\(folder)/\(file)"
        var bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let result = try program.run("backup", "--verify", target)
        #expect(result.status == EX_DATAERR)
        #expect(result.errors.contains("error: the backup at \(target) is not proved"), "\(result.errors)")
        #expect(try program.run("backup", "--verify", "/nonexistent").status == EX_NOINPUT)
    }

    @Test func filesAreProvedAndRestoredToo() throws {
        let program = Program()
        let files = try directory(program, "files")
        try program.start()
        deliver(program, 0..<4)
        #expect(try program.await(4))
        #expect(try program.run("backup", files + "/monday.sqlite").status == 0)
        deliver(program, 4..<6)
        #expect(try program.await(6))
        #expect(try program.run("backup", files + "/tuesday.sqlite").status == 0)
        deliver(program, 6..<7)
        #expect(try program.await(7))
        let proved = try program.run("backup", "--verify", files)
        #expect(proved.status == 0)
        #expect(proved.errors.contains("tuesday.sqlite was restored and is sound: 6 rows"), "\(proved.errors)")
        #expect(proved.errors.contains("the archive has 1 more by now"))
        #expect(try program.run("backup", "--verify", files, "--max-age", "0.0000001").status == EX_DATAERR, "too old")
        let restored = try program.run("restore", files + "/monday.sqlite", "--to", program.scratch.path("restored"))
        #expect(restored.status == 0 && restored.text.contains("holds 4 rows"), "\(restored.errors)")
        // Of another store.
        let other = Program()
        try other.start()
        deliver(other, 100..<101)
        #expect(try other.await(1))
        let foreign = try other.run("backup", "--verify", files + "/monday.sqlite")
        #expect(foreign.status == EX_DATAERR && foreign.errors.contains("is not the archive's"), "\(foreign.errors)")
    }

    @Test func signedHeadsProveTheStoreAgainstItsOwner() throws {
        let program = Program()
        let key = program.scratch.path("key")
        let keygen = try Process.run(
            URL(filePath: "/usr/bin/ssh-keygen"), arguments: ["-q", "-t", "ed25519", "-N", "", "-f", key])
        keygen.waitUntilExit()
        let publicKey = try String(contentsOfFile: key + ".pub", encoding: .utf8)
        program.scratch.write("desk \(publicKey)", to: "signers")
        try program.start()
        let anchors = program.scratch.path("anchors")
        for round in 0..<3 {
            deliver(program, round * 3..<round * 3 + 3)
            #expect(try program.await(round * 3 + 3))
            let signed = try program.run("anchor", "--key", key, "--to", "cat >> \(anchors)")
            #expect(signed.status == 0 && signed.records.first?["row"] as? Int == round * 3 + 3, "\(signed.errors)")
        }
        func verify() throws -> Program.Result {
            try program.run("verify", "--anchors", anchors, "--allowed-signers", program.scratch.path("signers"))
        }
        #expect(try verify().status == 0)
        #expect(try verify().text.contains("3 signed heads, the newest of row 9"))
        #expect(try program.run("verify", "--anchors", anchors).status == EX_USAGE)
        #expect(try program.run("anchor", "--key", key, "--to", "false").status == EX_UNAVAILABLE)
        #expect(try program.run("anchor", "--key", program.scratch.path("nokey")).errors.contains("cannot be signed"))
        #expect(program.stop() == 0)
        // Another store is put in its place, made of the same stories but one: it is sound by itself.
        rename(program.scratch.path("state"), program.scratch.path("state.true"))
        rename(program.scratch.path("spool"), program.scratch.path("spool.true"))
        try program.start()
        deliver(program, 0..<8)
        deliver(program, 50..<51)
        #expect(try program.await(9))
        #expect(program.stop() == 0)
        #expect(try program.run("verify").status == 0)
        let caught = try verify()
        #expect(caught.status == EX_DATAERR)
        #expect(caught.text.contains("is not in the chain"))
    }
}
