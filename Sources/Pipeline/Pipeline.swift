// The pipeline from inbox to store, on one screen:
//
//     feeder ──claims──▶ workers ──deliveries──▶ classifier ──▶ committer ──▶ finalizer
//     watch, scan,       read, parse,            judge        COMMIT        unlink, archive
//     claim (in order)   fingerprint (parallel)  (in order)   (batched)     or reject
//
// Each arrow is a queue between threads of the pipeline's own. A budget of files and bytes in flight bounds
// them all: the feeder waits for it, so that the inbox itself is the queue. Behind the commits, and never
// in their way, the indexer fills the search index.

internal import Files
internal import Foundation
public import Inbox
public import Resemblance
public import Store
internal import Readers
internal import Story
internal import Synchronization

/// The running service: everything between the inbox and the store.
public final class Pipeline: Sendable {
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
        /// What is made of files that hold several stories.
        public var formats = FormatOptions()
        /// Files in the pipeline at once; each is held open.
        public var filesInFlight = 2048
        /// Bytes in the pipeline at once.
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
    let observer: PipelineObserver
    let feeder: Feeder
    let indexer: Indexer
    let trainer: DictionaryTrainer
    let budget: Budget
    /// Passed files that the feeder has not taken yet.
    let offers = Budget(files: 256, bytes: .max)
    let lock: ProcessLock
    /// When the service ended without being stopped, lately.
    public let interruptions: Interruptions
    let probation: Probation
    let storesRedacted: Atomic<Bool>
    let lifecycle = Lifecycle()
    let incoming = BlockingQueue<Claim>()
    /// What is large has a worker of its own, so that no other file waits for one.
    let large = BlockingQueue<Claim>()
    /// What another process has to read.
    let formatted = BlockingQueue<FormattedFile>()
    let readers: ReaderPool
    let ordered = OrderedBuffer<Delivery>(first: 0)
    let judged = BlockingQueue<JudgedBatch>()
    let outgoing = BlockingQueue<Committed>()
    /// What is done of erasures that a reader holds up.
    let erasures = Mutex(Erasure.Progress())
    private let memory = Atomic(0)
    private let threads = Mutex<Threads?>(nil)
    private let result = Mutex<Bool?>(nil)

    private struct Threads {
        let feeder: StageThread
        let forLarge: StageThread
        let workers, forFormats, stages, background: [StageThread]
    }

    /// Opens and locks the store and the spool. Nothing moves before ``start()``.
    ///
    /// - Throws: ``PipelineError`` when another process has either, or they cannot be opened.
    public init(_ options: Options, observer: PipelineObserver) throws(PipelineError) {
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
        storesRedacted = Atomic(options.storesRedacted)
        readers = options.formats.pool()
        probation = Probation(options.rehearsal, isNeeded: interruptions.areSuspicious, observer: observer)
        budget = Budget(
            files: max(16, min(options.filesInFlight, descriptors - 128)), bytes: options.bytesInFlight)
    }

    /// Finishes what the last run recorded, then goes on in its own threads: reads what else it left, watches. The
    /// first verdict waits until the fingerprints of all stories are loaded.
    public func start() throws(PipelineError) {
        // A stop that comes meanwhile waits here for the threads that it has to wait for.
        let recovered = try threads.withLock { threads throws(PipelineError) -> Recovery.Result? in
            guard !lifecycle.isEnding else { return nil }
            let recovered = try recover()
            if probation.isOn { observer.happened(.probation(ends: interruptions.recent.count)) }
            guard lifecycle.advance(to: .running) else { return nil }
            threads = startStages(recovered)
            return recovered
        }
        guard let recovered else { return }
        if recovered.finished > 0 || !recovered.leftovers.isEmpty {
            observer.happened(.recovered(finished: recovered.finished, again: recovered.leftovers.count))
        }
        indexer.poke()
        trainer.poke()
        // What the last run could not erase.
        eraseLater(in: .zero)
    }

    private func recover() throws(PipelineError) -> Recovery.Result {
        let recovery: Recovery
        do throws(StoreError) {
            let checkpoint = try store.lastCheckpoint()
            recovery = try Recovery(
                spool: spool, store: store, checkpoint: checkpoint, isSameBoot: lock.isSameBoot, observer: observer)
            try store.setCheckpoint(finished: checkpoint.finished, isClean: false)
        } catch { throw .store(error) }
        return try recovery.run()
    }

