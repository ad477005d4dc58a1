// What --json prints, held against the schemas of docs/schemas; and that a consumer cannot pass over rows unseen.

import Foundation
import TestSupport
import Testing

/// As much of JSON Schema as the schemas use.
struct Schema {
    let root: [String: Any]

    init(_ name: String) throws {
        let data = try Data(contentsOf: Checkout.root.appendingPathComponent("docs/schemas/\(name).schema.json"))
        root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// What is wrong with a line; nothing, if it is as it should be.
    func faults(_ line: String) -> [String] {
        guard let value = try? JSONSerialization.jsonObject(with: Data(line.utf8)) else { return ["no JSON: \(line)"] }
        return faults(value, root, "")
    }

    private func faults(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        var faults: [String] = []
        func fault(_ text: String) { faults.append("\(place): \(text)") }
        if let type = schema["type"] as? String, !Self.isOf(type, value) { fault("\(value) is no \(type)") }
        if let constant = schema["const"], constant as? NSObject != value as? NSObject { fault("\(value)") }
        if let choices = schema["enum"] as? [String], !choices.contains(value as? String ?? "") { fault("\(value)") }
        if let pattern = schema["pattern"] as? String, let text = value as? String,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            fault("\(text) does not match \(pattern)")
        }
        if let number = value as? NSNumber {
            let (least, most) = (schema["minimum"] as? Double ?? -.infinity, schema["maximum"] as? Double ?? .infinity)
            if number.doubleValue < least || number.doubleValue > most { fault("\(value) is out of bounds") }
        }
        if let object = value as? [String: Any] {
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            for key in schema["required"] as? [String] ?? [] where object[key] == nil { fault("\(key) is missing") }
            for (key, inner) in object {
                // What every other key has to be, where that is said.
                guard let known = properties[key] ?? schema["additionalProperties"] as? [String: Any] else {
                    fault("\(key) is not in the schema")
                    continue
                }
                faults += self.faults(inner, known, "\(place)/\(key)")
            }
        }
        if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
            for (index, inner) in list.enumerated() { faults += self.faults(inner, items, "\(place)/\(index)") }
        }
        return faults
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
        let isBoolean = (value as? NSNumber).map { CFGetTypeIDIsBoolean($0) } ?? false
        return switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "boolean": isBoolean
        case "integer": !isBoolean && (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
        case "number": !isBoolean && value is NSNumber
        default: false
        }
    }

    private static func CFGetTypeIDIsBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}

