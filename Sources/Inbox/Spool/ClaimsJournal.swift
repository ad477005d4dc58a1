// The claims journal: before a file is moved to work/ under a number, the number and the delivered name are written down.
// One pwrite(2) a claim, never synced on the way of a file: it survives every end of the process. A power cut may take
// its end; a file in work/ without a line is then named `recovered/N`, and the numbers go on after the highest that the
// ledger, the journal or work/ knows.
//
// The numbers are also the account of the spool: each claim that was made has a row, lies in work/, or went back.

public import Files
internal import Synchronization

/// What the ledger knows about claims, as recovery found it.
public struct LedgerClaims {
    /// The store's name.
    public var store: String
    /// The claims of the rows whose files may still be in the spool, with their names.
    public var recent: [Int64: RelativePath]
    /// The highest claim of any row and the number of rows that have one, by a scan of the whole ledger: only for a
    /// journal that was lost.
    public var count: () -> (last: Int64, rows: Int64)
    /// Which of these claims have a row, by such a scan: only for claims that seem to be lost.
    public var rows: (Set<Int64>) -> Set<Int64>

    public init(
        store: String, recent: [Int64: RelativePath], count: @escaping () -> (last: Int64, rows: Int64),
        rows: @escaping (Set<Int64>) -> Set<Int64>
    ) {
        self.store = store
        self.recent = recent
        self.count = count
        self.rows = rows
    }
}

/// What bringing the journal in line with ledger and work/ found.
public struct ClaimsReport: Sendable, Equatable {
    public enum Recount: Sendable, Equatable {
        /// The journal's end is lost: what a power cut takes.
        case cutShort
        /// There was none, or it belongs to another store.
        case otherStore
    }

    /// Why the claims were counted anew from the ledger, if they were.
    public var recount: Recount?
    /// Claims that were made and have no row, no file in work/, and did not go back.
    public var lost: [Int64: RelativePath] = [:]
}

/// The numbers and names of claims, in memory and in work/.claims.
public final class ClaimsJournal: Sendable {
    private struct State {
        var file: Descriptor
        var end: Int64
        var store = ""
        /// The last number of a claim that was made.
        var last: Int64 = 0
        /// Claims that have a row and whose files are finished.
        var settled: Int64 = 0
        /// Claims whose files are in work/.
        var live: [Int64: RelativePath] = [:]
        var lost: [Int64: RelativePath] = [:]

        var record: ClaimsRecord {
            var record = ClaimsRecord()
            record.store = store
            record.last = last
            record.settled = settled
            record.names = live.merging(lost) { one, _ in one }
            return record
        }
    }

    /// Bytes reserved in a new journal.
    private static let room: Int64 = 1 << 20

    private let work: Directory
    private let found: ClaimsRecord
    private let state: Mutex<State>

    /// Opens the journal of a work directory. Claims are made only after ``reconcile(with:filesInWork:)``.
    init(work: Directory) throws(FileError) {
        self.work = work
        let file = try work.create(ClaimsRecord.fileName, mode: 0o600, reuse: true)
        found = try ClaimsRecord(work: work)
        state = Mutex(State(file: file, end: Int64(found.length)))
    }

    /// The delivered name of a file in work/.
    public func name(of number: Int64) -> RelativePath {
        state.withLock { $0.live[number] } ?? found.names[number] ?? Self.recovered(number)
    }

    /// What a file is called whose line was lost.
    static func recovered(_ number: Int64) -> RelativePath {
        RelativePath(components: ["recovered", FileName(number)])
    }

    // MARK: At start

    /// Brings the journal in line with the ledger and work/, and begins a new one that says so.
    public func reconcile(
        with ledger: LedgerClaims, filesInWork: Set<Int64>
    ) -> ClaimsReport {
        var report = ClaimsReport()
        let highest = max(ledger.recent.keys.max() ?? 0, filesInWork.max() ?? 0)
        if found.store != ledger.store {
            report.recount = .otherStore
        } else if !found.isWhole || highest > found.last {
            report.recount = .cutShort
        }
        var (last, settled) = (found.last, found.settled)
        if report.recount != nil {
            let counted = ledger.count()
            last = max(found.last, highest, counted.last)
            settled = counted.rows - Int64(filesInWork.count { ledger.recent[$0] != nil })
        } else {
            var gone = Set(found.names.keys).subtracting(filesInWork)
            settled += Int64(gone.count { ledger.recent[$0] != nil })
            gone.subtract(ledger.recent.keys)
            if !gone.isEmpty {
                let old = ledger.rows(gone)
                settled += Int64(old.count)
                gone.subtract(old)
            }
            // One that should go back and could not has a row all the same, so these are left out only now.
            gone.subtract(found.returned)
            // The claim of the last number may not have been made: then the number is free.
            if gone.remove(found.last) != nil { last -= 1 }
            for number in gone { report.lost[number] = found.names[number] }
        }
        let live = Dictionary(uniqueKeysWithValues: filesInWork.map { ($0, ledger.recent[$0] ?? name(of: $0)) })
        state.withLock { state in
            state.store = ledger.store
            (state.last, state.settled, state.live, state.lost) = (last, settled, live, report.lost)
        }
        // Where there is no room, the old one goes on.
        try? compact()
        return report
    }

    // MARK: On the way of a file

    /// Writes down that a file of this name is about to be claimed, and gives the claim its number: the same one until
    /// ``made(_:_:)``.
    func begin(_ name: RelativePath) throws(FileError) -> Int64 {
        let number = state.withLock { $0.last } + 1
        try append(ClaimsRecord.line(of: number, name))
        return number
    }

    /// The file is in work/: the number is used up.
    func made(_ number: Int64, _ name: RelativePath) {
        state.withLock { state in
            state.last = number
            state.live[number] = name
        }
    }

    /// Writes down that the file of a claim goes back to the inbox without a row.
    func returning(_ number: Int64) throws(FileError) { try append(ClaimsRecord.line(returning: number)) }

    /// The file of a claim is not in work/ any more.
    func left(_ number: Int64, hasRow: Bool) {
        state.withLock { state in
            guard state.live.removeValue(forKey: number) != nil, hasRow else { return }
            state.settled += 1
        }
    }

    private func append(_ line: [UInt8]) throws(FileError) {
        let result = state.withLock { state -> Result<Void, FileError> in
            do throws(FileError) {
                // At its own place: what a failed write left there is written over.
                try state.file.write(line, at: state.end)
                state.end += Int64(line.count)
                return .success(())
            } catch { return .failure(error) }
        }
        try result.get()
    }

    // MARK: Behind it

    /// Begins a new journal that lists only what is in work/. Not synced.
    func compact() throws(FileError) {
        let result = state.withLock { state -> Result<Void, FileError> in
            do throws(FileError) {
                let text = state.record.text
                let file = try work.create(ClaimsRecord.nextFileName, mode: 0o600, reuse: true)
                try file.truncate(to: 0)
                try file.write(text)
                // Some ten thousand claims; where it cannot be had, each line needs room when it comes.
                try? file.reserve(Self.room)
                try work.replace(ClaimsRecord.nextFileName, to: work, as: ClaimsRecord.fileName)
                (state.file, state.end) = (file, Int64(text.count))
                return .success(())
            } catch { return .failure(error) }
        }
        try result.get()
    }

    /// Makes the lines so far durable.
    func sync() throws(FileError) { try state.withLock { $0.file }.sync() }
}
