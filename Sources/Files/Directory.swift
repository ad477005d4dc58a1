// A directory held open. All names are single components or paths that cannot leave it, so that nothing
// a stranger does with links inside can lead out of the spool.

internal import Glibc
internal import inotify_shim

/// An open directory.
public struct Directory: Sendable {
    public let descriptor: Descriptor

    public var path: String { descriptor.path }

    /// Opens a directory by a path of this machine (absolute or relative to the working directory).
    public init(path: String) throws(FileError) {
        let number = try kernel(.open, path) {
            unsafe withNulTerminated(Array(path.utf8)) {
                unsafe ct_open(AT_FDCWD, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
            }
        }
        descriptor = Descriptor(number, path: path)
    }

    /// Opens a directory, making it (with exactly this mode) and its parents where they are missing.
    public init(making path: String, mode: UInt32) throws(FileError) {
        do throws(FileError) {
            try self.init(path: path)
        } catch  where error.isMissing {
            let root = try Directory(path: path.hasPrefix("/") ? "/" : ".")
            let components = RelativePath(path).components
            for depth in 1..<max(1, components.count) {
                try root.makeDirectory(RelativePath(components: components.prefix(depth)), mode: 0o755)
            }
            try root.makeDirectory(RelativePath(components: components), mode: mode)
            try self.init(path: path)
            // The umask may have taken bits that were asked for.
            try descriptor.setPermissions(mode)
        }
    }

    init(_ descriptor: Descriptor) { self.descriptor = descriptor }

    func name(_ relative: RelativePath) -> String {
        relative.bytes.isEmpty ? path : "\(path)/\(relative.display.text)"
    }

    /// Opens a directory below this one; never through a symbolic link.
    public func directory(_ relative: RelativePath) throws(FileError) -> Directory {
        let target = relative.bytes.isEmpty ? RelativePath(".") : relative
        let number = try kernel(.openat2, name(relative)) {
            unsafe target.withCString {
                unsafe ct_open_beneath(descriptor.number, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            }
        }
        return Directory(Descriptor(number, path: name(relative)))
    }

    /// Opens a file for reading; never through a symbolic link, never blocking on a FIFO.
    public func open(_ relative: RelativePath) throws(FileError) -> Descriptor {
        let number = try kernel(.openat2, name(relative)) {
            unsafe relative.withCString {
                unsafe ct_open_beneath(descriptor.number, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
            }
        }
        return Descriptor(number, path: name(relative))
    }

    /// Creates a file for writing; throws EEXIST if the name is taken, unless `reuse` is set.
    public func create(_ relative: RelativePath, mode: UInt32, reuse: Bool = false) throws(FileError) -> Descriptor {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (reuse ? 0 : O_EXCL)
        let number = try kernel(.open, name(relative)) {
            unsafe relative.withCString { unsafe ct_open(descriptor.number, $0, flags, mode) }
        }
        return Descriptor(number, path: name(relative))
    }

    /// What the kernel says of a name here; a symbolic link is not followed.
    public func status(_ relative: RelativePath) throws(FileError) -> FileStatus {
        var s = ct_status()
        try kernel(.statx, name(relative)) {
            unsafe relative.withCString { unsafe ct_statx(descriptor.number, $0, 0, &s) }
        }
        return FileStatus(s)
    }

    /// Moves a file to a name that must be free (EEXIST otherwise), atomically where the file system can
    /// (RENAME_NOREPLACE), else by link and unlink, which leave both names after a crash but never none.
    public func move(_ from: RelativePath, to other: Directory, as target: RelativePath) throws(FileError) {
        do throws(FileError) {
            try kernel(.renameat2, name(from)) {
                unsafe from.withCString { source in
                    unsafe target.withCString {
                        unsafe ct_rename(descriptor.number, source, other.descriptor.number, $0, noReplace)
                    }
                }
            }
        } catch  where error.isUnsupported {
            try kernel(.link, name(from)) {
                unsafe from.withCString { source in
                    unsafe target.withCString {
                        unsafe ct_link(descriptor.number, source, other.descriptor.number, $0)
                    }
                }
            }
            try unlink(from)
        }
    }

    /// Renames a file of ours over whatever has the name.
    public func replace(_ from: RelativePath, as target: RelativePath) throws(FileError) {
        try kernel(.renameat2, name(from)) {
            unsafe from.withCString { source in
                unsafe target.withCString {
                    unsafe ct_rename(descriptor.number, source, descriptor.number, $0, 0)
                }
            }
        }
    }

    public func unlink(_ relative: RelativePath) throws(FileError) {
        try kernel(.unlink, name(relative)) {
            unsafe relative.withCString { unsafe ct_unlink(descriptor.number, $0, 0) }
        }
    }

    /// Removes an empty directory.
    public func removeDirectory(_ relative: RelativePath) throws(FileError) {
        try kernel(.unlink, name(relative)) {
            unsafe relative.withCString { unsafe ct_unlink(descriptor.number, $0, AT_REMOVEDIR) }
        }
    }

    /// Makes a directory; one that is there already is fine.
    public func makeDirectory(_ relative: RelativePath, mode: UInt32) throws(FileError) {
        do throws(FileError) {
            try kernel(.mkdir, name(relative)) {
                unsafe relative.withCString { unsafe ct_mkdir(descriptor.number, $0, mode) }
            }
        } catch  where error.isExisting {}
    }

    /// Makes every directory on the way to `relative`, and `relative` itself; never through a symbolic link.
    public func makeDirectories(_ relative: RelativePath, mode: UInt32) throws(FileError) {
        var parent = self
        for component in relative.components {
            let name = RelativePath(component)
            try parent.makeDirectory(name, mode: mode)
            parent = try parent.directory(name)
        }
    }

    public func sync() throws(FileError) { try descriptor.sync() }
}

/// linux/fs.h's RENAME_NOREPLACE, which Glibc's overlay does not bring.
private let noReplace: UInt32 = 1

/// One name in a directory.
public struct DirectoryEntry: Sendable {
    public enum Kind: Sendable { case regular, directory, other, unknown }
    public var name: [UInt8]
    public var kind: Kind
}

/// Reads a directory in blocks, so that memory is bounded whatever its size. The scan of getdents64(2)
/// returns each name that was there from beginning to end exactly once.
public struct DirectoryReader {
    let descriptor: Descriptor
    var buffer = [UInt8](repeating: 0, count: 64 << 10)

    /// Starts at the first entry of `directory`, on a descriptor of its own.
    public init(_ directory: Directory) throws(FileError) {
        descriptor = try directory.directory(RelativePath([])).descriptor
    }

    /// The next block of names, `.` and `..` left out; nil at the end.
    public mutating func next() throws(FileError) -> [DirectoryEntry]? {
        let count = buffer.count
        let path = descriptor.path
        let number = descriptor.number
        let result = unsafe buffer.withUnsafeMutableBytes { raw -> Swift.Result<Int64, FileError> in
            do throws(FileError) {
                return .success(try kernel(.getdents64, path) { unsafe ct_getdents(number, raw.baseAddress, count) })
            } catch { return .failure(error) }
        }
        let filled = Int(try result.get())
        guard filled > 0 else { return nil }
        return unsafe buffer.withUnsafeBytes { raw in
            var entries: [DirectoryEntry] = []
            var offset = 0
            while offset < filled {
                var entry = unsafe ct_entry()
                offset = unsafe ct_entry_at(raw.baseAddress, offset, &entry)
                let name = unsafe Array(
                    UnsafeRawBufferPointer(start: entry.name, count: Int(entry.name_length)))
                if name == [0x2E] || name == [0x2E, 0x2E] { continue }
                let kind: DirectoryEntry.Kind =
                    switch unsafe Int(entry.type) {
                    case Int(DT_REG): .regular
                    case Int(DT_DIR): .directory
                    case Int(DT_UNKNOWN): .unknown
                    default: .other
                    }
                entries.append(DirectoryEntry(name: name, kind: kind))
            }
            return entries
        }
    }
}
