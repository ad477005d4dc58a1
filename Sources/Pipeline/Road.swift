// The road from inbox to store, on one screen:
//
//     feeder ──claims──▶ workers ──deliveries──▶ assessor ──▶ committer ──▶ releaser
//     watch, scan,       read, parse,            judge        COMMIT        unlink, archive
//     claim (in order)   fingerprint (parallel)  (in order)   (batched)     or reject
//
// Each arrow is a queue between threads of the road's own. A budget of files and bytes in flight bounds
// them all: the feeder waits for it, so that the inbox itself is the queue. Behind the commits, and never
// in their way, the indexer fills the search index.

public import Files
internal import Foundation
public import Inbox
public import Resemblance
public import Store
public import Story
internal import Synchronization

/// The running service: everything between the inbox and the store.
public final class Road: Sendable {
    public struct Options: Sendable {
        /// The directory of the store.
        public var state: String
        public var spool: Spool.Options
        public var feeder: Feeder.Options
        public var thresholds = Thresholds()
        /// Threads that read and parse.
        public var workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
        /// Whether bytes that were redacted become a story again when they are delivered again.
        public var storesRedacted = false
        /// Files on the road at once; each is held open.
        public var filesInFlight = 2048
        /// Bytes on the road at once.
        public var bytesInFlight: Int64 = 128 << 20
        /// Reads files elsewhere, after the service ended again and again without being stopped.
        public var rehearsal: (any Rehearsal)?
        /// Ledger rows before a dictionary for compressing documents is made.
        public var rowsBeforeTraining: Int64 = 4096

        public init(state: String, spool: Spool.Options, feeder: Feeder.Options) {
            self.state = state
            self.spool = spool
            self.feeder = feeder
        }
    }

    public let spool: Spool
    public let store: StoreWriter
    let options: Options
    let observer: RoadObserver
    let feeder: Feeder
    let indexer: Indexer
    private let trainer: DictionaryTrainer
    let budget: Budget
    /// Loans that the feeder has not taken yet.
    private let offers = Budget(files: 256, bytes: .max)
    let lock: ProcessLock
    /// When the service ended without being stopped, lately.
    public let interruptions: Interruptions
    private let probation: Probation
    private let incoming = BlockingQueue<Claim>()
    private let ordered = OrderedBuffer<Delivery>(first: 0)
    private let judged = BlockingQueue<JudgedBatch>()
    private let outgoing = BlockingQueue<Committed>()
    /// Told when the assessor has the fingerprints, and of each file that a crash left when it has judged it.
    private let hasLoaded = DispatchSemaphore(value: 0)
    private let hasJudged = DispatchSemaphore(value: 0)
    private let threads = Mutex(Threads())
    private let flags = Mutex(Flags())

    private struct Threads {
        var workers: [RoadThread] = []
        var assessor, committer, releaser, indexer, feeder: RoadThread?
    }

    private struct Flags {
        var isStopping = false
        var hasFailed = false
        var memoryBytes = 0
        var readsLeftovers = false
    }

    /// Opens and locks the store and the spool. Nothing moves before ``start()``.
    ///
    /// - Throws: ``RoadError`` when another process has either, or they cannot be opened.
    public init(_ options: Options, observer: RoadObserver) throws(RoadError) {
        self.options = options
        self.observer = observer
        Files.Process.ignoreSignals()
        Files.Process.keepFreedMemory()
        let descriptors = Files.Process.raiseDescriptorLimit()
        do throws(LockError) { lock = try ProcessLock(directory: options.state) } catch { throw .held(error) }
        do throws(SpoolError) { spool = try Spool(options.spool) } catch { throw .spool(error) }
        do throws(StoreError) {
            store = try StoreWriter(directory: options.state) { observer.happened(.storeHeld($0)) }
            let checkpoint = try store.lastCheckpoint()
            interruptions = Interruptions(
                in: lock.directory, wasInterrupted: !checkpoint.isClean, isSameBoot: lock.isSameBoot)
            indexer = try Indexer(directory: options.state, store: checkpoint.epoch, observer: observer)
            trainer = DictionaryTrainer(store: store, after: options.rowsBeforeTraining, observer: observer)
        } catch { throw .store(error) }
        do throws(FileError) {
            feeder = try Feeder(spool: spool, options: options.feeder) { observer.happened(.inbox($0)) }
        } catch { throw .file(error) }
        probation = Probation(options.rehearsal, isNeeded: interruptions.areSuspicious, observer: observer)
        budget = Budget(
            files: max(16, min(options.filesInFlight, descriptors - 128)), bytes: options.bytesInFlight)
    }

