// The watchdog of systemd.service(5), fed by a pipeline that lives and by nothing else.
//
// Promise: WATCHDOG=1 goes out at half the interval, each time only after asking ``Liveness``. The timer below asks; it
// never pings of its own accord. When a stage stands still the pings stop, one record names the stage, and systemd does
// the rest. A stage that recovers in time is reported at once, so a slow disk is no death sentence.

internal import Dispatch
public import Logging
internal import Synchronization

/// When to ask and when to ping, as a pure state machine.
struct WatchdogSchedule: Sendable {
    enum Action: Equatable {
        case ping
        case stay
        /// The first refusal after a ping: worth a record.
        case complain(Liveness.Complaint)
    }

    /// How long a stage may stand still: half of what systemd allows, so that an honest ping is never the last moment.
    let limit: Duration
    private let between: Duration
    private var lastPing: MonotonicTime?
    private var complained = false

    init(interval: Duration) {
        limit = interval / 2
        between = interval / 2
    }

    /// How often to call ``tick(now:complaint:)``.
    var period: Duration { between / 4 }

    mutating func tick(now: MonotonicTime, complaint: Liveness.Complaint?) -> Action {
        if let complaint {
            defer { complained = true }
            return complained ? .stay : .complain(complaint)
        }
        // A quarter of a period of grace, or a timer that is a hair early would skip a turn.
        let recovered = complained
        complained = false
        if let lastPing, !recovered, now - lastPing < between - period / 4 { return .stay }
        lastPing = now
        return .ping
    }
}

/// Asks ``Liveness`` and feeds systemd's watchdog, from ``start()`` until ``stop()`` or until nobody holds it.
public final class Watchdog: Sendable {
    private let liveness: Liveness
    private let notifier: Notifier
    private let logger: Logger
    private let clock: @Sendable () -> MonotonicTime
    private let queue = DispatchQueue(label: "copytaster.watchdog")
    private let state: Mutex<State>

    private struct State {
        var schedule: WatchdogSchedule
        var isRunning = false
    }

    /// `interval` is ``Notifier/watchdogInterval``.
    public init(
        interval: Duration, liveness: Liveness, notifier: Notifier, logger: Logger,
        clock: @escaping @Sendable () -> MonotonicTime = MonotonicTime.now
    ) {
        self.liveness = liveness
        self.notifier = notifier
        self.logger = logger
        self.clock = clock
        state = Mutex(State(schedule: WatchdogSchedule(interval: interval)))
    }

    /// The first ping, and from now on one at half the interval while the pipeline lives.
    public func start() {
        let wasRunning = state.withLock { state in
            defer { state.isRunning = true }
            return state.isRunning
        }
        if !wasRunning { queue.async { [weak self] in self?.turn() } }
    }

    /// No more pings.
    public func stop() { state.withLock { $0.isRunning = false } }

    private func turn() {
        ask()
        guard let period = state.withLock({ $0.isRunning ? $0.schedule.period : nil }) else { return }
        queue.asyncAfter(deadline: .now() + .nanoseconds(Int(clamping: period.nanoseconds))) { [weak self] in
            self?.turn()
        }
    }

    /// Asks once and does what follows from the answer.
    func ask() {
        let now = clock()
        let action: WatchdogSchedule.Action = state.withLock { state in
            guard state.isRunning else { return .stay }
            return state.schedule.tick(
                now: now, complaint: liveness.complaint(now: now, limit: state.schedule.limit))
        }
        switch action {
        case .ping: notifier.watchdog()
        case .stay: break
        case .complain(let complaint):
            logger.record(
                .stalled,
                "Standing still: \(complaint). systemd will restart the service; nothing that was delivered is lost")
        }
    }
}
