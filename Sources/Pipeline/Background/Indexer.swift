// Fills the search index behind the commits, in a thread of its own: nothing in the pipeline waits for it.

internal import Files
internal import Foundation
internal import Store
internal import Story
internal import Synchronization

/// Keeps the search index up to date.
final class Indexer: BackgroundWork {
    private let index: SearchIndex
    private let observer: PipelineObserver
    private let wake = DispatchSemaphore(value: 0)
    private let state = Mutex(State())
    private let gate = Mutex(())

    private struct State {
        var isStopping = false
        var isAwake = false
    }

    init(directory: String, store: String, observer: PipelineObserver) throws(StoreError) {
        index = try SearchIndex(directory: directory, store: store)
        self.observer = observer
    }

    /// Says that there is something new.
    func poke() {
        let mustWake = state.withLock { state in
            defer { state.isAwake = true }
            return !state.isAwake
        }
        if mustWake { wake.signal() }
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        wake.signal()
    }

    /// Takes a story out, between two batches.
    func remove(_ id: Int64) throws(StoreError) {
        try gate.withLock { _ throws(StoreError) in try index.remove(id) }
    }

    /// Erases what was taken out.
    func purge() throws(StoreError) { try gate.withLock { _ throws(StoreError) in try index.purge() } }

    /// Empties the index's log.
    func emptyLog(patience: Duration) throws(StoreError) {
        try gate.withLock { _ throws(StoreError) in try index.emptyLog(patience: patience) }
    }

    /// Puts another reading of a story in place of the one that is indexed.
    func replace(_ id: Int64, old: Reading, new: Reading) throws(StoreError) {
        try gate.withLock { _ throws(StoreError) in try index.replace(id, old: old, new: new) }
    }

    /// How long the index may fall behind a busy pipeline before it takes a batch all the same.
    private static let longestLag = Duration.seconds(10)
    /// The pause between two batches, in which commits gather: small transactions are what makes FTS5 slow.
    private static let gathering = Duration.milliseconds(200)
    /// How often it looks whether a busy pipeline has become quiet.
    private static let pollingInterval = Duration.milliseconds(100)
    /// The pause after the index could not be written.
    private static let retryInterval = Duration.seconds(10)

    /// After so many rows it gives back what their burst took, once it is over.
    private static let burst = 4096

    /// Indexes until ``stop()``. A lone story is found within a second; while the pipeline is busy, the index steps
    /// aside, and its batches grow.
    func run(isPipelineBusy: () -> Bool) {
        var isTold = false
        var indexed = 0
        if let error = index.remade { observer.happened(.searchRemade(error)) }
        while true {
            wake.wait()
            while true {
                stepAside(isPipelineBusy)
                let isStopping = state.withLock { state in
                    state.isAwake = false
                    return state.isStopping
                }
                if isStopping { return }
                do throws(StoreError) {
                    let moved = try gate.withLock { _ throws(StoreError) in
                        try index.advance { state.withLock { $0.isStopping } }
                    }
                    isTold = false
                    indexed += moved
                    if moved == 0 {
                        if indexed > Self.burst {
                            Files.Process.returnFreedMemory()
                            indexed = 0
                        }
                        break
                    }
                } catch  where error.kind == .damaged {
                    // Not the index: what it is made from.
                    return observer.happened(.failed(error))
                } catch {
                    if error.kind == .derived, remake(error) { continue }
                    if !isTold { observer.happened(.searchFailed(error)) }
                    isTold = true
                    if wake.wait(timeout: .now() + Self.retryInterval.seconds) == .success { wake.signal() }
                    break
                }
                Process.sleep(for: Self.gathering)
            }
        }
    }

    private func remake(_ error: StoreError) -> Bool {
        observer.happened(.searchRemade(error))
        return (try? gate.withLock { _ throws(StoreError) in try index.remake() }) != nil
    }

    private func stepAside(_ isPipelineBusy: () -> Bool) {
        let latest = Date(timeIntervalSinceNow: Self.longestLag.seconds)
        while isPipelineBusy(), Date() < latest, !state.withLock({ $0.isStopping }) {
            Process.sleep(for: Self.pollingInterval)
        }
    }

    /// Indexes everything that is committed, now.
    func catchUp() {
        while let moved = try? gate.withLock({ _ throws(StoreError) in try index.advance() }), moved > 0 {}
    }
}
