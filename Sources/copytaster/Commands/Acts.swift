// The commands that change something: requeue, redact, reload. While the daemon runs, it
// carries them out, since it is the store's only writer; otherwise the command does, under the same locks.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Inbox
internal import Pipeline
internal import Resemblance
internal import Store

struct Requeue: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring rejected files back into the inbox, as new deliveries.",
        discussion: """
            --all leaves out what would be rejected again as things are, and says why; by its number each can be brought \
            back all the same.
            """)

    @Argument(help: "The numbers of the rejections, as `ledger --verdict rejected` prints them.")
    var ids: [Int64] = []
    @Flag(name: .long, help: "All that still lie in rejected/ and that would be taken now.")
    var all = false
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if ids.isEmpty != all { throw ValidationError("Name rejections, or use --all.") }
    }

    func run() throws {
        let settings = try shared.settings()
        try Control.demandAccess(to: settings.state)
        var ids = self.ids
        if all {
            let candidates = try Candidates(settings)
            ids = candidates.ready
            for (id, why) in candidates.hopeless { Output.line("\(id) stays in rejected/: \(Terminal.line(why))") }
            if ids.isEmpty, !candidates.hopeless.isEmpty {
                return Output.line(
                    "nothing was requeued; by its number, `copytaster requeue ID`, each can be all the same")
            }
        }
        if ids.isEmpty { return Output.line("there is nothing to requeue") }
        var offline: (spool: Spool, store: StoreWriter, lock: ProcessLock)?
        for id in ids {
            if let reply = try Control.demand(ControlRequest(action: .requeue, id: id), state: settings.state) {
                Output.line(reply.message ?? "")
                continue
            }
            if offline == nil {
                let lock = try ProcessLock(directory: settings.state)
                offline = (try Spool(settings.spoolOptions), try StoreWriter(directory: settings.state), lock)
            }
            guard let offline else { continue }
            let name = try Requeuing.requeue(id, store: offline.store, spool: offline.spool)
            Output.line("\(name) is back in the inbox")
        }
    }
}

enum Requeuing {
    /// Moves one rejected file back and notes the act.
    static func requeue(_ id: Int64, store: StoreWriter, spool: Spool) throws -> RelativePath {
        // Of a part, the file that it came in.
        guard let part = try store.row(id), let row = try part.part.map({ try store.row($0.delivery) }) ?? part,
            row.isSetAside
        else {
            throw CommandError(
                "row \(id) is not a rejection",
                hint: "copytaster ledger --verdict rejected lists them; of a file with rejected parts, --verdict parts",
                code: EX_NOINPUT)
        }
        let name = RelativePath(row.name) ?? RelativePath(FileName(id))
        do throws(FileError) {
            try spool.requeue(row: row.id, name: name)
        } catch {
            if error.isExisting {
                throw CommandError(
                    "the inbox already holds a file named \(name)", hint: "wait until it is taken, then requeue again",
                    code: EX_TEMPFAIL)
            }
            if error.isMissing {
                throw CommandError(
                    "rejection \(id) does not lie in rejected/ any more", hint: "it was requeued or removed before",
                    code: EX_NOINPUT)
            }
            throw error
        }
        try store.note(action: "requeue", story: row.id, detail: name.description)
        return name
    }
}

/// What lies in rejected/: what would be taken now, and what would be rejected again.
private struct Candidates {
    private(set) var ready: [Int64] = []
    private(set) var hopeless: [(Int64, String)] = []

    init(_ settings: Settings) throws {
        let rejected = try Directory(path: settings.spoolOptions.stationsPath + "/rejected")
        var entries = try DirectoryReader(rejected)
        var ids: [Int64] = []
        while let block = try entries.next() { ids += block.compactMap(\.name.number) }
        let reader = try StoreReader(directory: settings.state)
        let rules = Rejection.Rules(
            maximumSize: Int64(settings.maximumSize), storesRedacted: settings.storesRedacted)
        for id in ids.sorted() {
            let reason = try reader.row(id)?.reason
            do throws(FileError) {
                if let why = try Rejection.isCertain(FileName(id), in: rejected, reason: reason, rules) {
                    hopeless.append((id, why))
                } else {
                    ready.append(id)
                }
            } catch { hopeless.append((id, "it cannot be looked at: \(error)")) }
        }
    }
}

struct Redact: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove a story's text for ever (takedown, licence, privacy).",
        discussion: """
            The bytes and everything that was read in them go: from the store, its log, the search index and archive/. \
            Of a rejected file, what lies in rejected/. The ledger row and its hash stay, with the reason, and `verify` \
            still passes. Backups made before keep the text, except for one that follows (`backup --follow`). Exit code 75 if another process keeps something from being \
            erased at once; the service goes on until it is.
            """)

    @Argument(help: "The story's number.")
    var id: Int64
    @Option(name: .long, help: ArgumentHelp("Why; kept with the ledger row.", valueName: "text"))
    var reason: String
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let settings = try shared.settings()
        let request = ControlRequest(action: .redact, id: id, reason: reason)
        if let reply = try Control.demand(request, state: settings.state) {
            return Output.line(reply.message ?? "")
        }
        _ = try StoreReader(directory: settings.state)
        let lock = try ProcessLock(directory: settings.state)
        defer { withExtendedLifetime(lock) {} }
        let store = try StoreWriter(directory: settings.state)
        defer { store.close() }
        let index = try SearchIndex(directory: settings.state, store: store.lastCheckpoint().epoch)
        let spool = try Spool(settings.spoolOptions)
        defer { spool.release() }
        try Erasure.begin(id, reason: reason, store: store) { id throws(StoreError) in try index.remove(id) }
        let search = Erasure.Search(
            purge: { () throws(StoreError) in try index.purge() },
            emptyLog: { patience throws(StoreError) in try index.emptyLog(patience: patience) })
        var progress = Erasure.Progress()
        let trouble = Erasure(store: store, spool: spool, search: search, patience: .seconds(10))
            .finish(&progress) { _ in }
        if let trouble { throw Redact.unfinished(id, trouble.why) }
        Output.line(Redact.done(id))
    }

    static func done(_ id: Int64) -> String { "the text of \(id) is gone; its ledger row stays" }

    static func unfinished(_ id: Int64, _ why: String) -> CommandError {
        CommandError(
            "the text of \(id) is given to nobody any more, but not yet erased everywhere: \(why)",
            hint: "the service goes on by itself until it is, at its next start at the latest", code: EX_TEMPFAIL)
    }
}

struct Reload: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the running service read its configuration again.",
        discussion: "Waits for the result: a wrong configuration is refused with the reason, and the old one stays.")

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let settings = try shared.settings()
        guard let reply = try Control.demand(ControlRequest(action: .reload), state: settings.state) else {
            throw CommandError(
                "no service runs with \(settings.state)", hint: "start it: systemctl start copytaster",
                code: EX_UNAVAILABLE)
        }
        Output.line(reply.message ?? "")
    }
}

struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the configuration without touching anything.",
        discussion: "Tells everything that is wrong with it, each mistake with its line. Exit code 78 if something is.")

    @Flag(name: .long, help: "Print every key with its value in force, and whether a new one needs a restart.")
    var show = false
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let settings = try shared.settings()
        if show {
            for key in SettingKey.all {
                Output.line("\(key.name): \(key.show(settings))\(key.needsRestart ? "  # needs a restart" : "")")
            }
            return
        }
        Output.line("the configuration is right; spool \(settings.spool), store \(settings.state)")
    }
}
