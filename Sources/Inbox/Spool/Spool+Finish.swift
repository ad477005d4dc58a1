// What happens to a file in work/ once its ledger row is durable. A file that a writer touched since it was read goes
// back as a new delivery: what the store holds is what was read, and what was written later is not lost.

public import Files

/// What the ledger row says shall become of the file.
public enum Disposition: Sendable, Equatable {
    /// Its bytes (or those of an identical document) are in the store.
    case stored
    /// It goes to rejected/ID, with this JSON beside it.
    case rejected(explanation: [UInt8])
}

/// How finishing ended.
public enum FinishOutcome: Sendable, Equatable {
    case done
    /// Size and modification time are as at reading, but the inode changed since (a link, a mode, or a
    /// write through a mapping): compare the bytes, then call again with `isVerified`.
    case suspect
    /// It was written to: it is in the inbox again, as a new delivery.
    case returned
    /// It was written to, and cannot go back, since the inbox holds another file of that name: take it again from
    /// work/.
    case changed
}

extension Spool {
    /// Finishes one file as its ledger row says. Only after the row's COMMIT returned.
    ///
    /// - Parameters:
    ///   - number: the claim's.
    ///   - status: what the file looked like when it was read.
    ///   - file: the descriptor that holds the lease, if one does.
    ///   - isVerified: the bytes were compared and are those that were read.
    public func finish(
        _ number: Int64, row id: Int64, as disposition: Disposition, readAt status: FileStatus,
        leasedBy file: Descriptor?, isVerified: Bool = false
    ) throws(FileError) -> FinishOutcome {
        let name = FileName(number)
        let now: FileStatus
        do throws(FileError) {
            now = try work.status(name)
        } catch  where error.isMissing {
            journal.left(number, hasRow: true)
            return .done  // finished before a crash
        }
        if now.kind == .regular {
            if let file, try !file.holdsLease() { return try putBack(number, hasRow: true) }
            if now.size != status.size || now.modified != status.modified {
                return try putBack(number, hasRow: true)
            }
            if now.changed != status.changed && !isVerified { return .suspect }
        }
        switch disposition {
        case .rejected(let explanation): try reject(name, row: id, explanation: explanation)
        case .stored where keepsArchive: try keep(name, row: id)
        case .stored: try work.unlink(name)
        }
        journal.left(number, hasRow: true)
        return .done
    }

    /// Moves a file from work/ back to its place in the inbox.
    public func putBack(_ number: Int64, hasRow: Bool) throws(FileError) -> FinishOutcome {
        let name = journal.name(of: number)
        guard let last = name.last else { return .changed }
        // Before the move: a file in work/ that was to go back goes back at the next start.
        if !hasRow { try journal.returning(number) }
        do throws(FileError) {
            let home = try inbox.makeDirectories(name.directory, mode: 0o770)
            try work.move(FileName(number), to: home, as: last)
        } catch  where error.isExisting || error.isSymbolicLink || error.isMissing {
            return .changed
        }
        journal.left(number, hasRow: hasRow)
        return .returned
    }

    /// Finishes a file that a power cut put back into the inbox although its row is durable.
    public func finishInInbox(
        _ path: RelativePath, claim number: Int64, row id: Int64, as disposition: Disposition,
        readAt status: FileStatus
    ) throws(FileError) -> FinishOutcome {
        guard let last = path.last else { return .done }
        try inbox.directory(beneath: path.directory).move(last, to: work, as: FileName(number))
        return try finish(number, row: id, as: disposition, readAt: status, leasedBy: nil, isVerified: true)
    }

    private func reject(_ name: FileName, row id: Int64, explanation: [UInt8]) throws(FileError) {
        let file = try rejected.create(Spool.explanationName(row: id), mode: 0o640, reuse: true)
        try file.truncate(to: 0)
        try file.write(explanation)
        try moveOut(name, to: rejected, as: FileName(id))
    }

    /// The name of the JSON that lies beside a rejected file.
    public static func explanationName(row id: Int64) -> FileName { FileName(number: id, ending: ".json") }

    /// A thousand files a directory.
    private func keep(_ name: FileName, row id: Int64) throws(FileError) {
        try moveOut(name, to: archive.makeDirectory(FileName(id / 1000), mode: 0o700), as: FileName(id))
    }

    private func moveOut(_ name: FileName, to directory: Directory, as target: FileName) throws(FileError) {
        do throws(FileError) {
            try work.move(name, to: directory, as: target)
        } catch  where error.isExisting {
            try work.unlink(name)  // the move happened before a crash, by link and unlink
        }
    }
}
