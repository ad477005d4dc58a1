// S0 -> S1: from inbox/NAME to work/NAME. Events and scans only propose names; here the kernel's word
// decides: what kind of file it is, whether its writer is done (a read lease, fcntl(2)), and that the
// file that lies in work/ is the one that was looked at.

public import Files

extension Spool {
    /// Tries to claim one file.
    ///
    /// - Parameters:
    ///   - name: its path below the inbox.
    ///   - directory: the opened directory that holds it.
    ///   - sequence: its place in the order of claims, used up only if it is claimed.
    ///   - settled: what was seen a settle time ago, where leases do not work.
    public func claim(
        _ name: RelativePath, in directory: Directory, sequence: UInt64, settled: FileStatus? = nil
    ) -> ClaimOutcome {
        let last = RelativePath(name.last)
        do throws(FileError) {
            let seen = try directory.status(last)
            if seen.kind == .directory { return .gone }
            var file: (descriptor: Descriptor, status: FileStatus)?
            var isLeased = false
            var refusal = Refusal.kind(seen.kind)
            if refusal == nil {
                let opened = try directory.open(last)
                let status = try opened.status()
                guard status.isSameFile(as: seen) else { return Spool.changedUnderway }
                switch takeLease(opened) {
                case .taken: isLeased = true
                case .busy: return .deferred(Deferral(.beingWritten, "its writer has it open"))
                case .unsupported:
                    guard let settled, settled.isUnchanged(since: status) else { return .unsettled(status) }
                }
                if status.size > options.maximumSize {
                    refusal = .tooLarge(status.size, limit: options.maximumSize)
                }
                file = (opened, status)
            }
            let workName = workName(for: name, sequence: sequence)
            guard try moveToWork(last, from: directory, as: workName) else {
                return .deferred(Deferral(.nameInFlight, "an earlier file of this name is still in work"))
            }
            return .claimed(
                try taken(
                    name, workName: workName, sequence: sequence, expecting: file, isLeased: isLeased,
                    refusal: refusal))
        } catch {
            if error.isMissing {
                guard (try? directory.status(last)) != nil else { return .gone }
                return .deferred(Deferral(.nameInFlight, "a file on its way has the name of its directory"))
            }
            if error.isSymbolicLink || error.code == Spool.noSuchDevice { return Spool.changedUnderway }
            return .deferred(Deferral(error))
        }
    }

    /// Takes a file that lies in work/ already (after a crash, or when it changed while in work).
    public func reclaim(_ workName: RelativePath, sequence: UInt64) -> ClaimOutcome {
        do throws(FileError) {
            let seen = try work.status(workName)
            let name = inboxName(ofWork: workName)
            if seen.kind != .regular {
                return .claimed(
                    Claim(
                        sequence: sequence, name: name, workName: workName, file: nil, status: seen,
                        isLeased: false, refusal: Refusal.kind(seen.kind)))
            }
            let file = try work.open(workName)
            var isLeased = false
            switch takeLease(file) {
            case .taken: isLeased = true
            case .busy: return .deferred(Deferral(.beingWritten, "its writer has it open"))
            case .unsupported: break
            }
            let status = try file.status()
            return .claimed(
                Claim(
                    sequence: sequence, name: name, workName: workName, file: file, status: status,
                    isLeased: isLeased,
                    refusal: status.size > options.maximumSize
                        ? .tooLarge(status.size, limit: options.maximumSize) : nil))
        } catch {
            return error.isMissing ? .gone : .deferred(Deferral(error))
        }
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

    /// Moves a name into work/, making the directories that mirror the senders'; false if it is taken.
    private func moveToWork(
        _ last: RelativePath, from directory: Directory, as workName: RelativePath
    ) throws(FileError) -> Bool {
        do throws(FileError) {
            try directory.move(last, to: work, as: workName)
            return true
        } catch  where error.isExisting {
            // Either an earlier file of this name, or the empty mirror of a directory that had it.
            guard (try? work.removeDirectory(workName)) != nil else { return false }
        } catch  where error.isMissing && workName.depth > 0 {
            try work.makeDirectories(workName.directory, mode: 0o700)
        }
        do throws(FileError) {
            try directory.move(last, to: work, as: workName)
            return true
        } catch  where error.isExisting {
            return false
        }
    }

    /// Looks again once the file lies in work/, where no stranger can touch the name: if it was swapped
    /// between the look and the move, what lies there now is what was delivered.
    private func taken(
        _ name: RelativePath, workName: RelativePath, sequence: UInt64,
        expecting file: (descriptor: Descriptor, status: FileStatus)?,
        isLeased: Bool, refusal: Refusal?
    ) throws(FileError) -> Claim {
        let status = try work.status(workName)
        if let file, file.status.isSameFile(as: status) {
            return Claim(
                sequence: sequence, name: name, workName: workName, file: file.descriptor, status: status,
                isLeased: isLeased, refusal: refusal)
        }
        // Without a lease the comparison before finishing still finds a late writer.
        let swapped = status.kind == .regular ? try? work.open(workName) : nil
        var reason = Refusal.kind(status.kind)
        if reason == nil, status.size > options.maximumSize {
            reason = .tooLarge(status.size, limit: options.maximumSize)
        }
        return Claim(
            sequence: sequence, name: name, workName: workName, file: swapped, status: status,
            isLeased: false, refusal: reason)
    }

    /// Work names mirror inbox names; where a file has no birth time to be known by, each gets a
    /// directory of its own, whose name the ledger row keeps.
    private func workName(for name: RelativePath, sequence: UInt64) -> RelativePath {
        if hasBirthTimes { return name }
        let token = ".\(Process.number)-\(Process.monotonicNanoseconds)-\(sequence)"
        return RelativePath(Array(token.utf8)).appending(name.bytes)
    }

    /// The inbox name of a file in work/.
    public func inboxName(ofWork workName: RelativePath) -> RelativePath {
        guard Spool.token(ofWork: workName) != nil else { return workName }
        return RelativePath(components: workName.components.dropFirst())
    }

    /// The unique directory of a file in work/, where it has one.
    public static func token(ofWork workName: RelativePath) -> String? {
        guard let first = workName.components.first, workName.depth > 0,
            first.first == UInt8(ascii: "."), first.count(where: { $0 == UInt8(ascii: "-") }) == 2
        else { return nil }
        return String(decoding: first, as: UTF8.self)
    }

    private static let changedUnderway = ClaimOutcome.deferred(
        Deferral(.beingWritten, "it was replaced at this moment"))
    /// ENXIO: what was a regular file a moment ago is a socket or a device now.
    private static let noSuchDevice: Int32 = 6
}