struct JSONTests {
    private func filled() throws -> Program {
        let program = Program()
        let seeds = Checkout.seed("004")
        program.scratch.write(seeds, to: "in/000.txt")
        program.scratch.write(seeds, to: "in/004-again.txt")
        program.scratch.write(Checkout.seed("003"), to: "in/wire/003.txt")
        program.scratch.write(Array("KILL: National election\n\nKill this.".utf8), to: "in/wire/kill.txt")
        program.scratch.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 1, 2], to: "in/wire/picture.png")
        _ = try program.run("ingest", program.scratch.path("in"))
        return program
    }

    @Test func everyLineIsAsItsSchemaSays() throws {
        let program = try filled()
        let row = try Schema("row")
        for command in [["ledger"], ["list"], ["list", "--unique"], ["show", "1"], ["show", "2"]] {
            let result = try program.run(command + ["--json"])
            #expect(result.status == 0 && !result.lines.isEmpty, "\(command): \(result.errors)")
            for line in result.lines { #expect(row.faults(line) == [], "\(command)") }
        }
        let relations = try program.run("relations", "--json")
        #expect(!relations.lines.isEmpty)
        for line in relations.lines { #expect(try Schema("relation").faults(line) == []) }
        for line in try program.run("verify", "--json").lines { #expect(try Schema("verify").faults(line) == []) }
        for line in try program.run("diff", "1", "3", "--json").lines {
            #expect(try Schema("difference").faults(line) == [])
        }
        #expect(!row.faults("{\"id\":1}").isEmpty, "the schema can fail")
        for (name, command) in [
            ("row", ["search", "election OR kill"]), ("compare", ["compare", "1", "3"]),
            ("row", ["ingest", program.scratch.path("more")]), ("status", ["status"]),
            ("recover", ["recover", "--to", program.scratch.path("recovered")]),
        ] {
            program.scratch.write(Array("A story that came later".utf8), to: "more/later.txt")
            let result = try program.run(command + ["--json"])
            #expect(!result.lines.isEmpty, "\(command): \(result.errors)")
            for line in result.lines { #expect(try Schema(name).faults(line) == [], "\(command)") }
        }
        #expect(!row.faults("{\"id\":true,\"odd\":1}").isEmpty)
    }

    @Test func ledgerLinesSpareASecondCall() throws {
        let program = try filled()
        let rows = try program.ledger()
        let stories = rows.filter { $0["verdict"] as? String != "rejected" }
        #expect(!stories.isEmpty)
        for story in stories {
            #expect(
                story["displaytitle"] is String && story["family"] is Int && story["pubstatus"] is String, "\(story)")
        }
    }

    @Test func aCursorOfAnotherEpochIsRefusedWithWhatToDo() throws {
        let program = try filled()
        let cursor = try #require(try program.ledger().last?["cursor"] as? String)
        let row = try #require(Int(cursor.split(separator: ":").last ?? ""))
        #expect(try program.run("ledger", "--json", "--since", cursor).status == 0)
        let backup = program.scratch.path("copy.sqlite")
        #expect(try program.run("backup", backup).status == 0)
        let store = program.scratch.path("state/copytaster.sqlite")
        for name in ["", "-wal", "-shm", "-head"] { unlink(store + name) }
        rename(backup, store)
        program.scratch.write(Array("Later\n\nA new story.".utf8), to: "more/later.txt")
        _ = try program.run("ingest", program.scratch.path("more"))
        let refused = try program.run("ledger", "--json", "--since", cursor)
        #expect(refused.status == EX_PROTOCOL && refused.output.isEmpty)
        let epoch = try #require(try program.run("verify", "--json").records.first?["epoch"] as? String)
        #expect(refused.errors.contains("--since \(epoch):\(row)"), "\(refused.errors)")
        let next = try program.run("ledger", "--json", "--since", "\(epoch):\(row)")
        #expect(next.records.map { $0["id"] as? Int } == [row + 1])
        let strange = try program.run("ledger", "--since", "0123456789abcdef:1")
        #expect(strange.status == EX_PROTOCOL && strange.errors.contains("another store"))
    }

    @Test func whatDoesNotExistIsAnError() throws {
        let program = try filled()
        for command in [
            ["relations", "--story", "99999"], ["list", "--source", "nosuch"], ["ledger", "--source", "nosuch"],
        ] {
            let result = try program.run(command)
            #expect(result.status == EX_NOINPUT, "\(command)")
            #expect(!result.errors.isEmpty)
        }
        #expect(
            try program.run("list", "--source", "nosuch").errors.contains("sources are: in"), "it says which there are")
        #expect(try program.run("list", "--since", "the day before").status == EX_USAGE)
    }

    @Test func aLimitCountsWhatIsListed() throws {
        let program = try filled()
        let all = try program.run("list", "--unique", "--json").records.compactMap { $0["id"] as? Int }
        #expect(all.count >= 2)
        #expect(all == all.sorted(by: >), "the newest first")
        for limit in 1...all.count {
            let some = try program.run("list", "--unique", "--limit", "\(limit)", "--json").records
            #expect(some.compactMap { $0["id"] as? Int } == Array(all.prefix(limit)))
        }
    }

    @Test func timesAreTakenAsPeopleWriteThem() throws {
        let program = try filled()
        let all = try program.run("ledger").lines.count
        for (arguments, count) in [
            (["--since", "2h"], all), (["--since", "yesterday"], all), (["--until", "yesterday"], 0),
            (["--until", "2020-01-31"], 0), (["--since", "2020-01-31 14:00", "--until", "now"], all),
        ] {
            #expect(try program.run(["ledger"] + arguments).lines.count == count, "\(arguments)")
        }
    }

    @Test func aPersonIsShownDatesAndRelationsAsPeopleWriteThem() throws {
        let program = try filled()
        program.scratch.write(
            Array("PHNOM PENH, Nov. 21 (Reuters) - The ministers met on Tuesday to talk about rice.".utf8),
            to: "more/d.txt")
        _ = try program.run("ingest", program.scratch.path("more"))
        let last = try program.lastRow()
        let shown = try program.run("show", "\(last)").text
        #expect(shown.contains("21 November (no year)"), "\(shown)")
        #expect(!shown.contains("--11-21"))
        let line = try #require(try program.run("list", "--source", "more").lines.first)
        #expect(line.contains("Phnom Penh") || line.contains("PHNOM PENH"), "\(line)")
        #expect(line.range(of: "20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}", options: .regularExpression) != nil)
        let repeated = try program.ledger().first { $0["of"] is Int }
        let repeats = try #require(repeated?["of"] as? Int)
        #expect(try program.run("ledger").text.contains("identical of \(repeats)"))
    }

    @Test func aWithdrawnStoryIsFlagged() throws {
        let program = Program()
        let story =
            "National election held\n\nPHNOM PENH, July 3 (Reuters) - The ministers met on Tuesday to talk about rice."
        program.scratch.write(Array(story.utf8), to: "in/1.txt")
        program.scratch.write(Array(("KILL: " + story).utf8), to: "in/2.txt")
        _ = try program.run("ingest", program.scratch.path("in"))
        let statuses = try program.ledger().map { $0["pubstatus"] as? String }
        let lines = try program.run("list").lines
        for (status, line) in zip(statuses.reversed(), lines) {
            #expect(line.contains("[canceled]") == (status == "canceled"), "\(line)")
        }
        #expect(statuses.contains("canceled"), "\(statuses)")
    }

    @Test func ninjsFieldsHaveItsShapes() throws {
        let program = Program()
        let story = "Urgency: #\nHeadline: Rice\n\nPARIS, July 3 (Reuters) - The price of rice rose on Tuesday."
        for (name, urgency) in [("1.txt", "3"), ("2.txt", "flash")] {
            program.scratch.write(Array(story.replacingOccurrences(of: "#", with: urgency).utf8), to: "in/\(name)")
        }
        _ = try program.run("ingest", program.scratch.path("in"))
        let records = try program.run("list", "--json").records
        for record in records {
            let isFirst = (record["name"] as? String)?.hasSuffix("1.txt") == true
            #expect(record["urgency"] as? Int == (isFirst ? 3 : nil), "\(record)")
            #expect(record["urgencystated"] as? String == (isFirst ? nil : "flash"), "\(record)")
            #expect(record["infosource"] as? [[String: String]] == [["name": "Reuters"]], "\(record)")
        }
        #expect(records.count == 2)
    }

    @Test func aRunningServiceIsAsTheSchemaOfStatusSays() throws {
        let program = Program()
        try program.start()
        program.deliver(Array("A story".utf8), as: "wire/a.txt")
        #expect(try program.await(1))
        let lines = try program.run("status", "--json").lines
        #expect(lines.count == 1)
        for line in lines { #expect(try Schema("status").faults(line) == []) }
        #expect(program.stop() == 0)
    }

    @Test func titlesAreWholeWhereNoTerminalIs() throws {
        let program = Program()
        let title = (0..<30).map { "Word\($0)" }.joined(separator: " ")
        program.scratch.write(Array("\(title)\n\nA text of some words.".utf8), to: "in/long.txt")
        _ = try program.run("ingest", program.scratch.path("in"))
        #expect(try program.run("list").text.contains(title))
    }
}
