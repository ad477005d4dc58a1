// The truth about the inbox: a walk over its directories that always runs to its end. Memory is bounded:
// of each 65,536 names the oldest come first.

internal import Files

/// Walks the inbox.
struct Scanner {
    struct Candidate {
        var name: RelativePath
        var modified: Int64
    }

    /// What a walk meets besides files.
    enum Sight {
        /// A directory was opened; watch it before its names are read.
        case directory(RelativePath, Directory)
        /// A directory below the deepest that is followed.
        case tooDeep(RelativePath)
        /// A directory could not be read.
        case unreadable(RelativePath, FileError)
    }

    static let batchSize = 65_536

    let inbox: Directory
    let filter: NameFilter
    let maximumDepth: Int
    let removesEmptyDirectories: Bool

    /// Walks everything at or below `root`.
    ///
    /// - Parameters:
    ///   - see: told of each directory, before its names are read.
    ///   - take: given the names in batches, oldest first, each batch sorted by modification time, then
    ///     name; returns false to end the walk (the service stops).
    /// - Returns: whether the walk ran to its end.
    func walk(
        _ root: RelativePath, see: (Sight) -> Void, take: ([Candidate]) -> Bool
    ) -> Bool {
        var open = [root]
        var batch: [Candidate] = []
        while let path = open.popLast() {
            do throws(FileError) {
                let directory = try inbox.directory(path)
                see(.directory(path, directory))
                var reader = try DirectoryReader(directory)
                var isEmpty = true
                var children: [RelativePath] = []
                while let entries = try reader.next() {
                    for entry in entries {
                        isEmpty = false
                        if filter.ignores(entry.name) { continue }
                        guard let found = look(at: entry, path: path, directory: directory) else { continue }
                        switch found {
                        case .file(let candidate):
                            batch.append(candidate)
                            if batch.count >= Self.batchSize, !hand(over: &batch, take) { return false }
                        case .directory(let child):
                            if child.depth >= maximumDepth { see(.tooDeep(child)) } else { children.append(child) }
                        }
                    }
                }
                if isEmpty && removesEmptyDirectories && !path.bytes.isEmpty {
                    // By its parent's descriptor: a link that takes a parent's place leads nowhere.
                    try? inbox.directory(path.directory).removeDirectory(RelativePath(path.last))
                }
                open += children.sorted(by: >)
            } catch  where !error.isMissing && !error.isSymbolicLink {
                see(.unreadable(path, error))
            } catch {}
        }
        return hand(over: &batch, take)
    }

    private enum Found {
        case file(Candidate)
        case directory(RelativePath)
    }

    private func look(at entry: DirectoryEntry, path: RelativePath, directory: Directory) -> Found? {
        let name = path.appending(entry.name)
        if entry.kind == .directory { return .directory(name) }
        guard let status = try? directory.status(RelativePath(entry.name)) else { return nil }
        if status.kind == .directory { return .directory(name) }
        return .file(Candidate(name: name, modified: status.modified))
    }

    private func hand(over batch: inout [Candidate], _ take: ([Candidate]) -> Bool) -> Bool {
        batch.sort { ($0.modified, $0.name) < ($1.modified, $1.name) }
        let go = batch.isEmpty || take(batch)
        batch.removeAll(keepingCapacity: true)
        return go
    }
}
