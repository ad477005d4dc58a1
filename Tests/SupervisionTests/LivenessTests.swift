import Logging
import Synchronization
import Testing

@testable import Supervision

private func at(_ seconds: Double) -> MonotonicTime { MonotonicTime(nanoseconds: UInt64(seconds * 1e9)) }

@Suite("Whether the pipeline lives")
struct LivenessTests {
    private let limit: Duration = .seconds(15)

    @Test("an idle pipeline lives, however long")
    func idle() {
        let liveness = Liveness()
        _ = liveness.stage("feeder")
        #expect(liveness.shouldPing(now: at(1), limit: limit))
        #expect(liveness.shouldPing(now: at(1e6), limit: limit))
    }

    @Test("a busy stage lives while it moves and not a moment longer than the limit")
    func busy() {
        let liveness = Liveness()
        let committer = liveness.stage("committer")
        committer.busy(now: at(10))
        #expect(liveness.shouldPing(now: at(25), limit: limit))
        #expect(!liveness.shouldPing(now: at(25.1), limit: limit))
        committer.progress(now: at(25.2))
        #expect(liveness.shouldPing(now: at(40), limit: limit))
        #expect(!liveness.shouldPing(now: at(41), limit: limit))
        committer.idle()
        #expect(liveness.shouldPing(now: at(4000), limit: limit))
    }

    @Test("one hung worker is enough, whatever the others do")
    func oneHungWorker() {
        let liveness = Liveness()
        let workers = (0..<4).map { liveness.stage("worker \($0)") }
        for worker in workers { worker.busy(now: at(10)) }
        for second in 11...60 {
            for worker in workers where worker.name != "worker 2" { worker.progress(now: at(Double(second))) }
        }
        let complaint = liveness.complaint(now: at(60), limit: limit)
        #expect(complaint?.stage == "worker 2")
        #expect(complaint?.description == "the worker 2 has not moved for 50 s")
    }

    @Test("a stage that waits lives until the time it gave, and then counts as stuck")
    func waiting() {
        let liveness = Liveness()
        let committer = liveness.stage("committer")
        committer.waiting("space on the disk", atMost: .seconds(60), now: at(10))
        #expect(liveness.reasonsForWaiting == ["space on the disk"])
        #expect(liveness.shouldPing(now: at(85), limit: limit))
        #expect(!liveness.shouldPing(now: at(85.1), limit: limit))
        #expect(
            liveness.complaint(now: at(90), limit: limit)?.description == "the committer is 20 s overdue from a wait")
        committer.waiting("space on the disk", atMost: .seconds(60), now: at(90))
        #expect(liveness.shouldPing(now: at(150), limit: limit))
        committer.progress(now: at(151))
        #expect(liveness.reasonsForWaiting.isEmpty)
    }

    @Test("copy that is claimed and handled by nobody is a lost wake-up")
    func lostWakeUp() {
        let liveness = Liveness()
        let feeder = liveness.stage("feeder", handlesClaimed: false)
        let worker = liveness.stage("worker")
        liveness.claimed(3, now: at(10))
        liveness.finished(2, now: at(12))
        #expect(liveness.shouldPing(now: at(27), limit: limit))
        // The feeder's own bustle, and more claims, prove nothing about the copy that lies there.
        feeder.busy(now: at(28))
        liveness.claimed(1, now: at(28))
        let complaint = liveness.complaint(now: at(28), limit: limit)
        #expect(complaint?.description == "copy is in flight, but no stage has touched it for 16 s")
        worker.busy(now: at(28))
        #expect(liveness.shouldPing(now: at(30), limit: limit))
        worker.idle()
        liveness.finished(2, now: at(31))
        feeder.idle()
        #expect(liveness.shouldPing(now: at(1000), limit: limit))
    }

    @Test("copy that comes after a long quiet does not inherit the quiet")
    func afterQuiet() {
        let liveness = Liveness()
        _ = liveness.stage("worker")
        liveness.claimed(now: at(10))
        liveness.finished(now: at(11))
        liveness.claimed(now: at(5000))
        #expect(liveness.shouldPing(now: at(5001), limit: limit))
    }
}

