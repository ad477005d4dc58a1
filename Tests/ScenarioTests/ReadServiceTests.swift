// The read service, as its visitors meet it.

import Files
import Foundation
import ReadProtocol
import TestSupport
import Testing

@testable import copytaster

/// Somebody who is connected with the read service.
private final class Visitor {
    private var lines: SocketLines

    init(_ program: Program) throws {
        lines = SocketLines(
            try LocalSocket(connecting: Directory(path: program.scratch.path("run")), name: FileName("read")))
    }

    struct Answer {
        var output: [UInt8] = []
        var messages = ""
        var marks: [Int64] = []
        /// Nil if the connection broke.
        var code: Int32?
    }

    func send(_ line: String) { try? lines.socket.writeLine(Array(line.utf8)) }

    func ask(_ arguments: String...) throws -> Answer {
        let request = ReadRequest(arguments: arguments)
        try? lines.socket.writeLine(Array(JSONEncoder().encode(request)))
        return try hear()
    }

    func hear() throws -> Answer {
        var answer = Answer()
        while let frame = try? ReadFrame.next(&lines) {
            switch frame {
            case .out(let bytes): answer.output += bytes
            case .message(let bytes): answer.messages += String(decoding: bytes, as: UTF8.self)
            case .mark(let cursor): answer.marks.append(cursor.row)
            case .end(let code):
                answer.code = code
                return answer
            }
        }
        return answer
    }
}

@Suite(.serialized)
struct ReadServiceTests {
    /// A daemon with the three seeds, and its read service.
    private func served(_ options: String...) throws -> (program: Program, service: Foundation.Process) {
        let scratch = Scratch()
        let program = Program(scratch, environment: ["COPYTASTER_READ_SOCKET": scratch.path("run/read")])
        try program.start()
        for prefix in ["000", "003", "004"] { program.deliver(Checkout.seed(prefix), as: "\(prefix).txt") }
        #expect(try program.await(3))
        #expect(eventually { (try? program.run("search", "Diaoyutai").status) == 0 })
        return (program, try serve(program, options))
    }

    private func serve(_ program: Program, _ options: [String] = []) throws -> Foundation.Process {
        unlink(program.scratch.path("run/read"))
        let service = try program.begin(["serve"] + options)
        #expect(eventually { (try? Visitor(program)) != nil })
        return service
    }

    private func end(_ service: Foundation.Process) {
        service.terminate()
        service.waitUntilExit()
    }

    @Test func whatIsAskedOfItIsAnsweredAsByTheCommandItself() throws {
        let (program, service) = try served()
        defer { end(service) }
        let visitor = try Visitor(program)
        for arguments in [
            ["list"], ["list", "--json", "--unique"], ["search", "Cambodia", "--json"], ["search", "nosuchword"],
            ["show", "1"], ["show", "2", "--json"], ["show", "3", "--raw"], ["show", "1", "--evidence"],
            ["ledger", "--json", "--verdict", "new"], ["relations", "--json"], ["diff", "1", "2"],
            ["compare", "1", "2", "--json"], ["show", "99"], ["list", "--verdict", "odd"],
        ] {
            let own = try program.run(arguments)
            let answer = try visitor.ask(arguments)
            #expect(answer.code == own.status, "\(arguments)")
            #expect(answer.output == Array(own.output), "\(arguments)")
            #expect(answer.messages == own.errors, "\(arguments)")
        }
        let status = try visitor.ask("status", "--metrics")
        #expect(status.code == 0)
        #expect(String(decoding: status.output, as: UTF8.self).contains("copytaster_up 1"))
        program.stop()
        #expect(try visitor.ask("list").code == 0, "the store can be read while the daemon is stopped")
        #expect(try visitor.ask("status").code == 3)
    }

    @Test func whatChangesTheStoreOrNamesFilesIsRefused() throws {
        let (program, service) = try served()
        defer { end(service) }
        let visitor = try Visitor(program)
        let target = program.scratch.path("copy")
        for arguments in [
            ["redact", "1", "--reason", "x"], ["verify"], ["backup", target], ["recover", "--to", target],
            ["requeue", "--all"], ["reparse"], ["ingest", "/etc/passwd"], ["reload"], ["run"], ["check-config"],
            ["serve", "--session"], ["compare", "/etc/passwd", "/etc/passwd"], ["compare", "1", "/etc/passwd"],
        ] {
            let answer = try visitor.ask(arguments)
            #expect(answer.code == EX_NOPERM && answer.output.isEmpty, "\(arguments)")
        }
        for place in ["--state", "--config", "--spool"] {
            #expect(try visitor.ask("list", place, "/etc").code == EX_USAGE)
        }
        visitor.send("{\"version\":2,\"arguments\":[\"list\"]}")
        #expect(try visitor.hear().code == EX_PROTOCOL)
        visitor.send("\u{0}\u{1} no request at all")
        #expect(try visitor.hear().code == EX_PROTOCOL)
        #expect(try visitor.ask("list").code == 0, "and it goes on")
        visitor.send(String(repeating: "x", count: 1 << 20))
        #expect(try visitor.hear().code == nil, "but for a line without an end")
        #expect(!FileManager.default.fileExists(atPath: target))
        #expect(program.stop() == 0)
    }

