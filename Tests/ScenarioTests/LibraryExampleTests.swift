// The example of the libraries, run as its reader would run it.

import Foundation
import TestSupport
import Testing

struct LibraryExampleTests {
    private static func wirecopy(_ arguments: String...) throws -> (status: Int32, text: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: Checkout.program).deletingLastPathComponent()
            .appendingPathComponent("wirecopy")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test func filesAreReadAndRepeatsFound() throws {
        let scratch = Scratch()
        let seed = Checkout.root.appendingPathComponent("seeds/004_67d303dc5acc7f3a.txt")
        let wrapped = scratch.path("again.txt")
        try (String(contentsOf: seed, encoding: .utf8) + "\n").write(toFile: wrapped, atomically: true, encoding: .utf8)
        let result = try Self.wirecopy(seed.path, wrapped)
        #expect(result.status == 0)
        #expect(result.text.contains("\n   Beijing, 2024-12-03, Xinhua, 385 words\n"))
        #expect(result.text.contains("\n   same-text of 1: "))
    }

    @Test func anArchiveIsListedAndAMissingOneIsSaid() throws {
        let program = Program()
        try program.run("ingest", Checkout.root.appendingPathComponent("seeds").path)
        let result = try Self.wirecopy("--store", program.scratch.path("state"))
        #expect(result.status == 0)
        #expect(result.text.split(separator: "\n").count == 3)
        #expect(result.text.contains("new  Chinese leaders send congratulatory messages"))

        let missing = try Self.wirecopy("--store", program.scratch.path("nothing"))
        #expect(missing.status == 66)
        #expect(missing.text.contains("there is no store in"))
        #expect(try Self.wirecopy("--help").status == 64)
    }
}
