// The last station: finishes committed files in the spool, as their ledger rows say, and notes how far
// the spool is durable, so that recovery after a power cut need not look further back.

internal import Files
internal import Foundation
internal import Inbox
internal import Resemblance
internal import Store

/// Finishes committed files.
final class Finalizer: Stage {
    let spool: Spool
    let store: StoreWriter
    let feeder: Feeder
    let budget: Budget
    let observer: PipelineObserver
    let pulse: Pulse
    let input: BlockingQueue<Committed>
    let lifecycle: Lifecycle
    /// Whether recovery saw all that the last run left. If not, no checkpoint may hide the rows that it has to know.
    let keepsCheckpoints: Bool

    /// Files whose finishing failed, to be tried again.
    private var unfinished: [Committed] = []
    /// The newest row that was handed here.
    private var newest: Int64 = 0
    private var checkpointed: Int64 = 0
    private var lastCheckpoint = ContinuousClock.now

    /// How often the spool's directories are synced, while files come.
    private static let checkpointInterval = Duration.seconds(30)
    private static let retryInterval = Duration.seconds(5)

    init(
        spool: Spool, store: StoreWriter, feeder: Feeder, budget: Budget, observer: PipelineObserver, pulse: Pulse,
        input: BlockingQueue<Committed>, lifecycle: Lifecycle, keepsCheckpoints: Bool
    ) {
        self.spool = spool
        self.store = store
        self.feeder = feeder
        self.budget = budget
        self.observer = observer
        self.pulse = pulse
        self.input = input
        self.lifecycle = lifecycle
        self.keepsCheckpoints = keepsCheckpoints
    }

    /// Finishes what comes until the input is closed, and notes it if nothing is left unfinished.
    func run() {
        while true {
            let hasErrands = !unfinished.isEmpty || newest > checkpointed
            guard let batch = input.takeAll(within: hasErrands ? Self.retryInterval : nil) else { break }
            if !batch.isEmpty { pulse.busy() }
            if batch.isEmpty { retry() }
            for item in batch { finish(item) }
            budget.setStuck(unfinished.count)
            checkpointIfDue()
            // Alive all the same: what holds it up is the spool's disk.
            if unfinished.isEmpty { pulse.idle() } else { pulse.waiting("files that cannot be moved out of work/") }
        }
        retry()
        if unfinished.isEmpty, lifecycle.state != .failed { checkpoint(isClean: true) }
    }

    private func retry() {
        let again = unfinished
        unfinished = []
        for item in again { finish(item, isRetry: true) }
    }

    private func finish(_ item: Committed, isRetry: Bool = false) {
        switch item.claim.source {
        case .passed(let passed): giveBack(passed, item)
        case .spool: finishInSpool(item, isRetry)
        }
    }

    private func finishInSpool(_ item: Committed, _ isRetry: Bool) {
        let claim = item.claim
        do throws(FileError) {
            let outcome: FinishOutcome
            if let row = item.row {
                newest = max(newest, row.id)
                outcome = try settle(claim, row)
            } else {
                feeder.leaveAlone(claim.name)
                outcome = try spool.putBack(claim.number, hasRow: false)
            }
            if let failure = item.failure {
                if !isRetry { observer.happened(.unreadable(claim.name, failure)) }
            } else if outcome == .returned || outcome == .changed {
                observer.happened(.changedInWork(claim.name))
            }
            switch outcome {
            case .done, .suspect, .returned: feeder.finished(claim)
            case .changed: feeder.takeAgain(claim, hasRow: item.row != nil, isUnreadable: item.failure != nil)
            }
            budget.give(back: claim.status.size)
            observer.finished(1)
        } catch {
            if !isRetry { observer.happened(.unfinished(claim.name, error)) }
            unfinished.append(item)
        }
    }

    private func giveBack(_ passed: PassedFile, _ item: Committed) {
        budget.give(back: item.claim.status.size)
        observer.finished(1)
        if let row = item.row {
            newest = max(newest, row.id)
            passed.settle(.recorded(row.id))
        } else {
            passed.settle(.unreadable(item.failure ?? FileError(.read, EIO, path: passed.name.description)))
        }
    }

    private func settle(_ claim: Claim, _ row: LedgerRow) throws(FileError) -> FinishOutcome {
        let disposition = Disposition(row)
        let outcome = try spool.finish(
            claim.number, row: row.id, as: disposition, readAt: claim.status,
            leasedBy: claim.isLeased ? claim.file : nil)
        guard outcome == .suspect, let file = claim.file else { return outcome }
        // Only the inode changed (a link was removed, a mode set): the bytes decide.
        let bytes = try file.readAll(expected: Int(row.size), limit: Int(spool.maximumSize))
        guard row.sha256 == nil || SHA256Digest(of: bytes) == row.sha256 else {
            return try spool.putBack(claim.number, hasRow: true)
        }
        return try spool.finish(
            claim.number, row: row.id, as: disposition, readAt: claim.status,
            leasedBy: claim.isLeased ? file : nil, isVerified: true)
    }

    private func checkpointIfDue() {
        guard newest > checkpointed, unfinished.isEmpty,
            lastCheckpoint.duration(to: .now) > Self.checkpointInterval
        else { return }
        lastCheckpoint = ContinuousClock.now
        checkpoint(isClean: false)
    }

    /// Makes the spool durable and notes it. An error here costs nothing but a longer recovery.
    func checkpoint(isClean: Bool) {
        guard keepsCheckpoints else { return }
        let finished = isClean ? store.lastID : newest
        guard (try? spool.sync()) != nil else { return }
        guard (try? store.setCheckpoint(finished: finished, isClean: isClean)) != nil else { return }
        checkpointed = finished
    }
}

extension Disposition {
    /// What a ledger row says about its file.
    init(_ row: LedgerRow) {
        guard row.isSetAside else {
            self = .stored
            return
        }
        self = .rejected(explanation: RejectionNote(row).json)
    }
}

/// The small JSON that lies beside a rejected file, for the person who finds it there.
struct RejectionNote: Encodable {
    var id: Int64
    var name: String
    var nameescaped: Bool?
    var received: String
    var size: Int64
    var sha256: String?
    var code: String
    var reason: String
    var hint: String
    var requeue: String

    init(_ row: LedgerRow) {
        let printable = PrintableName(row.name)
        id = row.id
        name = printable.text
        nameescaped = printable.isEscaped ? true : nil
        received = Date(timeIntervalSince1970: Double(row.received) / 1_000_000).formatted(.iso8601)
        size = row.size
        sha256 = row.sha256?.description
        code = row.reason?.code ?? "rejected"
        reason = row.reason?.sentence ?? ""
        hint = row.reason?.hint ?? ""
        requeue = "copytaster requeue \(row.id)"
    }

    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(((try? encoder.encode(self)) ?? Data("{}".utf8)) + Data("\n".utf8))
    }
}
