// Searching with the real program, and what a person sees of it on a terminal.

import Foundation
import TestSupport
import Testing

struct SearchScenarioTests {
    private func filled() throws -> Program {
        let program = Program()
        program.scratch.write(Checkout.seed("000"), to: "in/000.txt")
        program.scratch.write(Checkout.seed("003"), to: "in/wire/003.txt")
        program.scratch.write(
            Array("Cocoa <prices> & rice\n\nPARIS, July 3, 2024 (Reuters) - The price of cocoa rose.".utf8),
            to: "in/cocoa.txt")
        program.scratch.write(Array("國家主席習近平在北京會見洪森。".utf8), to: "in/zh.txt")
        _ = try program.run("ingest", program.scratch.path("in"))
        return program
    }

    private func names(_ result: Program.Result) -> Set<String> {
        Set(result.records.compactMap { ($0["name"] as? String)?.split(separator: "/").last.map(String.init) })
    }

    @Test func findsByWordsAndFacts() throws {
        let program = try filled()
        for (query, expected) in [
            (["cocoa"], ["cocoa.txt"]), (["cocoa", "-rice"], []), (["cambodia", "-2018"], ["000.txt"]),
            (["-cambodia", "-习近平"], ["cocoa.txt"]), (["Hun Sen", "election"], ["000.txt", "003.txt"]),
            (["agency:reuters OR 习近平"], ["cocoa.txt", "zh.txt"]), (["headline:Hun Sen", "victory"], ["003.txt"]),
            (["date:2024-07..2024-08"], ["cocoa.txt"]), (["received:1h", "date:2023"], ["000.txt"]),
            (["--limit", "1", "--page", "2", "--sort", "oldest", "cambodia"], ["003.txt"]),
        ] as [([String], Set<String>)] {
            let result = try program.run(["search", "--json"] + query)
            #expect(names(result) == expected, "\(query) \(result.errors)")
            #expect(result.status == (expected.isEmpty ? 1 : 0))
        }
    }

    @Test func aQueryThatIsNoneIsShownWithItsPlace() throws {
        let program = try filled()
        let result = try program.run("search", "北京 (cocoa")
        #expect(result.status == EX_USAGE && result.output.isEmpty)
        let lines = result.errors.split(separator: "\n").map(String.init)
        #expect(lines[0] == "copytaster: the bracket is not closed")
        #expect(lines[1] == "  北京 (cocoa" && lines[2] == "       ^", "wide letters count twice: \(lines)")
        #expect(try program.run("search", "--sort", "loudest", "x").status == EX_USAGE)
        #expect(try program.run("search", "x", "--page", "0").status == EX_USAGE)
        #expect(try program.run("search", "cocoa", "--page", "2").errors.contains("no page 2"))
    }

    @Test func aSlipIsGuessed() throws {
        let program = try filled()
        let result = try program.run("search", "price cocao")
        #expect(result.status == 1)
        #expect(result.errors.contains("no story matches\n  did you mean price cocoa?"), "\(result.errors)")
    }

    @Test func snippetsMarkWhatWasFound() throws {
        let program = try filled()
        let found = try program.run("search", "--json", "headline:cocoa").records.first
        #expect(found?["snippet"] as? String == "<mark>Cocoa</mark> &lt;prices&gt; &amp; rice")
        let lines = try program.run("search", "--json", "习近平").lines
        #expect(lines.count == 1 && lines[0].contains("國家主席<mark>習近平</mark>在北京"), "\(lines)")
        for line in lines { #expect(try Schema("row").faults(line) == []) }
    }

    @Test func listHasAnAgencyFilter() throws {
        let program = try filled()
        #expect(names(try program.run("list", "--json", "--agency", "REUTERS")) == ["cocoa.txt"])
    }

    // MARK: On a terminal

    @Test func aTerminalGetsAPagerACountAndBoldMatches() throws {
        let program = try filled()
        let paged = try program.onTerminal(["search", "--limit", "1", "cambodia"], pager: "sed s/^/PAGED:/")
        #expect(paged.contains("PAGED:") && paged.contains("\u{1B}[1mCambodia\u{1B}[0m"), "\(paged)")
        #expect(paged.contains("1 of 2; --page 2 goes on"), "\(paged)")
        let listed = try program.onTerminal(["list", "--limit", "2"], pager: "sed s/^/PAGED:/")
        #expect(listed.contains("PAGED:") && listed.contains("2 of 4; --limit gives more"), "\(listed)")
        let plain = try program.onTerminal(["list", "--no-pager"], pager: "sed s/^/PAGED:/")
        #expect(!plain.contains("PAGED:") && plain.contains("Cocoa"))
        #expect(try program.onTerminal(["search", "--json", "cocoa"], pager: "sed s/^/PAGED:/").hasPrefix("{"))
    }

    @Test func messagesComeAfterThePager() throws {
        let program = try filled()
        let out = try program.onTerminal(["search", "nosuchword"], pager: "sed s/^/PAGED:/")
        #expect(out.contains("no story matches") && !out.contains("PAGED:"))
    }

    @Test func aPagerThatIsNoneOrIsLeftIsPassedOver() throws {
        let program = try filled()
        let none = try program.onTerminal(["list"], pager: "/nonexistent/pager")
        #expect(none.contains("Cocoa"), "\(none)")
        #expect(try program.onTerminal(["list"], pager: "").contains("Cocoa"))
        #expect(try !program.onTerminal(["list"], pager: "true").contains("Cocoa"))
        #expect(!(try program.run("list").text.contains("PAGED")))
    }
}
