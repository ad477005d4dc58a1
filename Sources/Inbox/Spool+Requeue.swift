// Bringing files to the inbox: rejected ones back, and those that `ingest` delivers.

public import Files

extension Spool {
    /// Moves a rejected file back into the inbox, as a new delivery.
    ///
    /// - Throws: EEXIST if the inbox holds a file of that name, ENOENT if there is no such rejection.
    public func requeue(row id: Int64, name: RelativePath) throws(FileError) {
        try Spool.requeue(row: id, name: name, from: rejected, to: inbox)
    }

    static func requeue(
        row id: Int64, name: RelativePath, from rejected: Directory, to inbox: Directory
    ) throws(FileError) {
        let room = RelativePath("\(id)")
        let directory = try rejected.directory(room)
        let last = RelativePath(name.last)
        try inbox.makeDirectories(name.directory, mode: 0o770)
        try directory.move(last, to: inbox.directory(name.directory), as: last)
        try? directory.unlink(explanationName(beside: last))
        try? rejected.removeDirectory(room)
    }
}

/// Delivers files of this machine into an inbox the way senders should: under a hidden name first, renamed
/// when complete.
public struct Courier: Sendable {
    let inbox: Directory

    public init(_ options: Spool.Options) throws(FileError) {
        inbox = try Directory(making: options.inboxPath, mode: 0o770)
    }

    /// What was delivered: the identity to find it by in the ledger.
    public struct Parcel: Sendable {
        public var name: RelativePath
        public var status: FileStatus
        /// Whether it was copied although it should be moved: remove the original once it is in the ledger.
        public var leavesOriginal: Bool
    }

    /// Copies a file (or moves it) into the inbox; throws EEXIST while the name is taken.
    public func deliver(
        _ file: RelativePath, from source: Directory, as name: RelativePath, moving: Bool
    ) throws(FileError) -> Parcel {
        try inbox.makeDirectories(name.directory, mode: 0o770)
        let home = try inbox.directory(name.directory)
        let last = RelativePath(name.last)
        if moving {
            do throws(FileError) {
                let status = try source.status(file)
                try source.move(file, to: home, as: last)
                return Parcel(name: name, status: status, leavesOriginal: false)
            } catch  where !error.isExisting {
                // Another file system, or not ours to move: copy.
            }
        }
        return Parcel(name: name, status: try copy(source.open(file), to: home, as: last), leavesOriginal: moving)
    }

    /// The copy is not synced: the original stays until the store has the bytes.
    private func copy(_ file: Descriptor, to home: Directory, as last: RelativePath) throws(FileError) -> FileStatus {
        guard try file.status().kind == .regular else { throw FileError(.open, notAFile, path: file.path) }
        let hidden = RelativePath(Array(".copytaster-\(Process.number)-\(Process.monotonicNanoseconds)".utf8))
        let copy = try home.create(hidden, mode: 0o640)
        do throws(FileError) {
            var offset: Int64 = 0
            while true {
                let chunk = try file.read(at: offset, count: 1 << 18)
                if chunk.isEmpty { break }
                try copy.write(chunk)
                offset += Int64(chunk.count)
            }
            let status = try copy.status()
            try home.move(hidden, to: home, as: last)
            return status
        } catch {
            try? home.unlink(hidden)
            throw error
        }
    }
}

/// EINVAL: what should be delivered is no regular file.
private let notAFile: Int32 = 22
