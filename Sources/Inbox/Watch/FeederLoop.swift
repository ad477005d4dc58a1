// The loop of the feeder's thread: obey requests, hear what the kernel tells, walk a step, claim some by turns, wait.

internal import Files
internal import Synchronization

/// The feeder's state and its loop; lives in one thread, no other sees it.
final class FeederLoop {
    let feeder: Feeder
    let door: Feeder.Door
    private var sequence: UInt64

    var options: Feeder.Options
    var inotify: INotify?
    var watches = WatchTable()
    var queue = ClaimQueue()
    var scans = ScanList()
    var deferrals = Deferrals<RelativePath>()
    /// The same for files that lie in work/, by number. Few: they were in flight.
    private var deferralsInWork = Deferrals<Int64>()
    /// Of those, the ones whose number has a row.
    private var recorded: Set<Int64> = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    /// Directories opened for the names at hand; emptied every turn, since a directory may leave.
    private var opened: [RelativePath: Directory] = [:]
    /// Who owns the directories at the inbox's top.
    var owners: [FileName: UInt32] = [:]
    private var quiet = QuietWatch()
    /// Senders of whom it was told that their quota is used up, and when something of them was last left out for it.
    var overQuota: [Sender: Int64] = [:]
    var nextFigures: Int64 = 0
    var countedWaiting = -1
    var isPolling = false
    var isLost = false
    var nextScan: Int64 = 0
    var obstacles = Obstacles()
    /// When the walk over the whole inbox that is under way began.
    private var scanBegan: Int64 = 0
    /// Directories whose mode, owner or access list changed, and when they are looked at again: not at every change, since
    /// strangers make them.
    var changed: Set<RelativePath> = []
    var nextChange: Int64 = .max

    /// How long a turn of claims, of events, or of steps of walks may take before the next one: nanoseconds.
    static let turn: Int64 = 5_000_000

    init(feeder: Feeder, options: Feeder.Options, sequence: UInt64, door: Feeder.Door) {
        self.feeder = feeder
        self.options = options
        self.sequence = sequence
        self.door = door
    }

    var now: Int64 { Process.monotonicNanoseconds }
    private var isStopping: Bool { feeder.requests.withLock { $0.isStopping } }

    func run() {
        obey(options)
        startWatching()
        while !isStopping {
            opened.removeAll(keepingCapacity: true)
            obeyRequests()
            takePassedFiles()
            var hasMore = false
            if isLost {
                lookForInbox()
            } else {
                takeDue()
                if now >= nextChange { lookAtChanged() }
                if now >= nextScan { scanAll() }
                hasMore = walk()
                hasMore = claimByTurns() || hasMore
            }
            feeder.setBacklog(queue.count + deferrals.count)
            if now >= nextFigures { countSenders() }
            for (source, silence) in quiet.takeSilent(now: now) { feeder.report(.silent(source, for: silence)) }
            if isStopping { return }
            waitForWork(hasMore: hasMore)
        }
    }

    private func waitForWork(hasMore: Bool) {
        var due = min(nextScan, deferrals.nextDue, deferralsInWork.nextDue, quiet.nextDue, nextChange)
        if countedWaiting != queue.count + deferrals.count { due = min(due, nextFigures) }
        let milliseconds = hasMore ? 0 : isLost ? 1000 : max(0, (due - now + 999_999) / 1_000_000)
        if !hasMore { door.pulse(false) }
        let ready = try? feeder.wakeup.wait(or: inotify, milliseconds: Int(clamping: milliseconds))
        door.pulse(true)
        if ready?.events == true { readEvents() }
    }

    /// What other threads asked for since the last turn.
    private func obeyRequests() {
        let (options, wantsScan, again) = feeder.requests.withLock { requests in
            defer {
                requests.options = nil
                requests.wantsScan = false
                requests.again = []
            }
            return (requests.options, requests.wantsScan, requests.again)
        }
        if let options { obey(options) }
        if wantsScan { nextScan = 0 }
        for item in again {
            if item.hasRow { recorded.insert(item.number) }
            guard item.isUnreadable else {
                attemptInWork(item.number)
                continue
            }
            deferralsInWork.postpone(item.number, now: now, fixedDelay: self.options.unreadable, cause: .failed)
        }
    }

