// What the last run left in the spool, brought to an end by the state table: a file whose row exists is
// finished as the row says, one without a row is read again.

internal import Files
internal import Inbox
internal import Resemblance
internal import Store

/// Sorts what a crash or a power cut left.
struct Recovery {
    let spool: Spool
    let store: StoreWriter
    let observer: PipelineObserver
    private let storeName: String
    /// Rows whose files may still be in work/, by their claims.
    private var rows: [Int64: LedgerRow] = [:]
    /// Those whose files a power cut may have put back into the inbox, by the identity of the file.
    private var reappearing: [Key: LedgerRow] = [:]
    private let isSameBoot: Bool

    private struct Key: Hashable {
        let inode: UInt64
        let born: Int64?
        let name: [UInt8]
    }

    init(
        spool: Spool, store: StoreWriter, checkpoint: StoreWriter.Checkpoint, isSameBoot: Bool,
        observer: PipelineObserver
    ) throws(StoreError) {
        self.spool = spool
        self.store = store
        self.observer = observer
        self.isSameBoot = isSameBoot
        storeName = checkpoint.epoch
        guard !checkpoint.isClean else { return }
        // The same inode as the rejection's: only the audit log tells that it is not what the row is about.
        let requeued = try store.requeued(after: checkpoint.finished)
        for row in try store.rows(after: checkpoint.finished) where row.identity.claim > 0 {
            rows[row.identity.claim] = row
            guard !requeued.contains(row.id) else { continue }
            reappearing[Key(inode: row.identity.inode, born: row.identity.born, name: row.name)] = row
        }
    }

    /// A file in work/ that is to be read again.
    struct Leftover {
        var claim: Int64
        /// Whether its claim has a row: then the file was written to after the row was judged.
        var hasRow: Bool
    }

    /// What recovery came to.
    struct Result {
        /// The files in work/ that are to be read.
        var leftovers: [Leftover] = []
        /// How many files were finished.
        var finished = 0
        /// Whether all of work/ could be read. What could not stays there, whether it has a row or not: it is for
        /// the next start, and until then the store must remember which rows are recent.
        var isComplete = true
    }

    /// Brings the claims journal in line, and finishes every file whose row exists.
    func run() throws(PipelineError) -> Result {
        var result = Result()
        do throws(FileError) {
            let (files, unreadable) = try spool.filesInWork()
            reconcile(Set(files.keys).union(unreadable.keys))
            var stuck = unreadable
            for (claim, status) in files.sorted(by: { $0.key < $1.key }) {
                do throws(FileError) {
                    let row = rows[claim]
                    if let row, try isUntouched(FileName(claim), status, row, in: spool.work) {
                        _ = try spool.finish(
                            claim, row: row.id, as: Disposition(row), readAt: status, leasedBy: nil, isVerified: true)
                        result.finished += 1
                    } else {
                        result.leftovers.append(Leftover(claim: claim, hasRow: row != nil))
                    }
                } catch {
                    stuck[claim] = error
                }
            }
            for (claim, error) in stuck { observer.happened(.stuckInWork(spool.journal.name(of: claim), error)) }
            result.isComplete = stuck.isEmpty
            result.finished += try finishReappeared()
        } catch { throw .file(error) }
        return result
    }

    private func reconcile(_ filesInWork: Set<Int64>) {
        let ledger = LedgerClaims(
            store: storeName, recent: rows.compactMapValues { RelativePath($0.name) },
            count: { (try? store.claims()) ?? (0, 0) }, rows: { (try? store.recorded($0)) ?? [] })
        let report = spool.journal.reconcile(with: ledger, filesInWork: filesInWork)
        if report.recount == .cutShort { observer.happened(.claimsRecounted) }
        for (claim, name) in report.lost.sorted(by: { $0.key < $1.key }) {
            observer.happened(.claimLost(claim, name))
        }
    }

    /// A power cut may undo renames and unlinks of files whose rows are durable. Within one boot it
    /// cannot have: then an inode that comes again is a link that was delivered again.
    private func finishReappeared() throws(FileError) -> Int {
        guard !isSameBoot, !reappearing.isEmpty, spool.hasBirthTimes else { return 0 }
        var found: [(RelativePath, FileStatus, LedgerRow)] = []
        spool.forEachInInbox { path, status in
            let key = Key(inode: status.inode, born: status.born, name: path.bytes)
            if let row = reappearing[key] { found.append((path, status, row)) }
        }
        var finished = 0
        for (path, status, row) in found {
            guard let last = path.last,
                try isUntouched(last, status, row, in: spool.inbox.directory(beneath: path.directory))
            else { continue }
            _ = try spool.finishInInbox(
                path, claim: row.identity.claim, row: row.id, as: Disposition(row), readAt: status)
            finished += 1
        }
        return finished
    }

    /// Whether the file still is what the row tells of. Its bytes are read again: being sure costs little,
    /// since few files are left.
    private func isUntouched(
        _ name: FileName, _ status: FileStatus, _ row: LedgerRow, in directory: Directory
    ) throws(FileError) -> Bool {
        guard row.identity.inode == status.inode, row.identity.born == status.born || !spool.hasBirthTimes else {
            return false
        }
        guard let digest = row.sha256, status.kind == .regular else { return row.isSetAside }
        guard status.size == row.size else { return false }
        let bytes = try directory.open(name).readAll(expected: Int(status.size), limit: Int(status.size) + 1)
        return SHA256Digest(of: bytes) == digest
    }
}
