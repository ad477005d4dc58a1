// Reads files in a process of its own, after the service ended again and again: what ends that process costs one file.
//
// The child is this program with the hidden command `examine`; each file is passed to it open (unix(7), SCM_RIGHTS), and it
// answers with a line. It serves until it ends, or until it was silent for too long.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Pipeline
internal import Synchronization

/// The parent's side. Workers take turns.
final class ReaderChild: Rehearsal {
    /// How long the reading of one file may take, in seconds.
    static let patience = Duration.seconds(30)

    private struct Child {
        let process: Foundation.Process
        let socket: LocalSocket
        var lines: SocketLines
    }

    private let maximumSize: Int64
    private let child: Mutex<Child?> = Mutex(nil)

    init(maximumSize: Int64) { self.maximumSize = maximumSize }

    func read(_ file: Descriptor) -> RehearsalOutcome {
        child.withLock { child in
            do {
                var current = try child ?? start()
                child = nil
                do throws(FileError) {
                    try current.socket.writeLine(Array("read".utf8), passing: [file])
                    if try current.lines.next() != nil {
                        child = current
                        return .well
                    }
                    return .ended(end(of: current, isLate: false))
                } catch {
                    return .ended(end(of: current, isLate: error.isBusy))
                }
            } catch { return .unavailable("\(error)") }
        }
    }

    private func start() throws -> Child {
        let (ours, theirs) = try LocalSocket.pair()
        try ours.limit(to: Self.patience)
        let process = Foundation.Process()
        process.executableURL = URL(filePath: "/proc/self/exe")
        process.arguments = ["examine", "--max-size", "\(maximumSize)"]
        process.standardInput = FileHandle(fileDescriptor: theirs.number, closeOnDealloc: false)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        withExtendedLifetime(theirs) {}
        return Child(process: process, socket: ours, lines: SocketLines(ours))
    }

    private func end(of child: Child, isLate: Bool) -> String {
        if isLate { kill(child.process.processIdentifier, SIGKILL) }
        child.process.waitUntilExit()
        if isLate {
            return "a process that read it alone was not done after \(Self.patience.components.seconds) seconds"
        }
        let status = child.process.terminationStatus
        return child.process.terminationReason == .uncaughtSignal
            ? "a process that read it alone ended by signal \(status)"
            : "a process that read it alone ended with \(status)"
    }
}

/// The child's side.
struct Examine: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read the files that are passed through standard input, for the service.", shouldDisplay: false)

    @Option(name: .long, help: "Larger files are not read, in bytes.")
    var maxSize: Int64

    func run() throws {
        Files.Process.ignoreSignals()
        let socket = LocalSocket(inherited: 0, path: "standard input")
        var lines = SocketLines(socket)
        while try lines.next() != nil {
            guard let file = lines.takeFiles(1)?.first else { break }
            // What cannot be read is the service's to tell.
            try? CopyReader.rehearse(file, maximumSize: maxSize)
            try socket.writeLine(Array("read".utf8))
        }
    }
}
