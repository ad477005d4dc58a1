// Learns once what phrases the archive's stories share, so that documents are compressed in less room from then
// on. In a thread of its own that lets every other go first: nothing waits for it but a stop.

internal import Files
internal import Foundation
internal import Store
internal import Synchronization

/// Makes the store's dictionary as soon as there are enough stories.
final class DictionaryTrainer: BackgroundWork {
    private let store: StoreWriter
    private let observer: PipelineObserver
    private let wake = DispatchSemaphore(value: 0)
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        /// The number of rows that it waits for; nil while it is at work, or done.
        var next: Int64?
    }

    /// - Parameter rows: ledger rows before the first attempt; where the stories share too little, the next one
    ///   comes at twice as many.
    init(store: StoreWriter, after rows: Int64, observer: PipelineObserver) {
        self.store = store
        self.observer = observer
        if store.dictionary == nil { state.withLock { $0.next = rows } }
    }

    /// Says that rows were committed.
    func poke() {
        let rows = store.lastID
        let isTime = state.withLock { state in
            guard let next = state.next, rows >= next else { return false }
            state.next = nil
            return true
        }
        if isTime { wake.signal() }
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        wake.signal()
    }

    /// How many times the rows that it waits for may pass before it trains beside a busy pipeline. Training takes the
    /// processor for a second; so many stories that are compressed without a dictionary take a tenth more room.
    private static let patience: Int64 = 16
    /// How often it looks whether the pipeline has become quiet.
    private static let pollingInterval = Duration.milliseconds(200)

    /// Waits until it is time, and trains it; returns when that is done, or on ``stop()``.
    func run(isPipelineBusy: () -> Bool) {
        while store.dictionary == nil {
            wake.wait()
            let latest = store.lastID * Self.patience
            while isPipelineBusy(), store.lastID < latest, !state.withLock({ $0.isStopping }) {
                Process.sleep(for: Self.pollingInterval)
            }
            if state.withLock({ $0.isStopping }) { return }
            let rows = store.lastID
            do throws(StoreError) {
                let reader = try StoreReader(file: store.path)
                let isTrained = try store.trainDictionary(
                    from: try reader.sample { [self] in !state.withLock { $0.isStopping } })
                if isTrained { return }
            } catch  where error.kind == .damaged {
                return observer.happened(.failed(error))
            } catch {
                // The truth is unharmed: documents are compressed without a dictionary until the next attempt.
                if !state.withLock({ $0.isStopping }) { observer.happened(.trainingFailed(error)) }
            }
            state.withLock { $0.next = rows * 2 }
        }
    }
}
