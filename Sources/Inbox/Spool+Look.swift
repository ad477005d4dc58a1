// Looking at the spool without changing it: what recovery and the accounts need.

public import Files

extension Spool {
    /// Every file in work/, with what the kernel says of it, and what could not be looked at. Bounded by what can
    /// be in flight.
    public func filesInWork() throws(FileError) -> (
        found: [(RelativePath, FileStatus)], unreadable: [(RelativePath, FileError)]
    ) {
        var found: [(RelativePath, FileStatus)] = []
        var unreadable: [(RelativePath, FileError)] = []
        try Spool.walk(work, failed: { unreadable.append(($0, $1)) }) { path, status in
            if path != ProcessLock.fileName { found.append((path, status)) }
        }
        return (found, unreadable)
    }

    /// Every file in the inbox, at any depth, whatever its name.
    public func forEachInInbox(_ body: (RelativePath, FileStatus) -> Void) {
        try? Spool.walk(inbox, body)
    }

    /// Makes the renames and unlinks so far durable.
    public func sync() throws(FileError) {
        try inbox.sync()
        try work.sync()
        try rejected.sync()
        if options.keepsArchive { try archive.sync() }
    }

    /// Where files have no birth time, a claim must be durable before its row is: makes it so. Elsewhere, nothing.
    public func syncClaims(_ claims: [Claim]) throws(FileError) {
        guard !hasBirthTimes else { return }
        for directory in Set(claims.filter { $0.loan == nil }.map(\.workName.directory)) {
            try work.directory(directory).sync()
            try? inbox.directory(inboxName(ofWork: directory.appending([0x78])).directory).sync()
        }
        try work.sync()
        try inbox.sync()
    }

    /// Walks everything below a directory that is not a directory. What cannot be looked at is handed to `failed`
    /// and passed over; only the first directory must be readable.
    static func walk(
        _ root: Directory, failed: (RelativePath, FileError) -> Void = { _, _ in },
        _ body: (RelativePath, FileStatus) -> Void
    ) throws(FileError) {
        var open = [RelativePath([])]
        while let path = open.popLast() {
            do throws(FileError) {
                let directory = try root.directory(path)
                var reader = try DirectoryReader(directory)
                while let entries = try reader.next() {
                    for entry in entries {
                        let name = path.appending(entry.name)
                        do throws(FileError) {
                            let status = try directory.status(RelativePath(entry.name))
                            if status.kind == .directory { open.append(name) } else { body(name, status) }
                        } catch {
                            if !error.isMissing { failed(name, error) }
                        }
                    }
                }
            } catch {
                if path.bytes.isEmpty { throw error }
                if !error.isMissing { failed(path, error) }
            }
        }
    }
}

/// Counts of what lies in a spool, taken from the disk without holding it: for `status` and `verify`.
public struct SpoolCount: Sendable, Equatable {
    /// Files in the inbox that the service will take.
    public var waiting = 0
    /// Files in the inbox under names that are left alone.
    public var ignored = 0
    /// Files in work/.
    public var claimed = 0
    /// Rejections that were not requeued.
    public var rejected = 0

    /// Counts; directories that cannot be read count as empty.
    public init(_ options: Spool.Options, filter: NameFilter) throws(FileError) {
        var (waiting, ignored, claimed) = (0, 0, 0)
        let own = RelativePath(".copytaster")
        try Spool.walk(Directory(path: options.inboxPath)) { path, _ in
            if options.externalInbox != nil, path.isBelow(own) { return }
            if path.components.contains(where: filter.ignores) { ignored += 1 } else { waiting += 1 }
        }
        let stations = try Directory(path: options.stationsPath)
        if let work = try? stations.directory(RelativePath("work")) {
            try? Spool.walk(work) { path, _ in if path != ProcessLock.fileName { claimed += 1 } }
        }
        if let rejected = try? stations.directory(RelativePath("rejected")),
            var reader = try? DirectoryReader(rejected)
        {
            while let entries = (try? reader.next()) ?? nil { self.rejected += entries.count }
        }
        (self.waiting, self.ignored, self.claimed) = (waiting, ignored, claimed)
    }
}
