// The one door to the kernel. Every system call of the pipeline passes `kernel(_:_:_:)`, which retries
// EINTR, turns a negated errno into a `FileError` and, in debug builds, lets a test play the kernel.

internal import Glibc
internal import Synchronization

/// The system calls that this module makes, by their names in section 2 of the manual.
public enum SystemCall: String, Sendable, CaseIterable {
    case open, openat2, read, write, ftruncate, fallocate, fsync, statx, renameat2, link, unlink, mkdir, fchmod
    case getdents64, statfs, fcntlSetLease = "fcntl(F_SETLEASE)", fcntlGetLease = "fcntl(F_GETLEASE)", flock, eventfd,
        poll
    case inotifyInit = "inotify_init1", inotifyAddWatch = "inotify_add_watch"
    case getACL = "fgetxattr(system.posix_acl_access)", setACL = "fsetxattr(system.posix_acl_access)"
    case socket, accept, connect, sendmsg, recvmsg
}

/// A system call that failed: what was tried, on which file, and what the kernel said.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The call that failed.
    public var call: SystemCall
    /// The kernel's error number (errno(3)).
    public var code: Int32
    /// The file it was tried on, fit for a terminal or a log.
    public var path: String

    public init(_ call: SystemCall, _ code: Int32, path: String) {
        self.call = call
        self.code = code
        self.path = path
    }

    /// The kernel's words for ``code``.
    public var reason: String { FileError.reason(code) }

    /// The words of strerror(3) for an error number.
    public static func reason(_ code: Int32) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, unsafe strerror_r(code, base, buffer.count) == 0 else {
                return "error \(code)"
            }
            return unsafe String(cString: base)
        }
    }

    /// What a person can do about it, when the error number alone tells.
    public var hint: String? {
        switch code {
        case EACCES, EPERM:
            "owner and mode of it, and of the directories above it, say who may: namei -l \(PrintableName.shellWord(Array(path.utf8)))"
        case ENOSPC, EDQUOT: "free space (or inodes) on that file system; the service goes on by itself"
        case EROFS:
            "the service's sandbox or the file system is read-only there: open it with ReadWritePaths= (systemctl edit), or look for disk errors with dmesg(1)"
        case EMFILE, ENFILE: "raise LimitNOFILE= of the service"
        case EXDEV: "inbox, work, rejected and archive must lie on one file system, under one mount"
        case EIO: "the disk reports an error; see dmesg(1)"
        default: nil
        }
    }

    public var description: String { "\(call.rawValue) \(path): \(reason)" }

    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    public var isBusy: Bool { code == EAGAIN || code == ETXTBSY || code == EBUSY }
    public var isExisting: Bool { code == EEXIST || code == ENOTEMPTY }
    public var isForbidden: Bool { code == EACCES || code == EPERM }
    /// Not for lack of a permission bit: something else forbids it, such as the sticky bit.
    public var isNotPermitted: Bool { code == EPERM }
    public var isSymbolicLink: Bool { code == ELOOP }
    public var isNoRoom: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
    public var isUnsupported: Bool { code == EINVAL || code == ENOSYS || code == EOPNOTSUPP }
    public var isOutOfLinks: Bool { code == EMLINK }
    public var isOutOfWatches: Bool { call == .inotifyAddWatch && (code == ENOSPC || code == ENOMEM) }
}

#if DEBUG
    /// Lets a test play the kernel below one directory: which call fails, when, and with what. It lasts as long
    /// as the value; several may be in force at once. Compiled out of release builds.
    public final class Fault: Sendable {
        private struct Rule {
            let call: SystemCall
            let directory: String
            let failing: Range<Int>
            let code: Int32
            var seen = 0
        }

        private static let rules = Mutex<[ObjectIdentifier: Rule]>([:])
        /// Read before the lock, so that a debug build pays one load while no test injects.
        private static let armed = Atomic(0)

        /// Lets calls number `first`... (`count` of them) on files below `directory` fail with `code`.
        public init(_ call: SystemCall, below directory: String, first: Int = 1, count: Int = 1, code: Int32) {
            let rule = Rule(call: call, directory: directory, failing: first..<first + count, code: code)
            Fault.rules.withLock { $0[ObjectIdentifier(self)] = rule }
            Fault.armed.add(1, ordering: .releasing)
        }

        deinit { end() }

        /// Ends it before the value goes.
        public func end() {
            if Fault.rules.withLock({ $0.removeValue(forKey: ObjectIdentifier(self)) }) != nil {
                Fault.armed.subtract(1, ordering: .releasing)
            }
        }

        /// How often the call was made so far.
        public var seen: Int { Fault.rules.withLock { $0[ObjectIdentifier(self)]?.seen ?? 0 } }

        static func errorCode(for call: SystemCall, _ path: () -> String) -> Int32? {
            guard armed.load(ordering: .acquiring) > 0 else { return nil }
            let path = path()
            return rules.withLock { rules in
                var code: Int32?
                for (id, rule) in rules where rule.call == call && path.hasPrefix(rule.directory) {
                    let seen = rule.seen + 1
                    rules[id]?.seen = seen
                    if rule.failing.contains(seen) { code = rule.code }
                }
                return code
            }
        }
    }
#endif

/// Makes one system call: EINTR is retried, any other failure becomes a ``FileError``.
@inline(__always)
@discardableResult
func kernel<Result: FixedWidthInteger & SignedInteger>(
    _ call: SystemCall, _ path: @autoclosure () -> String, _ body: () -> Result
) throws(FileError) -> Result {
    while true {
        #if DEBUG
            if let code = Fault.errorCode(for: call, path) {
                if code == EINTR { continue }
                throw FileError(call, code, path: path())
            }
        #endif
        let result = body()
        if result >= 0 { return result }
        if result == -Result(EINTR) { continue }
        throw FileError(call, Int32(truncatingIfNeeded: -result), path: path())
    }
}
