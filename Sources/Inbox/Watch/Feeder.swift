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
    /// A file, or a directory with all that is in it, stays in the inbox for now.
    case deferred(RelativePath, Deferral, Telling)
    /// More waits of one sender than its quota: the rest stays where it is until that is taken. Told once, until it kept
    /// within it for a minute.
    case overQuota(Sender, files: Int, bytes: Int64)
    /// Nothing came from a source for longer than is normal, in nanoseconds.
    case silent(FileName, for: Int64)
    /// Something came from it again.
    case heardAgain(FileName, after: Int64)
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
        /// How many files of one owner may be on their way while other owners' files wait.
        public var filesInFlightOfOwner = 256
        /// How many files of all may be on their way while several owners' files wait: what comes next waits for them.
        public var filesInFlightOfMany = 768
        /// How many bytes of one owner may be on their way; one file may be larger.
        public var bytesInFlightOfOwner: Int64 = 4 << 20

        /// How many files, and how many bytes of them (0: any), may wait for one sender, an owner's directory, before the
        /// rest is left where it is.
        public var waitingFilesOfSender = 65_536
        public var waitingBytesOfSender: Int64 = 0
        /// Directories at the inbox's top that have to deliver now and then, and the longest silence that is normal, in
        /// nanoseconds.
        public var quiet: [FileName: Int64] = [:]

        public init(filter: NameFilter) { self.filter = filter }
    }

    /// What other threads ask of this one.
    struct Requests {
        var isStopping = false
        var wantsScan = false
        var options: Options?
        var unreadablePause: Int64 = 0
        var passedFiles: [PassedFile] = []
        /// Files in work/ that have to be taken again.
        var again: [Again] = []
        /// Names in the inbox whose reading failed, and until when they are left alone.
        var unreadable: [RelativePath: Int64] = [:]
        /// Whose files are on their way: by claim, and summed up.
        var senders: [Int64: (sender: Sender, bytes: Int64)] = [:]
        var inFlight: [UInt32: (files: Int, bytes: Int64)] = [:]
        /// Whether the feeder waits until some of them are finished.
        var waitsForShare = false
    }

    /// A file in work/ that has to be taken again, and whether its number has a row; perhaps only after a while.
    struct Again {
        var number: Int64
        var hasRow: Bool
        var isUnreadable: Bool
    }

    let spool: Spool
    let wakeup: Wakeup
    let requests: Mutex<Requests>
    let report: @Sendable (FeederEvent) -> Void
    let senderTable = Mutex(SenderTable())
    let waitingFiles = Mutex<[WaitingFiles]>([])
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

    /// What each sender delivered, and what of it waits.
    public var senders: [SenderFigures] { senderTable.withLock { $0.all } }

    /// What has to wait in the inbox, by reason and place; what only a person can mend comes first.
    public var deferred: [WaitingFiles] { waitingFiles.withLock { $0 } }

    /// Says that claimed files have their rows, before they are ``finished(_:)``.
    public func recorded(_ files: [(claim: Claim, isRejected: Bool)]) {
        let now = Process.wallMicroseconds
        let senders = requests.withLock { requests in
            files.map { requests.senders[$0.claim.number]?.sender ?? Sender($0.claim) }
        }
        senderTable.withLock { table in
            for (file, sender) in zip(files, senders) where file.claim.number > 0 {
                table.update(sender) { figures in
                    figures.deliveries += 1
                    figures.bytes += file.claim.status.size
                    if file.isRejected { figures.rejected += 1 }
                    figures.last = now
                }
            }
        }
    }

    /// Ends ``run(firstSequence:door:)`` after the claim it is at. Never blocks.
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

    /// Leaves a name alone for a while, whose file goes back to the inbox because its reading failed.
    public func leaveAlone(_ name: RelativePath) {
        requests.withLock { $0.unreadable[name] = Process.monotonicNanoseconds + $0.unreadablePause }
    }

    /// Says that a claimed file is finished, or back in the inbox.
    public func finished(_ claim: Claim) {
        let mustWake = requests.withLock { requests in
            if let (sender, bytes) = requests.senders.removeValue(forKey: claim.number),
                let sum = requests.inFlight[sender.owner]
            {
                requests.inFlight[sender.owner] = sum.files > 1 ? (sum.files - 1, sum.bytes - bytes) : nil
            }
            defer { requests.waitsForShare = false }
            return requests.waitsForShare
        }
        if mustWake { wakeup.signal() }
    }

    /// Says that a file in work/ has to be taken again once its writer is done: it was written to after it was
    /// read, or it could not be read, and the inbox holds another file of its name.
    ///
    /// - Parameter hasRow: its number has a ledger row.
    public func takeAgain(_ claim: Claim, hasRow: Bool, isUnreadable: Bool = false) {
        finished(claim)
        takeAgain(number: claim.number, hasRow: hasRow, isUnreadable: isUnreadable)
    }

    /// The same for a file that a crash left.
    public func takeAgain(number: Int64, hasRow: Bool, isUnreadable: Bool = false) {
        requests.withLock { $0.again.append(Again(number: number, hasRow: hasRow, isUnreadable: isUnreadable)) }
        wakeup.signal()
    }

    /// What the feeder does with a claim, and asks before.
    public struct Door {
        /// Told true whenever it is at work and moves on, false before it waits for arrivals.
        public var pulse: (Bool) -> Void
        /// Waits a moment for room for so many bytes; false if there is none yet.
        public var admit: (Int64) -> Bool
        /// Takes the claim, for which there is room.
        public var submit: (Claim) -> Void

        public init(
            pulse: @escaping (Bool) -> Void, admit: @escaping (Int64) -> Bool, submit: @escaping (Claim) -> Void
        ) {
            self.pulse = pulse
            self.admit = admit
            self.submit = submit
        }
    }

    /// Feeds claims through a door, in order, until ``stop()``. Runs in the caller's thread.
    ///
    /// - Parameter firstSequence: the place of the first claim.
    public func run(firstSequence: UInt64, door: Door) {
        FeederLoop(feeder: self, options: firstOptions, sequence: firstSequence, door: door).run()
        for passed in takePassedFiles() { passed.settle(.abandoned) }
    }

    /// The passed files that wait, once.
    func takePassedFiles() -> [PassedFile] {
        requests.withLock { requests in
            defer { requests.passedFiles = [] }
            return requests.passedFiles
        }
    }

    func setBacklog(_ count: Int) { backlog.store(count, ordering: .relaxed) }
}
