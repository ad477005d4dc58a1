// Looking at the spool without changing it: what recovery needs.

public import Files

extension Spool {
    /// Every claimed file in work/, by number, with what the kernel says of it, and what could not be looked at.
    /// Bounded by what can be in flight. What a claim that failed left under its number is removed.
    public func filesInWork() throws(FileError) -> (found: [Int64: FileStatus], unreadable: [Int64: FileError]) {
        var found: [Int64: FileStatus] = [:]
        var unreadable: [Int64: FileError] = [:]
        var reader = try DirectoryReader(work)
        while let entries = try reader.next() {
            for entry in entries {
                guard let number = entry.name.number else { continue }
                do throws(FileError) {
                    let status = try work.status(entry.name)
                    if let placeholder, status.isSameFile(as: placeholder) {
                        try work.unlink(entry.name)
                    } else {
                        found[number] = status
                    }
                } catch {
                    if !error.isMissing { unreadable[number] = error }
                }
            }
        }
        return (found, unreadable)
    }

    /// Every file in the inbox, at any depth, whatever its name.
    public func forEachInInbox(_ body: (RelativePath, FileStatus) -> Void) {
        try? Spool.walk(inbox) { path, status in body(path, status) }
    }

    /// Makes the renames and unlinks so far durable, and begins a new claims journal.
    public func sync() throws(FileError) {
        try journal.compact()
        try journal.sync()
        try inbox.sync()
        try work.sync()
        try rejected.sync()
        try archive.sync()
    }

    /// Where files have no birth time, a claim must be durable before its row is: makes it so. Elsewhere, nothing.
    public func syncClaims(_ claims: [Claim]) throws(FileError) {
        guard !hasBirthTimes else { return }
        var directories: Set<RelativePath> = []
        for claim in claims {
            if case .spool = claim.source { directories.insert(claim.name.directory) }
        }
        try journal.sync()
        try work.sync()
        for directory in directories { try? inbox.directory(beneath: directory).sync() }
    }

    /// Walks everything below a directory that is not a directory. What cannot be looked at is handed to `failed`
    /// and passed over; only the first directory must be readable.
    static func walk(
        _ root: Directory, failed: (RelativePath, FileError) -> Void = { _, _ in },
        _ body: (RelativePath, FileStatus) -> Void
    ) throws(FileError) {
        var open = [RelativePath.root]
        while let path = open.popLast() {
            do throws(FileError) {
                let directory = try root.directory(beneath: path)
                var reader = try DirectoryReader(directory)
                while let entries = try reader.next() {
                    for entry in entries {
                        let name = path.appending(entry.name)
                        do throws(FileError) {
                            let status = try directory.status(entry.name)
                            if status.kind == .directory { open.append(name) } else { body(name, status) }
                        } catch {
                            if !error.isMissing { failed(name, error) }
                        }
                    }
                }
            } catch {
                if path == .root { throw error }
                if !error.isMissing { failed(path, error) }
            }
        }
    }
}
