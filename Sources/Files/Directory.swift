// A directory held open. Whatever changes the file system takes an open directory and one name (`FileName`), and an
// open directory is had by openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS: so nothing that a stranger does with
// links or directories, at any moment, leads a call out of the spool. Only the operator's own paths (of the spool, the
// store, an inbox elsewhere) are followed as the machine has them.

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

    /// Opens a directory by a path of this machine, making it (with exactly this mode) and its parents where they are
    /// missing.
    public init(making path: String, mode: UInt32) throws(FileError) {
        do throws(FileError) {
            try self.init(path: path)
        } catch  where error.isMissing {
            let ends = path.indices.dropFirst().filter { path[$0] == "/" }
            for end in ends { try Directory.make(path: String(path[..<end]), mode: 0o755) }
            try Directory.make(path: path, mode: mode)
            try self.init(path: path)
        }
    }

    private static func make(path: String, mode: UInt32) throws(FileError) {
        do throws(FileError) {
            try kernel(.mkdir, path) {
                unsafe withNulTerminated(Array(path.utf8)) { unsafe ct_mkdir(AT_FDCWD, $0, mode) }
            }
        } catch  where error.isExisting { return }
        try Directory(path: path).setPermissionsOfNew(mode)
    }

    /// The umask may have taken bits that were asked for. Where a file system has no modes, it says so (EPERM).
    private func setPermissionsOfNew(_ mode: UInt32) throws(FileError) {
        do throws(FileError) { try descriptor.setPermissions(mode) } catch  where error.isForbidden {}
    }

    init(_ descriptor: Descriptor) { self.descriptor = descriptor }

    func name(_ name: FileName) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

    // MARK: Opening

    /// Opens a directory below this one, at any depth; never through a symbolic link.
    public func directory(beneath path: RelativePath) throws(FileError) -> Directory {
        let target: RelativePath? = path == .root ? nil : path
        let number = try kernel(.openat2, target.map { "\(self.path)/\($0)" } ?? self.path) {
            let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
            guard let target else { return unsafe ct_open_beneath(descriptor.number, ".", flags, 0) }
            return unsafe target.withCString { unsafe ct_open_beneath(descriptor.number, $0, flags, 0) }
        }
        return Directory(Descriptor(number, path, in: self))
    }

    /// Opens a directory in this one; never through a symbolic link.
    public func directory(_ name: FileName) throws(FileError) -> Directory {
        Directory(try open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }

    /// Opens a file for reading; never through a symbolic link, never blocking on a FIFO.
    public func open(_ name: FileName) throws(FileError) -> Descriptor {
        try open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    }

    /// Creates a file for writing; throws EEXIST if the name is taken, unless `reuse` is set.
    public func create(_ name: FileName, mode: UInt32, reuse: Bool = false) throws(FileError) -> Descriptor {
        try open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (reuse ? 0 : O_EXCL), mode: mode)
    }

    private func open(_ name: FileName, _ flags: Int32, mode: UInt32 = 0) throws(FileError) -> Descriptor {
        let number = try kernel(.openat2, self.name(name)) {
            unsafe name.withCString { unsafe ct_open_beneath(descriptor.number, $0, flags, mode) }
        }
        return Descriptor(number, RelativePath(name), in: self)
    }

    // MARK: Names

    /// What the kernel says of a name here; a symbolic link is not followed.
    public func status(_ name: FileName) throws(FileError) -> FileStatus {
        var s = ct_status()
        try kernel(.statx, self.name(name)) {
            unsafe name.withCString { unsafe ct_statx(descriptor.number, $0, 0, &s) }
        }
        return FileStatus(s)
    }

    /// Moves a file to a name that must be free (EEXIST otherwise), atomically where the file system can
    /// (RENAME_NOREPLACE), else by link and unlink, which leave both names after a crash but never none; where there is
    /// neither, a name that is taken in the same instant is replaced.
    public func move(_ from: FileName, to other: Directory, as target: FileName) throws(FileError) {
        do throws(FileError) {
            try rename(from, to: other, as: target, flags: noReplace)
        } catch  where error.isUnsupported {
            do throws(FileError) {
                try link(from, to: other, as: target)
            } catch  where error.isUnsupported || error.isForbidden || error.isOutOfLinks {
                // Neither, as on some FUSE file systems: a look and a plain rename(2) are all that is left.
                guard (try? other.status(target)) == nil else {
                    throw FileError(.link, EEXIST, path: other.name(target))
                }
                return try rename(from, to: other, as: target, flags: 0)
            }
            try unlink(from)
        }
    }

    /// Moves a file over whatever has the name there; over a file the kernel refuses a directory (ENOTDIR).
    public func replace(_ from: FileName, to other: Directory, as target: FileName) throws(FileError) {
        try rename(from, to: other, as: target, flags: 0)
    }

    private func rename(
        _ from: FileName, to other: Directory, as target: FileName, flags: UInt32
    ) throws(FileError) {
        try kernel(.renameat2, name(from)) {
            unsafe from.withCString { source in
                unsafe target.withCString {
                    unsafe ct_rename(descriptor.number, source, other.descriptor.number, $0, flags)
                }
            }
        }
    }

    /// Gives a file another name; throws EEXIST if that is taken.
    public func link(_ from: FileName, to other: Directory, as target: FileName) throws(FileError) {
        try kernel(.link, name(from)) {
            unsafe from.withCString { source in
                unsafe target.withCString {
                    unsafe ct_link(descriptor.number, source, other.descriptor.number, $0)
                }
            }
        }
    }

    public func unlink(_ name: FileName) throws(FileError) {
        try kernel(.unlink, self.name(name)) {
            unsafe name.withCString { unsafe ct_unlink(descriptor.number, $0, 0) }
        }
    }

    /// Removes an empty directory.
    public func removeDirectory(_ name: FileName) throws(FileError) {
        try kernel(.unlink, self.name(name)) {
            unsafe name.withCString { unsafe ct_unlink(descriptor.number, $0, AT_REMOVEDIR) }
        }
    }

    /// Opens a directory in this one, making it where it is missing.
    public func makeDirectory(_ name: FileName, mode: UInt32) throws(FileError) -> Directory {
        do throws(FileError) {
            try kernel(.mkdir, self.name(name)) {
                unsafe name.withCString { unsafe ct_mkdir(descriptor.number, $0, mode) }
            }
        } catch  where error.isExisting { return try directory(name) }
        let new = try directory(name)
        try new.setPermissionsOfNew(mode)
        return new
    }

    /// Opens a directory below this one, making every one on the way to it; never through a symbolic link.
    public func makeDirectories(_ path: RelativePath, mode: UInt32) throws(FileError) -> Directory {
        // Most are there.
        if let directory = try? directory(beneath: path) { return directory }
        var parent = self
        for component in path.components { parent = try parent.makeDirectory(component, mode: mode) }
        return parent
    }

    public func sync() throws(FileError) { try descriptor.sync() }
}

/// linux/fs.h's RENAME_NOREPLACE, which Glibc's overlay does not bring.
private let noReplace: UInt32 = 1

/// One name in a directory.
public struct DirectoryEntry: Sendable {
    public enum Kind: Sendable { case regular, directory, other, unknown }
    public var name: FileName
    public var kind: Kind
}

/// Reads a directory in blocks, so that memory is bounded whatever its size. The scan of getdents64(2)
/// returns each name that was there from beginning to end exactly once.
public struct DirectoryReader {
    let descriptor: Descriptor
    var buffer = [UInt8](repeating: 0, count: 64 << 10)

    /// Starts at the first entry of `directory`, on a descriptor of its own.
    public init(_ directory: Directory) throws(FileError) {
        descriptor = try directory.directory(beneath: .root).descriptor
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
                guard FileName.isValid(name[...]) else { continue }  // `.` and `..`
                let kind: DirectoryEntry.Kind =
                    switch unsafe Int(entry.type) {
                    case Int(DT_REG): .regular
                    case Int(DT_DIR): .directory
                    case Int(DT_UNKNOWN): .unknown
                    default: .other
                    }
                entries.append(DirectoryEntry(name: FileName(valid: name), kind: kind))
            }
            return entries
        }
    }
}
