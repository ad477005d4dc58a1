// How many files lie where, taken from the disk without holding the spool: for `status` and `verify`.

public import Files

/// Counts of what lies in a spool.
public struct SpoolCount: Sendable, Equatable {
    /// Files in the inbox that the service will take.
    public var waiting = 0
    /// Files in the inbox under names that are left alone.
    public var ignored = 0
    /// The numbers of the claims whose files are in work/.
    public var inWork: Set<Int64> = []
    /// Rejections that were not requeued.
    public var rejected = 0
    /// What could not be looked at, and so is not counted.
    public var unreadable: [FileError] = []

    /// Files in work/.
    public var claimed: Int { inWork.count }

    /// Counts. What cannot be read is noted in ``unreadable``; only the spool itself must be there.
    public init(_ options: Spool.Options, filter: NameFilter) throws(FileError) {
        var (waiting, ignored) = (0, 0)
        var unreadable: [FileError] = []
        let own = RelativePath(Spool.stationsName)
        do throws(FileError) {
            try Spool.walk(Directory(path: options.inboxPath), failed: { unreadable.append($1) }) { path, _ in
                if options.externalInbox != nil, path.isBelow(own) { return }
                if path.components.contains(where: filter.ignores) { ignored += 1 } else { waiting += 1 }
            }
        } catch { unreadable.append(error) }
        (self.waiting, self.ignored, self.unreadable) = (waiting, ignored, unreadable)
        let stations = try Directory(path: options.stationsPath)
        var inWork: Set<Int64> = []
        each(in: stations, "work") { entry, work in
            guard let number = entry.number, let status = try? work.status(entry) else { return }
            // What a claim that failed left is no file.
            if let placeholder = try? work.status(Spool.placeholderName), status.isSameFile(as: placeholder) { return }
            inWork.insert(number)
        }
        self.inWork = inWork
        var rejected = 0
        each(in: stations, "rejected") { entry, _ in if entry.number != nil { rejected += 1 } }
        self.rejected = rejected
    }

    private mutating func each(
        in stations: Directory, _ name: FileName, _ body: (FileName, Directory) -> Void
    ) {
        do throws(FileError) {
            let directory = try stations.directory(name)
            var reader = try DirectoryReader(directory)
            while let entries = try reader.next() {
                for entry in entries { body(entry.name, directory) }
            }
        } catch {
            if !error.isMissing { unreadable.append(error) }
        }
    }
}