    private func obey(_ options: Feeder.Options) {
        self.options = options
        queue.quota = ClaimQueue.Quota(files: options.waitingFilesOfSender, bytes: options.waitingBytesOfSender)
        quiet.use(options.quiet, now: now)
        nextScan = 0
    }

    private func takeDue() {
        for number in deferralsInWork.due(now: now) { attemptInWork(number) }
        for name in deferrals.due(now: now) { propose(name) }
    }

    // MARK: Proposing

    /// Puts a name that an event, or its time, brought into its sender's line.
    func propose(_ name: RelativePath, seen: FileStatus? = nil) {
        guard let last = name.last, !options.filter.ignores(last) else { return }
        if let source = name.source {
            // Only where bytes are counted is a look worth what it costs.
            let seen = seen ?? (queue.quota.bytes > 0 ? directory(of: name).flatMap { try? $0.status(last) } : nil)
            add(name, seen: seen, from: Sender(owner: owner(of: source), directory: source), isNews: true)
        } else if let seen = seen ?? (try? feeder.spool.inbox.status(last)) {
            add(name, seen: seen, from: Sender(owner: seen.owner, directory: nil), isNews: true)
        } else {
            deferrals.remove(name)
        }
    }

    private func add(_ name: RelativePath, seen: FileStatus?, from sender: Sender, isNews: Bool) {
        if !queue.add(ClaimQueue.Candidate(name: name, seen: seen, isNews: isNews), from: sender) {
            noRoom(for: sender)
        }
    }

    func owner(of directory: FileName) -> UInt32 {
        if let owner = owners[directory] { return owner }
        guard let owner = try? feeder.spool.inbox.status(directory).owner else { return 0 }
        if owners.count >= ScanList.mostOwners { owners.removeAll() }
        owners[directory] = owner
        return owner
    }

    // MARK: Claiming

    /// Claims for a while, by turns; false if nothing is left that may go on now.
    private func claimByTurns() -> Bool {
        let end = now + Self.turn
        var count = 0
        while count & 15 != 0 || now < end {
            if isStopping { return true }
            count += 1
            guard let (sender, candidate) = queue.take(where: mayGo) else {
                if queue.isEmpty { return false }
                // All that wait have their share on the way; unless some of it was finished just now.
                return !feeder.requests.withLock { requests in
                    requests.waitsForShare = !requests.inFlight.isEmpty
                    return requests.waitsForShare
                }
            }
            if !candidate.isNews, deferrals.isWaiting(candidate.name, now: now) { continue }
            attempt(candidate, of: sender)
        }
        return true
    }

    private func mayGo(_ owner: UInt32, _ hasOthers: Bool) -> Bool {
        let (share, all) = feeder.requests.withLock { ($0.inFlight[owner], $0.senders.count) }
        if hasOthers, all >= options.filesInFlightOfMany { return false }
        guard let share else { return true }
        return share.bytes < options.bytesInFlightOfOwner
            && (share.files < options.filesInFlightOfOwner || !hasOthers)
    }

    /// Tries to claim one name of the inbox.
    private func attempt(_ candidate: ClaimQueue.Candidate, of sender: Sender) {
        let (name, now) = (candidate.name, now)
        let wait: Int64? = feeder.requests.withLock { requests in
            guard let until = requests.unreadable[name] else { return nil }
            if until > now { return until - now }
            requests.unreadable[name] = nil
            return nil
        }
        if let wait {
            deferrals.postpone(name, now: now, fixedDelay: wait, cause: .failed)
            return
        }
        guard let directory = directory(of: name) else { return deferrals.remove(name) }
        follow(
            feeder.spool.claim(
                name, in: directory, sequence: sequence, seen: candidate.seen, settled: deferrals[name]?.settling),
            for: name, of: sender)
    }

    private func follow(_ outcome: ClaimOutcome, for name: RelativePath, of sender: Sender) {
        switch outcome {
        case .claimed(let claim):
            deferrals.remove(name)
            pass(claim, of: sender)
        case .gone: deferrals.remove(name)
        case .unsettled(let status):
            deferrals.postpone(name, now: now, fixedDelay: options.settle, settling: status)
        case .deferred(let deferral): postpone(name, deferral)
        }
    }

