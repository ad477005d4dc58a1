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

/// Commits everything that is judged. If the store fails, or a stop comes while there is no room, what is uncommitted
/// stays in work/, for the next start.
struct Committer: Stage {
    let store: StoreWriter
    let spool: Spool
    let observer: PipelineObserver
    let pulse: Pulse
    let lifecycle: Lifecycle
    let input: BlockingQueue<JudgedBatch>
    let output: BlockingQueue<Committed>
    /// Told what has its rows now, before it goes on.
    let hasCommitted: ([Committed]) -> Void
    /// Told that nothing can be committed any more.
    let fail: () -> Void

    func run() {
        defer { output.close() }
        while let waiting = input.takeAll(within: nil) {
            for batch in JudgedBatch.merged(waiting, upTo: Classifier.batchLimit) {
                pulse.busy()
                guard commit(batch) else { return fail() }
                hasCommitted(batch.files)
                output.put(contentsOf: batch.files)
            }
            pulse.idle()
        }
    }

    private func commit(_ batch: JudgedBatch) -> Bool {
        do throws(FileError) {
            try spool.syncClaims(batch.files.map(\.claim))
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

    /// How long it waits before it asks for room again.
    private static let pause = Duration.seconds(2)

    /// Commits one batch, waiting for room as long as it takes.
    private func append(_ entries: [StoreEntry]) -> Bool {
        var trouble: StoreError.Kind?
        var isLastTry = false
        while true {
            do throws(StoreError) {
                try store.append(entries) { pulse.busy() }
                if let trouble { observer.happened(trouble == .busy ? .storeFreed : .roomAgain) }
                return true
            } catch  where error.kind == .noRoom || error.kind == .busy {
                if trouble != error.kind {
                    observer.happened(error.kind == .busy ? .storeHeld(error) : .noRoom(error))
                }
                trouble = error.kind
                pulse.waiting(
                    error.kind == .busy ? "the store, which another process has locked" : "room on the store's disk")
                lifecycle.sleep(for: Self.pause)
                // There may be room again by now: a stop is clean if it can be.
                if isLastTry { return false }
                isLastTry = lifecycle.isEnding
            } catch {
                observer.happened(.failed(error))
                return false
            }
        }
    }
}
