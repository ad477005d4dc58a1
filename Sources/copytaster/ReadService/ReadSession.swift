// One visitor of the read service: `copytaster serve --session`, a process of its own with the connection as its
// standard input. It runs the commands that it is asked, if they only read, and sends what they print.
//
// A process each: whatever one visitor asks, and however it ends, costs no other; its memory is the kernel's to take
// back, its processor time the kernel's to limit, and the commands need not know that they do not run in a shell.
// No transaction is open while something is sent: the store is read in pages.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import ReadProtocol

/// One visitor.
struct ReadSession: ~Copyable {
    /// The settings of the store that is read; whoever asks cannot name another.
    let settings: Settings
    let socket: LocalSocket

    /// A request has to come within this time.
    static let patience = Duration.seconds(60)
    /// Each piece of an answer has to be taken within this time.
    static let slowness = Duration.seconds(30)
    /// The processor time that an answer may take.
    static let labour = Duration.seconds(300)

    /// Answers until the visitor goes; a broken connection, and whoever is too slow, ends the process.
    consuming func run() {
        SharedOptions.fixed = settings
        try? socket.limit(to: Self.slowness)
        var lines = SocketLines(socket)
        while true {
            Files.Process.setDeadline(after: Self.patience)
            guard let line = try? lines.next(limit: ReadRequest.longest) else { return }
            Files.Process.setDeadline(after: nil)
            Files.Process.setBudget(Self.labour)
            let code = answer(line)
            Output.flush()
            Files.Process.setBudget(nil)
            guard (try? socket.write(ReadFrame.end(code).bytes)) != nil else { return }
        }
    }

    private borrowing func answer(_ line: [UInt8]) -> Int32 {
        let request = try? JSONDecoder().decode(ReadRequest.self, from: Data(line))
        Console.now = Console(visitor: socket, shape: request?.terminal)
        guard let request, request.version == ReadRequest.version else {
            let error = CommandError(
                "the read service does not understand this request", hint: "it speaks version \(ReadRequest.version)",
                code: EX_PROTOCOL)
            return Copytaster.end(error)
        }
        return Copytaster.perform(request.arguments) { command throws(CommandError) in
            guard let command = command as? any ServedCommand, !command.isLocal else {
                throw CommandError(
                    "the read service only answers what reads the store", hint: "root may do it: try sudo",
                    code: EX_NOPERM)
            }
            let shared = command.shared
            guard shared.config == nil, shared.state == nil, shared.spool == nil else {
                throw CommandError("the read service has one store", hint: "ask another's service", code: EX_USAGE)
            }
        }
    }
}

extension Console {
    /// A visitor's.
    init(visitor: LocalSocket, shape: ReadRequest.Shape?) {
        // Whoever does not take what was asked for is gone.
        @Sendable func send(_ frame: ReadFrame) {
            guard (try? visitor.write(frame.bytes)) != nil else { Foundation.exit(0) }
        }
        self.init(
            isInteractive: shape?.interactive ?? false, showsProgress: false, hasColour: shape?.colour ?? false,
            columns: shape?.columns.map { min(max($0, 21), 1000) },
            timeZone: shape?.timezone.flatMap { TimeZone(identifier: $0) } ?? .current,
            write: { bytes in
                for start in stride(from: 0, to: bytes.count, by: 1 << 16) {
                    send(.out(Array(bytes[start..<min(start + 1 << 16, bytes.count)])))
                }
            },
            tell: { send(.message($0)) }, mark: { send(.mark($0)) },
            pause: { time in
                // Nothing comes from a visitor who waits for an answer, unless he goes.
                if try visitor.wait(for: time) { Foundation.exit(0) }
            })
    }
}
