// The watcher's thread: turns hints (inotify) and truth (scans) into claims, in order, and hands them to
// the pipeline. It blocks while the pipeline is full: then the inbox itself is the queue, and memory stays
// bounded whatever the backlog. `FeederLoop` is what runs in the
// thread, `FeederLoop+Watch` what it does with the kernel's events.

public import Files
internal import Synchronization

/// What the feeder tells the people who run the service.
public enum FeederEvent: Sendable {
    /// The inbox is watched (or polled); files that arrive from now on are seen.
    case watching(path: String)
    /// The kernel dropped events; a scan finds what they would have named.
    case overflow
    /// The inbox was moved, removed or unmounted.
    case inboxLost(path: String)
    case inboxBack(path: String)
    /// Events cannot be had; the inbox is scanned every few seconds instead.
    case polling(reason: String, hint: String)
    /// A directory lies too deep: what is in it stays there.
    case tooDeep(RelativePath)
    case unreadable(RelativePath, FileError)
    /// A file stays in the inbox; told once a file.
    case deferred(RelativePath, Deferral)
}

/// Finds files in the inbox and claims them, in one thread of its own.
public final class Feeder: Sendable {
    public struct Options: Sendable {
        public var filter: NameFilter
        /// How deep sub-directories are followed.
        public var maximumDepth = 16
        /// Where leases do not work: how long a file must stay as it is, in nanoseconds.
        public var settle: Int64 = 2_000_000_000
        /// The slow timer: time between scans when nothing asks for one, in nanoseconds.
        public var rescan: Int64 = 60_000_000_000
        /// Time between scans where events cannot be had, in nanoseconds.
        public var poll: Int64 = 2_000_000_000
        /// How long a file whose reading failed is left alone, in nanoseconds.
        public var unreadable: Int64 = 60_000_000_000
        /// Whether sub-directories that became empty are removed.
        public var removesEmptyDirectories = false

        public init(filter: NameFilter) { self.filter = filter }
    }

    /// What other threads ask of this one.
    struct Requests {
        var isStopping = false
        var wantsScan = false
        var options: Options?
        var unreadablePause: Int64 = 0
        /// Names on their way; a second file of the name waits in the inbox.
        var inFlight: Set<RelativePath> = []
        /// Names that were proposed while in flight.
        var contested: Set<RelativePath> = []
        var loans: [Loan] = []
        /// Files in work/ that have to be taken again, and whether only after a while.
        var again: [(workName: RelativePath, isUnreadable: Bool)] = []
        /// Names in the inbox whose reading failed, and until when they are left alone.
        var unreadable: [RelativePath: Int64] = [:]
    }

    let spool: Spool
    let wakeup: Wakeup
    let requests: Mutex<Requests>
    let report: @Sendable (FeederEvent) -> Void
    /// Names seen by the running scan and not yet tried, and names deferred.
    private let backlog = Atomic(0)
    private let firstOptions: Options

    public init(
        spool: Spool, options: Options, report: @escaping @Sendable (FeederEvent) -> Void
    ) throws(FileError) {
        self.spool = spool
        self.report = report
        wakeup = try Wakeup()
        requests = Mutex(Requests(unreadablePause: options.unreadable))
        firstOptions = options
    }

    /// How many files are known to wait in the inbox: at least this many do.
    public var waiting: Int { backlog.load(ordering: .relaxed) }

    /// Ends ``run(firstSequence:submit:)`` after the claim it is at. Never blocks.
    public func stop() {
        requests.withLock { $0.isStopping = true }
        wakeup.signal()
    }

    /// Asks for a scan soon.
    public func scanSoon() {
        requests.withLock { $0.wantsScan = true }
        wakeup.signal()
    }

    /// New options from a reloaded configuration.
    public func use(_ options: Options) {
        requests.withLock { $0.options = options }
        wakeup.signal()
    }

    /// Says that a claimed file is finished: its name is free again.
    ///
    /// - Parameter isUnreadable: it is back in the inbox because its reading failed; it is left alone for a while.
    public func finished(_ name: RelativePath, isUnreadable: Bool = false) {
        let mustWake = requests.withLock {
            $0.inFlight.remove(name)
            if isUnreadable { $0.unreadable[name] = Process.monotonicNanoseconds + $0.unreadablePause }
            return $0.contested.contains(name) || isUnreadable
        }
        if mustWake { wakeup.signal() }
    }

    /// Says that a file in work/ has to be taken again once its writer is done: it was written to after it was
    /// read, or it could not be read, and the inbox holds another file of its name. The name stays in flight.
    public func takeAgain(_ workName: RelativePath, isUnreadable: Bool = false) {
        requests.withLock { $0.again.append((workName, isUnreadable)) }
        wakeup.signal()
    }

    /// Feeds claims to `submit`, in order, until ``stop()``. Runs in the caller's thread; `submit` may block.
    ///
    /// - Parameters:
    ///   - firstSequence: the number of the first claim.
    ///   - pulse: told true whenever it is at work and moves on, false before it waits for arrivals.
    public func run(
        firstSequence: UInt64, pulse: @escaping (Bool) -> Void, submit: @escaping (Claim) -> Void
    ) {
        FeederLoop(feeder: self, options: firstOptions, sequence: firstSequence, pulse: pulse, submit: submit).run()
        for loan in takeLoans() { loan.settle(.abandoned) }
    }

    /// The loans that wait, once.
    func takeLoans() -> [Loan] {
        requests.withLock { requests in
            defer { requests.loans = [] }
            return requests.loans
        }
    }

    func setBacklog(_ count: Int) { backlog.store(count, ordering: .relaxed) }
}