    /// Finishes what the last run recorded, then goes on in its own threads: reads what else it left, watches. The
    /// first verdict waits until the fingerprints of all stories are loaded.
    public func start() throws(RoadError) {
        let recovery: Recovery
        do throws(StoreError) {
            let checkpoint = try store.lastCheckpoint()
            recovery = try Recovery(
                spool: spool, store: store, checkpoint: checkpoint, isSameBoot: lock.isSameBoot, observer: observer)
            try store.setCheckpoint(finished: checkpoint.finished, isClean: false)
        } catch { throw .store(error) }
        let recovered = try recovery.run()
        if probation.isOn { observer.happened(.probation(ends: interruptions.recent.count)) }
        startThreads(keepsCheckpoints: recovered.isComplete)
        if recovered.finished > 0 || !recovered.leftovers.isEmpty {
            observer.happened(.recovered(finished: recovered.finished, again: recovered.leftovers.count))
        }
        let pulse = observer.pulse("feeder", false)
        let feeding = RoadThread("feeder") { [self] in
            let next = takeLeftovers(recovered.leftovers)
            let door = Feeder.Door(
                pulse: { $0 ? pulse.busy() : pulse.idle() }, admit: { self.admit($0, pulse) },
                submit: { self.submit($0) })
            feeder.run(firstSequence: next, door: door)
            pulse.idle()
        }
        threads.withLock { $0.feeder = feeding }
        indexer.poke()
        trainer.poke()
        // What the last run could not erase.
        DispatchQueue.global().async { [weak self] in _ = self?.erase() }
    }

    private func startThreads(keepsCheckpoints: Bool) {
        let workers = (1...max(1, options.workers)).map { number in
            let pulse = observer.pulse("worker \(number)", true)
            return RoadThread("worker-\(number)") { [incoming, ordered, options, store, probation] in
                let reader = CopyReader(
                    maximumSize: options.spool.maximumSize, store: store, probation: probation)
                while let claim = incoming.take() {
                    pulse.busy()
                    ordered.put(reader.read(claim), at: claim.sequence)
                    pulse.idle()
                }
            }
        }
        let assessor = RoadThread("assessor") { [self] in
            let pulse = observer.pulse("assessor", true)
            pulse.busy()
            do throws(StoreError) {
                // Here, and not before the start: what is delivered meanwhile is claimed and read already.
                let total = Int(store.lastID)
                let memory = try Memory(store, thresholds: options.thresholds) { done in
                    pulse.busy()
                    observer.happened(.recovering(what: "fingerprints", done: done, of: total))
                }
                pulse.idle()
                hasLoaded.signal()
                let assessor = try Assessor(
                    store: store, memory: memory, pulse: pulse, storesRedacted: options.storesRedacted)
                try assessor.run(ordered) { batch in
                    judged.put(batch)
                    let readsLeftovers = flags.withLock { flags in
                        flags.memoryBytes = assessor.memoryBytes
                        return flags.readsLeftovers
                    }
                    if readsLeftovers { hasJudged.signal() }
                }
            } catch { fail(.failed(error)) }
            judged.close()
        }
        let committer = RoadThread("committer") { [self] in
            let committer = Committer(
                store: store, observer: observer, pulse: observer.pulse("committer", true),
                prepare: { [spool] claims throws(FileError) in try spool.syncClaims(claims) },
                isStopping: { [self] in flags.withLock { $0.isStopping } })
            let isWell = committer.run(judged) { committed in
                outgoing.put(contentsOf: committed)
                indexer.poke()
                trainer.poke()
            }
            if !isWell { fail(nil) }
            outgoing.close()
        }
        let releaser = RoadThread("releaser") { [self] in
            let releaser = Releaser(
                spool: spool, store: store, feeder: feeder, budget: budget, observer: observer,
                pulse: observer.pulse("releaser", true), keepsCheckpoints: keepsCheckpoints)
            let isClean = releaser.run(outgoing) && !flags.withLock { $0.hasFailed }
            if isClean { releaser.checkpoint(isClean: true) }
        }
        let indexing = RoadThread("indexer") { [indexer, budget] in
            Files.Process.yieldToOthers()
            indexer.run { Self.isBusy(budget) }
        }
        _ = RoadThread("trainer") { [trainer, budget] in
            Files.Process.yieldToOthers()
            trainer.run { Self.isBusy(budget) }
        }
        threads.withLock {
            $0 = Threads(
                workers: workers, assessor: assessor, committer: committer, releaser: releaser, indexer: indexing)
        }
    }

