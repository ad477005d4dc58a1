import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

/// Reads as a test says.
private final class FakeRehearsal: Rehearsal {
    private let outcome: RehearsalOutcome
    private let seen = Mutex(0)

    init(_ outcome: RehearsalOutcome) { self.outcome = outcome }

    var count: Int { seen.withLock { $0 } }

    func read(_ file: Descriptor) -> RehearsalOutcome {
        seen.withLock { $0 += 1 }
        return outcome
    }
}

struct SuspicionTests {
    let scratch = Scratch()
    private let second: Int64 = 1_000_000_000

    private func file() throws -> Descriptor {
        scratch.write("text", to: "file")
        return try Directory(path: scratch.path).open("file")
    }

    private func start(at seconds: Int64, interrupted: Bool = true, isSameBoot: Bool = true) throws -> Interruptions {
        Interruptions(
            in: try Directory(path: scratch.path), wasInterrupted: interrupted, isSameBoot: isSameBoot,
            now: seconds * second)
    }

    @Test func theSecondEndWithinFiveMinutesIsSuspicious() throws {
        #expect(try !start(at: 1000).areSuspicious)
        #expect(try start(at: 1100).areSuspicious)
        #expect(try start(at: 1200, interrupted: false).areSuspicious, "a clean stop in between says nothing")
        #expect(try !start(at: 1500).areSuspicious, "the others are long ago")
    }

    @Test func anotherBootBeginsAnew() throws {
        _ = try start(at: 1000)
        #expect(try !start(at: 1001, isSameBoot: false).areSuspicious)
    }

    /// systemd gives a service up at its eleventh start within five minutes (StartLimitBurst=10 in the unit).
    @Test func startsAreSpacedSoThatSystemdNeverGivesUp() throws {
        var (now, starts): (Int64, [Int64]) = (1000, [1000])
        for _ in 0..<40 {
            now += 3  // RestartSec=
            starts.append(now)
            now += try start(at: now).pause?.components.seconds ?? 0
        }
        for (index, first) in starts.enumerated() {
            #expect(starts[index...].count { $0 - first < 300 } <= 10)
        }
    }

    @Test func aThousandFilesInARowEndIt() throws {
        let file = try file()
        let told = Mutex<[String]>([])
        var observer = PipelineObserver()
        observer.happened = { event in told.withLock { $0.append("\(event)") } }
        let rehearsal = FakeRehearsal(.well)
        let probation = Probation(rehearsal, isNeeded: true, observer: observer)
        for _ in 0..<Probation.length + 10 { #expect(probation.examine(file) == nil) }
        #expect(rehearsal.count == Probation.length)
        #expect(told.withLock { $0 } == ["probationOver"])
    }

    @Test func aFileThatEndsTheProcessIsRefused() throws {
        let probation = Probation(FakeRehearsal(.ended("it ended")), isNeeded: true, observer: PipelineObserver())
        #expect(try probation.examine(file())?.code == "crashed-the-reader")
        #expect(probation.isOn)
    }

    @Test func withoutNeedNothingIsReadElsewhere() throws {
        let rehearsal = FakeRehearsal(.ended("it ended"))
        let probation = Probation(rehearsal, isNeeded: false, observer: PipelineObserver())
        #expect(try probation.examine(file()) == nil)
        #expect(rehearsal.count == 0)
    }

    @Test func whereNoOtherProcessCanBeHadFilesAreReadHere() throws {
        let probation = Probation(FakeRehearsal(.unavailable("none")), isNeeded: true, observer: PipelineObserver())
        #expect(try probation.examine(file()) == nil)
        #expect(!probation.isOn)
    }
}
