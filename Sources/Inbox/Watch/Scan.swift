// The truth about the inbox: a walk over its directories that always runs to its end, some hundred names a step, so that
// events and claims go on meanwhile. Memory is bounded: of each 65,536 names the oldest come first, and the walk of one
// sender's directory waits while that sender's line is full.

internal import Files

/// A walk over the inbox, or over one directory of it, in steps.
struct Scan {
    struct Options {
        var filter: NameFilter
        var maximumDepth: Int
        var removesEmptyDirectories: Bool
        /// A directory that is passed over under any name: what holds the service's own stations.
        var passedOver: FileStatus?
    }

    /// What a walk meets.
    enum Sight {
        /// A directory was opened; watch it before its names are read.
        case directory(RelativePath, Directory)
        /// A directory below the deepest that is followed.
        case tooDeep(RelativePath)
        /// A directory could not be read.
        case unreadable(RelativePath, FileError)
        /// A directory at the top: a walk of its own.
        case sender(FileName)
    }

    struct Found {
        var name: RelativePath
        var status: FileStatus
    }

    static let batchSize = 65_536

    let root: RelativePath
    private let inbox: Directory
    private let options: Options
    /// Directories to come, and the one that is being read.
    private var open: [RelativePath]
    private var current: Reading?
    private var batch: [Found] = []

    private struct Reading {
        let path: RelativePath
        let directory: Directory
        var reader: DirectoryReader
        var isEmpty = true
        var children: [RelativePath] = []
    }

    init(_ root: RelativePath, in inbox: Directory, options: Options) {
        self.root = root
        self.inbox = inbox
        self.options = options
        open = [root]
    }

    /// Reads one block of one directory.
    ///
    /// - Parameters:
    ///   - see: told of each directory, before its names are read.
    ///   - hand: given the names in batches, each batch sorted by modification time, then name.
    /// - Returns: whether there is more to read.
    mutating func step(see: (Sight) -> Void, hand: ([Found]) -> Void) -> Bool {
        var path = root
        do throws(FileError) {
            if let current {
                path = current.path
            } else {
                guard let next = open.popLast() else {
                    flush(hand)
                    return false
                }
                path = next
                let directory = try inbox.directory(beneath: path)
                if let own = options.passedOver, try directory.descriptor.status().isSameFile(as: own) { return true }
                see(.directory(path, directory))
                current = Reading(path: path, directory: directory, reader: try DirectoryReader(directory))
            }
            if let entries = try current?.reader.next() {
                look(at: entries, see: see)
                if batch.count >= Self.batchSize { flush(hand) }
            } else {
                close()
            }
        } catch {
            current = nil
            if !error.isMissing && !error.isSymbolicLink { see(.unreadable(path, error)) }
        }
        return true
    }

    private mutating func look(at entries: [DirectoryEntry], see: (Sight) -> Void) {
        guard var reading = current else { return }
        if !entries.isEmpty { reading.isEmpty = false }
        var isClosed = false
        for entry in entries where !options.filter.ignores(entry.name) {
            let name = reading.path.appending(entry.name)
            var isDirectory = entry.kind == .directory
            if !isDirectory {
                let status: FileStatus
                do throws(FileError) { status = try reading.directory.status(entry.name) } catch {
                    // The directory may be listed, but not entered.
                    if error.isForbidden, !isClosed { see(.unreadable(reading.path, error)) }
                    isClosed = isClosed || error.isForbidden
                    continue
                }
                isDirectory = status.kind == .directory
                if !isDirectory { batch.append(Found(name: name, status: status)) }
            }
            guard isDirectory else { continue }
            if name.depth >= options.maximumDepth {
                see(.tooDeep(name))
            } else if reading.path == .root {
                see(.sender(entry.name))
            } else {
                reading.children.append(name)
            }
        }
        current = reading
    }

    private mutating func close() {
        guard let reading = current else { return }
        if reading.isEmpty, options.removesEmptyDirectories, let last = reading.path.last {
            // By its parent's descriptor: a link that takes a parent's place leads nowhere.
            try? inbox.directory(beneath: reading.path.directory).removeDirectory(last)
        }
        open += reading.children.sorted(by: >)
        current = nil
    }

    private mutating func flush(_ hand: ([Found]) -> Void) {
        if batch.isEmpty { return }
        batch.sort { ($0.status.modified, $0.name) < ($1.status.modified, $1.name) }
        hand(batch)
        batch.removeAll(keepingCapacity: true)
    }
}
