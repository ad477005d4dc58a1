// Long listings on a terminal go through a pager, as those of git do: $PAGER or less, which is told to end by itself where
// everything fits on the screen (LESS=FRX). Never where the output is not a terminal.
//
// The program waits for the pager's end before it says anything else, and ignores ^C meanwhile, which is the pager's. Whoever
// leaves the pager early ends the program; a pager that cannot be started is passed over.

internal import ArgumentParser
internal import Foundation
internal import Glibc
internal import Synchronization

/// A command whose output may be long.
protocol PagedCommand: ParsableCommand {
    var usesPager: Bool { get }
}

struct PagerOptions: ParsableArguments {
    @Flag(name: .long, help: "Print at once, without a pager, on a terminal, too.")
    var noPager = false
}

/// The pager of this process.
enum Pager {
    /// Safe: the stream is used under the mutex alone, and not after its end.
    @safe private enum State {
        /// The next output starts it.
        case wanted
        /// With what was written so far, as long as all of it may still lie in the pipe.
        case running(UnsafeMutablePointer<FILE>, held: [UInt8])
        case unused
    }

    private static let state = Mutex(State.unused)

    /// Sends what is printed from now on through the pager, if somebody looks at it.
    static func enable() {
        guard Console.own.isInteractive, command != nil else { return }
        state.withLock { $0 = .wanted }
    }

    /// What the user wants as a pager; nil for none.
    private static let command: String? = {
        let environment = ProcessInfo.processInfo.environment
        if let named = environment["PAGER"] {
            return named.isEmpty || named == "cat" ? nil : named
        }
        let places = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return places.contains { unsafe access("\($0)/less", X_OK) == 0 } ? "less" : nil
    }()

    /// Prints; false if there is no pager to print to.
    static func write(_ bytes: [UInt8]) -> Bool {
        state.withLock { state in
            if case .wanted = state { state = start() }
            guard case .running(let pipe, let held) = state else { return false }
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(fileno(pipe), $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else {
                    // It has ended: because it was left, or because it is none.
                    state = .unused
                    guard unsafe isNone(pipe) else { exit(0) }
                    Console.writeToStandardOutput(held)
                    return false
                }
                rest = rest.dropFirst(written)
            }
            state = unsafe .running(pipe, held: held.count <= pipeRoom ? held + bytes : held)
            return true
        }
    }

    /// Waits until the pager was left.
    static func finish() {
        state.withLock { state in
            guard case .running(let pipe, let held) = state else {
                state = .unused
                return
            }
            state = .unused
            if unsafe isNone(pipe) { Console.writeToStandardOutput(held) }
        }
    }

    private static func start() -> State {
        guard let command else { return .unused }
        // What is set already stays as it is.
        unsafe setenv("LESS", "FRX", 0)
        unsafe setenv("LV", "-c", 0)
        guard let pipe = unsafe popen(command, "we") else { return .unused }
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT, SIG_IGN)
        return unsafe .running(pipe, held: [])
    }

    /// What a pipe takes while nobody reads (pipe(7)); whoever has read more is a pager.
    private static let pipeRoom = 1 << 16

    /// Waits for the pager's end; whether it never was one (sh says so by 126 and 127).
    private static func isNone(_ pipe: UnsafeMutablePointer<FILE>) -> Bool {
        let status = unsafe pclose(pipe)
        signal(SIGPIPE, SIG_DFL)
        signal(SIGINT, SIG_DFL)
        return [126, 127].contains(status >> 8 & 0xFF)
    }
}
