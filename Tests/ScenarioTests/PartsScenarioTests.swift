// Files with several stories, through the program as people use it.

import Foundation
import TestSupport
import Testing

struct PartsScenarioTests {
    private let program = Program()

    private func message(_ number: Int) -> String {
        let words = (0..<60).map { "word\((number &* 7919 &+ $0 &* 104_729) % 5000)" }.joined(separator: " ")
        return "ZCZC ABC\(number)\nHarbour plan number \(number) is decided\n\n\(words)\nNNNN"
    }

    @Test func aWireFileFromTheInboxToShow() throws {
        try program.start()
        program.deliver(Array("\(message(1))\n\n\(message(2))\n".utf8), as: "wire.txt")
        #expect(try program.await(1))
        program.deliver(Array("\(message(3))\n\n\(message(2))\n".utf8), as: "later.txt")
        #expect(try program.await(2))
        let rows = try program.ledger()
        #expect(rows.map { $0["id"] as? Int } == [3, 6])
        #expect(rows.map { $0["verdict"] as? String } == ["parts", "parts"])
        let parts = try #require(rows.last?["parts"] as? [[String: Any]])
        #expect(parts.map { $0["verdict"] as? String } == ["new", "identical"] && parts[1]["of"] as? Int == 2)
        #expect(try program.run("ledger").text.contains("2 parts: 1 new, 1 identical"))
        #expect(try program.run("show", "--raw", "2").text == message(2))
        #expect(try program.run("show", "--raw", "6.2").text == message(2), "the bytes of what it repeats")
        let shown = try program.run("show", "6").text
        #expect(shown.contains("delivery") && shown.contains("#1") && shown.contains("identical of 2"))
        let story = try program.run("show", "4").text
        #expect(story.contains("1 of delivery 6") && story.contains("Harbour plan number 3 is decided"))
        #expect(try program.run("show", "--json", "4").records.first?["delivery"] as? Int == 6)
        #expect(try program.run("show", "3.9").status == 66)
        #expect(try program.run("list").lines.count == 3)
        #expect(program.stop() == 0)
        let proof = try #require(try program.run("verify", "--json").records.first)
        #expect(proof["sound"] as? Bool == true && proof["rows"] as? Int == 2 && proof["parts"] as? Int == 4)
        #expect(proof["delivered"] as? Int == 2, "the account is of deliveries")
        #expect(try program.run("verify").text.contains("parts     4 = 3 new + 1 identical"))
    }
}
