// From inbox/NAME to work/NUMBER. Events and scans only propose names; here the kernel's word decides: what kind of file
// it is, whether its writer is done (a read lease, fcntl(2)), and that the file that lies in work/ is the one that was
// looked at.

public import Files

extension Spool {
    /// Tries to claim one file.
    ///
    /// - Parameters:
    ///   - name: its path below the inbox.
    ///   - directory: the opened directory that holds it.
    ///   - sequence: its place in the order of claims, used up only if it is claimed.
    ///   - seen: what a look a moment ago showed; nil looks now.
    ///   - settled: what was seen a settle time ago, where leases do not work.
    public func claim(
        _ name: RelativePath, in directory: Directory, sequence: UInt64, seen: FileStatus? = nil,
        settled: FileStatus? = nil
    ) -> ClaimOutcome {
        guard let last = name.last else { return .gone }
        do throws(FileError) {
            let looked = if let seen { seen } else { try directory.status(last) }
            if looked.kind == .directory { return .gone }
            var file: Opened?
            var refusal = Refusal.kind(looked.kind)
            if refusal == nil {
                let opened = try directory.open(last)
                let status = try opened.status()
                guard status.isSameFile(as: looked) else {
                    if seen == nil { return Spool.changedUnderway }
                    return claim(name, in: directory, sequence: sequence, settled: settled)
                }
                let lease = takeLease(opened)
                if lease == .busy { return .deferred(.beingWritten("its writer has it open")) }
                if lease == .unsupported {
                    guard let settled, settled.isUnchanged(since: status) else { return .unsettled(status) }
                }
                if status.size > maximumSize {
                    refusal = .tooLarge(status.size, limit: maximumSize)
                }
                file = Opened(descriptor: opened, status: status, isLeased: lease == .taken)
            }
            let number = try journal.begin(name)
            try moveToWork(last, from: directory, as: FileName(number))
            journal.made(number, name)
            return .claimed(
                try taken(number, name, sequence: sequence, expecting: file, refusal: refusal))
        } catch {
            if error.isMissing { return .gone }
            if error.isSymbolicLink || error.code == Spool.noSuchDevice { return Spool.changedUnderway }
            return .deferred(deferral(error, name, in: directory))
        }
    }

    /// Takes a file that lies in work/ already (after a crash, or when it changed while in work).
    ///
    /// - Parameter hasRow: the ledger has a row of its number; what it has become since is a claim of its own.
    public func reclaim(_ number: Int64, hasRow: Bool, sequence: UInt64) -> ClaimOutcome {
        let name = journal.name(of: number)
        do throws(FileError) {
            let seen = try work.status(FileName(number))
            var file: Descriptor?
            var isLeased = false
            if seen.kind == .regular {
                let opened = try work.open(FileName(number))
                let lease = takeLease(opened)
                if lease == .busy { return .deferred(.beingWritten("its writer has it open")) }
                isLeased = lease == .taken
                file = opened
            }
            let number = hasRow ? try renumber(number, name) : number
            let status = if let file { try file.status() } else { seen }
            return .claimed(
                Claim(
                    sequence: sequence, source: .spool(number: number), name: name, file: file, status: status,
                    isLeased: isLeased, refusal: refusal(of: status)))
        } catch {
            return error.isMissing ? .gone : .deferred(Deferral(error))
        }
    }

    /// Gives a file in work/ a new number: that of its old claim belongs to a row.
    private func renumber(_ old: Int64, _ name: RelativePath) throws(FileError) -> Int64 {
        let number = try journal.begin(name)
        // A failed claim may have left the placeholder under it.
        try work.replace(FileName(old), to: work, as: FileName(number))
        journal.left(old, hasRow: true)
        journal.made(number, name)
        return number
    }

    enum Lease { case taken, busy, unsupported }

    func takeLease(_ file: Descriptor) -> Lease {
        do throws(FileError) {
            try file.takeLease()
            return .taken
        } catch {
            return error.isBusy ? .busy : .unsupported
        }
    }

    /// Moves a name into work/, over the placeholder: ENOTDIR if it is a directory by now.
    private func moveToWork(_ last: FileName, from directory: Directory, as target: FileName) throws(FileError) {
        do throws(FileError) {
            try work.link(Self.placeholderName, to: work, as: target)
        } catch  where error.isExisting {
            // The placeholder of a claim that failed: the number was not used up.
        } catch  where error.isUnsupported || error.isForbidden || error.isOutOfLinks || error.isNoRoom {
            // No hard links here, or no room for one, which must not keep files from leaving a full file system: a directory that comes in so is seen by the look that follows, and never entered.
        }
        do throws(FileError) { try directory.replace(last, to: work, as: target) } catch {
            // A directory by rsync(1), tar(1) or mv(1), with the mode of its original. Where the service may (CAP_FOWNER),
            // it gives itself leave; the error stays what it was where it may not.
            guard error.isForbidden, (try? directory.giveLeave()) != nil else { throw error }
            try directory.replace(last, to: work, as: target)
        }
    }

    /// A file that was opened in the inbox.
    private struct Opened {
        var descriptor: Descriptor
        var status: FileStatus
        var isLeased: Bool
    }

    /// Looks again once the file lies in work/, where no stranger can touch the name: if it was swapped
    /// between the look and the move, what lies there now is what was delivered.
    private func taken(
        _ number: Int64, _ name: RelativePath, sequence: UInt64, expecting file: Opened?, refusal: Refusal?
    ) throws(FileError) -> Claim {
        let status = try work.status(FileName(number))
        if let file, file.status.isSameFile(as: status) {
            return Claim(
                sequence: sequence, source: .spool(number: number), name: name, file: file.descriptor, status: status,
                isLeased: file.isLeased, refusal: refusal)
        }
        // Without a lease the comparison before finishing still finds a late writer.
        let swapped = status.kind == .regular ? try? work.open(FileName(number)) : nil
        return Claim(
            sequence: sequence, source: .spool(number: number), name: name, file: swapped, status: status,
            isLeased: false, refusal: self.refusal(of: status))
    }

    private func refusal(of status: FileStatus) -> Refusal? {
        Refusal.of(status, limit: maximumSize)
    }

    private static let changedUnderway = ClaimOutcome.deferred(
        .beingWritten("it was replaced at this moment"))
    /// ENXIO: what was a regular file a moment ago is a socket or a device now.
    private static let noSuchDevice: Int32 = 6
}
