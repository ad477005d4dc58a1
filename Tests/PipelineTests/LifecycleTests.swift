// What the pipeline promises of its own life: one at a time, and a stop that waits for every thread.

import Foundation
import Resemblance
import Store
import Synchronization
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

struct LifecycleTests {
    @Test func aSecondPipelineOnTheSameSpoolOrStoreIsRefused() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        defer { pipeline.stop() }
        #expect(throws: PipelineError.self) { try Pipeline(test.options, observer: PipelineObserver()) }
        var otherState = test.options
        otherState.state = test.scratch.path("other")
        #expect(throws: PipelineError.self) { try Pipeline(otherState, observer: PipelineObserver()) }
    }

    @Test func stoppingTwiceGivesTheSameAnswer() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        #expect(pipeline.state == .running)
        let answers = Mutex<[Bool]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let isWell = pipeline.stop()
            answers.withLock { $0.append(isWell) }
        }
        #expect(answers.withLock { $0 } == [true, true, true, true])
        #expect(pipeline.state == .stopped)
        #expect(pipeline.stop())
    }

    /// A stop may come as soon as the inbox is watched, while the start still starts threads: none may be left behind to
    /// use a store that is closed.
    @Test func aStopInTheMidstOfAStartWaitsForEveryThread() throws {
        for _ in 0..<10 {
            let test = TestPipeline()
            let isWatching = DispatchSemaphore(value: 0)
            let running = Atomic(0)
            var observer = test.observer
            observer.happened = { event in
                guard case .inbox(.watching) = event else { return }
                isWatching.signal()
            }
            observer.pulse = { _, _ in
                running.add(1, ordering: .relaxed)
                return .ignored
            }
            var options = test.options
            // So that the start takes a while.
            options.workers = 300
            let pipeline = try Pipeline(options, observer: observer)
            let hasStopped = DispatchSemaphore(value: 0)
            DispatchQueue.global().async {
                isWatching.wait()
                pipeline.stop()
                hasStopped.signal()
            }
            try pipeline.start()
            hasStopped.wait()
            #expect(pipeline.state == .stopped)
            #expect(throws: StoreError.self) { try pipeline.store.lastCheckpoint() }
            // Every stage had begun, and ended, before the store was closed: none makes its pulse now.
            let count = running.load(ordering: .relaxed)
            usleep(2_000)
            #expect(running.load(ordering: .relaxed) == count)
        }
    }

    @Test func aPipelineThatWasNeverStartedCanBeStopped() throws {
        let test = TestPipeline()
        let pipeline = try Pipeline(test.options, observer: PipelineObserver())
        #expect(pipeline.state == .starting)
        #expect(pipeline.stop())
        // And leaves the store and the spool to the next.
        #expect(try test.start().stop())
    }
}
