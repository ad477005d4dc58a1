import Dispatch
import Logging
import Synchronization
import Testing

@testable import Supervision

private func at(_ seconds: Double) -> MonotonicTime { MonotonicTime(nanoseconds: UInt64(seconds * 1e9)) }

private func file(_ story: Int64, _ verdict: String = "new") -> FileReport {
    FileReport(name: Array("\(story).txt".utf8), verdict: verdict, story: story)
}

@Suite("Folding")
struct FoldingReporterTests {
    @Test("up to the limit each file has its record, and nothing waits for a timer")
    func singles() {
        var folding = FoldingReporter(limit: 3)
        for second in 0..<5 {
            for number in 0..<3 {
                let report = file(Int64(number))
                #expect(folding.report(report, now: at(Double(second) + Double(number) / 10)) == [.single(report)])
            }
        }
        #expect(folding.deadline == nil)
    }

    @Test("beyond the limit the rest of the second is one record")
    func folds() {
        var folding = FoldingReporter(limit: 2)
        for number in 1...2 { _ = folding.report(file(Int64(number)), now: at(10)) }
        for number in 3...8 { #expect(folding.report(file(Int64(number)), now: at(10.5)) == []) }
        #expect(folding.report(file(1, "identical"), now: at(10.6)) == [])
        #expect(folding.deadline == at(11))
        #expect(folding.tick(now: at(10.9)) == [])
        let expected = FoldedSummary(counts: ["new": 6, "identical": 1], stories: 3...8, span: .seconds(1))
        #expect(folding.tick(now: at(11)) == [.summary(expected)])
        #expect(expected.sentence == "7 more files in 1.0 s: 6 new, 1 identical (stories 3 to 8)")
        #expect(folding.deadline == nil)
    }

    @Test("while it stays too much there is one record a second, and no single ones between")
    func sustained() {
        var folding = FoldingReporter(limit: 10)
        var singles = 0
        var summaries: [FoldedSummary] = []
        for tick in 0..<500 {
            for output in folding.report(file(Int64(tick)), now: at(100 + Double(tick) / 100)) {
                switch output {
                case .single: singles += 1
                case .summary(let summary): summaries.append(summary)
                }
            }
        }
        #expect(singles == 10)
        #expect(summaries.count == 4)
        #expect(summaries.dropFirst().allSatisfy { $0.total == 100 })
    }

    @Test("when it calms down each file has its record again")
    func calmsDown() {
        var folding = FoldingReporter(limit: 2)
        for number in 1...9 { _ = folding.report(file(Int64(number)), now: at(10)) }
        _ = folding.tick(now: at(11))
        // The next second begins folded, and brings little.
        #expect(folding.report(file(10), now: at(11.5)) == [])
        let summary = FoldedSummary(counts: ["new": 1], stories: 10...10, span: .seconds(1))
        #expect(folding.report(file(11), now: at(12)) == [.summary(summary), .single(file(11))])
        #expect(summary.sentence == "1 more file in 1.0 s: 1 new (story 10)")
    }

    @Test("after a pause nothing is folded, though the last second before it was full")
    func pause() {
        var folding = FoldingReporter(limit: 1)
        for number in 1...9 { _ = folding.report(file(Int64(number)), now: at(10)) }
        _ = folding.tick(now: at(11))
        #expect(folding.report(file(10), now: at(60)) == [.single(file(10))])
        // Nor when no timer came between.
        _ = folding.report(file(11), now: at(60.1))
        let late = folding.report(file(12), now: at(99))
        #expect(late.count == 2)
        #expect(late.last == .single(file(12)))
    }

    @Test("rejected and deferred files, and whatever is a warning, are never folded")
    func alwaysSingle() {
        var folding = FoldingReporter(limit: 0)
        var loud = file(3, "identical")
        loud.level = .warning
        for report in [file(1, "rejected"), file(2, "deferred"), loud] {
            #expect(folding.report(report, now: at(10)) == [.single(report)])
        }
        #expect(folding.report(file(4), now: at(10)) == [])
    }

    @Test("what is held back comes out at the end")
    func flush() {
        var folding = FoldingReporter(limit: 0)
        _ = folding.report(file(1), now: at(10))
        let summary = FoldedSummary(counts: ["new": 1], stories: 1...1, span: .milliseconds(250))
        #expect(folding.flush(now: at(10.25)) == [.summary(summary)])
        #expect(folding.flush(now: at(10.5)) == [])
    }

    @Test("whatever comes, and whenever the timer does, each file is told or counted exactly once")
    func nothingIsLost() {
        var random = Xorshift(state: 0x9E37_79B9_7F4A_7C15)
        for _ in 0..<200 {
            var folding = FoldingReporter(limit: Int(random.next() % 20))
            var time: UInt64 = 5_000_000_000
            var delivered: [String: Int] = [:]
            var told: [String: Int] = [:]
            func take(_ outputs: [FoldingReporter.Output]) {
                for output in outputs {
                    switch output {
                    case .single(let report): told[report.verdict, default: 0] += 1
                    case .summary(let summary): told.merge(summary.counts, uniquingKeysWith: +)
                    }
                }
            }
            for _ in 0..<300 {
                time += random.next() % 200_000_000
                let now = MonotonicTime(nanoseconds: time)
                if let deadline = folding.deadline, deadline <= now { take(folding.tick(now: now)) }
                let verdict = ["new", "identical", "rejected", "excerpt"][Int(random.next() % 4)]
                delivered[verdict, default: 0] += 1
                take(folding.report(file(Int64(random.next() % 1000), verdict), now: now))
            }
            take(folding.flush(now: MonotonicTime(nanoseconds: time)))
            #expect(told == delivered)
        }
    }
}

/// Marsaglia's xorshift64: the same sequence on every run.
private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

@Suite("The reporter")
struct ReporterTests {
    private let clock = HandClock()
    private let records = RecordingLog()