    /// Whether what can wait should wait.
    private static func isBusy(_ budget: Budget) -> Bool { budget.inUse > Assessor.batchLimit / 4 }

    /// The road is broken: nobody need wait for room on it any more.
    private func fail(_ event: RoadEvent?) {
        flags.withLock { $0.hasFailed = true }
        budget.close()
        offers.close()
        hasLoaded.signal()
        hasJudged.signal()
        if let event { observer.happened(event) }
    }

    /// How long the feeder waits for room before it looks at what has arrived meanwhile.
    private static let admission = 0.01

    private func admit(_ size: Int64, _ pulse: Pulse) -> Bool {
        // While it waits for room on the road, the others answer for their own pace.
        pulse.idle()
        defer { pulse.busy() }
        return budget.take(size, within: Self.admission)
    }

    private func submit(_ claim: Claim) {
        observer.claimed(1)
        if case .lent = claim.source { offers.give(back: 0) }
        incoming.put(claim)
    }

    /// Reads what a crash left, one file at a time, before anything new. The watchdog is on by now: a file that hangs
    /// the reader ends the process as one that crashes it does.
    ///
    /// A file is under suspicion only while it is read and judged, some milliseconds: a process may be killed for
    /// other reasons, again and again, and no innocent file must be rejected for that.
    ///
    /// - Returns: the number of the next claim.
    private func takeLeftovers(_ leftovers: [Recovery.Leftover]) -> UInt64 {
        if leftovers.isEmpty { return 0 }
        var sequence: UInt64 = 0
        let note = SuspectNote(state: lock.directory)
        hasLoaded.wait()
        flags.withLock { $0.readsLeftovers = true }
        defer { flags.withLock { $0.readsLeftovers = false } }
        for (index, item) in leftovers.enumerated() where !flags.withLock({ $0.isStopping || $0.hasFailed }) {
            observer.happened(.recovering(what: "files left in work", done: index, of: leftovers.count))
            guard case .claimed(let claim) = spool.reclaim(item.claim, hasRow: item.hasRow, sequence: sequence) else {
                // A writer has it: it goes back and is taken when the writer is done.
                if (try? spool.putBack(item.claim, hasRow: item.hasRow)) != .returned {
                    feeder.takeAgain(number: item.claim, hasRow: item.hasRow)
                }
                continue
            }
            let crashes = note.crashes(of: claim.status)
            try? note.begin(claim.status, crashes: crashes)
            while !admit(claim.status.size, .ignored) {}
            submit(crashes < SuspectNote.limit ? claim : claim.refused(.crashedTheReader(crashes)))
            hasJudged.wait()
            note.end()
            budget.waitUntilEmpty()
            sequence += 1
        }
        return sequence
    }

    // MARK: While it runs

