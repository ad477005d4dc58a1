// `copytaster ledger`: what became of each delivered file, and of those to come.

internal import ArgumentParser
internal import Files
internal import ReadProtocol
internal import Resemblance
internal import Store
internal import Story

struct Ledger: ServedCommand, PagedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what became of each delivered file.",
        discussion: "One row a file, in the order of commits. --follow waits for more, for downstream programs.")

    @OptionGroup var filterOptions: FilterOptions
    @Flag(name: .long, help: "Go on with new rows as they are committed.")
    var follow = false
    @OptionGroup var pager: PagerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    var usesPager: Bool { !pager.noPager && !output.json && !follow }

    func run() throws {
        let reader = try shared.reader()
        var filter = try filterOptions.filter(json: output.json, reader)
        var last = filter.since
        var lines = try LedgerLines(reader, json: output.json)
        try reader.forEachRowInOrder(filter) { row in
            try lines.print(row)
            last = max(last, row.id)
        }
        guard follow else {
            if last == filter.since { try filterOptions.checkSource(reader) }
            return
        }
        filter.newest = nil
        while true {
            Output.mark(Cursor(epoch: lines.epoch, row: last))
            try Console.now.pause(Self.pollingInterval)
            filter.since = last
            let newest = try reader.lastID()
            guard newest > last else { continue }
            try lines.goOn(to: newest)
            try reader.forEachRowInOrder(filter) { row in
                if row.id <= newest { try lines.print(row) }
            }
            last = newest
        }
    }

    /// Seconds between two looks at a ledger that is followed.
    private static let pollingInterval = Duration.milliseconds(500)
}

/// Prints ledger rows; as JSON with what a consumer would otherwise ask for: headline, family and publication status.
struct LedgerLines {
    private let reader: StoreReader
    private let json: Bool
    let epoch: String
    private var families = Families()
    private var withdrawals: Withdrawals?
    /// Up to which row the families are known: those that come later only add to them.
    private var known: Int64

    init(_ reader: StoreReader, json: Bool) throws {
        (self.reader, self.json) = (reader, json)
        epoch = try reader.epoch()
        known = try reader.lastID()
        guard json else { return }
        let families = try reader.families()
        self.families = families
        withdrawals = try reader.withdrawals { families }
    }

    mutating func goOn(to newest: Int64) throws {
        guard json, newest > known else { return }
        try reader.extend(&families, by: known + 1...newest)
        let families = families
        withdrawals = try reader.withdrawals { families }
        known = newest
    }

    func print(_ row: LedgerRow) throws {
        if json {
            var record = Record(row, families: families, epoch: epoch)
            if row.verdict != .rejected, let reading = try reader.text(of: row)?.reading() {
                record.headline = reading.headline
                record.embargoed = reading.embargoed
                record.displaytitle = reading.displayTitle.isEmpty ? nil : reading.displayTitle
                record.pubstatus = withdrawals?.status(of: row.id)
            }
            record.parts = try LedgerPartRecord.all(of: row, reader)
            return Output.line(record.jsonLine)
        }
        var what = row.verdict.rawValue
        if let of = row.of { what += " of \(of)" }
        var line =
            Terminal.padded("\(row.id)", 7, right: true) + "  " + Terminal.time(row.received) + "  "
            + Terminal.paint(Terminal.padded(what, 22), row.verdict.style) + "  "
            + PrintableName(row.name).text
        if row.verdict == .parts { line += "  " + PartTally(try reader.parts(of: row)).text }
        if let reason = row.reason { line += Terminal.paint("  (\(Terminal.line(reason.sentence)))", .dim) }
        Output.line(line)
    }
}
