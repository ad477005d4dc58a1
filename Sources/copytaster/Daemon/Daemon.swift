// The wiring of the service: the pipeline on one side, systemd and the log on the other. No logic of its own.

internal import Files
internal import Foundation
internal import Inbox
internal import Logging
internal import Pipeline
internal import Resemblance
internal import Store
internal import Supervision
internal import Synchronization

final class Daemon: Sendable {
    private let logger = Logger(label: "copytaster")
    private let notifier = Notifier()
    private let liveness = Liveness()
    private let reporter: Reporter
    private let log: EventLog
    private let threshold: LogThreshold
    private let loadSettings: @Sendable () throws -> Settings
    private let began = Date()
    private let state: Mutex<State>
    private let reloads = DispatchQueue(label: "copytaster.reload")
    private let hasStarted = DispatchSemaphore(value: 0)

    private struct State {
        var settings: Settings
        var pipeline: Pipeline?
        var watchdog: Watchdog?
        var ticker: StatusTicker?
        var stories: Int64 = 0
        var rejected: Int64 = 0
        var isReady = false
        /// Whether the store is open and the pipeline moves: from then on a stop has something to finish.
        var hasOpened = false
        var isStopping = false
        /// The inbox that was moved, removed or unmounted.
        var lostInbox: String?
        var toldHead = ""
    }

    init(settings: Settings, threshold: LogThreshold, reload: @escaping @Sendable () throws -> Settings) {
        self.threshold = threshold
        loadSettings = reload
        reporter = Reporter(logger: logger, foldAbove: settings.foldAbove)
        log = EventLog(logger: logger, reporter: reporter)
        state = Mutex(State(settings: settings))
    }

