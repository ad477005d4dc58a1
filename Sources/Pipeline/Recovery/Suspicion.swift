// After the process ended before it was stopped, perhaps because of a file: which file, and how to find out without ending
// again. One end is an accident: what was left in work/ is read one at a time, with a note in `suspect`. From the second
// within five minutes on, every file is first read in a process of its own, until a thousand in a row went well. So a
// hundred files that trap the reader cost a hundred small processes, and the service goes on for everybody else.

public import Files
internal import Inbox
internal import Synchronization

/// Reads files in another process, for what might end this one.
public protocol Rehearsal: Sendable {
    /// Reads a file as the pipeline would, elsewhere.
    func read(_ file: Descriptor) -> RehearsalOutcome
}

/// What came of reading a file elsewhere.
public enum RehearsalOutcome: Sendable, Equatable {
    case well
    /// The process ended, as a sentence says.
    case ended(String)
    /// No such process can be had; the file is read here.
    case unavailable(String)
}

/// When the service ended without being stopped, in this boot of the machine; kept beside the store.
public struct Interruptions: Sendable, Equatable {
    /// What counts as lately: systemd's StartLimitIntervalSec= in the unit.
    public static let interval = Duration.seconds(300)
    private static let name: FileName = "interruptions"

    /// The starts after such ends within the interval, in nanoseconds since boot.
    public private(set) var recent: [Int64]
    /// Whether this start added one.
    private let addsOne: Bool

    /// Reads and keeps the list; adds `now` to it if the last run was interrupted.
    init(in state: Directory, wasInterrupted: Bool, isSameBoot: Bool, now: Int64 = Process.monotonicNanoseconds) {
        addsOne = wasInterrupted
        let text = isSameBoot ? (try? state.open(Self.name).readAll(expected: 256, limit: 4096)) ?? [] : []
        recent = String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Int64($0) }
            .filter { $0 <= now && .nanoseconds(now - $0) < Self.interval }.suffix(63)
        if wasInterrupted { recent.append(now) }
        // Without the list, suspicion begins one end later.
        try? keep(in: state)
    }

    /// Takes back what this start added: it was stopped before it could end in any other way, and the next one counts
    /// the same end again.
    func takeBack(in state: Directory) {
        guard addsOne else { return }
        var list = self
        list.recent.removeLast()
        try? list.keep(in: state)
    }

    private func keep(in state: Directory) throws(FileError) {
        if recent.isEmpty {
            try? state.unlink(Self.name)
            return
        }
        let file = try state.create(Self.name, mode: 0o600, reuse: true)
        try file.truncate(to: 0)
        try file.write(Array(recent.map { "\($0)\n" }.joined().utf8))
    }

    /// Whether files are read elsewhere first.
    var areSuspicious: Bool { recent.count >= 2 }

    /// How long this start should wait, so that systemd's StartLimitBurst= (ten starts in the interval) cannot be
    /// reached whatever ends the process: after five quick starts, one in 75 seconds.
    public var pause: Duration? { recent.count >= 5 ? .seconds(75) : nil }
}

/// The time during which every file is read in another process first.
final class Probation: Sendable {
    /// So many files in a row must go well.
    static let length = 1000

    private let rehearsal: (any Rehearsal)?
    private let observer: PipelineObserver
    private let left: Mutex<Int>
    private let isOver: Atomic<Bool>

    init(_ rehearsal: (any Rehearsal)?, isNeeded: Bool, observer: PipelineObserver) {
        self.rehearsal = rehearsal
        self.observer = observer
        left = Mutex(Self.length)
        isOver = Atomic(!isNeeded || rehearsal == nil)
    }

    var isOn: Bool { !isOver.load(ordering: .relaxed) }

    /// Lets a file be read elsewhere, if it is the time for that; a refusal if that process ended.
    func examine(_ file: Descriptor) -> Refusal? {
        if isOver.load(ordering: .relaxed) { return nil }
        switch rehearsal?.read(file) {
        case .ended(let how):
            left.withLock { $0 = Self.length }
            return .crashedTheReader(how)
        case .unavailable(let why): end(.probationFailed(why))
        case .well, nil:
            let isLast = left.withLock { left in
                left -= 1
                return left == 0
            }
            if isLast { end(.probationOver) }
        }
        return nil
    }

    private func end(_ event: PipelineEvent) {
        if !isOver.exchange(true, ordering: .relaxed) { observer.happened(event) }
    }
}

/// A file that crashes the reader must not crash it for ever: what a crash left is read one at a time, and
/// this note, kept beside the store, counts the crashes during which a file was alone.
struct SuspectNote {
    static let limit = 3
    private static let name = FileName("suspect")

    let state: Directory

    /// At how many ends of the process in a row this file was being read and judged, alone.
    func crashes(of file: FileStatus) -> Int {
        guard let note = try? state.open(Self.name).readAll(expected: 64, limit: 256) else { return 0 }
        let parts = String(decoding: note, as: UTF8.self).split(separator: " ")
        guard parts.count == 2, parts[0] == Self.key(file), let count = Int(parts[1]) else { return 0 }
        return count + 1
    }

    /// Notes that this file is read alone now, after so many crashes.
    func begin(_ file: FileStatus, crashes: Int) throws(FileError) {
        let note = try state.create(Self.name, mode: 0o600, reuse: true)
        try note.truncate(to: 0)
        try note.write(Array("\(Self.key(file)) \(crashes)".utf8))
    }

    /// It was read and judged without a crash.
    func end() { try? state.unlink(Self.name) }

    private static func key(_ file: FileStatus) -> String { "\(file.inode)/\(file.born ?? 0)" }
}
