// Runs commands that an operator named, and ssh-keygen(1).

internal import Foundation
internal import Synchronization

/// A command of the operator's, run by the shell with arguments of ours.
package struct ShellCommand: Sendable {
    private let command: String

    package init(_ command: String) { self.command = command }

    package struct Outcome: Sendable {
        package var status: Int32
        package var output: [UInt8]
        package var errors: String
        fileprivate var isLate = false

        /// How it ended, and what it said.
        package var words: String {
            let said = errors.trimmingCharacters(in: .whitespacesAndNewlines).suffix(400)
            return (isLate ? "was ended, since it took too long" : "ended with \(status)")
                + (said.isEmpty ? "" : ": \(said)")
        }
    }

    /// Runs it to its end.
    package func run(_ arguments: [String], input: [UInt8] = [], patience: Double = 60) -> Outcome {
        Self.run("/bin/sh", ["-c", "\(command) \"$@\"", "sh"] + arguments, input: input, patience: patience)
    }

    /// Runs a program to its end, by its path or its name.
    package static func run(
        _ program: String, _ arguments: [String], input: [UInt8] = [], patience: Double = 60
    ) -> Outcome {
        let process = Foundation.Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let (into, out, errors) = (Pipe(), Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (into, out, errors)
        do { try process.run() } catch {
            return Outcome(status: 127, output: [], errors: "\(program) cannot be run: \(error)")
        }
        let isLate = Mutex(false)
        let deadline = DispatchWorkItem { [process] in
            isLate.withLock { $0 = true }
            process.terminate()
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + patience, execute: deadline)
        // Each pipe has a reader or writer of its own: a command that fills one of them must not wait for another.
        let said = Mutex<[UInt8]>([])
        let group = DispatchGroup()
        let writer = Thread {
            // A command that ends without reading makes this a SIGPIPE, which would end the process. Blocked, it ends with
            // this thread, and the write fails.
            var pipe = sigset_t()
            unsafe sigemptyset(&pipe)
            unsafe sigaddset(&pipe, SIGPIPE)
            unsafe pthread_sigmask(SIG_BLOCK, &pipe, nil)
            try? into.fileHandleForWriting.write(contentsOf: Data(input))
            try? into.fileHandleForWriting.close()
        }
        writer.start()
        DispatchQueue.global().async(group: group) {
            let bytes = (try? errors.fileHandleForReading.readToEnd()).flatMap { $0 } ?? Data()
            said.withLock { $0 = Array(bytes) }
        }
        let output = (try? out.fileHandleForReading.readToEnd()).flatMap { $0 } ?? Data()
        process.waitUntilExit()
        deadline.cancel()
        group.wait()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: Array(output), errors: String(decoding: said.withLock { $0 }, as: UTF8.self),
            isLate: isLate.withLock { $0 })
    }
}