    private func postpone(_ name: RelativePath, _ deferral: Deferral) {
        countedWaiting = -1  // To be counted in any case.
        // A directory that is in the way is told of instead of each file in it.
        let telling = deferrals.postpone(name, now: now, cause: deferral.cause, isNews: deferral.directory == nil)
        if let directory = deferral.directory {
            if let telling = obstacles.meet(deferral, at: directory, isClosed: false, now: now) {
                feeder.report(.deferred(directory, deferral, telling))
            }
        } else {
            if deferral.cause.needsPerson { obstacles.meet(deferral, file: name) }
            if let telling { feeder.report(.deferred(name, deferral, telling)) }
        }
    }

    /// Tries to take a file again that lies in work/.
    private func attemptInWork(_ number: Int64) {
        switch feeder.spool.reclaim(number, hasRow: recorded.contains(number), sequence: sequence) {
        case .claimed(let claim):
            deferralsInWork.remove(number)
            recorded.remove(number)
            pass(claim, of: Sender(claim))
        case .gone, .unsettled:
            deferralsInWork.remove(number)
            recorded.remove(number)
        case .deferred(let deferral):
            if let telling = deferralsInWork.postpone(number, now: now, cause: deferral.cause, isNews: true) {
                feeder.report(.deferred(feeder.spool.journal.name(of: number), deferral, telling))
            }
        }
    }

    private func takePassedFiles() {
        for passed in feeder.takePassedFiles() { admit(Claim(passed, sequence: sequence)) }
    }

    private func pass(_ claim: Claim, of sender: Sender) {
        feeder.requests.withLock { requests in
            requests.senders[claim.number] = (sender, claim.status.size)
            let sum = requests.inFlight[sender.owner] ?? (0, 0)
            requests.inFlight[sender.owner] = (sum.files + 1, sum.bytes + claim.status.size)
        }
        if let source = sender.directory, let silence = quiet.heard(source, now: now) {
            feeder.report(.heardAgain(source, after: silence))
        }
        admit(claim)
    }

    /// Waits until there is room for the claim. The kernel's events are read meanwhile: its queue must not overflow
    /// because one file is large.
    private func admit(_ claim: Claim) {
        if !claim.isLarge { sequence += 1 }
        while !door.admit(claim.status.size) { readEvents() }
        door.submit(claim)
    }

    private func directory(of name: RelativePath) -> Directory? {
        let path = name.directory
        if let known = opened[path] { return known }
        guard let directory = try? feeder.spool.inbox.directory(beneath: path) else { return nil }
        if opened.count >= 64 { opened.removeAll(keepingCapacity: true) }
        opened[path] = directory
        return directory
    }

    // MARK: Walking

    /// Begins a walk over the whole inbox.
    func scanAll() {
        nextScan = .max
        scanBegan = now
        scans.begin(.root)
    }

    /// Walks for a while; false if there is nothing to do.
    private func walk() -> Bool {
        for sender in queue.takeIncomplete() {
            scans.begin(sender.directory.map { RelativePath($0) } ?? .root)
        }
        let end = now + Self.turn
        var hasMoved = false
        while scans.step(
            open: { self.scan($0) }, see: { self.see($0) }, hand: { self.offer($0, from: $1, mayWait: $2) })
        {
            hasMoved = true
            if now >= end || isStopping { break }
        }
        if scans.isEmpty, nextScan == .max {
            nextScan = now + (isPolling ? options.poll : options.rescan)
            obstacles.forgetClosed(notSeenSince: scanBegan)
        }
        return hasMoved
    }

    private func scan(_ root: RelativePath) -> Scan {
        Scan(
            root, in: feeder.spool.inbox,
            options: Scan.Options(
                filter: options.filter, maximumDepth: options.maximumDepth,
                removesEmptyDirectories: options.removesEmptyDirectories, passedOver: feeder.spool.stations))
    }

    /// Puts what a walk found into its sender's line; false if it has to wait for room there.
    private func offer(_ found: Scan.Found, from root: RelativePath, mayWait: Bool) -> Bool {
        let source = found.name.source
        let sender = Sender(owner: source.map(owner) ?? found.status.owner, directory: source)
        if mayWait, queue.room(for: sender) == 0 {
            noRoom(for: sender)
            return false
        }
        add(found.name, seen: found.status, from: sender, isNews: false)
        return true
    }
}