    private func reporter(foldAbove: Int, mostWaiting: Int = 1000, logger: Logger? = nil) -> Reporter {
        Reporter(logger: logger ?? records.logger, foldAbove: foldAbove, mostWaiting: mostWaiting) { [clock] in
            MonotonicTime(nanoseconds: clock.nanoseconds)
        }
    }

    @Test("a report becomes a record with its kind, sentence and fields")
    func single() throws {
        let reporter = reporter(foldAbove: 5)
        reporter.report(FileReport(name: Array("a.txt".utf8), verdict: "rejected", reason: "too large"))
        reporter.flush(atMost: .seconds(10))
        let event = try #require(records.events.first)
        #expect(event.level == .warning)
        #expect(event.message == "a.txt is rejected: too large")
        #expect(event.metadata?["verdict"] == "rejected")
        #expect(event.metadata?[Logger.eventKey]?.description == "file-rejected")
    }

    @Test("what is folded comes out with its counts, at the latest at the end")
    func folded() throws {
        let reporter = reporter(foldAbove: 1)
        for number in 1...4 { reporter.report(file(Int64(number))) }
        reporter.flush(atMost: .seconds(10))
        #expect(records.events.count == 2)
        let summary = try #require(records.events.last)
        #expect(summary.metadata?[Logger.eventKey]?.description == "folded")
        #expect(summary.metadata?["count_new"]?.description == "3")
        #expect(summary.metadata?["files"]?.description == "3")
    }

    @Test("a log that does not move holds nobody up, and costs bounded memory")
    func stuckLog() {
        let gate = DispatchSemaphore(value: 0)
        let slow = GatedLog(records: records, gate: gate)
        let reporter = reporter(foldAbove: .max, mostWaiting: 10, logger: slow.logger)
        for number in 1...1000 { reporter.report(file(Int64(number), number % 2 == 0 ? "rejected" : "new")) }
        reporter.flush(atMost: .milliseconds(1))
        #expect(records.events.isEmpty)
        gate.signal()
        reporter.flush(atMost: .seconds(10))
        // Few records, and not one file is missing from them.
        let counted = records.events.reduce(0) { $0 + (Int($1.metadata?["files"]?.description ?? "1") ?? 0) }
        #expect(counted == 1000)
        #expect(records.events.count <= 23)
    }

    @Test("figures for the status line: the last file and the rate")
    func figures() {
        let reporter = reporter(foldAbove: 5)
        #expect(reporter.figures().last == nil)
        for number in 1...20 { reporter.report(file(Int64(number))) }
        reporter.report(file(21, "deferred"))
        #expect(reporter.figures().last == "20.txt is new: story 20")
        #expect(reporter.figures().filesPerSecond == 2)
        clock.advance(by: .seconds(60))
        #expect(reporter.figures().filesPerSecond == 0)
    }

    @Test("the rate counts the last ten seconds and no more")
    func rate() {
        var meter = RateMeter()
        for second in 0..<30 { meter.count(second < 20 ? 10 : 1, now: at(100 + Double(second))) }
        #expect(meter.perSecond(now: at(129.5)) == 1)
        #expect(meter.perSecond(now: at(135)) == 0.4)
        #expect(meter.perSecond(now: at(139)) == 0)
    }
}

/// A log that waits at a gate before its first record.
private final class GatedLog: Sendable {
    private let records: RecordingLog
    private let gate: DispatchSemaphore
    private let isOpen = Atomic<Bool>(false)

    init(records: RecordingLog, gate: DispatchSemaphore) {
        self.records = records
        self.gate = gate
    }

    var logger: Logger { Logger(label: "gated") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: GatedLog
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?
        var logLevel: Logger.Level = .trace

        init(log: GatedLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            if !log.isOpen.exchange(true, ordering: .relaxed) { log.gate.wait() }
            log.records.logger.handler.log(event: event)
        }
    }
}
