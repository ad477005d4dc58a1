// What leaves the pipeline as plain values: who reads them (systemd, a log, a terminal) is not its business.

public import Files
public import Inbox
public import Resemblance
public import Store

/// What became of one delivered file, told after its COMMIT.
public struct Outcome: Sendable {
    /// The ledger row.
    public var row: LedgerRow
    public var headline: String?
    /// The relation that decided the verdict.
    public var relation: Relation?
    /// The earliest story of the family, for repeats.
    public var family: Int64?
    /// What became of its parts, where it has several.
    public var parts: [Outcome] = []
}

/// What happens in the pipeline besides single files.
public enum PipelineEvent: Sendable {
    case inbox(FeederEvent)
    /// Recovery goes on: so many of so many files or rows.
    case recovering(what: String, done: Int, of: Int)
    /// Recovery is done: files finished by their rows, and files taken again.
    case recovered(finished: Int, again: Int)
    /// The claims journal was cut short, by a power cut; the claims were counted anew from the ledger.
    case claimsRecounted
    /// A claim that was made has no row, no file in work/, and its file did not go back.
    case claimLost(Int64, RelativePath)
    /// The service ended without being stopped, again and again: files are read in another process first.
    case probation(ends: Int)
    /// A thousand files in a row went well.
    case probationOver
    /// No other process can be had for that.
    case probationFailed(String)
    /// A file was written to while it was in work: it counts as a new delivery.
    case changedInWork(RelativePath)
    /// A claimed file could not be read; it is back in the inbox.
    case unreadable(RelativePath, FileError)
    /// What the last run left in work/ cannot be looked at; it stays there until the next start.
    case stuckInWork(RelativePath, FileError)
    /// The store has no room; the pipeline waits.
    case noRoom(StoreError)
    /// There is room again.
    case roomAgain
    /// Another process has locked the store; the pipeline waits.
    case storeHeld(StoreError)
    /// The store can be written to again.
    case storeFreed
    /// What was redacted is not erased everywhere yet; it is tried again.
    case erasureWaits([Int64], String)
    /// What was redacted is erased everywhere.
    case erased([Int64])
    /// A file of a committed row could not be moved or removed; it is tried again.
    case unfinished(RelativePath, FileError)
    /// The search index could not be filled; the truth is unharmed.
    case searchFailed(StoreError)
    /// The search index was damaged; it is being made again.
    case searchRemade(StoreError)
    /// No dictionary could be made for compressing documents; they take more room, and the truth is unharmed.
    case trainingFailed(StoreError)
    /// Nothing can be relied on any more: the process must end, the next start recovers.
    case failed(StoreError)
}

/// The pulse of one thread of the pipeline.
public struct Pulse: Sendable {
    public var idle: @Sendable () -> Void
    public var busy: @Sendable () -> Void
    /// Waits for something that only others can mend, and reports again within ten seconds.
    public var waiting: @Sendable (String) -> Void

    public init(
        idle: @escaping @Sendable () -> Void, busy: @escaping @Sendable () -> Void,
        waiting: @escaping @Sendable (String) -> Void
    ) {
        self.idle = idle
        self.busy = busy
        self.waiting = waiting
    }

    public static let ignored = Pulse(idle: {}, busy: {}, waiting: { _ in })
}

/// Who watches the pipeline. All closures are called from the pipeline's threads and must not block.
public struct PipelineObserver: Sendable {
    /// A batch was committed.
    public var committed: @Sendable ([Outcome]) -> Void = { _ in }
    public var happened: @Sendable (PipelineEvent) -> Void = { _ in }
    /// Makes the pulse of a thread; `handlesClaimed` is false for the one that brings new files.
    public var pulse: @Sendable (_ name: String, _ handlesClaimed: Bool) -> Pulse = { _, _ in .ignored }
    /// So many files were claimed, or are finished.
    public var claimed: @Sendable (Int) -> Void = { _ in }
    public var finished: @Sendable (Int) -> Void = { _ in }

    public init() {}
}
