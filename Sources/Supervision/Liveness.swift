// Whether the pipeline lives, as its stages report it.
//
// Promise: `isAlive` is true only while every stage is idle, or has moved within the limit, or said that it waits and
// until when; and while copy is in the pipeline, something in the pipeline moves. So neither a stuck stage nor a lost wake-up
// (all idle, yet copy is in flight) passes for health. Reporting is one clock reading and one relaxed atomic store.
// Nothing here has a timer: whoever asks brings the time.

internal import Synchronization

/// The pulse of the whole pipeline. One for the process.
public final class Liveness: Sendable {
    private let stages = Mutex<[Stage]>([])
    /// How many files are claimed and not yet finished.
    private let inFlight = Atomic<Int>(0)
    /// When a file last left the pipeline, or came onto an empty one, in nanoseconds.
    private let lastMove = Atomic<UInt64>(0)

    public init() {}

    /// A new stage, idle: "feeder", "worker 3", "committer", "finalizer". `handlesClaimed` is false for the stage that
    /// only brings new files: its activity does not prove that claimed ones move on.
    public func stage(_ name: String, handlesClaimed: Bool = true) -> Stage {
        let stage = Stage(name: name, handlesClaimed: handlesClaimed)
        stages.withLock { $0.append(stage) }
        return stage
    }

    /// So many files were claimed.
    public func claimed(_ files: Int = 1, now: MonotonicTime = .now()) {
        let before = inFlight.add(files, ordering: .relaxed).oldValue
        if before == 0 { lastMove.store(now.nanoseconds, ordering: .relaxed) }
    }

    /// So many files are finished: released, rejected or put back.
    public func finished(_ files: Int = 1, now: MonotonicTime = .now()) {
        lastMove.store(now.nanoseconds, ordering: .relaxed)
        inFlight.subtract(files, ordering: .relaxed)
    }

    /// Why the pipeline does not live, or nil when it does. `limit` is how long a busy stage may stand still.
    public func complaint(now: MonotonicTime, limit: Duration) -> Complaint? {
        let stages = stages.withLock { $0 }
        var roadIsIdle = true
        for stage in stages {
            let state = stage.state
            if state != .idle, stage.handlesClaimed { roadIsIdle = false }
            let still = now - state.due(now: now)
            if still > limit { return Complaint(stage: stage.name, still: still, state: state) }
        }
        // Each stage is well by itself; but claimed copy that nobody handles has been forgotten.
        let still = now - MonotonicTime(nanoseconds: lastMove.load(ordering: .relaxed))
        if roadIsIdle, inFlight.load(ordering: .relaxed) > 0, still > limit {
            return Complaint(stage: nil, still: still, state: .idle)
        }
        return nil
    }

    /// What the stages wait for, such as "space on the disk"; empty when none waits.
    public var reasonsForWaiting: [String] {
        var reasons: [String] = []
        for stage in stages.withLock({ $0 }) {
            guard case .waiting = stage.state, let reason = stage.reasonForWaiting, !reasons.contains(reason) else {
                continue
            }
            reasons.append(reason)
        }
        return reasons
    }

    /// Whether systemd may be told that the pipeline lives.
    public func shouldPing(now: MonotonicTime, limit: Duration) -> Bool { complaint(now: now, limit: limit) == nil }

    /// What stands still, and for how long.
    public struct Complaint: Sendable, Equatable, CustomStringConvertible {
        /// Nil when every stage is idle though copy is in flight.
        public let stage: String?
        public let still: Duration
        let state: State

        public var description: String {
            let seconds = Int(still.inSeconds)
            guard let stage else { return "copy is in flight, but no stage has touched it for \(seconds) s" }
            if case .waiting = state { return "the \(stage) is \(seconds) s overdue from a wait" }
            return "the \(stage) has not moved for \(seconds) s"
        }
    }

    /// What a stage is doing.
    enum State: Sendable, Equatable {
        /// Nothing to do.
        case idle
        /// At work; it last moved then.
        case busy(since: MonotonicTime)
        /// Alive, but waiting for something outside (space on the disk); it will report again by then.
        case waiting(until: MonotonicTime)

        /// From when on silence counts against the stage.
        func due(now: MonotonicTime) -> MonotonicTime {
            switch self {
            case .idle: now
            case .busy(let since): since
            case .waiting(let until): until
            }
        }
    }
}

/// The pulse of one stage. Owned by one thread; read by the watchdog.
public final class Stage: Sendable {
    public let name: String
    /// The state in one word, so that it cannot be read half-written: the two top bits say which, the rest is the time
    /// in nanoseconds (146 years of uptime fit).
    private let word = Atomic<UInt64>(0)
    private static let busyBit: UInt64 = 1 << 62
    private static let waitingBit: UInt64 = 1 << 63
    private static let timeMask: UInt64 = (1 << 62) - 1

    let handlesClaimed: Bool
    private let reason = Mutex<String?>(nil)

    init(name: String, handlesClaimed: Bool) {
        self.name = name
        self.handlesClaimed = handlesClaimed
    }

    /// There is nothing to do.
    public func idle() { word.store(0, ordering: .relaxed) }

    /// Work begins.
    public func busy(now: MonotonicTime = .now()) {
        word.store(Self.busyBit | (now.nanoseconds & Self.timeMask), ordering: .relaxed)
    }

    /// Work goes on: one more file, one more megabyte of a large one.
    public func progress(now: MonotonicTime = .now()) { busy(now: now) }

    /// Alive, but waiting for something that only others can mend, such as a full disk; reports again within `atMost`.
    /// It is not a licence to hang: a stage that does not come back in time counts as stuck.
    public func waiting(_ reason: String, atMost: Duration, now: MonotonicTime = .now()) {
        self.reason.withLock { $0 = reason }
        word.store(Self.waitingBit | ((now + atMost).nanoseconds & Self.timeMask), ordering: .relaxed)
    }

    var reasonForWaiting: String? { reason.withLock { $0 } }

    var state: Liveness.State {
        let word = word.load(ordering: .relaxed)
        let time = MonotonicTime(nanoseconds: word & Self.timeMask)
        if word & Self.waitingBit != 0 { return .waiting(until: time) }
        return word & Self.busyBit != 0 ? .busy(since: time) : .idle
    }
}
