// `copytaster ingest PATH...`: the same pipeline, once. While a daemon holds the spool, its pipeline does the work.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Inbox
internal import Pipeline
internal import Resemblance
internal import Store

struct Ingest: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring files (or whole directories) into the archive and say what became of each.",
        discussion: """
            Leaves the originals alone, unless --move is given: they are read where they lie. While the service runs, \
            root (or the service's own user) has it read them; for others, copies are delivered into its inbox, and \
            `copytaster ledger` says what became of them. A \
            directory keeps its name: its files are named DIRECTORY/... in the archive.
            """)

    @Argument(help: "Files and directories.", completion: .file())
    var paths: [String]
    @Flag(name: .long, help: "Remove the originals once they are in the archive.")
    var move = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let settings = try shared.settings()
        let filter = try NameFilter(settings.ignore)
        let sources = try SourceList(paths, filter: filter)
        for problem in sources.problems { CommandError(problem, code: EX_NOINPUT).print() }
        if case .service = ReadAccess(settings) { return try deliver(sources, settings) }
        let isServed = Self.isServed(settings.state)
        let passedFiles = PassedFiles(move ? [] : sources.items)
        var pipeline: Pipeline?
        var ledger: StoreReader?
        if isServed {
            let reader = try StoreReader(directory: settings.state)
            ledger = reader
            passedFiles.pass(toServiceOf: settings.state, reader)
        } else {
            let opened = try Pipeline(settings.pipeline(), observer: passedFiles.observer)
            try opened.start()
            pipeline = opened
            passedFiles.pass(to: opened)
        }
        let delivery = try IngestDelivery(settings: settings, sources: sources, moving: move, showsRows: output)
        try delivery.run(passedFiles, pipeline, ledger)
        let failures = passedFiles.failures + delivery.failures
        pipeline?.finishIndex()
        pipeline?.stop()
        delivery.summarise()
        Output.flush()
        if failures + sources.problems.count > 0 { throw ExitCode(EX_NOINPUT) }
    }

    /// For members of the group, who may deliver but not open the store: what becomes of the files they are told by
    /// `ledger`.
    private func deliver(_ sources: SourceList, _ settings: Settings) throws {
        guard !move else {
            throw CommandError(
                "only root and the service's user see when a file is in the archive, so --move is theirs",
                hint: "move the files into \(settings.spoolOptions.inboxPath) with mv", code: EX_NOPERM)
        }
        let courier = try Courier(settings.spoolOptions)
        var (delivered, failures) = (0, sources.problems.count)
        for item in sources.items {
            do throws(FileError) {
                let prepared = try courier.prepare(item.file, from: item.directory, as: item.name, moving: false)
                try Self.deliver(prepared, courier)
                delivered += 1
            } catch {
                CommandError(error)?.print()
                failures += 1
            }
        }
        Terminal.tell(
            "copytaster: \(Terminal.grouped(delivered)) files are in the inbox; `copytaster ledger` says what became of them\n"
        )
        if failures > 0 { throw ExitCode(EX_NOINPUT) }
    }

    private static func deliver(_ prepared: Courier.Prepared, _ courier: Courier) throws(FileError) {
        while true {
            do throws(FileError) {
                _ = try courier.deliver(prepared)
                return
            } catch  where error.isExisting {
                // A file of that name still waits in the inbox.
                Files.Process.sleep(for: IngestDelivery.retryInterval)
            } catch {
                courier.discard(prepared)
                throw error
            }
        }
    }

    /// Whether a service has the store. Who may not see its lock may not take it either: then only a service can do it.
    static func isServed(_ state: String) -> Bool {
        (try? Directory(path: state)).map { ProcessLock.holder(of: $0) != .nobody } ?? false
    }
}

/// What to ingest: each file with the directory that holds it and its name in the archive.
struct SourceList {
    struct Item {
        var directory: Directory
        var file: FileName
        var name: RelativePath
    }

    var items: [Item] = []
    var problems: [String] = []
    var ignored = 0