    @Test func visitorsAreManyButBounded() throws {
        let (program, service) = try served("--sessions", "5", "--sessions-each", "4")
        defer { end(service) }
        // Silent ones, and one who asks and does not listen.
        var others: [Visitor?] = try (0..<3).map { _ in try Visitor(program) }
        others[0]?.send("{\"version\":1,\"arguments\":[\"ledger\",\"--follow\"]}")
        // The one that looked whether the service is there may still have its place.
        var last: Visitor?
        #expect(
            try eventually {
                last = try Visitor(program)
                return try last?.ask("list").code == 0
            })
        let refused = try Visitor(program).ask("list")
        #expect(refused.code == EX_TEMPFAIL && refused.messages.contains("has 4 sessions already"))
        others = []
        withExtendedLifetime(last) {}
        #expect(eventually { (try? Visitor(program).ask("list").code) == 0 }, "the places of those who went are free")
        #expect(program.stop() == 0)
    }

    /// A crash of one session is its own.
    @Test func aSessionThatEndsTakesNoOtherWithIt() throws {
        let (program, service) = try served()
        defer { end(service) }
        #expect(try eventually { try self.sessions(of: service).isEmpty })
        let first = try Visitor(program)
        #expect(try first.ask("list").code == 0)
        let sessions = try self.sessions(of: service)
        #expect(!sessions.isEmpty)
        let second = try Visitor(program)
        // Not that of the second.
        kill(sessions[0], SIGKILL)
        #expect(eventually { kill(sessions[0], 0) != 0 })
        #expect(try [first.ask("list").code, second.ask("list").code] == [nil, 0])
        #expect(program.stop() == 0)
    }

    /// The processes that the service started.
    private func sessions(of service: Foundation.Process) throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { process in
            let stat = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
            let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 1 && fields[1] == "\(service.processIdentifier)"
        }
    }

    /// What a member of the group does: another user, for whom the state directory is closed.
    @Test(.enabled(if: geteuid() == 0, "another user's part can only be played by root"))
    func aMemberFollowsTheLedgerThroughARestartOfTheService() throws {
        var (program, service) = try served()
        let state = try FileManager.default.attributesOfItem(atPath: program.scratch.path("state"))
        #expect(state[.posixPermissions] as? Int == 0o700)
        chmod(program.scratch.path("run/read"), 0o666)
        // The checkout may lie where nobody else may look.
        let copy = program.scratch.path("copytaster")
        try FileManager.default.copyItem(atPath: Checkout.program, toPath: copy)
        for path in [program.scratch.path, copy] { chmod(path, 0o755) }
        let output = program.scratch.path("followed")
        let errors = program.scratch.path("errors")
        let follower = Foundation.Process()
        follower.executableURL = URL(filePath: "/usr/bin/setpriv")
        follower.arguments = [
            "--reuid=65534", "--regid=65534", "--clear-groups", copy, "ledger", "--follow", "--json",
            "--state", program.scratch.path("state"),
        ]
        follower.environment = ["COPYTASTER_READ_SOCKET": program.scratch.path("run/read"), "HOME": "/nonexistent"]
        for path in [output, errors] { close(creat(path, 0o600)) }
        follower.standardOutput = FileHandle(forWritingAtPath: output)
        follower.standardError = FileHandle(forWritingAtPath: errors)
        try follower.run()
        func followed() -> [Int] {
            String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
                .split(separator: "\n").compactMap { line in
                    ((try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any])?["id"] as? Int
                }
        }
        #expect(eventually { followed() == [1, 2, 3] })
        let sessions = try self.sessions(of: service)
        #expect(!sessions.isEmpty)
        for session in sessions { kill(session, SIGKILL) }
        end(service)
        program.deliver(Array("Delivered while nobody could ask".utf8), as: "d.txt")
        #expect(try program.await(4))
        service = try serve(program)
        chmod(program.scratch.path("run/read"), 0o666)
        program.deliver(Array("And another one after that".utf8), as: "e.txt")
        #expect(eventually { followed() == [1, 2, 3, 4, 5] }, "each once: \(followed())")
        #expect(try String(contentsOfFile: errors, encoding: .utf8) == "")
        follower.terminate()
        follower.waitUntilExit()
        end(service)
        #expect(program.stop() == 0)
    }

    @Test func aSilentPeerOfTheControlSocketHoldsUpNobody() throws {
        let program = Program()
        try program.start()
        let state = try Directory(path: program.scratch.path("state"))
        let silent = try (0..<20).map { _ in try LocalSocket(connecting: state, name: Control.name) }
        let began = Date()
        #expect(try program.run("status").status == 0)
        #expect(try program.run("reload").status == 0)
        #expect(-began.timeIntervalSinceNow < 5)
        withExtendedLifetime(silent) {}
        #expect(program.stop() == 0)
    }
}

extension Visitor {
    fileprivate func ask(_ arguments: [String]) throws -> Answer {
        send(String(decoding: try JSONEncoder().encode(ReadRequest(arguments: arguments)), as: UTF8.self))
        return try hear()
    }
}
