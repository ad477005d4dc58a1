// The loop of the feeder's thread: obey requests, try what is due, scan when it is time, wait.

internal import Files
internal import Synchronization

/// The feeder's state and its loop; lives in one thread, no other sees it.
final class FeederLoop {
    let feeder: Feeder
    var sequence: UInt64
    let pulse: (Bool) -> Void
    let submit: (Claim) -> Void

    var options: Feeder.Options
    var inotify: INotify?
    var watches = WatchTable()
    var deferrals = Deferrals()
    /// The same for files that lie in work/: one of the same name may wait in the inbox. Few: they were in flight.
    private var deferralsInWork = Deferrals()
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    /// Directories opened for the names at hand; emptied between batches, since a directory may leave.
    var opened: [RelativePath: Directory] = [:]
    var isPolling = false
    var isLost = false
    var nextScan: Int64 = 0
    /// Directories that arrived and are to be walked; never from within a walk.
    var arrived: Set<RelativePath> = []
    private var lastBreath: Int64 = 0
    var toldTooDeep: Set<RelativePath> = []
    var toldUnreadable: Set<RelativePath> = []

    init(
        feeder: Feeder, options: Feeder.Options, sequence: UInt64, pulse: @escaping (Bool) -> Void,
        submit: @escaping (Claim) -> Void
    ) {
        self.feeder = feeder
        self.options = options
        self.sequence = sequence
        self.pulse = pulse
        self.submit = submit
    }

    var now: Int64 { Process.monotonicNanoseconds }
    var isStopping: Bool { feeder.requests.withLock { $0.isStopping } }

    func run() {
        startWatching()
        while !isStopping {
            obeyRequests()
            takeLoans()
            if isLost { lookForInbox() } else { takeDue() }
            if !isLost, now >= nextScan { scanAll() }
            feeder.setBacklog(deferrals.count)
            if isStopping { return }
            waitForWork()
        }
    }

    private func waitForWork() {
        let due = min(nextScan, deferrals.nextDue, deferralsInWork.nextDue)
        let milliseconds = isLost ? 1000 : arrived.isEmpty ? max(0, (due - now + 999_999) / 1_000_000) : 0
        pulse(false)
        let ready = try? feeder.wakeup.wait(or: inotify, milliseconds: Int(clamping: milliseconds))
        pulse(true)
        if ready?.events == true { readEvents() }
        walkArrived()
    }

    /// What other threads asked for since the last turn.
    private func obeyRequests() {
        let (options, wantsScan, contested, again) = feeder.requests.withLock { requests in
            let free = requests.contested.subtracting(requests.inFlight)
            requests.contested.subtract(free)
            let result = (requests.options, requests.wantsScan, free, requests.again)
            requests.options = nil
            requests.wantsScan = false
            requests.again = []
            return result
        }
        if let options {
            self.options = options
            nextScan = 0
        }
        if wantsScan { nextScan = 0 }
        opened.removeAll(keepingCapacity: true)
        for name in contested.sorted() { attempt(name) }
        for (name, isUnreadable) in again {
            guard isUnreadable else {
                attemptInWork(name)
                continue
            }
            _ = deferralsInWork.postpone(name, now: now, fixedDelay: self.options.unreadable, isNews: false)
        }
    }

    private func takeDue() {
        opened.removeAll(keepingCapacity: true)
        for name in deferralsInWork.due(now: now) where !isStopping { attemptInWork(name) }
        for name in deferrals.due(now: now) where !isStopping { attempt(name) }
    }

    // MARK: Claiming

    /// Tries to claim one name of the inbox, unless it is in flight.
    func attempt(_ name: RelativePath) {
        guard !options.filter.ignores(name.last), !isLost else { return }
        let now = now
        let wait: Int64? = feeder.requests.withLock { requests in
            if requests.inFlight.contains(name) {
                requests.contested.insert(name)
                return 0
            }
            guard let until = requests.unreadable[name] else { return nil }
            if until > now { return until - now }
            requests.unreadable[name] = nil
            return nil
        }
        if let wait {
            if wait > 0 { _ = deferrals.postpone(name, now: now, fixedDelay: wait, isNews: false) }
            return
        }
        guard let directory = directory(of: name) else { return deferrals.remove(name) }
        settle(
            name,
            feeder.spool.claim(
                name, in: directory, sequence: sequence, settled: deferrals[name]?.settling))
    }