    init(_ paths: [String], filter: NameFilter) throws {
        for path in paths {
            let full = NSString(string: SharedOptions.absolute(path)).standardizingPath
            do throws(FileError) {
                let parent = try Directory(path: (full as NSString).deletingLastPathComponent)
                guard let last = FileName(Array((full as NSString).lastPathComponent.utf8)) else {
                    problems.append("\(path) is no name of a file")
                    continue
                }
                let name = RelativePath(last)
                switch try parent.status(last).kind {
                case .regular: items.append(Item(directory: parent, file: last, name: name))
                case .directory: try add(parent.directory(last), as: name, filter: filter, depth: 0)
                default: problems.append("\(path) is neither a file nor a directory")
                }
            } catch {
                problems.append(error.isMissing ? "there is no \(PrintableName(Array(path.utf8)))" : error.description)
            }
        }
    }

    private mutating func add(
        _ directory: Directory, as name: RelativePath, filter: NameFilter, depth: Int
    ) throws(FileError) {
        var reader = try DirectoryReader(directory)
        var entries: [FileName] = []
        while let block = try reader.next() { entries += block.map(\.name) }
        for file in entries.sorted() {
            if filter.ignores(file) {
                ignored += 1
                continue
            }
            do throws(FileError) {
                switch try directory.status(file).kind {
                case .regular: items.append(Item(directory: directory, file: file, name: name.appending(file)))
                case .directory where depth < 64:
                    try add(directory.directory(file), as: name.appending(file), filter: filter, depth: depth + 1)
                default: problems.append("\(directory.path)/\(file) is neither a file nor a directory")
                }
            } catch { problems.append(error.description) }
        }
    }
}

/// Delivers the files and learns what becomes of them.
final class IngestDelivery {
    private struct Key: Hashable {
        var inode: UInt64
        var born: Int64?
        var name: [UInt8]
    }

    /// How many files may wait in the inbox at once: each is a copy.
    private static let ahead = 10_000
    /// How often it looks what became of the files that are on their way.
    private static let glance = Duration.milliseconds(20)
    /// The pause after a file could not be delivered: one of its name still waits, or the service takes nothing.
    static let retryInterval = Duration.milliseconds(100)
    /// How many are delivered together: one by one, they would be committed nearly one by one.
    private static let together = 64

    private let courier: Courier
    private let sources: SourceList
    private let moving: Bool
    private let output: OutputOptions
    private let state: String
    /// The ledger of the service that does it, and the last row that was looked at.
    private var ledger: (reader: StoreReader, last: Int64)?
    private var passedFiles: PassedFiles?
    /// How many files could not be delivered.
    private(set) var failures = 0
    /// Delivered, and not yet in the ledger; the value is the original to remove.
    private var open: [Key: SourceList.Item?] = [:]
    private var counts: [Verdict: Int] = [:]
    private var done = 0
    private let began = Date()
    /// Since when the service has recorded no file of ours, and when it was last looked at.
    private var (lastNews, lastLook) = (Date(), Date())
    private var (isToldOfEnd, isToldOfSilence) = (false, false)
    private var bar = ProgressBar("ingesting")

    init(settings: Settings, sources: SourceList, moving: Bool, showsRows output: OutputOptions) throws {
        courier = try Courier(settings.spoolOptions)
        self.sources = sources
        self.moving = moving
        self.output = output
        state = settings.state
    }

    /// Waits until what was passed has been read, then delivers what else there is.
    ///
    /// - Parameters:
    ///   - pipeline: the pipeline of this process, if no service does it.
    ///   - ledger: the ledger of the service.
    func run(_ passedFiles: PassedFiles, _ pipeline: Pipeline?, _ ledger: StoreReader?) throws {
        self.passedFiles = passedFiles
        while try !passedFiles.areReturned() { try look(after: Self.glance) }
        if let ledger { self.ledger = (ledger, try ledger.lastID()) }
        try deliver(moving ? sources.items : passedFiles.rest)
        // Where no events come, the files would wait for the next scan.
        if !open.isEmpty { pipeline?.scanSoon() }
        while !open.isEmpty { try look(after: Self.glance) }
        try look(after: .zero)
        bar.end()
    }

    private func deliver(_ items: [SourceList.Item]) throws {
        var ready: [(SourceList.Item, Courier.Prepared)] = []
        for item in items {
            while open.count >= Self.ahead { try look(after: Self.glance) }
            do throws(FileError) {
                ready.append(
                    (item, try courier.prepare(item.file, from: item.directory, as: item.name, moving: moving)))
            } catch {
                report(error)
            }
            if ready.count == Self.together {
                try deliver(&ready)
                try look(after: .zero)
            }
        }
        try deliver(&ready)
    }