@Suite("The watchdog")
struct WatchdogTests {
    private let still = Liveness.Complaint(stage: "committer", still: .seconds(16), state: .busy(since: at(0)))

    @Test("it pings at half the interval")
    func halfTheInterval() {
        var schedule = WatchdogSchedule(interval: .seconds(30))
        var pings: [Double] = []
        var time = 100.0
        while time < 200 {
            if schedule.tick(now: at(time), complaint: nil) == .ping { pings.append(time) }
            time += schedule.period.inSeconds
        }
        #expect(pings.count == 7)
        #expect(zip(pings, pings.dropFirst()).allSatisfy { $1 - $0 == 15 })
    }

    @Test("a timer that comes a little early or late never makes a gap near the interval")
    func jitter() {
        var schedule = WatchdogSchedule(interval: .seconds(30))
        var random = SystemRandomNumberGenerator()
        var time = 0.0
        var last = 0.0
        var largest = 0.0
        for _ in 0..<10_000 {
            time += schedule.period.inSeconds * Double.random(in: 0.9...1.1, using: &random)
            if schedule.tick(now: at(time), complaint: nil) == .ping {
                largest = max(largest, time - last)
                last = time
            }
        }
        #expect(largest < 22)
    }

    @Test("it complains once and is silent while a stage stands still")
    func complainsOnce() {
        var schedule = WatchdogSchedule(interval: .seconds(30))
        #expect(schedule.tick(now: at(0), complaint: nil) == .ping)
        #expect(schedule.tick(now: at(15), complaint: still) == .complain(still))
        #expect(schedule.tick(now: at(18), complaint: still) == .stay)
        #expect(schedule.tick(now: at(30), complaint: still) == .stay)
    }

    @Test("a recovery is reported at once, and the next standstill is told again")
    func recovery() {
        var schedule = WatchdogSchedule(interval: .seconds(30))
        #expect(schedule.tick(now: at(0), complaint: nil) == .ping)
        #expect(schedule.tick(now: at(3), complaint: still) == .complain(still))
        #expect(schedule.tick(now: at(6), complaint: nil) == .ping)
        #expect(schedule.tick(now: at(9), complaint: still) == .complain(still))
    }

    /// The driver, asked by hand: no timer runs in these tests beyond the first turn.
    @Test("only a living pipeline is answered with a ping")
    func driver() {
        let clock = HandClock()
        let sent = SentMessages()
        let notifier = Notifier(isListening: true) { message in sent.list.withLock { $0.append(message) } }
        let liveness = Liveness()
        let committer = liveness.stage("committer")
        let records = RecordingLog()
        let watchdog = Watchdog(
            interval: .seconds(3600), liveness: liveness, notifier: notifier, logger: records.logger,
            clock: { MonotonicTime(nanoseconds: clock.nanoseconds) })
        func ask(after duration: Duration) -> Int {
            sent.list.withLock { $0.removeAll() }
            clock.advance(by: duration)
            watchdog.ask()
            notifier.flush(atMost: .seconds(10))
            return sent.list.withLock { $0.count }
        }
        #expect(ask(after: .seconds(1)) == 0)  // not started
        watchdog.start()
        _ = ask(after: .zero)
        #expect(ask(after: .seconds(1800)) == 1)
        committer.busy(now: MonotonicTime(nanoseconds: clock.nanoseconds))
        #expect(ask(after: .seconds(1801)) == 0)
        #expect(ask(after: .seconds(1800)) == 0)
        let events = records.events
        #expect(events.count == 1)
        #expect(events.first?.metadata?[Logger.eventKey]?.description == "stalled")
        committer.progress(now: MonotonicTime(nanoseconds: clock.nanoseconds))
        #expect(ask(after: .seconds(1)) == 1)
        watchdog.stop()
        #expect(ask(after: .seconds(9000)) == 0)
    }
}

final class SentMessages: Sendable {
    let list = Mutex<[String]>([])
}

/// A logger that remembers.
final class RecordingLog: Sendable {
    private let list = Mutex<[LogEvent]>([])

    var events: [LogEvent] { list.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?
        var logLevel: Logger.Level = .trace

        init(log: RecordingLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { log.list.withLock { $0.append(event) } }
    }
}
