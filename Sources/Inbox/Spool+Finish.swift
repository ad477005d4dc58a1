// S2 -> S3: what happens to a file in work/ once its ledger row is durable. A file that a writer touched
// since it was read goes back as a new delivery: what the store holds is what was read, and what was
// written later is not lost.

public import Files

/// What the ledger row says shall become of the file.
public enum Disposition: Sendable, Equatable {
    /// Its bytes (or those of an identical document) are in the store.
    case stored
    /// It goes to rejected/ID/, with this JSON beside it.
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
    /// It was written to, and the inbox holds another file of that name: take it again from work/.
    case changed
}

extension Spool {
    /// Finishes one file as its ledger row says. Only after the row's COMMIT returned.
    ///
    /// - Parameters:
    ///   - status: what the file looked like when it was read.
    ///   - file: the descriptor that holds the lease, if one does.
    ///   - isVerified: the bytes were compared and are those that were read.
    public func finish(
        _ workName: RelativePath, row id: Int64, as disposition: Disposition, readAt status: FileStatus,
        leasedBy file: Descriptor?, isVerified: Bool = false
    ) throws(FileError) -> FinishOutcome {
        let now: FileStatus
        do throws(FileError) {
            now = try work.status(workName)
        } catch  where error.isMissing {
            return .done  // finished before a crash
        }
        if now.kind == .regular {
            if let file, try !file.holdsLease() { return try putBack(workName) }
            if now.size != status.size || now.modified != status.modified {
                return try putBack(workName)
            }
            if now.changed != status.changed && !isVerified { return .suspect }
        }
        switch disposition {
        case .rejected(let explanation): try reject(workName, row: id, explanation: explanation)
        case .stored where options.keepsArchive: try keep(workName, row: id)
        case .stored: try work.unlink(workName)
        }
        removeToken(workName)
        return .done
    }

    /// Moves a file from work/ back to its place in the inbox.
    public func putBack(_ workName: RelativePath) throws(FileError) -> FinishOutcome {
        let name = inboxName(ofWork: workName)
        do throws(FileError) {
            try inbox.makeDirectories(name.directory, mode: 0o770)
            let home = try inbox.directory(name.directory)
            try work.move(workName, to: home, as: RelativePath(name.last))
        } catch  where error.isExisting || error.isSymbolicLink || error.isMissing {
            return .changed
        }
        removeToken(workName)
        return .returned
    }

    /// Finishes a file that a power cut put back into the inbox although its row is durable.
    public func finishInInbox(
        _ name: RelativePath, row id: Int64, as disposition: Disposition, readAt status: FileStatus
    ) throws(FileError) -> FinishOutcome {
        let home = try inbox.directory(name.directory)
        do throws(FileError) {
            try home.move(RelativePath(name.last), to: work, as: name)
        } catch  where error.isMissing && name.depth > 0 {
            try work.makeDirectories(name.directory, mode: 0o700)
            try home.move(RelativePath(name.last), to: work, as: name)
        }
        return try finish(name, row: id, as: disposition, readAt: status, leasedBy: nil, isVerified: true)
    }

    private func reject(_ workName: RelativePath, row id: Int64, explanation: [UInt8]) throws(FileError) {
        let room = RelativePath("\(id)")
        try rejected.makeDirectory(room, mode: 0o750)
        let directory = try rejected.directory(room)
        let last = RelativePath(workName.last)
        let note = Spool.explanationName(beside: last)
        let file = try directory.create(note, mode: 0o640, reuse: true)
        try file.truncate(to: 0)
        try file.write(explanation)
        do throws(FileError) {
            try work.move(workName, to: directory, as: last)
        } catch  where error.isExisting {
            try work.unlink(workName)  // the move happened before a crash, by link and unlink
        }
    }

    /// The name of the JSON that lies beside a rejected file.
    public static func explanationName(beside name: RelativePath) -> RelativePath {
        let usual = RelativePath("rejection.json")
        return name == usual ? RelativePath("rejection-of-it.json") : usual
    }

    /// Archive names begin with the row's number, so they never collide; a thousand files a directory.
    private func keep(_ workName: RelativePath, row id: Int64) throws(FileError) {
        let shelf = RelativePath("\(id / 1000)")
        try archive.makeDirectory(shelf, mode: 0o700)
        let directory = try archive.directory(shelf)
        let prefix = Array("\(id)-".utf8)
        let name = RelativePath(Array((prefix + workName.last).prefix(255)))
        do throws(FileError) {
            try work.move(workName, to: directory, as: name)
        } catch  where error.isExisting {
            try work.unlink(workName)
        }
    }

    private func removeToken(_ workName: RelativePath) {
        guard let token = Spool.token(ofWork: workName) else { return }
        var directory = workName.directory
        while !directory.bytes.isEmpty {
            try? work.removeDirectory(directory)
            directory = directory.directory
            if directory == RelativePath(token) {
                try? work.removeDirectory(directory)
                return
            }
        }
    }
}
