internal import Foundation
internal import Resemblance
internal import Store
internal import Synchronization

/// Loads the fingerprints of all stories, then judges in claim order.
struct ClassifierStage: Stage {
    let store: StoreWriter
    let options: Pipeline.Options
    let observer: PipelineObserver
    let pulse: Pulse
    let input: OrderedBuffer<Delivery>
    let output: BlockingQueue<JudgedBatch>
    let storesRedacted: () -> Bool
    let noteMemory: (Int) -> Void
    let fail: (StoreError) -> Void

    func run() {
        defer { output.close() }
        pulse.busy()
        do throws(StoreError) {
            // Here, and not before the start: what is delivered meanwhile is claimed and read already.
            let archive = try loadArchive()
            pulse.idle()
            let classifier = Classifier(archive, pulse: pulse, storesRedacted: storesRedacted)
            try classifier.run(input) { batch in
                output.put(batch)
                noteMemory(classifier.memoryBytes)
            }
        } catch { fail(error) }
    }

    private func loadArchive() throws(StoreError) -> Archive {
        let total = Int(store.lastID)
        return try Archive(store, thresholds: options.thresholds) { done in
            pulse.busy()
            observer.happened(.recovering(what: "fingerprints", done: done, of: total))
        }
    }
}