    /// How many files are known to wait in the inbox.
    public var waiting: Int { feeder.waiting }
    /// How many are on the road.
    public var inFlight: Int { budget.inUse }
    /// What the index in memory takes.
    public var memoryBytes: Int { flags.withLock { $0.memoryBytes } }

    /// New options for finding files; the rest needs a restart.
    public func use(_ options: Feeder.Options) { feeder.use(options) }

    /// Takes an open file that is only read, where it lies; nothing is done to it. Blocks while the road is full.
    ///
    /// - Parameter settle: told once how it ended, from a thread of the road; must not block.
    /// - Returns: false if it has to be delivered like any other (``Spool/borrow(_:as:settle:)``).
    public func lend(
        _ file: Descriptor, as name: RelativePath, settle: @escaping @Sendable (Loan.End) -> Void
    ) throws(FileError) -> Bool {
        guard let loan = try spool.borrow(file, as: name, settle: settle) else { return false }
        _ = offers.take(0)
        feeder.take(loan)
        return true
    }

    /// Asks for a scan of the inbox soon.
    public func scanSoon() { feeder.scanSoon() }

    /// Removes a story's text for ever, from the store and all that is derived from it; of a rejected file, its bytes.
    ///
    /// - Returns: why something of it is still on the disk; nil if nothing is. It is tried again until nothing is.
    public func redact(_ id: Int64, reason: String) throws(StoreError) -> String? {
        try Erasure.begin(id, reason: reason, store: store) { id throws(StoreError) in try indexer.remove(id) }
        ordered.put { $0.forget(id) }
        return erase()
    }

    private var erasure: Erasure {
        Erasure(store: store, spool: spool) { [indexer] () throws(StoreError) in try indexer.purge() }
    }

    /// Erases what was redacted; if something keeps it from that, tries again in ten seconds, and says so.
    private func erase() -> String? {
        let trouble = erasure.finish { observer.happened(.erased($0)) }
        if let trouble {
            observer.happened(.erasureWaits(trouble.ids, trouble.why))
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.erasurePause) { [weak self] in
                guard let self, !flags.withLock({ $0.isStopping }) else { return }
                _ = erase()
            }
        }
        return trouble?.why
    }

    private static let erasurePause = 10.0

    /// Has the search index know a story by another reading.
    public func reindex(_ id: Int64, old: Reading, new: Reading) throws(StoreError) {
        try indexer.replace(id, old: old, new: new)
    }

    /// Waits until the search index has everything that is committed.
    public func finishIndex() { indexer.catchUp() }

    /// Stops claiming, finishes what is claimed, and closes the store. Blocks until all is done.
    ///
    /// - Returns: false if the store failed: what was in flight is still in work/, for the next start.
    @discardableResult
    public func stop() -> Bool {
        let threads = threads.withLock { $0 }
        flags.withLock { $0.isStopping = true }
        feeder.stop()
        offers.close()
        threads.feeder?.join()
        incoming.close()
        for worker in threads.workers { worker.join() }
        ordered.close()
        threads.assessor?.join()
        threads.committer?.join()
        threads.releaser?.join()
        indexer.stop()
        trainer.stop()
        threads.indexer?.join()
        let hasFailed = flags.withLock { $0.hasFailed }
        if !hasFailed { try? store.emptyLog() }
        store.close()
        spool.release()
        lock.release()
        return !hasFailed
    }
}

/// Why the road cannot be opened.
public enum RoadError: Error, Sendable, CustomStringConvertible {
    case held(LockError)
    case spool(SpoolError)
    case store(StoreError)
    case file(FileError)

    public var description: String {
        switch self {
        case .held(let error): error.description
        case .spool(let error): error.description
        case .store(let error): error.description
        case .file(let error): error.description
        }
    }

    public var hint: String {
        switch self {
        case .held(let error): error.hint
        case .spool(let error): error.hint
        case .store(let error): error.hint
        case .file(let error): error.hint ?? "check the spool's directories and their permissions"
        }
    }
}
