// An owned file descriptor and what the kernel says of the file behind it.

internal import Glibc
internal import inotify_shim

/// What statx(2) says of a file. Times are nanoseconds since 1970.
public struct FileStatus: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case regular, directory, symbolicLink, fifo, socket, device, other
    }

    public var kind: Kind
    public var permissions: UInt32
    public var device: UInt64
    public var inode: UInt64
    public var size: Int64
    public var links: UInt64
    public var owner: UInt32
    public var modified: Int64
    public var changed: Int64
    /// Birth time; nil where the file system keeps none.
    public var born: Int64?

    init(_ s: ct_status) {
        kind =
            switch s.mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            case S_IFCHR, S_IFBLK: .device
            default: .other
            }
        permissions = s.mode & 0o7777
        device = s.device
        inode = s.inode
        size = Int64(clamping: s.size)
        links = s.links
        owner = s.uid
        modified = s.modified
        changed = s.changed
        born = s.has_birth_time != 0 ? s.born : nil
    }

    /// Whether two looks saw the very same file.
    public func isSameFile(as other: FileStatus) -> Bool {
        device == other.device && inode == other.inode && born == other.born
    }

    /// Whether nothing was written to the file between two looks.
    public func isUnchanged(since other: FileStatus) -> Bool {
        size == other.size && modified == other.modified && changed == other.changed
    }
}

/// An open file; closed when the last reference goes.
public final class Descriptor: Sendable {
    let number: Int32
    private let directory: String
    private let name: RelativePath?

    /// What to call the file in errors; made only when there is one.
    public var path: String {
        guard let name, name != .root else { return directory }
        return "\(directory)/\(name)"
    }

    init(_ number: Int32, path: String) {
        self.number = number
        directory = path
        name = nil
    }

    init(_ number: Int32, _ name: RelativePath, in directory: Directory) {
        self.number = number
        self.directory = directory.path
        self.name = name
    }

    deinit { _ = ct_close(number) }

    public func status() throws(FileError) -> FileStatus {
        var s = ct_status()
        try kernel(.statx, path) { unsafe ct_fstatx(number, &s) }
        return FileStatus(s)
    }

