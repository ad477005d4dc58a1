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
    let observer: RoadObserver
    /// Rows whose files may still be in the spool, by the identity of the file.
    private var rows: [Key: LedgerRow] = [:]
    private let isSameBoot: Bool

    private struct Key: Hashable {
        let inode: UInt64
        let born: Int64?
        let token: String?
    }

    init(
        spool: Spool, store: StoreWriter, mark: StoreWriter.Mark, isSameBoot: Bool, observer: RoadObserver
    ) throws(StoreError) {
        self.spool = spool
        self.store = store
        self.observer = observer
        self.isSameBoot = isSameBoot
        guard !mark.isClean else { return }
        // The same inode as the rejection's: only the act tells that it is not what the row is about.
        let requeued = try store.requeued(after: mark.finished)
        for row in try store.rows(after: mark.finished) where !requeued.contains(row.id) {
            rows[Key(inode: row.identity.inode, born: row.identity.born, token: row.identity.token)] = row
        }
    }

    /// What recovery came to.
    struct Result {
        /// The files in work/ that have no row.
        var leftovers: [RelativePath] = []
        /// How many files were finished.
        var finished = 0
        /// Whether all of work/ could be read. What could not stays there, whether it has a row or not: it is for
        /// the next start, and until then the store must remember which rows are recent.
        var isComplete = true
    }

    /// Finishes every file whose row exists.
    func run() throws(FileError) -> Result {
        var result = Result()
        let (files, unreadable) = try spool.filesInWork()
        var stuck = unreadable
        for (name, status) in files {
            do throws(FileError) {
                if let row = row(of: status, workName: name), try isUntouched(name, status, row, in: spool.work) {
                    _ = try spool.finish(
                        name, row: row.id, as: Disposition(row), readAt: status, leasedBy: nil, isVerified: true)
                    result.finished += 1
                } else {
                    result.leftovers.append(name)
                }
            } catch {
                stuck.append((name, error))
            }
        }
        for (name, error) in stuck { observer.happened(.stuckInWork(name, error)) }
        result.isComplete = stuck.isEmpty
        result.finished += try finishReappeared()
        result.leftovers.sort()
        return result
    }

    /// A power cut may undo renames and unlinks of files whose rows are durable. Within one boot it
    /// cannot have: then an inode that comes again is a link that was delivered again.
    private func finishReappeared() throws(FileError) -> Int {
        guard !isSameBoot, !rows.isEmpty, spool.hasBirthTimes else { return 0 }
        var found: [(RelativePath, FileStatus, LedgerRow)] = []
        spool.forEachInInbox { name, status in
            if let row = row(of: status, workName: name) { found.append((name, status, row)) }
        }
        var finished = 0
        for (name, status, row) in found where try isUntouched(name, status, row, in: spool.inbox) {
            _ = try spool.finishInInbox(name, row: row.id, as: Disposition(row), readAt: status)
            finished += 1
        }
        return finished
    }

    private func row(of status: FileStatus, workName: RelativePath) -> LedgerRow? {
        let key = Key(
            inode: status.inode, born: status.born, token: Spool.token(ofWork: workName))
        guard let row = rows[key], row.name == spool.inboxName(ofWork: workName).bytes else { return nil }
        return row
    }

    /// Whether the file still is what the row tells of. Its bytes are read again: being sure costs little,
    /// since few files are left.
    private func isUntouched(
        _ name: RelativePath, _ status: FileStatus, _ row: LedgerRow, in directory: Directory
    ) throws(FileError) -> Bool {
        guard let digest = row.sha256, status.kind == .regular else { return row.verdict == .rejected }
        guard status.size == row.size else { return false }
        let bytes = try directory.open(name).readAll(expected: Int(status.size), limit: Int(status.size) + 1)
        return SHA256Digest(of: bytes) == digest
    }
}

/// A file that crashes the reader must not crash it for ever: what a crash left is read one at a time, and
/// this note, kept beside the store, counts the crashes during which a file was alone.
struct SuspectNote {
    static let limit = 3
    private static let name = RelativePath("suspect")

    let state: Directory

    /// At how many ends of the process in a row this file was being read and judged, alone.
    func crashes(of file: FileStatus) -> Int {
        guard let note = try? state.open(Self.name).readAll(expected: 64, limit: 256) else { return 0 }
        let parts = String(decoding: note, as: UTF8.self).split(separator: " ")
        guard parts.count == 2, parts[0] == Self.key(file), let count = Int(parts[1]) else { return 0 }
        return count + 1
    }

    /// Notes that this file is read alone now, after so many crashes.
    func begin(_ file: FileStatus, crashes: Int) throws(FileError) {
        let note = try state.create(Self.name, mode: 0o600, reuse: true)
        try note.truncate(to: 0)
        try note.write(Array("\(Self.key(file)) \(crashes)".utf8))
    }

    /// It was read and judged without a crash.
    func end() { try? state.unlink(Self.name) }

    private static func key(_ file: FileStatus) -> String { "\(file.inode)/\(file.born ?? 0)" }
}
