// A file that is only read, where it lies: what `ingest` brings. It gets its ledger row like any other, and nothing is
// done to it afterwards.

public import Files
internal import Synchronization

/// A file that its owner passes to the pipeline, open.
public final class PassedFile: Sendable {
    /// How it ended.
    public enum End: Sendable {
        /// It has this ledger row, durably.
        case recorded(Int64)
        /// It could not be read, and has no row.
        case unreadable(FileError)
        /// The pipeline was stopped before it came to it.
        case abandoned
    }

    /// Its name in the archive.
    public let name: RelativePath
    let file: Descriptor
    let status: FileStatus
    let isLeased: Bool
    /// Told once how it ended, from a thread of the pipeline; must not block.
    public let settle: @Sendable (End) -> Void

    init(
        name: RelativePath, file: Descriptor, status: FileStatus, isLeased: Bool,
        settle: @escaping @Sendable (End) -> Void
    ) {
        self.name = name
        self.file = file
        self.status = status
        self.isLeased = isLeased
        self.settle = settle
    }
}

extension Spool {
    /// Looks whether an open file can be taken as a passed file.
    ///
    /// - Returns: nil if it has to be delivered like any other, because it is large, or being written, or of another
    ///   kind: only a file in work/ can be refused, or wait for its writer.
    public func passedFile(
        _ file: Descriptor, as name: RelativePath, settle: @escaping @Sendable (PassedFile.End) -> Void
    ) throws(FileError) -> PassedFile? {
        let status = try file.status()
        guard status.kind == .regular, status.size <= maximumSize else { return nil }
        let lease = takeLease(file)
        guard lease != .busy else { return nil }
        return PassedFile(name: name, file: file, status: status, isLeased: lease == .taken, settle: settle)
    }
}

extension Feeder {
    /// Takes a passed file into the pipeline, before what waits in the inbox.
    public func take(_ passed: PassedFile) {
        let isFirst: Bool? = requests.withLock { requests in
            if requests.isStopping { return nil }
            requests.passedFiles.append(passed)
            return requests.passedFiles.count == 1
        }
        guard let isFirst else { return passed.settle(.abandoned) }
        if isFirst { wakeup.signal() }
    }
}
