// What a crash left in work/ and has no row: read again, one file at a time, before anything new.

internal import Files
internal import Inbox
internal import Readers

/// Reads what a crash left. The watchdog is on by now: a file that hangs the reader ends the process as one that crashes
/// it does.
struct Leftovers {
    let files: [Recovery.Leftover]
    let spool: Spool
    let feeder: Feeder
    let reader: CopyReader
    let pool: ReaderPool
    let output: OrderedBuffer<Delivery>
    let budget: Budget
    let lifecycle: Lifecycle
    let observer: PipelineObserver
    let pulse: Pulse
    let note: SuspectNote

    /// Reads them all.
    ///
    /// A file is under suspicion only while it is read and judged, some milliseconds: a process may be killed for
    /// other reasons, again and again, and no innocent file must be rejected for that.
    ///
    /// - Returns: the place of the next claim in the order.
    func run() -> UInt64 {
        if files.isEmpty { return 0 }
        var sequence: UInt64 = 0
        // The index is loaded.
        output.waitUntilJudged()
        for (index, item) in files.enumerated() where !lifecycle.isEnding {
            observer.happened(.recovering(what: "files left in work", done: index, of: files.count))
            guard case .claimed(let claim) = spool.reclaim(item.claim, hasRow: item.hasRow, sequence: sequence) else {
                // A writer has it: it goes back and is taken when the writer is done.
                if (try? spool.putBack(item.claim, hasRow: item.hasRow)) != .returned {
                    feeder.takeAgain(number: item.claim, hasRow: item.hasRow)
                }
                continue
            }
            _ = budget.take(claim.status.size)
            observer.claimed(1)
            read(claim)
            budget.waitUntilEmpty()
            sequence += 1
        }
        return sequence
    }

    private func read(_ claim: Claim) {
        let crashes = note.crashes(of: claim.status)
        // Without a note, suspicion begins one end later.
        try? note.begin(claim.status, crashes: crashes)
        pulse.busy()
        let isSuspect = crashes >= SuspectNote.limit
        output.put(reader.read(isSuspect ? claim.refused(.crashedTheReader(crashes)) : claim, pool), at: claim.sequence)
        pulse.idle()
        output.waitUntilJudged()
        note.end()
    }
}
