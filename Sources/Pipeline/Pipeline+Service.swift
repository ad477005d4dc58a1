// What can be asked of a pipeline while it runs.

public import Files
internal import Foundation
public import Inbox
public import Store
public import Story
internal import Synchronization

extension Pipeline {
    /// How many files are known to wait in the inbox.
    public var waiting: Int { feeder.waiting }
    /// How many are in the pipeline.
    public var inFlight: Int { budget.inUse }

    /// What each sender delivered since the start, and what of it waits.
    public var senders: [SenderFigures] { feeder.senders }

    /// What has to wait in the inbox, by reason and place.
    public var deferred: [WaitingFiles] { feeder.deferred }

    /// Has what may change while it runs be as `options` say from now on: how files are found, up to which size they are
    /// taken, whether they are kept, what becomes of redacted bytes. The rest needs a restart.
    public func use(_ options: Options) {
        spool.use(options.spool)
        storesRedacted.store(options.storesRedacted, ordering: .relaxed)
        feeder.use(options.feeder)
    }

    /// Takes an open file that is only read, where it lies; nothing is done to it. Blocks while the pipeline is full.
    ///
    /// - Parameter settle: told once how it ended, from a thread of the pipeline; must not block.
    /// - Returns: false if it has to be delivered like any other (``Spool/passedFile(_:as:settle:)``).
    public func pass(
        _ file: Descriptor, as name: RelativePath, settle: @escaping @Sendable (PassedFile.End) -> Void
    ) throws(FileError) -> Bool {
        guard let passed = try spool.passedFile(file, as: name, settle: settle) else { return false }
        _ = offers.take(0)
        feeder.take(passed)
        return true
    }

    /// A stop came before ``start()``: nothing has moved.
    public func leaveUnstarted() { interruptions.takeBack(in: lock.directory) }

    /// Asks for a scan of the inbox soon.
    public func scanSoon() { feeder.scanSoon() }

    /// Removes a story's text for ever, from the store and all that is derived from it; of a rejected file, its bytes.
    ///
    /// - Returns: why something of it is still on the disk; nil if nothing is. It is tried again until nothing is.
    public func redact(_ id: Int64, reason: String) throws(StoreError) -> String? {
        try Erasure.begin(id, reason: reason, store: store) { id throws(StoreError) in try indexer.remove(id) }
        let containers = try store.containers(ofRedacted: [id])
        ordered.put { classifier in for id in [id] + containers { classifier.forget(id) } }
        var trouble = erase()
        // Most who read are done in a moment.
        for _ in 0..<20 where trouble != nil {
            lifecycle.sleep(for: .milliseconds(100))
            trouble = erase()
        }
        if trouble != nil { eraseLater(in: Self.erasurePause) }
        return trouble
    }

    private var erasure: Erasure {
        let search = Erasure.Search(
            purge: { [indexer] () throws(StoreError) in try indexer.purge() },
            emptyLog: { [indexer] patience throws(StoreError) in try indexer.emptyLog(patience: patience) })
        return Erasure(store: store, spool: spool, search: search, patience: .milliseconds(50))
    }

    /// Erases what was redacted, as far as nothing keeps it from that; what that is, is told once.
    private func erase() -> String? {
        erasures.withLock { progress in
            let trouble = erasure.finish(&progress) { observer.happened(.erased($0)) }
            if let trouble, !progress.told.isSuperset(of: trouble.ids) {
                progress.told.formUnion(trouble.ids)
                observer.happened(.erasureWaits(trouble.ids, trouble.why))
            }
            return trouble?.why
        }
    }

    func eraseLater(in time: Duration) {
        DispatchQueue.global().asyncAfter(deadline: .now() + time.seconds) { [weak self] in
            guard let self, !lifecycle.isEnding, erase() != nil else { return }
            eraseLater(in: Self.erasurePause)
        }
    }

    private static let erasurePause = Duration.seconds(1)

    /// Has the search index know a story by another reading.
    public func reindex(_ id: Int64, old: Reading, new: Reading) throws(StoreError) {
        try indexer.replace(id, old: old, new: new)
    }

    /// Waits until the search index has everything that is committed.
    public func finishIndex() { indexer.catchUp() }
}
