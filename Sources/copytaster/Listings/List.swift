// `copytaster list`: the stories in the archive, the newest first.

internal import ArgumentParser
internal import Files
internal import Query
internal import Resemblance
internal import Store
internal import Story

struct List: ServedCommand, PagedCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the stories in the archive.",
        discussion: """
            The newest first: a story's number, its verdict with the story that it repeats, when it was received, its place, \
            its title and its file. One that its agency withdrew says so.
            """)

    @OptionGroup var filterOptions: FilterOptions
    @Flag(name: .long, help: "One story a family: the fullest usable text.")
    var unique = false
    @Option(
        name: .long,
        help: ArgumentHelp("Only stories of this agency, however it is written: Reuters.", valueName: "agency"))
    var agency: String?
    @OptionGroup var pager: PagerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    var usesPager: Bool { !pager.noPager && !output.json }

    func run() throws {
        let reader = try shared.reader()
        var filter = try filterOptions.filter(json: output.json, reader)
        filter.storiesOnly = true
        let isLimited = filter.newest != nil
        filter.newest = filter.newest ?? .max
        let families = try reader.families()
        let withdrawals = try reader.withdrawals { families }
        let members = output.json ? families.members() : [:]
        let fullest = unique ? try Fullest(reader, families) : nil
        let agency = agency.map { FoldedText($0).bytes }
        func accepts(_ row: LedgerRow) throws -> Bool {
            guard fullest?.represents(row.id) ?? true else { return false }
            guard let agency else { return true }
            return try reader.document(row.id)?.reading().infosource.map { FoldedText($0).bytes == agency } ?? false
        }
        let epoch = try reader.epoch()
        var shown = 0
        try reader.forEachRow(filter, where: accepts) { row in
            let reading = try reader.document(row.id)?.reading()
            let status = withdrawals.status(of: row.id)
            if output.json {
                var record = Record(row, families: families, epoch: epoch)
                record.versions = members[families.family(of: row.id)] ?? [row.id]
                if let reading { record.add(reading, whole: false, status: status) }
                Output.line(record.jsonLine)
            } else {
                Output.line(StoryLine(row, reading, status: status).text)
            }
            shown += 1
            return true
        }
        if shown == 0 { try filterOptions.checkSource(reader) }
        // How many are of an agency would take reading all of them.
        guard isLimited, agency == nil, Terminal.isInteractive, !output.json else { return }
        filter.newest = nil
        var all = 0
        try reader.forEachRow(filter, where: accepts) { _ in
            all += 1
            return true
        }
        if all > shown {
            let count = "\(Terminal.grouped(shown)) of \(Terminal.grouped(all)); --limit gives more"
            Output.line(Terminal.paint(count, .dim))
        }
    }
}

/// One story in one line of a listing: its number, verdict and what it repeats, when it was received, its place, its title and
/// its file. On a terminal a line is as wide as that; elsewhere nothing is cut.
struct StoryLine {
    let text: String

    init(_ row: LedgerRow, _ reading: Reading?, status: String) {
        let title = reading.map(\.displayTitle) ?? "(text removed)"
        let marks = [status == "usable" ? nil : status, reading?.embargoed.map { "embargo \($0)" }].compactMap(\.self)
        let mark = marks.map { Terminal.paint("[\(Terminal.line($0))]", .red) + " " }.joined()
        let what = row.verdict.rawValue + (row.of.map { " of \($0)" } ?? "")
        let place = reading?.located.first ?? ""
        let front =
            Terminal.padded("\(row.id)", 7, right: true) + "  "
            + Terminal.paint(Terminal.padded(what, 22), row.verdict.style) + "  "
            + Terminal.paint(Terminal.minute(row.received), .dim) + "  "
            + Terminal.padded(Terminal.line(place, width: 14), 14) + "  " + mark
        let name = PrintableName(row.name).text
        guard Terminal.isInteractive else {
            text = front + Terminal.line(title) + "  " + name
            return
        }
        let room = max(24, Terminal.width - 67 - marks.reduce(0) { $0 + $1.count + 3 })
        let nameRoom = min(24, max(10, room / 3))
        text =
            front + Terminal.padded(Terminal.line(title, width: room - nameRoom - 2), room - nameRoom - 2) + "  "
            + Terminal.paint(Terminal.line(name, width: nameRoom), .dim)
    }
}

/// Which story stands for its family: the one with the longest usable text.
struct Fullest {
    private var chosen: [Int64: (id: Int64, length: Int)] = [:]
    private let families: Families

    init(_ reader: StoreReader, _ families: Families) throws {
        self.families = families
        for (family, members) in families.members() {
            for member in members {
                guard let reading = try reader.document(member)?.reading() else { continue }
                let isUsable = (reading.pubStatus ?? "usable") == "usable"
                let length = isUsable ? reading.bodyRanges.reduce(0) { $0 + $1.count } : -1
                if length > chosen[family]?.length ?? -2 { chosen[family] = (member, length) }
            }
        }
    }

    func represents(_ id: Int64) -> Bool { chosen[families.family(of: id)].map { $0.id == id } ?? true }
}