    /// One thread a stage.
    private func startStages(_ recovered: Recovery.Result) -> Threads {
        let feeding = StageThread("feeder") { [self] in feederStage(recovered.leftovers) }
        let workers = (1...max(1, options.workers)).map { number in
            StageThread("worker-\(number)") { [self] in
                ReadingStage(
                    reader: reader, pulse: observer.pulse("worker \(number)", true), input: incoming, output: ordered,
                    formatted: formatted)
            }
        }
        let forLarge = StageThread("worker-large") { [self] in
            ReadingStage(
                reader: reader, pulse: observer.pulse("worker for large files", true), input: large, output: ordered,
                formatted: formatted)
        }
        let forFormats = (1...max(1, options.formats.workers)).map { number in
            StageThread("formats-\(number)") { [self] in
                FormatStage(
                    reader: reader, pool: readers, pulse: observer.pulse("worker \(number) for formats", true),
                    input: formatted, output: ordered)
            }
        }
        let classifier = StageThread("classifier") { [self] in
            ClassifierStage(
                store: store, options: options, observer: observer, pulse: observer.pulse("classifier", true),
                input: ordered, output: judged, storesRedacted: { self.storesRedacted.load(ordering: .relaxed) },
                noteMemory: { self.memory.store($0, ordering: .relaxed) },
                fail: { self.fail(.failed($0)) })
        }
        let committer = StageThread("committer") { [self] in
            Committer(
                store: store, spool: spool, observer: observer, pulse: observer.pulse("committer", true),
                lifecycle: lifecycle, input: judged, output: outgoing,
                hasCommitted: { files in
                    let recorded = files.compactMap { file in
                        file.row.map { (file.claim, $0.isSetAside) }
                    }
                    self.feeder.recorded(recorded)
                    self.indexer.poke()
                    self.trainer.poke()
                },
                fail: { self.fail(nil) })
        }
        let finalizer = StageThread("finalizer") { [self] in
            Finalizer(
                spool: spool, store: store, feeder: feeder, budget: budget, observer: observer,
                pulse: observer.pulse("finalizer", true), input: outgoing, lifecycle: lifecycle,
                keepsCheckpoints: recovered.isComplete)
        }
        let background = [("indexer", indexer as any BackgroundWork), ("trainer", trainer)].map { name, work in
            StageThread(name) { [budget] in BackgroundStage(work: work, budget: budget) }
        }
        return Threads(
            feeder: feeding, forLarge: forLarge, workers: workers, forFormats: forFormats,
            stages: [classifier, committer, finalizer],
            background: background)
    }

    private var reader: CopyReader {
        CopyReader(spool: spool, store: store, probation: probation, formats: options.formats)
    }

    private func feederStage(_ files: [Recovery.Leftover]) -> FeederStage {
        let leftovers = Leftovers(
            files: files, spool: spool, feeder: feeder, reader: reader, pool: readers, output: ordered, budget: budget,
            lifecycle: lifecycle, observer: observer, pulse: observer.pulse("recovery", true),
            note: SuspectNote(state: lock.directory))
        return FeederStage(
            feeder: feeder, leftovers: leftovers, budget: budget, offers: offers, observer: observer,
            pulse: observer.pulse("feeder", false), output: incoming, large: large)
    }

    /// The store failed: nobody need wait for room in the pipeline any more.
    private func fail(_ event: PipelineEvent?) {
        lifecycle.advance(to: .failed)
        budget.close()
        offers.close()
        ordered.abandon()
        if let event { observer.happened(event) }
    }

    /// Where it is in its life.
    public var state: State { lifecycle.state }

    /// What the index in memory takes, in bytes.
    public var memoryBytes: Int { memory.load(ordering: .relaxed) }

    /// Stops claiming, finishes what is claimed, and closes the store. Blocks until all is done; a second call waits for
    /// the first, and has the same answer.
    ///
    /// - Returns: false if the store failed: what was in flight is still in work/, for the next start.
    @discardableResult
    public func stop() -> Bool {
        result.withLock { result in
            if let result { return result }
            let isWell = finish()
            result = isWell
            return isWell
        }
    }

    /// A large file, or one that another process reads, that cannot be read in this time stays in work/, and so do those
    /// behind it: the next start reads them.
    private static let patienceForLarge = Duration.seconds(2)

    private func leaveLarge(_ threads: Threads?) {
        for claim in large.takeAll(within: .zero) ?? [] { leave(claim) }
        _ = threads?.forLarge.join(within: Self.patienceForLarge)
        for file in formatted.takeAll(within: .zero) ?? [] { leave(file.claim) }
        formatted.close()
        for worker in threads?.forFormats ?? [] { _ = worker.join(within: Self.patienceForLarge) }
    }

    private func leave(_ claim: Claim) {
        if case .passed(let file) = claim.source { file.settle(.abandoned) }
    }

    private func finish() -> Bool {
        lifecycle.advance(to: .stopping)
        feeder.stop()
        offers.close()
        let threads = threads.withLock { $0 }
        threads?.feeder.join()
        for worker in threads?.workers ?? [] { worker.join() }
        leaveLarge(threads)
        // Nothing more comes.
        ordered.close()
        for stage in threads?.stages ?? [] { stage.join() }
        indexer.stop()
        trainer.stop()
        for work in threads?.background ?? [] { work.join() }
        readers.close()
        let isWell = lifecycle.advance(to: .stopped)
        if isWell { try? store.emptyLog() }
        store.close()
        spool.release()
        lock.release()
        return isWell
    }
}
