// What an operator is told about the configuration.

import Foundation
import TestSupport
import Testing

struct ConfigurationTests {
    /// The keys with their values, as `check-config --show` prints them: for a system service, with this file.
    private func shown(_ configuration: String) throws -> [String: String] {
        let scratch = Scratch()
        let file = scratch.write(configuration, to: "conf")
        let program = Program(scratch, environment: ["STATE_DIRECTORY": "/var/lib/copytaster"])
        let ran = try program.run("check-config", "--show", "--config", file, withPlaces: false)
        #expect(ran.status == 0, "\(ran.errors)")
        return ran.lines.reduce(into: [:]) { keys, line in
            guard let colon = line.firstRange(of: ": ") ?? line.firstRange(of: ":") else { return }
            // A program that was just built has its reader beside it.
            let beside = URL(fileURLWithPath: Checkout.program).deletingLastPathComponent().path + "/copytaster-reader"
            keys[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
                .replacing(beside, with: "/usr/libexec/copytaster/copytaster-reader")
        }
    }

    private func deployed(_ name: String) throws -> String {
        try String(contentsOf: Checkout.root.appendingPathComponent("deploy/" + name), encoding: .utf8)
    }

    @Test func theManualHasTheProgramsDefaultsAndMarksWhatNeedsARestart() throws {
        let restart = "  # needs a restart"
        let page = try deployed("man/copytaster.conf.5")
        let keys = try #require(page.split(separator: ".Sh KEYS").last?.split(separator: ".Sh PERMISSIONS").first)
        var documented: [String: String] = [:]
        for item in String(keys).components(separatedBy: ".It Cm ").dropFirst() {
            let lines = item.split(separator: "\n").map(String.init)
            let start = try #require(lines.firstIndex { $0.hasPrefix("Default:") }, "\(lines[0]) has no default")
            var words = lines[start...].joined(separator: " ").dropFirst("Default:".count)
            // `Default:` and `.Pa PATH .` on the next line, or a sentence.
            for macro in [".Pa ", ".El"] { words = Substring(words.replacing(macro, with: " ")) }
            var value = words.trimmingCharacters(in: .whitespaces)
            if let end = value.firstRange(of: ". ") { value = String(value[..<end.lowerBound]) }
            value = value.trimmingCharacters(in: CharacterSet(charactersIn: " ."))
            if value == "none" { value = "" }
            documented[lines[0]] = value + (item.contains("\nIt needs a restart.\n") ? restart : "")
        }
        let program = try shown("")
        for (key, value) in program { #expect(documented[key] == value, "\(key) in copytaster.conf(5)") }
        #expect(Set(documented.keys) == Set(program.keys))
    }

    @Test func theConfigurationFileShowsTheProgramsDefaults() throws {
        // What is commented out, brought into force. Where there is no default, it is an example.
        let lines = try deployed("copytaster.conf").split(separator: "\n").map { line -> String in
            var line = String(line)
            if let match = line.firstMatch(of: /^( *)#([a-z]+:)/) {
                line.replaceSubrange(match.range, with: match.1 + match.2)
            }
            if let match = line.firstMatch(of: /^( *)# {8}/) {
                line.replaceSubrange(match.range, with: match.1 + "   ")
            }
            return line
        }
        let defaults = try shown("")
        let file = try shown(lines.joined(separator: "\n"))
        #expect(Set(file.keys) == Set(defaults.keys))
        for (key, value) in defaults where !value.hasPrefix("  #") && !value.isEmpty {
            #expect(file[key] == value, "\(key) in copytaster.conf")
        }
    }

    @Test func everythingThatIsWrongIsToldAtOnceEachWithItsLine() throws {
        let scratch = Scratch()
        let file = scratch.write(
            """
            log:
              level: loud
              colour: true
            inbox:
              maxdepth: -1
              quiet: ["wire"]
            workers: four
            resemblance: 5
            """, to: "conf")
        let program = Program(scratch, environment: ["COPYTASTER_INBOX_SETTLE": "soon"])
        let ran = try program.run("check-config", "--config", file)
        #expect(ran.status == EX_CONFIG)
        for words in [
            "conf:2: log.level cannot be 'loud'\n  allowed is one of trace, debug",
            "conf:3: there is no key 'log.colour'",
            "conf:5: inbox.maxdepth cannot be '-1'\n  allowed is a whole number from 0 to 1024",
            "conf:6: inbox.quiet cannot be '[\"wire\"]'",
            "conf:7: workers cannot be 'four'",
            "conf:8: a list of keys and values is expected below resemblance",
            "the environment: inbox.settle cannot be 'soon'",
        ] { #expect(ran.errors.contains(words), "\(words)\n\(ran.errors)") }
    }

    @Test func aReloadTellsAllOfItInOneRecord() throws {
        let program = Program()
        let file = program.scratch.write("workers: 1\n", to: "conf")
        try program.start(["--config", file])
        program.scratch.write("workers: four\nlog:\n  level: loud\n", to: "conf")
        kill(try #require(program.daemon).processIdentifier, SIGHUP)
        #expect(
            eventually {
                let record = program.log.split(separator: "\n").first { $0.contains("the old one stays") } ?? ""
                return record.contains("workers cannot be 'four'") && record.contains("log.level cannot be 'loud'")
            })
        program.scratch.write("workers: 1\nresemblance:\n  related: 0.4\n", to: "conf")
        let part = try program.run("reload", "--config", file)
        #expect(part.errors.contains("except for resemblance.related"), "\(part.errors)")
        #expect(program.stop() == 0)
    }

    @Test func aKeyThatStandsTwiceIsTold() throws {
        let scratch = Scratch()
        let file = scratch.write("inbox:\n  maxdepth: 1\nworkers: 2\ninbox:\n  settle: 3\n", to: "conf")
        let ran = try Program(scratch).run("check-config", "--config", file)
        #expect(ran.status == EX_CONFIG)
        #expect(ran.errors.contains("inbox stands there twice"), "\(ran.errors)")
    }
}

@Suite(.serialized)
struct RequeueTests {
    private let picture =
        [0xFF, 0xD8, 0xFF, 0xE0] + (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }

    @Test func allBringsBackOnlyWhatWouldBeTakenNow() throws {
        let program = Program()
        let file = program.scratch.write("inbox:\n  maxsize: 5000\n", to: "conf")
        try program.start(["--config", file])
        symlink("/nowhere", program.inbox + "/link")
        program.deliver(picture, as: "picture.jpg")
        program.deliver(Array(repeating: UInt8(ascii: "a"), count: 6000), as: "large.txt")
        #expect(try program.await(3))
        func requeue() throws -> String { try program.run("requeue", "--all", "--config", file).text }
        var said = ""
        #expect(
            try eventually {
                said = try requeue()
                return said.components(separatedBy: "stays in rejected/").count == 4
            })
        #expect(said.contains("a symbolic link is not a delivery"))
        #expect(said.contains("this is a JPEG image (4,004 bytes), not text"))
        #expect(said.contains("the file has 6000 bytes, more than the limit of 5000"))
        #expect(said.contains("nothing was requeued"))
        #expect(try program.lastRow() == 3)
        program.scratch.write("inbox:\n  maxsize: 50000\n", to: "conf")
        #expect(try program.run("reload", "--config", file).status == 0)
        #expect(try requeue().contains("large.txt is back in the inbox"))
        #expect(try program.await(4))
        #expect(try program.ledger().last?["verdict"] as? String == "new")
        #expect(program.stop() == 0)
    }

    @Test func aFileThatIsNotThereIsToldInPlainWords() throws {
        let ran = try Program().run("ingest", "/nonexistent")
        #expect(ran.status == EX_NOINPUT)
        #expect(ran.errors.contains("there is no /nonexistent"), "\(ran.errors)")
    }
}
