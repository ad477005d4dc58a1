// After a redaction no file of the state directory or the spool holds a word that only that story had: looked for in
// the raw bytes, wherever a story is kept or anything is derived from it (ARCHITECTURE.md).

import Foundation
import Pipeline
import TestSupport
import Testing

@Suite(.serialized)
struct DeletionTests {
    /// Words that nothing else has.
    private let rare = ["xylophonquartz", "vexilloprism", "quagmirezest", "jackdawfjord", "blowzyvixen"]

    private var secret: [UInt8] {
        let body = (0..<40).map { "\(rare[$0 % rare.count]) and other words stand here in sentence \($0)." }
        return Array("BEIJING, Dec. 3 (Xinhua) -- \(body.joined(separator: " "))\n".utf8)
    }

    private func story(_ number: Int) -> [UInt8] {
        let words = (0..<80).map { "w\((number &* 7919 &+ $0 &* 104_729) % 9000)" }.joined(separator: " ")
        return Array("Headline \(number)\n\n\(words)\n".utf8)
    }

    /// The files that hold one of the rare words.
    private func places(_ program: Program) -> [String] {
        let root = program.scratch.path
        let needles = rare.map { Array($0.utf8.dropFirst(3)) }
        let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasPrefix("state/") || $0.hasPrefix("spool/") }.filter { file in
            guard let data = FileManager.default.contents(atPath: root + "/" + file) else { return false }
            let bytes = Array(data)
            return needles.contains { bytes.firstRange(of: $0) != nil }
        }.sorted()
    }

    /// A store with the secret as story 21, delivered twice, kept in archive/, and found by a search.
    private func filled(umask: String? = nil) throws -> Program {
        let program = Program(environment: ["COPYTASTER_INBOX_ARCHIVE": "true"], umask: umask)
        try program.start()
        for number in 0..<20 { program.deliver(story(number), as: "\(number).txt") }
        #expect(try program.await(20))
        program.deliver(secret, as: "secret.txt")
        #expect(try program.await(21))
        program.deliver(secret, as: "again.txt")
        for number in 30..<60 { program.deliver(story(number), as: "\(number).txt") }
        #expect(try program.await(52))
        #expect(eventually { (try? program.run("search", rare[0]).status) == 0 })
        #expect(eventually { places(program).count { $0.hasPrefix("spool/archive/") } == 2 })
        #expect(places(program).contains { $0.hasPrefix("state/search") })
        return program
    }

    @Test func aRedactedTextIsNowhereWhileTheServiceRuns() throws {
        let program = try filled()
        let redacted = try program.run("redact", "21", "--reason", "court order")
        #expect(redacted.status == 0, "\(redacted.errors)")
        #expect(places(program) == [])
        #expect(try program.run("search", rare[0]).status == 1)
        #expect(try program.run("show", "21").errors.contains("court order"))
        #expect(try program.run("redact", "21", "--reason", "again").status == EX_NOINPUT)
        #expect(try program.run("verify").status == 0)
        #expect(program.log.contains("is erased everywhere"))
        #expect(program.stop() == 0)
        #expect(places(program) == [])
    }

    /// A story so short that it is not compressed lies as it is in each place of the registry, and in none after its
    /// redaction.
    @Test func whatIsErasedIsWhereTheRegistrySays() throws {
        let program = Program(environment: ["COPYTASTER_INBOX_ARCHIVE": "true"])
        try program.start()
        let short = Array((rare.joined(separator: " ") + "\n").utf8)
        program.deliver(short, as: "short.txt")
        #expect(try program.await(1))
        #expect(eventually { (try? program.run("search", rare[0]).status) == 0 })
        var found = places(program)
        #expect(program.stop() == 0)
        // What the log of the index has comes into the index by itself only when it is long.
        let checkpoint = Foundation.Process()
        checkpoint.executableURL = URL(filePath: "/usr/bin/python3")
        checkpoint.arguments = [
            "-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)')",
            program.scratch.path("state/search.sqlite"),
        ]
        try checkpoint.run()
        checkpoint.waitUntilExit()
        found += places(program)
        try program.start()
        #expect(try program.run("redact", "1", "--reason", "court order").status == 0)
        #expect(places(program) == [])
        program.deliver(short, as: "again.txt")
        #expect(try program.await(2))
        #expect(eventually { !places(program).isEmpty })
        found += places(program)
        #expect(try program.run("redact", "2", "--reason", "court order").status == 0)
        #expect(places(program) == [])
        #expect(program.stop() == 0)
        for path in found where path != "spool/work/2" {
            #expect(ErasedPlace.allCases.contains { $0.holds(path) }, "\(path) is in no registry")
        }
        for place in ErasedPlace.allCases { #expect(found.contains(where: place.holds), "\(place): \(found)") }
    }

    @Test func theTableOfTheDocumentIsTheRegistry() throws {
        let document = try String(contentsOf: Checkout.root.appending(path: "ARCHITECTURE.md"), encoding: .utf8)
        let section = try #require(document.components(separatedBy: "the deletion contract\n").last)
        let rows = section.components(separatedBy: "\n## ")[0].split(separator: "\n").filter { $0.hasPrefix("| ") }
        let titles = rows.dropFirst().compactMap { $0.components(separatedBy: " | ").first?.dropFirst(2) }
        #expect(Set(titles.dropLast().map(String.init)) == Set(ErasedPlace.allCases.map(\.rawValue)))
        #expect(rows.last?.contains("| stay: ") == true)
    }

    @Test func aRedactedTextIsNowhereWithoutTheService() throws {
        let program = try filled()
        #expect(program.stop() == 0)
        #expect(try program.run("redact", "21", "--reason", "court order").status == 0)
        #expect(places(program) == [])
        #expect(try program.run("verify", "--search").status == 0)
    }

    /// A reader holds the log: what is left is remembered, across a restart, and erased when the reader ends.
    @Test func whatAReaderHoldsBackIsErasedWhenItEnds() throws {
        let program = try filled()
        let reader = Foundation.Process()
        reader.executableURL = URL(filePath: "/usr/bin/python3")
        reader.arguments = [
            "-c",
            """
            import sqlite3, sys
            db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True, isolation_level=None)
            db.execute("BEGIN"); db.execute("SELECT count(*) FROM ledger").fetchall()
            print("reading", flush=True); sys.stdin.read()
            """, program.scratch.path("state/copytaster.sqlite"),
        ]
        let (input, output) = (Pipe(), Pipe())
        (reader.standardInput, reader.standardOutput) = (input, output)
        try reader.run()
        #expect(!output.fileHandleForReading.availableData.isEmpty)
        let first = try program.run("redact", "21", "--reason", "court order")
        #expect(first.status == EX_TEMPFAIL && first.errors.contains("not yet erased everywhere"), "\(first.errors)")
        #expect(try program.run("search", rare[0]).status == 1, "nobody is given it any more")
        let second = try program.run("redact", "21", "--reason", "court order")
        #expect(second.status == EX_TEMPFAIL && second.errors.contains("is under way"), "\(second.errors)")
        program.deliver(story(99), as: "99.txt")
        #expect(try program.await(53), "the reader blocks nobody")
        program.kill()
        try program.start()
        #expect(eventually { program.log.contains("nothing is lost: it goes on once that ends") })
        try input.fileHandleForWriting.close()
        reader.waitUntilExit()
        #expect(eventually(within: 40) { program.log.contains("is erased everywhere") })
        #expect(places(program) == [])
        #expect(program.stop() == 0)
        #expect(try program.run("verify").status == 0)
    }

    @Test func aRedactedTextThatComesAgainIsRejectedAndKeptUntilItIsRedacted() throws {
        let program = try filled()
        #expect(try program.run("redact", "21", "--reason", "court order").status == 0)
        program.deliver(secret, as: "third.txt")
        #expect(try program.await(53))
        let row = try #require(try program.ledger().last)
        #expect(row["reasoncode"] as? String == "redacted")
        #expect(
            eventually { places(program).map { $0.hasPrefix("spool/rejected/53") } == [true] }, "\(places(program))")
        #expect(try program.run("redact", "53", "--reason", "the same").status == 0)
        #expect(places(program) == [])
        #expect(program.stop() == 0)
        let storing = Program(program.scratch, environment: ["COPYTASTER_INBOX_REDACTED": "store"])
        try storing.start()
        storing.deliver(secret, as: "fourth.txt")
        #expect(try storing.await(54))
        #expect(try storing.ledger().last?["verdict"] as? String == "new")
        storing.deliver(secret, as: "fifth.txt")
        #expect(try storing.await(55))
        #expect(try storing.ledger().last?["of"] as? Int == 54)
        #expect(storing.stop() == 0)
        #expect(try storing.run("verify").status == 0)
    }

    @Test func backupsAreTheirMakersAlone() throws {
        let program = try filled(umask: "0")
        let copy = program.scratch.path("copy.sqlite")
        #expect(try program.run("backup", copy).status == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: copy)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(program.scratch.names().filter { $0.hasPrefix("copy") } == ["copy.sqlite"], "and nothing beside it")
        #expect(try program.run("backup", copy).status == EX_CANTCREAT)
        #expect(program.stop() == 0)
    }

    /// The table of docs/operations.md, held against what the service makes.
    @Test func everyFileOfTheStoreIsListedWithItsMode() throws {
        let document = try String(contentsOf: Checkout.root.appending(path: "docs/operations.md"), encoding: .utf8)
        let section = try #require(document.components(separatedBy: "## Files and their modes\n").last)
            .components(separatedBy: "\n## ")[0]
        let program = try filled(umask: "0777")
        for name in program.scratch.names(in: "state") {
            // `copytaster.sqlite`, `-wal`: an ending stands for the file before it.
            let base = name.components(separatedBy: ".sqlite-")[0]
            let isListed = section.contains("`\(name)`") || base != name && section.contains("`\(base).sqlite`, `-")
            #expect(isListed, "\(name)")
        }
        func mode(_ path: String) throws -> Int {
            let attributes = try FileManager.default.attributesOfItem(atPath: program.scratch.path(path))
            return (attributes[.posixPermissions] as? Int ?? 0) & 0o777
        }
        #expect(try mode("state") == 0o700)
        #expect(try mode("state/control") == 0o600)
        #expect(try mode("spool/work") == 0o700)
        #expect(try mode("spool/archive") == 0o700)
        #expect(try mode("spool/rejected") == 0o750)
        #expect(program.stop() == 0)
    }

    @Test func aLimitIsAtLeastOne() throws {
        for arguments in [["list", "--limit", "0"], ["ledger", "--limit", "-3"], ["search", "x", "--limit", "0"]] {
            #expect(try Program().run(arguments).status == EX_USAGE)
        }
    }
}