    /// Runs something that blocks, off Swift's cooperative pool.
    static func blocking<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
        }
    }

    static func blocking<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    // MARK: Starting and stopping

    func start() throws {
        let settings = state.withLock { $0.settings }
        notifier.status("Opening the store")
        let pipeline: Pipeline
        do {
            var options = try settings.pipeline()
            options.rehearsal = ReaderChild(maximumSize: Settings.largestFile)
            pipeline = try Pipeline(options, observer: observer())
            let reader = try StoreReader(directory: settings.state)
            let counts = try reader.counts()
            state.withLock {
                $0.pipeline = pipeline
                $0.rejected = Int64(counts[.rejected] ?? 0)
                $0.stories = Int64(counts.filter { $0.key != .rejected && $0.key != .identical }.values.reduce(0, +))
            }
            let desk = IngestServer(pipeline)
            let handler = ControlHandler(
                pipeline, logger: logger, live: { [self] in live }, reload: { [self] in reload() })
            try Control.serve(Directory(path: settings.state), answer: handler.answer, pass: desk.serve)
            if let interval = Notifier.watchdogInterval {
                let watchdog = Watchdog(interval: interval, liveness: liveness, notifier: notifier, logger: logger)
                state.withLock { $0.watchdog = watchdog }
                watchdog.start()
            }
            pause(for: pipeline.interruptions)
            let goesOn = state.withLock { state in
                state.hasOpened = !state.isStopping
                return state.hasOpened
            }
            guard goesOn else { return }
            try pipeline.start()
        } catch {
            let failure = CommandError(error) ?? CommandError("\(error)", code: EX_SOFTWARE)
            notifier.failed(errno: EIO, status: failure.message)
            notifier.flush(atMost: .seconds(1))
            throw failure
        }
        logger.notice(
            """
            the inbox is \(pipeline.spool.options.inboxPath); a file is taken when its writer is done, and \
            \(settings.keepsArchive ? "kept in archive/" : "removed") once its bytes are in \(pipeline.store.path)
            """)
        tellChainHeadNowAndThen()
        let ticker = StatusTicker(notifier: notifier) { [self] in statusLine }
        state.withLock { $0.ticker = ticker }
        ticker.start()
        hasStarted.signal()
    }

    /// What a step of a long start asks for each time.
    private static let grant = Duration.seconds(30)

    /// Waits a while at a start after many ends, so that systemd does not give the service up for everybody.
    private func pause(for interruptions: Interruptions) {
        guard notifier.isListening, let pause = interruptions.pause else { return }
        let why = "the service ended \(interruptions.recent.count) times in five minutes without being stopped"
        logger.record(.interrupted, "\(why); waiting \(pause.components.seconds) s before this start")
        notifier.extendTimeout(
            by: pause + Self.grant, status: "Waiting \(pause.components.seconds) s, since \(why)")
        Files.Process.sleep(for: pause)
    }

    /// Finishes what is claimed; false if the store failed meanwhile. A start that waits, for the store or before it
    /// opens the inbox, has nothing to finish: it ends here.
    func stop() -> Bool {
        let hasOpened = state.withLock { state in
            state.isStopping = true
            return state.hasOpened
        }
        if !hasOpened { leaveStart() }
        notifier.stopping(status: "Finishing what is claimed")
        let (pipeline, ticker, watchdog) = state.withLock { ($0.pipeline, $0.ticker, $0.watchdog) }
        ticker?.stop()
        tellChainHead()
        let isWell = pipeline?.stop() ?? true
        watchdog?.stop()
        reporter.flush(atMost: .seconds(2))
        let left = pipeline?.inFlight ?? 0
        let rest = left == 0 || !isWell ? "" : ", but for \(left) large files: the next start reads them from work/"
        logger.record(
            .stopped,
            "stopped; everything claimed is \(isWell ? "committed" : "kept in work/ for the next start")\(rest)")
        notifier.flush(atMost: .seconds(1))
        return isWell
    }

    private func leaveStart() -> Never {
        notifier.stopping(status: "Ending before the start")
        state.withLock { $0.pipeline }?.leaveUnstarted()
        logger.record(.stopped, "stopped before it began; what was claimed is kept in work/ for the next start")
        notifier.flush(atMost: .seconds(1))
        // Another thread may be inside SQLite, waiting: nothing may be torn down under it.
        Foundation._exit(0)
    }

    /// Reads the configuration again once the start is over, without keeping a stop waiting.
    func reloadSoon() {
        reloads.async { [self] in
            hasStarted.wait()
            hasStarted.signal()
            _ = reload()
        }
    }

    /// Reads the configuration again; a bad one changes nothing.
    func reload() -> ControlReply {
        notifier.reloading()
        defer { notifier.ready(status: statusLine) }
        do {
            let new = try loadSettings()
            let options = try new.pipeline()
            let (old, pipeline) = state.withLock { state in
                defer { state.settings = new }
                return (state.settings, state.pipeline)
            }
            threshold.level = new.logLevel
            reporter.setFoldAbove(new.foldAbove)
            pipeline?.use(options)
            let late = old.needingRestart(new)
            guard late.isEmpty else { throw CommandError(needingRestart: late) }
            logger.record(.reloaded, "the configuration was read again")
            return ControlReply("the configuration is in force")
        } catch let error as CommandError where error.code == EX_TEMPFAIL {
            logger.record(.reloaded, level: .warning, "\(error.message) (\(error.hint ?? ""))")
            return ControlReply(error)
        } catch {
            let reply = ControlReply(error)
            logger.record(
                .reloadRefused,
                "the new configuration is wrong, the old one stays: \(reply.message ?? "")\(reply.hint.map { " (\($0))" } ?? "")",
                metadata: ["reason": .string(reply.message ?? "")])
            return reply
        }
    }

    // MARK: What the pipeline tells

    private func observer() -> PipelineObserver {
        var observer = PipelineObserver()
        observer.committed = { [self] in committed($0) }
        observer.happened = { [self] in happened($0) }
        observer.claimed = { [liveness] in liveness.claimed($0) }
        observer.finished = { [liveness] in liveness.finished($0) }
        observer.pulse = { [liveness] name, handlesClaimed in
            let stage = liveness.stage(name, handlesClaimed: handlesClaimed)
            return Pulse(
                idle: { stage.idle() }, busy: { stage.progress() },
                waiting: { stage.waiting($0, atMost: .seconds(10)) })
        }
        return observer
    }

    private func committed(_ outcomes: [Outcome]) {
        state.withLock { state in
            for outcome in outcomes {
                for row in [outcome.row] + outcome.parts.map(\.row) where row.isStory { state.stories += 1 }
                if outcome.row.isSetAside { state.rejected += 1 }
            }
        }
        for outcome in outcomes {
            reporter.report(FileReport(outcome))
            // A feed may have thousands of parts: only those that somebody has to look at have a record of their own.
            for part in outcome.parts.lazy.filter({ $0.row.verdict == .rejected }).prefix(Self.rejectedPartsTold) {
                reporter.report(FileReport(part))
            }
        }
    }

    /// Rejected parts of one file that are told of one by one; the file's own record counts them all.
    private static let rejectedPartsTold = 8

    private func happened(_ event: PipelineEvent) {
        log.record(event)
        switch event {
        case .inbox(.watching): ready()
        case .inbox(.inboxLost(let path)): state.withLock { $0.lostInbox = path }
        case .inbox(.inboxBack): state.withLock { $0.lostInbox = nil }
        case .storeHeld(let error) where state.withLock { $0.pipeline == nil }:
            notifier.extendTimeout(
                by: Self.grant, status: "Waiting for the store: \(error.message)")
        case .recovering(let what, let done, let total):
            notifier.extendTimeout(
                by: Self.grant,
                status: "Recovering: \(Terminal.grouped(done)) of \(Terminal.grouped(total)) \(what)")
        case .failed(let error): fail(error)
        default: break
        }
    }

    private func ready() {
        let isFirst = state.withLock { state in
            defer { state.isReady = true }
            return !state.isReady
        }
        guard isFirst else { return }
        notifier.ready(status: statusLine)
        logger.record(.started, "copytaster \(Copytaster.version) watches its inbox; \(statusLine)")
    }

    /// After a failed commit nothing that was not yet on the disk can be relied on.
    private func fail(_ error: StoreError) {
        notifier.failed(errno: EIO, status: error.message)
        reporter.flush(atMost: .seconds(1))
        notifier.flush(atMost: .seconds(1))
        // Of a damaged store (EX_DATAERR) the unit does not restart the service.
        Foundation._exit(error.kind.exitCode)
    }

    // MARK: Figures

    private var statusLine: String {
        var line = StatusLine()
        let figures = reporter.figures()
        state.withLock { state in
            line.stories = state.stories
            line.rejected = state.rejected
            line.waiting = (state.pipeline?.waiting ?? 0) + (state.pipeline?.inFlight ?? 0)
            line.deferred = (state.pipeline?.deferred ?? []).lazy.filter(\.cause.needsPerson).map { $0.files ?? 1 }
                .reduce(0, +)
        }
        line.filesPerSecond = figures.filesPerSecond
        line.last = figures.last
        line.trouble = trouble.map { "Waiting for \($0)" }
        return line.text
    }

    private var live: LiveFigures {
        let figures = reporter.figures()
        let pipeline = state.withLock { $0.pipeline }
        return LiveFigures(
            pid: getpid(), since: began.formatted(.iso8601), waiting: pipeline?.waiting ?? 0,
            inflight: pipeline?.inFlight ?? 0,
            filespersecond: figures.filesPerSecond, indexbytes: pipeline?.memoryBytes ?? 0, last: figures.last,
            trouble: trouble, senders: (pipeline?.senders ?? []).map(SenderRecord.init),
            deferred: (pipeline?.deferred ?? []).prefix(DeferralRecord.most).map(DeferralRecord.init))
    }

    /// What only others can mend, and what waits for it.
    private var trouble: String? {
        if let reason = liveness.reasonsForWaiting.first { return reason }
        return state.withLock { $0.lostInbox }.map { "the inbox \($0), which was moved, removed or unmounted" }
    }

    /// The head of the chain, kept outside the store: `verify --head` finds a cut tail by it.
    private func tellChainHead() {
        guard let pipeline = state.withLock({ $0.pipeline }) else { return }
        let head = pipeline.store.chainHead
        let isNew = state.withLock { state in
            defer { state.toldHead = head }
            return state.toldHead != head
        }
        if isNew {
            logger.record(
                .chainHead, "the ledger has \(Terminal.grouped(pipeline.store.lastID)) rows, its chain ends in \(head)")
        }
    }

    /// Every ten minutes, for the life of the process.
    private func tellChainHeadNowAndThen() {
        DispatchQueue.global().asyncAfter(deadline: .now() + 600) { [weak self] in
            self?.tellChainHead()
            self?.tellChainHeadNowAndThen()
        }
    }
}

extension CommandError {
    /// What a reload could not bring into force.
    fileprivate init(needingRestart keys: [String]) {
        self.init(
            "the configuration is in force, except for \(keys.joined(separator: ", "))",
            hint: "these change with a restart: systemctl restart copytaster", code: EX_TEMPFAIL)
    }
}

extension Settings {
    /// The keys whose new values only a restart brings into force.
    func needingRestart(_ new: Settings) -> [String] {
        SettingKey.all.filter { $0.needsRestart && $0.show(self) != $0.show(new) }.map(\.name)
    }
}

extension FileReport {
    init(_ outcome: Outcome) {
        let row = outcome.row
        self.init(
            name: row.name, verdict: row.verdict.rawValue, story: row.id, of: row.of, family: outcome.family,
            sha256: row.sha256?.description, resemblance: outcome.relation?.resemblance,
            containment: outcome.relation?.containment,
            reason: row.verdict == .parts
                ? PartTally(outcome.parts.map(\.row)).text
                : row.reason.map { "\($0.sentence); \($0.hint)" } ?? outcome.relation?.rule,
            headline: outcome.headline)
    }
}
