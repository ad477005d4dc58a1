// The thread that commits: whatever is judged when the last COMMIT returns goes into the next one. Nothing
// is finished in the spool before the COMMIT returns.

internal import Files
internal import Foundation
internal import Inbox
internal import Store

/// A committed file that waits to be finished in the spool.
struct Committed: Sendable {
    let claim: Claim
    /// Nil: it has no row and goes back to the inbox.
    let row: LedgerRow?
    /// Why it has no row: it could not be read.
    var failure: FileError?
}

/// Commits. Lives in one thread.
final class Committer {
    let store: StoreWriter
    let observer: PipelineObserver
    let pulse: Pulse
    /// Makes the claims of a batch durable, where recovery depends on their names.
    let prepare: ([Claim]) throws(FileError) -> Void
    /// Told when waiting for room makes no sense any more.
    let isStopping: @Sendable () -> Bool

    init(
        store: StoreWriter, observer: PipelineObserver, pulse: Pulse,
        prepare: @escaping ([Claim]) throws(FileError) -> Void, isStopping: @escaping @Sendable () -> Bool
    ) {
        self.store = store
        self.observer = observer
        self.pulse = pulse
        self.prepare = prepare
        self.isStopping = isStopping
    }

    /// Commits everything that the queue brings until it is closed; false if the store failed or a stop came
    /// while there was no room: what is uncommitted then stays in work/, for the next start.
    func run(_ queue: BlockingQueue<JudgedBatch>, release: ([Committed]) -> Void) -> Bool {
        while let waiting = queue.takeAll(until: nil) {
            for batch in JudgedBatch.merged(waiting, upTo: Classifier.batchLimit) {
                pulse.busy()
                guard commit(batch) else { return false }
                release(batch.files)
            }
            pulse.idle()
        }
        return true
    }

    private func commit(_ batch: JudgedBatch) -> Bool {
        do throws(FileError) {
            try prepare(batch.files.map(\.claim))
        } catch {
            let message = "the spool cannot be made durable: \(error)"
            observer.happened(
                .failed(StoreError(.fatal, message, hint: error.hint ?? "look for disk errors with dmesg(1)")))
            return false
        }
        guard batch.entries.isEmpty || append(batch.entries) else { return false }
        observer.committed(batch.outcomes)
        return true
    }

    /// Commits one batch, waiting for room as long as it takes.
    private func append(_ entries: [StoreEntry]) -> Bool {
        var trouble: StoreError.Kind?
        var isLastTry = false
        while true {
            do throws(StoreError) {
                try store.append(entries)
                if let trouble { observer.happened(trouble == .busy ? .storeFreed : .roomAgain) }
                return true
            } catch  where error.kind == .noRoom || error.kind == .busy {
                if trouble != error.kind {
                    observer.happened(error.kind == .busy ? .storeHeld(error) : .noRoom(error))
                }
                trouble = error.kind
                pulse.waiting(
                    error.kind == .busy ? "the store, which another process has locked" : "room on the store's disk")
                for _ in 0..<10 where !isStopping() { Thread.sleep(forTimeInterval: 0.2) }
                // There may be room again by now: a stop is clean if it can be.
                if isLastTry { return false }
                isLastTry = isStopping()
            } catch {
                observer.happened(.failed(error))
                return false
            }
        }
    }
}
