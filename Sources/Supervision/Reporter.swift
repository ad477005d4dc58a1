// What became of each file, on its way to the log, without ever holding up the pipeline.
//
// Promise: `report` takes a lock and returns; the records are written by a queue of their own, so a journald that does
// not read delays records and never stories. What waits to be written is bounded: beyond the bound files are counted
// instead of told one by one, rejected ones too (the ledger has them all). `flush` writes what is held back.

internal import Dispatch
public import Logging
internal import Synchronization

/// Writes what became of each file to a logger, folded when it is too much for a reader.
public final class Reporter: Sendable {
    private let logger: Logger
    private let clock: @Sendable () -> MonotonicTime
    private let queue = DispatchQueue(label: "copytaster.report")
    private let state: Mutex<State>
    /// Records that may wait while journald does not read.
    private let mostWaiting: Int

    private struct State {
        var folding: FoldingReporter
        var waiting: [FoldingReporter.Output] = []
        /// Files that did not even fit into ``waiting``.
        var untold = FoldedSummary()
        var writing = false
        var timerIsSet = false
        var meter = RateMeter()
        var last: FileReport?

        /// True for the one caller that has to see to the writing.
        mutating func beginWriting() -> Bool {
            guard !writing, !waiting.isEmpty || untold.total > 0 else { return false }
            writing = true
            return true
        }

        /// The deadline, for the one caller that has to set the timer.
        mutating func beginTimer() -> MonotonicTime? {
            guard !timerIsSet, let deadline = folding.deadline else { return nil }
            timerIsSet = true
            return deadline
        }
    }

    /// `foldAbove` is the number of files a second up to which each has a record of its own.
    public convenience init(
        logger: Logger, foldAbove: Int = 200, clock: @escaping @Sendable () -> MonotonicTime = MonotonicTime.now
    ) {
        self.init(logger: logger, foldAbove: foldAbove, mostWaiting: 10_000, clock: clock)
    }

    init(logger: Logger, foldAbove: Int, mostWaiting: Int, clock: @escaping @Sendable () -> MonotonicTime) {
        self.logger = logger
        self.mostWaiting = mostWaiting
        self.clock = clock
        state = Mutex(State(folding: FoldingReporter(limit: foldAbove)))
    }

    /// Changes the rate, after a reload.
    public func setFoldAbove(_ limit: Int) { state.withLock { $0.folding.limit = max(0, limit) } }

    /// A file was finished.
    public func report(_ report: FileReport) {
        let now = clock()
        let (mustWrite, deadline) = state.withLock { state in
            if report.event != .fileDeferred {
                state.last = report
                state.meter.count(1, now: now)
            }
            if state.waiting.count >= mostWaiting {
                state.untold.add(report)
            } else {
                state.waiting += state.folding.report(report, now: now)
            }
            return (state.beginWriting(), state.beginTimer())
        }
        if mustWrite { queue.async { self.write() } }
        if let deadline { setTimer(deadline, now: now) }
    }

    /// The last finished file in a sentence, and the files a second over the last ten seconds.
    public func figures() -> (last: String?, filesPerSecond: Double) {
        let now = clock()
        return state.withLock { ($0.last?.sentence, $0.meter.perSecond(now: now)) }
    }

    /// Writes what is held back, waiting for it no longer than this.
    public func flush(atMost limit: Duration) {
        let now = clock()
        let mustWrite = state.withLock { state in
            state.waiting += state.folding.flush(now: now)
            return state.beginWriting()
        }
        let done = DispatchSemaphore(value: 0)
        queue.async {
            if mustWrite { self.write() }
            done.signal()
        }
        _ = done.wait(timeout: .now() + .nanoseconds(Int(limit.nanoseconds)))
    }

    private func setTimer(_ deadline: MonotonicTime, now: MonotonicTime) {
        let delay = max(0, Int((deadline - now).nanoseconds))
        queue.asyncAfter(deadline: .now() + .nanoseconds(delay)) { self.timerFired() }
    }

    private func timerFired() {
        let now = clock()
        let (mustWrite, deadline) = state.withLock { state in
            state.timerIsSet = false
            state.waiting += state.folding.tick(now: now)
            return (state.beginWriting(), state.beginTimer())
        }
        if mustWrite { write() }
        if let deadline { setTimer(deadline, now: now) }
    }

    private func write() {
        while let outputs = nextOutputs() {
            for output in outputs { write(output) }
        }
    }

    private func nextOutputs() -> [FoldingReporter.Output]? {
        state.withLock { state in
            var outputs = state.waiting
            state.waiting = []
            if state.untold.total > 0 { outputs.append(.summary(state.untold)) }
            state.untold = FoldedSummary()
            if outputs.isEmpty { state.writing = false }
            return outputs.isEmpty ? nil : outputs
        }
    }

    private func write(_ output: FoldingReporter.Output) {
        switch output {
        case .single(let report):
            logger.record(report.event, level: report.level, "\(report.sentence)", metadata: report.metadata)
        case .summary(let summary):
            logger.record(.folded, "\(summary.sentence)", metadata: summary.metadata)
        }
    }
}

extension FoldedSummary {
    /// COPYTASTER_FILES, and COPYTASTER_COUNT_NEW and so on.
    var metadata: Logger.Metadata {
        var fields: Logger.Metadata = ["files": .stringConvertible(total)]
        for (verdict, count) in counts { fields["count_\(verdict)"] = .stringConvertible(count) }
        return fields
    }
}

/// How many files a second, over the last ten whole seconds. A pure state machine.
struct RateMeter: Sendable {
    private static let span = 10
    private var buckets = [Int](repeating: 0, count: span)
    /// The second that the newest bucket stands for.
    private var newest: UInt64 = 0

    mutating func count(_ files: Int, now: MonotonicTime) {
        advance(to: now)
        buckets[Int(newest % UInt64(Self.span))] += files
    }

    func perSecond(now: MonotonicTime) -> Double {
        var copy = self
        copy.advance(to: now)
        return Double(copy.buckets.reduce(0, +)) / Double(Self.span)
    }

    private mutating func advance(to now: MonotonicTime) {
        let second = now.nanoseconds / 1_000_000_000
        guard second > newest else { return }
        if second - newest >= UInt64(Self.span) {
            buckets = [Int](repeating: 0, count: Self.span)
        } else {
            for passed in (newest + 1)...second { buckets[Int(passed % UInt64(Self.span))] = 0 }
        }
        newest = second
    }
}