    /// Reads up to `limit` bytes from the start, stopping at the end of the file.
    ///
    /// `expected` is a hint (the size seen before); a file that grew or shrank is read as it is.
    public func readAll(expected: Int, limit: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var capacity = min(max(expected, 0), limit) + 1
        while true {
            let old = bytes
            let offset = old.count
            var failure: FileError?
            bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(capacity, 1)) { buffer, count in
                for i in old.indices { unsafe buffer[i] = old[i] }
                count = offset
                while count < buffer.count {
                    let start = count
                    do throws(FileError) {
                        let n = try kernel(.read, path) {
                            unsafe ct_read(
                                number, buffer.baseAddress.map { unsafe $0 + start }, buffer.count - start,
                                Int64(start))
                        }
                        if n == 0 { return }
                        count += Int(n)
                    } catch {
                        failure = error
                        return
                    }
                }
            }
            if let failure { throw failure }
            if bytes.count < capacity || bytes.count > limit { return bytes }
            capacity = min(bytes.count * 2, limit) + 1
        }
    }

    /// Reads up to `count` bytes at an offset; empty at the end of the file.
    public func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileError) {
                filled = Int(try kernel(.read, path) { unsafe ct_read(number, buffer.baseAddress, count, offset) })
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads what is there now (a pipe, socket or event descriptor), up to `buffer.count` bytes.
    public func read(into buffer: inout [UInt8]) throws(FileError) -> Int {
        let count = buffer.count
        let result = unsafe buffer.withUnsafeMutableBytes { raw -> Swift.Result<Int, FileError> in
            do throws(FileError) {
                return .success(
                    Int(try kernel(.read, path) { unsafe ct_read(number, raw.baseAddress, count, -1) }))
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Writes all of `bytes` at the current position, or at an offset (pwrite(2)).
    public func write(_ bytes: [UInt8], at offset: Int64 = -1) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let start = done
            let result = unsafe bytes.withUnsafeBytes { raw -> Swift.Result<Int, FileError> in
                do throws(FileError) {
                    return .success(
                        Int(
                            try kernel(.write, path) {
                                unsafe ct_write(
                                    number, raw.baseAddress.map { unsafe $0 + start }, raw.count - start,
                                    offset < 0 ? -1 : offset + Int64(start))
                            }))
                } catch { return .failure(error) }
            }
            done += try result.get()
        }
    }

    /// Makes the file at least this long, with zeros, so that writing there needs no more room (fallocate(2)).
    public func reserve(_ length: Int64) throws(FileError) {
        try kernel(.fallocate, path) { ct_reserve(number, length) }
    }

    public func truncate(to length: Int64) throws(FileError) {
        try kernel(.ftruncate, path) { ct_truncate(number, length) }
    }

    /// Makes the file's data (or a directory's entries) durable. An error is not retryable: the kernel
    /// reports it once and drops the pages.
    public func sync() throws(FileError) {
        try kernel(.fsync, path) { ct_fsync(number) }
    }

    public func setPermissions(_ mode: UInt32) throws(FileError) {
        try kernel(.fchmod, path) { ct_chmod(number, mode) }
    }

    /// Takes a read lease (fcntl(2), F_SETLEASE): it is granted only while nobody has the file open for
    /// writing, and holds back whoever tries to open it so. Throws EAGAIN while a writer has it open.
    public func takeLease() throws(FileError) {
        try kernel(.fcntlSetLease, path) { ct_lease(number, 1) }
    }

    public func dropLease() { _ = ct_lease(number, 0) }

    /// Whether the lease is held and no writer waits for it.
    public func holdsLease() throws(FileError) -> Bool {
        try kernel(.fcntlGetLease, path) { ct_lease_held(number) } != 0
    }

    /// Locks the whole file for this process; false if another one has it. The lock dies with its holder.
    public func lock() throws(FileError) -> Bool {
        do throws(FileError) {
            try kernel(.flock, path) { ct_lock(number, 1) }
            return true
        } catch  where error.isBusy {
            return false
        }
    }

    public func unlock() { _ = ct_lock(number, 0) }

    /// The magic number of the file system (statfs(2), f_type).
    public func fileSystem() throws(FileError) -> Int64 {
        try kernel(.statfs, path) { ct_filesystem(number) }
    }
}

/// Process-wide settings that the pipeline needs.
public enum Process {
    /// Lease breaks arrive as SIGIO, closed sockets as SIGPIPE, a file at its size limit as SIGXFSZ; each would end
    /// the process.
    public static func ignoreSignals() { _ = ct_ignore_signals() }

    /// Raises the limit of open files as far as allowed (every file in flight is open) and returns it.
    public static func raiseDescriptorLimit() -> Int { max(Int(ct_raise_descriptor_limit()), 256) }

    /// Has the allocator keep what it freed a moment ago for what comes next: the pipeline takes and gives back the
    /// same few kilobytes over and over.
    public static func keepFreedMemory() { ct_keep_freed_memory() }

    /// Gives what was freed back to the system (malloc_trim(3)): milliseconds, for the end of a burst.
    public static func returnFreedMemory() { ct_return_freed_memory() }

    /// A signal that was blocked where this process was started could never end it. To be called first.
    public static func unblockSignals() { _ = ct_unblock_signals() }

    /// Ends this process (SIGALRM) unless told otherwise within this time, in whole seconds; nil lifts it.
    public static func setDeadline(after time: Duration?) { ct_process_deadline(time?.wholeSeconds ?? 0) }

    /// Ends this process (SIGPROF) once it has used so much processor time from now, in whole seconds; nil lifts it.
    public static func setBudget(_ time: Duration?) { ct_process_budget(time?.wholeSeconds ?? 0) }

    /// Has the calling thread wait (nanosleep(2)); a signal does not cut it short.
    public static func sleep(for time: Duration) {
        var wanted = timespec(
            tv_sec: Int(time.components.seconds), tv_nsec: Int(time.components.attoseconds / 1_000_000_000))
        var left = timespec()
        while unsafe nanosleep(&wanted, &left) != 0, errno == EINTR { wanted = left }
    }

    /// Lets every other thread go first: for the calling thread alone (setpriority(2), as Linux has it).
    public static func yieldToOthers() { _ = ct_yield_to_others() }

    /// Names the calling thread, as `top -H` and `perf` show it; the kernel keeps fifteen bytes.
    public static func nameThread(_ name: String) {
        unsafe withNulTerminated(Array(name.utf8.prefix(15))) { unsafe ct_name_thread($0) }
    }

    /// Has a process that is about to be started (posix_spawn(3)) get no file of this one from `lowest` on.
    ///
    /// - Parameter actions: a `posix_spawn_file_actions_t`.
    public static func closeFiles(from lowest: Int32, in actions: UnsafeMutableRawPointer) {
        unsafe _ = ct_spawn_closes_from(actions, lowest)
    }

    /// This process's number.
    public static var number: Int32 { getpid() }

    /// The user that this process acts as.
    public static var user: UInt32 { geteuid() }

    /// Microseconds since 1970, by the machine's clock.
    public static var wallMicroseconds: Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }

    /// Nanoseconds since boot, suspended time included; for intervals, never for dates.
    public static var monotonicNanoseconds: Int64 { ct_boottime_ns() }
}

extension Duration {
    /// For calls that count in whole seconds.
    var wholeSeconds: Int32 { Int32(clamping: components.seconds) }
    /// For poll(2).
    var milliseconds: Int32 {
        Int32(clamping: components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
