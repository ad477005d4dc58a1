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

    let lockFile: Descriptor
    private let currentInbox: InboxHolder

    /// The inbox; another directory may take its place while the service runs.
    public var inbox: Directory { currentInbox.directory.withLock { $0 } }

    private final class InboxHolder: Sendable {
        let directory: Mutex<Directory>
        init(_ directory: Directory) { self.directory = Mutex(directory) }
    }

    /// Opens the spool, making what is missing, and locks it for this process.
    ///
    /// - Throws: ``SpoolError`` when a directory cannot be made or another process holds the spool.
    public init(_ options: Options) throws(SpoolError) {
        self.options = options
        do throws(FileError) {
            if options.externalInbox == nil { try Spool.makePath(options.path, mode: 0o755) }
            if options.externalInbox == nil { try Spool.makePath(options.inboxPath, mode: 0o2770) }
            currentInbox = InboxHolder(try Directory(path: options.inboxPath))
            try Spool.makePath(options.stationsPath, mode: options.externalInbox == nil ? 0o755 : 0o750)
            let stations = try Directory(path: options.stationsPath)
            try stations.makeDirectory(RelativePath("work"), mode: 0o700)
            try stations.makeDirectory(RelativePath("rejected"), mode: 0o2750)
            try stations.makeDirectory(RelativePath("archive"), mode: 0o700)
            work = try stations.directory(RelativePath("work"))
            rejected = try stations.directory(RelativePath("rejected"))
            archive = try stations.directory(RelativePath("archive"))
            lockFile = try work.create(RelativePath(".lock"), mode: 0o600, reuse: true)
        } catch { throw .unusable(error) }
        try Spool.hold(lockFile, what: options.path)
        do throws(FileError) {
            let status = try lockFile.status()
            hasBirthTimes = options.hasBirthTimes ?? (status.born != nil)
        } catch { throw .unusable(error) }
    }

    /// Opens the inbox anew by its path, after it was moved, removed or unmounted.
    func reopenInbox() throws(FileError) {
        let directory = try Directory(path: options.inboxPath)
        currentInbox.directory.withLock { $0 = directory }
    }

    /// Makes a directory and its parents.
    private static func makePath(_ path: String, mode: UInt32) throws(FileError) {
        do throws(FileError) {
            _ = try Directory(path: path)
        } catch  where error.isMissing {
            let root = try Directory(path: path.hasPrefix("/") ? "/" : ".")
            let components = RelativePath(path).components
            for depth in 1..<components.count {
                try root.makeDirectory(RelativePath(components: components.prefix(depth)), mode: 0o755)
            }
            try root.makeDirectory(RelativePath(components: components), mode: mode)
            // The umask may have taken bits that senders need.
            try? Directory(path: path).descriptor.setPermissions(mode)
        }
    }

    /// Takes the lock that dies with its holder, and leaves our process number for whoever asks next.
    static func hold(_ lock: Descriptor, what: String) throws(SpoolError) {
        let holder: [UInt8]
        do throws(FileError) {
            if try lock.lock() {
                try lock.truncate(to: 0)
                try lock.write(Array("\(Process.number)\n".utf8))
                return
            }
            holder = try lock.readAll(expected: 16, limit: 64)
        } catch { throw .unusable(error) }
        throw .held(path: what, holder: String(decoding: holder.prefix { $0 != 0x0A }, as: UTF8.self))
    }
}

/// Why a spool cannot be used.
public enum SpoolError: Error, Sendable, CustomStringConvertible {
    case unusable(FileError)
    /// Another process has it; `holder` is its process number.
    case held(path: String, holder: String)

    public var description: String {
        switch self {
        case .unusable(let error): error.description
        case .held(let path, let holder):
            "\(path) is in use by process \(holder.isEmpty ? "(unknown)" : holder)"
        }
    }

    public var hint: String {
        switch self {
        case .unusable(let error): error.hint ?? "check the directory and its permissions"
        case .held: "stop that process first (systemctl stop copytaster), or use another spool"
        }
    }
}
