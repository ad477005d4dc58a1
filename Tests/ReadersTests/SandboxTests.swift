import Foundation
import Readers
import TestSupport
import Testing

/// What a reader process cannot do, tried from inside it.
struct SandboxTests {
    static let program = Checkout.reader

    static func attempt(_ what: String, output: FileHandle = .nullDevice) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["--try", what]
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        return process
    }

    /// A forbidden system call ends the process.
    @Test(arguments: ["socket", "fork", "kill", "privileges"])
    func isEndedBySeccomp(what: String) throws {
        let process = try Self.attempt(what)
        #expect(process.terminationReason == .uncaughtSignal)
        #expect(process.terminationStatus == SIGSYS)
    }

    /// Libraries look for files of their own, and go on without them.
    @Test func noFileIsOpened() throws {
        let process = try Self.attempt("open")
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 3)
    }

    @Test func memoryIsLimited() throws {
        let process = try Self.attempt("memory")
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 3)
    }

    @Test func nothingIsWrittenToAFile() throws {
        let scratch = Scratch()
        let path = scratch.write("", to: "out")
        let process = try Self.attempt("write", output: try #require(FileHandle(forWritingAtPath: path)))
        #expect(process.terminationStatus != 0)
        #expect(try Data(contentsOf: URL(filePath: path)).isEmpty)
    }

    /// No capability is left, no new privilege can come, and a filter is in force: as the kernel tells it from outside of all that.
    @Test func theKernelSaysSo() throws {
        #expect(try Self.attempt("capabilities").terminationStatus == 0)
    }

    @Test func whatIsAllowedWorks() throws {
        #expect(try Self.attempt("nothing").terminationStatus == 0)
    }
}
