// The one door to the kernel. Every system call of the road passes `kernel(_:_:_:)`, which retries
// EINTR, turns a negated errno into a `FileError` and, in debug builds, lets a test play the kernel.

internal import Glibc
internal import Synchronization

/// The system calls that this module makes, by their names in section 2 of the manual.
public enum SystemCall: String, Sendable, CaseIterable {
    case open, openat2, read, write, ftruncate, fsync, statx, renameat2, link, unlink, mkdir, fchmod
    case getdents64, statfs, fcntlSetLease = "fcntl(F_SETLEASE)", flock, eventfd, poll
    case inotifyInit = "inotify_init1", inotifyAddWatch = "inotify_add_watch"
    case socket, accept, connect
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
            "let the service's user read and move it: chmod g+rw, or see the section on permissions in copytaster.conf(5)"
        case ENOSPC, EDQUOT: "free space (or inodes) on that file system; the service goes on by itself"
        case EROFS: "the file system is mounted read-only; look for disk errors with dmesg(1)"
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
    public var isSymbolicLink: Bool { code == ELOOP }
    public var isNoRoom: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
    public var isUnsupported: Bool { code == EINVAL || code == ENOSYS || code == EOPNOTSUPP }
    public var isOutOfWatches: Bool { call == .inotifyAddWatch && (code == ENOSPC || code == ENOMEM) }
}

#if DEBUG
    /// Lets a test play the kernel: which call fails, when, and with what. Compiled out of release builds.
    public enum Faults {
        /// Fail calls number `first`... (for `count` of them) with `code`.
        public struct Rule: Sendable {
            public var call: SystemCall
            public var first: Int
            public var count: Int
            public var code: Int32

            public init(_ call: SystemCall, first: Int = 1, count: Int = 1, code: Int32) {
                self.call = call
                self.first = first
                self.count = count
                self.code = code
            }
        }

        struct State: Sendable {
            var rule: Rule?
            var seen = 0
        }

        static let state = Mutex(State())
        /// Read before the lock, so that a debug build pays one load while no test injects.
        static let armed = Atomic(false)

        /// Installs a rule (nil removes it) and starts counting anew. Process-wide.
        public static func inject(_ rule: Rule?) {
            state.withLock { $0 = State(rule: rule) }
            armed.store(rule != nil, ordering: .releasing)
        }

        /// How often the rule's call was made since ``inject(_:)``.
        public static var seen: Int { state.withLock { $0.seen } }

        static func errorCode(for call: SystemCall) -> Int32? {
            guard armed.load(ordering: .acquiring) else { return nil }
            return state.withLock { state in
                guard let rule = state.rule, rule.call == call else { return nil }
                state.seen += 1
                return (rule.first..<rule.first + rule.count).contains(state.seen) ? rule.code : nil
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
            if let code = Faults.errorCode(for: call) {
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
