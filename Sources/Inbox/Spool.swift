// The spool: inbox/, work/, rejected/ and archive/ under one directory, so that every move is a rename(2)
// within one mount. This file makes the directories and knows where each is; `Spool+Claim` and
// `Spool+Finish` move files between them. It trusts its own directories (0700 but for the inbox), and
// nothing inside the inbox.

public import Files
internal import Synchronization

/// The directories that files pass through.
public struct Spool: Sendable {
    /// Where the directories are and how files are taken.
    public struct Options: Sendable {
        /// The spool directory.
        public var path: String
        /// An inbox that exists elsewhere; the other directories then lie in `.copytaster` inside it.
        public var externalInbox: String?
        /// Larger files are refused, in bytes.
        public var maximumSize: Int64 = 64 << 20
        /// Whether finished files are kept in archive/ instead of being removed.
        public var keepsArchive = false
        /// Where files have no birth time, work names are unique; nil finds out.
        public var hasBirthTimes: Bool?

        public init(path: String, externalInbox: String? = nil) {
            self.path = path
            self.externalInbox = externalInbox
        }

        /// The inbox directory.
        public var inboxPath: String { externalInbox ?? path + "/inbox" }
        /// What holds work/, rejected/ and archive/.
        public var stationsPath: String { externalInbox.map { $0 + "/.copytaster" } ?? path }
    }

    public let options: Options
    public let work: Directory
    public let rejected: Directory
    public let archive: Directory
    /// Whether a file can be known again by inode and birth time.
    public let hasBirthTimes: Bool

    private let lock: ProcessLock
    private let currentInbox: InboxHolder

    /// The inbox; another directory may take its place while the service runs.
    public var inbox: Directory { currentInbox.directory.withLock { $0 } }

    private final class InboxHolder: Sendable {
        let directory: Mutex<Directory>
        init(_ directory: Directory) { self.directory = Mutex(directory) }
    }

    /// Opens the spool, making what is missing, and locks it for this process.
    ///
    /// - Throws: ``LockError`` when a directory cannot be made or another process holds the spool.
    public init(_ options: Options) throws(LockError) {
        self.options = options
        do throws(FileError) {
            if options.externalInbox == nil {
                _ = try Directory(making: options.path, mode: 0o755)
                currentInbox = InboxHolder(try Directory(making: options.inboxPath, mode: 0o770))
            } else {
                currentInbox = InboxHolder(try Directory(path: options.inboxPath))
            }
            let stations = try Directory(making: options.stationsPath, mode: 0o750)
            try stations.makeDirectory(RelativePath("work"), mode: 0o700)
            try stations.makeDirectory(RelativePath("rejected"), mode: 0o750)
            try stations.makeDirectory(RelativePath("archive"), mode: 0o700)
            work = try stations.directory(RelativePath("work"))
            rejected = try stations.directory(RelativePath("rejected"))
            archive = try stations.directory(RelativePath("archive"))
            let status = try work.descriptor.status()
            hasBirthTimes = options.hasBirthTimes ?? (status.born != nil)
        } catch { throw .unusable(error) }
        lock = try ProcessLock(work)
    }

    /// Lets another process have the spool.
    public func release() { lock.release() }

    /// Opens the inbox anew by its path, after it was moved, removed or unmounted.
    func reopenInbox() throws(FileError) {
        let directory = try Directory(path: options.inboxPath)
        currentInbox.directory.withLock { $0 = directory }
    }
}
