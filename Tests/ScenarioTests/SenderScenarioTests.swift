// What the operator is told of each sender.

import Foundation
import TestSupport
import Testing

@Suite(.serialized)
struct SenderScenarioTests {
    @Test func metricsHaveALineForEachSenderWhateverItsName() throws {
        let program = Program()
        try program.start()
        program.deliver(Array("At the top\n".utf8), as: "top.txt")
        program.deliver(Array("From the wire\n".utf8), as: "wire/a.txt")
        program.deliver(Array("From a strange one\n".utf8), as: "a\"b\\c/a.txt")
        mkfifo(program.inbox + "/wire/fifo", 0o600)
        #expect(try program.await(4))
        let metrics = try program.run("status", "--metrics").text
        let owner = getuid()
        for line in [
            "sender_deliveries_total{owner=\"\(owner)\",directory=\".\"} 1",
            "sender_deliveries_total{owner=\"\(owner)\",directory=\"wire\"} 2",
            "sender_rejected_total{owner=\"\(owner)\",directory=\"wire\"} 1",
            "sender_bytes_total{owner=\"\(owner)\",directory=\".\"} 11",
            #"sender_deliveries_total{owner="\#(owner)",directory="a\"b\\c"} 1"#,
            "sender_waiting{owner=\"\(owner)\",directory=\"wire\"} 0",
            "sender_over_quota{owner=\"\(owner)\",directory=\"wire\"} 0",
        ] {
            #expect(metrics.contains("copytaster_\(line)\n"), "\(line)\n\(metrics)")
        }
        let stamp = metrics.split(separator: "\n").first { $0.hasPrefix("copytaster_sender_last_delivery") }
        let time = try #require(stamp?.split(separator: " ").last.flatMap { Double($0) })
        #expect(abs(time - Date().timeIntervalSince1970) < 600)
        #expect(metrics.hasSuffix("# EOF\n"))
        #expect(program.stop() == 0)
    }

    @Test func moreThanASendersQuotaIsToldOnceAndAllOfItIsTaken() throws {
        let program = Program(environment: ["COPYTASTER_INBOX_MAXWAITING": "64"])
        for i in 0..<1000 { program.deliver(Array("Number \(i) of many\n".utf8), as: "flood/\(i).txt") }
        try program.start()
        #expect(try program.await(1000))
        let told = program.log.split(separator: "\n").filter { $0.contains("more than 64 files of flood/ wait") }
        #expect(told.count == 1, "\(told)")
        let gauge = "copytaster_sender_over_quota{owner=\"\(getuid())\",directory=\"flood\"} 1\n"
        #expect(try eventually { try program.run("status", "--metrics").text.contains(gauge) })
        #expect(try program.run("status").text.contains("more of flood/ waits than its quota"))
        #expect(program.stop() == 0)
    }

    @Test func aSourceThatGoesSilentIsToldOnce() throws {
        let program = Program(environment: ["COPYTASTER_INBOX_QUIET": "wire 1"])
        try program.start()
        #expect(eventually { program.log.contains("nothing came from wire/") })
        program.deliver(Array("It is back\n".utf8), as: "wire/a.txt")
        #expect(eventually { program.log.contains("wire/ delivers again") })
        #expect(program.stop() == 0)
    }

    @Test func aWrongListOfSourcesIsRefused() throws {
        for list in ["[wire]", "[\"wire 0\"]", "[\"a/b 3\"]"] {
            let scratch = Scratch()
            let file = scratch.write("inbox: {quiet: \(list)}\n", to: "conf")
            let checked = try Program(scratch).run("check-config", "--config", file)
            #expect(checked.status == EX_CONFIG && checked.errors.contains("inbox.quiet"), "\(checked.errors)")
        }
    }
}
