// The spool: inbox/, work/, rejected/ and archive/ under one directory, so that every move is a rename(2)
// within one mount. This file makes the directories and knows where each is; `Spool+Claim` and
// `Spool+Finish` move files between them.
//
// Only the inbox is the senders'. In the other three each file has a flat name that the service made: work/N by the
// claim's number, rejected/ID and archive/ID/1000/ID by the ledger row's. What a sender called it is data, in the claims
// journal and in the ledger. No directory of a sender is ever entered there.

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
        /// Whether files have birth times, by which a power cut's undone renames are known; nil finds out.
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

    /// As it was opened.
    public let options: Options
    public let work: Directory
    public let rejected: Directory
    public let archive: Directory
    public let journal: ClaimsJournal
    /// Whether a file can be known again by inode and birth time.
    public let hasBirthTimes: Bool
    /// An empty file of ours in work/, if the file system has hard links. A claim first gives it the name that the file
    /// will have: a rename(2) over a file is refused for a directory, whatever a sender exchanges at that moment.
    let placeholder: FileStatus?

    /// What holds the stations: never walked as part of an inbox, whatever a sender calls it.
    let stations: FileStatus

    private let adjustable: Adjustable
    private let lock: ProcessLock
    private let currentInbox: InboxHolder

    static let placeholderName: FileName = ".placeholder"

    /// What may change while the service runs.
    private final class Adjustable: Sendable {
        let maximumSize: Atomic<Int64>
        let keepsArchive: Atomic<Bool>

        init(_ options: Options) {
            maximumSize = Atomic(options.maximumSize)
            keepsArchive = Atomic(options.keepsArchive)
        }
    }

    /// Larger files are refused, in bytes.
    public var maximumSize: Int64 { adjustable.maximumSize.load(ordering: .relaxed) }
    /// Whether finished files are kept in archive/ instead of being removed.
    public var keepsArchive: Bool { adjustable.keepsArchive.load(ordering: .relaxed) }

    /// Has what may change while the service runs be as `options` say from now on.
    public func use(_ options: Options) {
        adjustable.maximumSize.store(options.maximumSize, ordering: .relaxed)
        adjustable.keepsArchive.store(options.keepsArchive, ordering: .relaxed)
    }

    /// The inbox; another directory may take its place while the service runs.
    public var inbox: Directory { currentInbox.directory.withLock { $0 } }

    private final class InboxHolder: Sendable {
        let directory: Mutex<Directory>
        init(_ directory: Directory) { self.directory = Mutex(directory) }
    }

    /// Opens the spool, making what is missing, and locks it for this process.
    ///
    /// - Throws: ``SpoolError`` when a directory cannot be made, is not the service's own, or another process holds the
    ///   spool.
    public init(_ options: Options) throws(SpoolError) {
        self.options = options
        adjustable = Adjustable(options)
        let stations: Directory
        do throws(FileError) {
            if let inbox = options.externalInbox {
                let inbox = try Directory(path: inbox)
                currentInbox = InboxHolder(inbox)
                stations = try inbox.makeDirectory(Self.stationsName, mode: 0o750)
            } else {
                stations = try Directory(making: options.path, mode: 0o755)
                currentInbox = InboxHolder(try Directory(making: options.inboxPath, mode: 0o770))
            }
            work = try stations.makeDirectory("work", mode: 0o700)
            rejected = try stations.makeDirectory("rejected", mode: 0o750)
            archive = try stations.makeDirectory("archive", mode: 0o700)
            self.stations = try stations.descriptor.status()
        } catch {
            if options.externalInbox != nil, error.isSymbolicLink || error.isMissing {
                throw .foreign(path: error.path, reason: "there is a link or a file in the place of a directory")
            }
            throw .unusable(error)
        }
        for station in [work, rejected, archive] { try station.prove(below: stations) }
        if options.externalInbox != nil { try stations.prove(below: nil) }
        do throws(LockError) { lock = try ProcessLock(work) } catch { throw .held(error) }
        do throws(FileError) {
            journal = try ClaimsJournal(work: work)
            let status = try work.descriptor.status()
            hasBirthTimes = options.hasBirthTimes ?? (status.born != nil)
            _ = try work.create(Self.placeholderName, mode: 0o600, reuse: true)
            placeholder = try work.status(Self.placeholderName)
        } catch { throw .unusable(error) }
    }

    static let stationsName: FileName = ".copytaster"

    /// Lets another process have the spool.
    public func release() { lock.release() }

    /// Opens the inbox anew by its path, after it was moved, removed or unmounted.
    func reopenInbox() throws(FileError) {
        let directory = try Directory(path: options.inboxPath)
        currentInbox.directory.withLock { $0 = directory }
    }
}

/// Why a spool cannot be opened.
public enum SpoolError: Error, Sendable, CustomStringConvertible {
    case unusable(FileError)
    case held(LockError)
    /// A directory that only the service may write is somebody else's, or others may write it.
    case foreign(path: String, reason: String)

    public var description: String {
        switch self {
        case .unusable(let error): error.description
        case .held(let error): error.description
        case .foreign(let path, let reason): "\(path) is not the service's own: \(reason)"
        }
    }

    public var hint: String {
        switch self {
        case .unusable(let error): error.hint ?? "check the spool's directories and their permissions"
        case .held(let error): error.hint
        case .foreign(let path, _):
            "see who made it, move it away, and start again; or: chown -R copytaster: \(path), chmod go-w \(path)"
        }
    }
}

extension Directory {
    /// Throws unless the directory belongs to this process's user and nobody else may write it. Root may also work in
    /// the directories of the user who owns `parent`.
    fileprivate func prove(below parent: Directory?) throws(SpoolError) {
        let status: FileStatus
        let parentOwner: UInt32?
        do throws(FileError) {
            status = try descriptor.status()
            parentOwner = try parent?.descriptor.status().owner
        } catch { throw .unusable(error) }
        let user = Process.user
        guard status.owner == user || user == 0 && status.owner == parentOwner else {
            let reason = "it belongs to user \(status.owner), the service runs as user \(user)"
            throw .foreign(path: path, reason: reason)
        }
        guard status.permissions & 0o022 == 0 else {
            throw .foreign(path: path, reason: "others than its owner may write it")
        }
    }
}
