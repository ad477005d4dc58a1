// `copytaster status`: is it running, what is in the archive, what waits. For people, monitors (exit
// codes) and scrapers (OpenMetrics).

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Inbox
internal import Resemblance
internal import Store

struct Status: ServedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how the service is and what the archive holds.",
        discussion: """
            Exit codes: 0 running and well; 1 running, but something holds it up, or files wait for longer than a minute \
            for what only a person can mend; 3 not running; 77 if this user may not \
            see whether it runs; 78 if the configuration is wrong, 65 if the store is damaged.
            """)

    @Flag(name: .long, help: "Print OpenMetrics text for a scraper.")
    var metrics = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let settings = try shared.settings()
        let state = try StatusRecord(settings)
        if metrics {
            Output.write(Array(state.openMetrics.utf8))
        } else if output.json {
            Output.line(state.jsonLine)
        } else {
            state.print()
        }
        Output.flush()
        guard let running = state.running else { throw ExitCode(EX_NOPERM) }
        if !running { throw ExitCode(3) }
        if state.live?.trouble != nil || state.live?.deferred.contains(where: \.isHeldUp) == true { throw ExitCode(1) }
    }
}

/// What `status` knows.
struct StatusRecord: Encodable {
    var version = Record.version
    /// Nil if this user may not see it.
    var running: Bool? = false
    var pid: String?
    var live: LiveFigures?
    var rows = 0
    var verdicts: [String: Int] = [:]
    var waiting = 0
    var ignored = 0
    var claimed = 0
    var rejections = 0
    /// What could not be looked at, and so is not counted.
    var unreadable: [String] = []
    var storebytes: Int64 = 0
    var searchbehind: Int64?
    var backup: FollowFigures?
    var store: String
    var inbox: String

    init(_ settings: Settings) throws {
        store = settings.state
        inbox = settings.spoolOptions.inboxPath
        if let directory = try? Directory(path: settings.state) {
            switch ProcessLock.holder(of: directory) {
            case .nobody: break
            case .process(let number): (running, pid) = (true, number)
            case .hidden: running = nil
            }
        }
        // Who may not ask the daemon still gets what the disk says.
        live = running == true ? (try? Control.ask(ControlRequest(action: .status), state: settings.state))?.live : nil
        let filter = (try? NameFilter(settings.ignore)) ?? NameFilter.none
        if let count = try? SpoolCount(settings.spoolOptions, filter: filter) {
            (waiting, ignored, claimed, rejections) = (count.waiting, count.ignored, count.claimed, count.rejected)
            unreadable = count.unreadable.map(\.description)
        }
        if FileManager.default.fileExists(atPath: settings.state + "/" + StoreWriter.fileName) {
            try countStore(StoreReader(directory: settings.state))
            backup = FollowFigures(settings)
        }
    }

    private mutating func countStore(_ reader: StoreReader) throws {
        let counts = try reader.counts()
        rows = counts.values.reduce(0, +)
        verdicts = Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) })
        storebytes = StatusRecord.size(reader.path) + StatusRecord.size(reader.path + "-wal")
        searchbehind = try? reader.searchBehind()
    }

    private static func size(_ path: String) -> Int64 {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.int64Value ?? 0
    }

    func print() {
        let head =
            switch running {
            case true?: "is " + Terminal.paint("running", .green)
            case false?: "is " + Terminal.paint("not running", .red)
            case nil: "may be running: this user may not see it (try sudo, or systemctl status copytaster)"
            }
        Output.line(
            "copytaster \(head)" + (pid.map { " (process \($0)\(live.map { ", since \($0.since)" } ?? ""))" } ?? ""))
        if running == false, store == SettingsLoader.systemStore {
            Output.line(
                "  files wait in the inbox meanwhile; start it: systemctl start copytaster (why it ended: systemctl status copytaster)"
            )
        }
        if let trouble = live?.trouble { Output.line(Terminal.paint("  it waits for \(trouble)", .yellow)) }
        Output.line(
            "  archive   \(Terminal.grouped(rows)) files in the ledger, \(Terminal.grouped(storebytes)) bytes in \(store)"
        )
        for verdict in Verdict.allCases {
            guard let count = verdicts[verdict.rawValue] else { continue }
            Output.line(
                "            " + Terminal.padded(Terminal.grouped(count), 9, right: true) + "  "
                    + Terminal.paint(verdict.rawValue, verdict.style))
        }
        Output.line(
            "  inbox     \(Terminal.grouped(waiting)) waiting, \(Terminal.grouped(claimed)) in work"
                + (ignored > 0 ? ", \(Terminal.grouped(ignored)) unfinished or hidden names left alone" : "")
                + "  (\(inbox))")
        let deferred = live?.deferred ?? []
        for record in deferred.prefix(8) { record.print() }
        if deferred.count > 8 { Output.line("            ... and in \(deferred.count - 8) places more (--json)") }
        for sender in live?.senders.filter(\.overquota).prefix(8) ?? [] {
            Output.line(
                Terminal.paint("            more of \(Terminal.line(sender.name)) waits than its quota", .yellow))
        }
        for error in unreadable.prefix(3) {
            Output.line(Terminal.paint("            not counted: \(Terminal.line(error))", .yellow))
        }
        if rejections > 0 {
            Output.line("  rejected  \(Terminal.grouped(rejections)) to look at: copytaster ledger --verdict rejected")
        }
        if let behind = searchbehind, behind > 0 { Output.line("  search    \(Terminal.grouped(behind)) files behind") }
        backup?.print()
        if let live {
            Output.line(
                "  pace      \((live.filespersecond * 10).rounded() / 10) files/s, index in memory \(Terminal.grouped(live.indexbytes)) bytes"
            )
            if let last = live.last { Output.line("  last      \(Terminal.line(last))") }
        }
    }

    /// https://prometheus.io/docs/specs/om/open_metrics_spec/
    var openMetrics: String {
        var lines: [String] = []
        func gauge(_ name: String, _ help: String, _ value: some CustomStringConvertible) {
            lines += [
                "# TYPE copytaster_\(name) gauge", "# HELP copytaster_\(name) \(help)", "copytaster_\(name) \(value)",
            ]
        }
        if let running { gauge("up", "Whether the service runs.", running ? 1 : 0) }
        lines += ["# TYPE copytaster_files counter", "# HELP copytaster_files Files in the ledger, by verdict."]
        for verdict in Verdict.allCases {
            lines.append("copytaster_files_total{verdict=\"\(verdict.rawValue)\"} \(verdicts[verdict.rawValue] ?? 0)")
        }
        gauge("inbox_waiting", "Files that wait in the inbox.", waiting)
        gauge("work_claimed", "Files that are claimed and not finished.", claimed)
        gauge("rejections", "Rejected files that were not requeued.", rejections)
        gauge("store_bytes", "Size of the store with its log.", storebytes)
        if let searchbehind {
            gauge("search_behind", "Ledger rows that the search index has not reached.", searchbehind)
        }
        if let live {
            gauge("index_bytes", "Memory of the resemblance index.", live.indexbytes)
            gauge(
                "trouble", "Whether the service waits for something that only a person can mend.",
                live.trouble == nil ? 0 : 1)
        }
        for (name, help, value) in backup?.gauges ?? [] { gauge(name, help, value) }
        if let live { lines += DeferralRecord.openMetrics(live.deferred) + SenderRecord.openMetrics(live.senders) }
        return lines.joined(separator: "\n") + "\n# EOF\n"
    }
}