    private func report(_ error: FileError) {
        CommandError(error)?.print()
        failures += 1
    }

    /// Delivers what is ready.
    private func deliver(_ ready: inout [(SourceList.Item, Courier.Prepared)]) throws {
        for (item, prepared) in ready {
            var isDelivered = false
            while !isDelivered {
                do throws(FileError) {
                    let parcel = try courier.deliver(prepared)
                    let key = Key(inode: parcel.status.inode, born: parcel.status.born, name: parcel.name.bytes)
                    if open.isEmpty { lastNews = Date() }  // it can have been silent only since now
                    open[key] = .some(parcel.leavesOriginal ? item : nil)
                    isDelivered = true
                } catch  where error.isExisting {
                    // A file of that name still waits in the inbox.
                } catch {
                    courier.discard(prepared)
                    report(error)
                    isDelivered = true
                }
                if !isDelivered { try look(after: Self.retryInterval) }
            }
        }
        ready = []
    }

    /// Looks what became of the files meanwhile.
    private func look(after pause: Duration) throws {
        if pause > .zero { Files.Process.sleep(for: pause) }
        for row in passedFiles?.news() ?? [] { try settle(row) }
        if let (reader, last) = ledger {
            var filter = StoreReader.Filter()
            filter.since = last
            try reader.forEachRow(filter) { row in
                ledger?.last = row.id
                if row.identity.claim != 0 { try settle(row) }
                return true
            }
            checkService()
        }
        bar.show(done, of: sources.items.count)
    }

    /// Says, once, why nothing happens: the service has ended, or takes none of the files.
    private func checkService() {
        guard Date().timeIntervalSince(lastLook) > 5 else { return }
        lastLook = Date()
        let isServed = Ingest.isServed(state)
        if !isServed, !isToldOfEnd {
            CommandError(
                "the service has ended; what it has not taken waits in its inbox: \(open.count)",
                hint: "start it again, and they are taken; or end this command: what is delivered stays",
                code: EX_TEMPFAIL
            ).print()
        }
        isToldOfEnd = !isServed
        if isServed, !open.isEmpty, !isToldOfSilence, Date().timeIntervalSince(lastNews) > 10 {
            isToldOfSilence = true
            CommandError(
                "the service has taken none of these files for ten seconds: \(open.count) in \(courier.path)",
                hint: "`copytaster status` says what it waits for; if that is not its inbox, give its --spool",
                code: EX_TEMPFAIL
            ).print()
        }
    }

    private func settle(_ row: LedgerRow) throws {
        if row.identity.claim != 0 {
            let key = Key(inode: row.identity.inode, born: row.identity.born, name: row.name)
            guard let original = open.removeValue(forKey: key) else { return }
            if let original { try original.directory.unlink(original.file) }
        }
        done += 1
        lastNews = Date()
        counts[row.verdict, default: 0] += 1
        show(row)
    }

    private func show(_ row: LedgerRow) {
        if output.json { return Output.line(Record(row, families: nil, epoch: nil).jsonLine) }
        guard sources.items.count <= 100 else { return }
        var what = row.verdict.rawValue
        if let of = row.of { what += " of \(of)" }
        Output.line(
            Terminal.padded("\(row.id)", 7, right: true) + "  "
                + Terminal.paint(Terminal.padded(what, 22), row.verdict.style) + "  "
                + PrintableName(row.name).text
                + (row.reason.map { "  (\(Terminal.line($0.sentence)))" } ?? ""))
    }

    func summarise() {
        guard !output.json else { return }
        let seconds = max(0.001, Date().timeIntervalSince(began))
        let verdicts = Verdict.allCases.compactMap { verdict in
            counts[verdict].map { "\(Terminal.grouped($0)) \(verdict.rawValue)" }
        }
        Output.line(
            "\(Terminal.grouped(done)) files: " + verdicts.joined(separator: ", ")
                + " (\((seconds * 10).rounded() / 10) s, \(Terminal.grouped(Int(Double(done) / seconds)))/s)")
        if sources.ignored > 0 {
            Output.line(
                "\(Terminal.grouped(sources.ignored)) names of unfinished or hidden files were left alone (inbox.ignore)"
            )
        }
    }
}