    /// Tries to take a file again that lies in work/.
    private func attemptInWork(_ workName: RelativePath) {
        switch feeder.spool.reclaim(workName, sequence: sequence) {
        case .claimed(let claim):
            deferralsInWork.remove(workName)
            take(claim)
        case .gone, .unsettled:
            deferralsInWork.remove(workName)
            feeder.finished(feeder.spool.inboxName(ofWork: workName))
        case .deferred(let deferral):
            if deferralsInWork.postpone(workName, now: now, isNews: deferral.cause != .beingWritten) {
                feeder.report(.deferred(workName, deferral))
            }
        }
    }

    private func settle(_ name: RelativePath, _ outcome: ClaimOutcome) {
        switch outcome {
        case .claimed(let claim):
            deferrals.remove(name)
            take(claim)
        case .gone: deferrals.remove(name)
        case .unsettled(let status):
            _ = deferrals.postpone(
                name, now: now, fixedDelay: options.settle, isNews: false, settling: status)
        case .deferred(let deferral):
            let isOld = deferrals[name].map { $0.delay >= 60_000_000_000 } ?? false
            let isNews = deferral.cause == .forbidden || deferral.cause == .failed || isOld
            if deferrals.postpone(name, now: now, isNews: isNews) { feeder.report(.deferred(name, deferral)) }
        }
    }

    private func takeLoans() {
        for loan in feeder.takeLoans() {
            submit(Claim(loan, sequence: sequence))
            sequence += 1
        }
    }

    private func take(_ claim: Claim) {
        sequence += 1
        feeder.requests.withLock { _ = $0.inFlight.insert(claim.name) }
        submit(claim)
    }

    private func directory(of name: RelativePath) -> Directory? {
        let path = name.directory
        if let known = opened[path] { return known }
        guard let directory = try? feeder.spool.inbox.directory(path) else { return nil }
        if opened.count >= 64 { opened.removeAll(keepingCapacity: true) }
        opened[path] = directory
        return directory
    }

    // MARK: Scanning

    /// Walks the whole inbox, and again if events were lost meanwhile.
    func scanAll() {
        nextScan = .max
        walk(RelativePath([]))
        if nextScan == .max { nextScan = now + (isPolling ? options.poll : options.rescan) }
    }

    /// Walks the directories that arrived before now. (Those that arrive meanwhile have the next turn: whoever moves one
    /// in and out for ever must not keep us here.)
    private func walkArrived() {
        let paths = arrived
        arrived = []
        for path in paths where !isStopping && !isLost { walk(path) }
    }

    /// Looks up between two steps of a long walk: what arrives in one directory, or is lent, must not wait until a
    /// million names in another one were seen.
    func breathe() {
        guard now - lastBreath > 10_000_000 else { return }
        lastBreath = now
        readEvents()
        takeLoans()
    }

    /// Walks a directory of the inbox to its end, watching what it finds and claiming what it can.
    private func walk(_ root: RelativePath) {
        let scanner = Scanner(
            inbox: feeder.spool.inbox, filter: options.filter, maximumDepth: options.maximumDepth,
            removesEmptyDirectories: options.removesEmptyDirectories)
        let ran = scanner.walk(root, see: { self.see($0) }, take: { self.take($0) })
        if !ran { nextScan = 0 }
    }

    private func take(_ batch: [Scanner.Candidate]) -> Bool {
        opened.removeAll(keepingCapacity: true)
        for (index, candidate) in batch.enumerated() {
            if isStopping { return false }
            if index & 63 == 0 {
                feeder.setBacklog(batch.count - index + deferrals.count)
                pulse(true)
                breathe()
            }
            if deferrals.isWaiting(candidate.name, now: now) { continue }
            attempt(candidate.name)
        }
        return true
    }
}
