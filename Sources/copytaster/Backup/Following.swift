// `copytaster backup --follow`: the follower for as long as it runs. It tells systemd and the journal how it is, and leaves
// a small file for `copytaster status`. A target that does not answer is tried again, every minute at the latest; only what
// time does not mend ends it.

internal import ArgumentParser
internal import Backup
internal import Files
internal import Foundation
internal import Logging
internal import Store
internal import Supervision

struct Following {
    private let settings: Settings
    private let place: BackupPlace
    private let every: Double
    private let logger: Logger
    private let notifier = Notifier()

    /// How long a pause after an error becomes at most, and after how long trouble that lasts is told again; in seconds.
    private static let (longestPause, reminder) = (60.0, 3600.0)
    /// How often the status file is written when nothing happens, in seconds.
    private static let heartbeat = 10.0
    /// How often a backup that lacks nothing says so with a point, in seconds.
    private static let pointInterval = 86_400.0

    init(_ settings: Settings, _ place: BackupPlace, every: Double) {
        (self.settings, self.place, self.every) = (settings, place, every)
        bootstrapLogging(level: settings.logLevel)
        logger = Logger(label: "copytaster")
    }

    func run() throws {
        Files.Process.ignoreSignals()
        let directory: ProcessLock
        do throws(LockError) {
            directory = try ProcessLock(directory: FollowStatus.directory(settings), mode: 0o750)
        } catch {
            throw CommandError(
                error.description, hint: "a store is followed by one process; this one needs to write there",
                code: EX_TEMPFAIL)
        }
        defer { withExtendedLifetime(directory) {} }
        notifier.ready(status: "Looking at \(place.description)")
        var status = FollowStatus(target: place.description)
        // What the last run knew of this target holds until it is looked at.
        if let known = FollowStatus(settings), known.target == status.target { status = known }
        var round = Round(status, directory.directory)
        while true {
            do {
                try follow(&round)
            } catch {
                let failure = CommandError(error) ?? CommandError("\(error)", code: EX_SOFTWARE)
                try stand(&round, failure)
            }
        }
    }

    /// What lasts from one error to the next.
    private struct Round {
        var status: FollowStatus
        let directory: Directory
        var pause = 1.0
        var trouble: (message: String, told: Date)?
        var wasComplete = false
        var written = Date.distantPast
        var lastPoint = Date.distantPast

        init(_ status: FollowStatus, _ directory: Directory) { (self.status, self.directory) = (status, directory) }

        mutating func write(force: Bool = true) {
            guard force || -written.timeIntervalSinceNow > Following.heartbeat else { return }
            written = Date()
            status.at = written
            status.write(directory)
        }
    }

    /// Ships until something fails.
    private func follow(_ round: inout Round) throws {
        let target = try place.target()
        let lock = try target.lock()
        defer { withExtendedLifetime(lock) {} }
        let follower = Follower(source: try ArchiveSource.shipping(settings), target: target)
        while true {
            let isPointWanted = -round.lastPoint.timeIntervalSinceNow > Self.pointInterval
            let step = try follower.step(isPointWanted: isPointWanted)
            if step.isNewEpoch {
                logger.record(
                    .backupFollows,
                    "the store has begun a new epoch, as after a restore: it is shipped to \(target.description) anew")
                round.wasComplete = false
                continue
            }
            if step.erased > 0 { tellErased(step.erased, follower, target) }
            round.status.row = step.row
            round.status.epoch = follower.epoch
            if step.isComplete {
                round.status.complete = Date()
                if isPointWanted || step.records > 0 { round.lastPoint = Date() }
                try tellComplete(&round, follower, target)
            }
            round.write(force: step.records > 0)
            if step.isComplete { Thread.sleep(forTimeInterval: every) }
        }
    }

    private func tellComplete(_ round: inout Round, _ follower: Follower, _ target: any BackupTarget) throws {
        let row = Terminal.grouped(follower.row)
        notifier.status("Complete up to row \(row) at \(target.description)")
        (round.pause, round.status.trouble) = (1, nil)
        defer { (round.wasComplete, round.trouble) = (true, nil) }
        guard !round.wasComplete || round.trouble != nil else { return }
        let others = try follower.otherEpochs()
        let older =
            others.isEmpty
            ? ""
            : "; it also has what was shipped in earlier epochs (\(others.joined(separator: ", "))), which redactions do "
                + "not reach: remove those that you do not need"
        logger.record(.backupFollows, "the backup at \(target.description) is complete up to row \(row)\(older)")
    }

    private func tellErased(_ count: Int, _ follower: Follower, _ target: any BackupTarget) {
        logger.record(.erased, "what was redacted is erased from the backup at \(target.description), too")
    }

    /// Tells of trouble, and waits; throws what time does not mend.
    private func stand(_ round: inout Round, _ failure: CommandError) throws {
        let text = failure.message + (failure.hint.map { " (\($0))" } ?? "")
        let isKnown = round.trouble.map { $0.message == text && -$0.told.timeIntervalSinceNow < Self.reminder } ?? false
        if !isKnown {
            round.trouble = (text, Date())
            logger.record(.backupStands, "the backup at \(place.description) stands still: \(text)")
        }
        round.status.trouble = failure.message
        round.write()
        notifier.status("Standing still: \(failure.message)")
        if failure.code == EX_DATAERR {
            notifier.flush(atMost: .seconds(1))
            throw ExitCode(failure.code)
        }
        Thread.sleep(forTimeInterval: round.pause)
        round.pause = min(round.pause * 2, Self.longestPause)
    }
}

/// How the follower is: a small file that `status` reads.
struct FollowStatus: Codable, Equatable {
    var target: String
    var epoch: String?
    /// The newest ledger row at the target.
    var row: Int64 = 0
    /// When it had all that the store had.
    var complete: Date?
    /// When this was written.
    var at = Date()
    var trouble: String?

    static let file: FileName = "follow.json"

    init(target: String) { self.target = target }

    /// `/var/lib/copytaster-backup` for `/var/lib/copytaster`: the follower's own, since the store's is closed to it.
    static func directory(_ settings: Settings) -> String { settings.state + "-backup" }

    /// Nil if no follower has written any, or this user may not see it.
    init?(_ settings: Settings) {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let directory = try? Directory(path: Self.directory(settings)),
            let bytes = try? directory.open(Self.file).readAll(expected: 512, limit: 1 << 16),
            let status = try? decoder.decode(FollowStatus.self, from: Data(bytes))
        else { return nil }
        self = status
    }

    /// An error costs nothing but that `status` shows an older one.
    func write(_ directory: Directory) {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        guard let data = try? encoder.encode(self) else { return }
        let hidden: FileName = ".follow.json.part"
        do throws(FileError) {
            let new = try directory.create(hidden, mode: 0o640, reuse: true)
            // For the group, whatever the umask: the read service answers its members.
            try new.setPermissions(0o640)
            try new.truncate(to: 0)
            try new.write(Array(data))
            try directory.replace(hidden, to: directory, as: Self.file)
        } catch {}
    }
}
