// The commands that look at the archive: list, ledger, show, search, relations.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Resemblance
internal import Store
internal import Story

/// The rows that a listing is limited to.
struct FilterOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("Only files with this verdict.", valueName: "verdict"),
        completion: .list(Verdict.allCases.map(\.rawValue)), transform: FilterOptions.verdict)
    var verdict: Verdict?

    @Option(
        name: .long,
        help: ArgumentHelp("Only files of this source: the first directory of their name.", valueName: "source"))
    var source: String?

    @Option(name: .long, help: ArgumentHelp("Only files with this text in their name.", valueName: "text"))
    var name: String?

    @Option(name: .long, help: ArgumentHelp("Only rows after this one.", valueName: "id"))
    var since: Int64 = 0

    @Option(
        name: .long,
        help: ArgumentHelp("Only the newest so many; on a terminal, 50 unless given.", valueName: "n"))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1; without it, all are listed.") }
        if since < 0 { throw ValidationError("--since is a ledger row's number.") }
    }

    private static func verdict(_ text: String) throws -> Verdict {
        guard let verdict = Verdict(rawValue: text) else {
            let all = Verdict.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(text)' is not a verdict; they are \(all).")
        }
        return verdict
    }

    func filter(json: Bool) -> StoreReader.Filter {
        var filter = StoreReader.Filter()
        filter.verdict = verdict
        filter.source = source.map { Array($0.utf8) }
        filter.name = name.map { Array($0.utf8) }
        filter.since = since
        filter.newest = limit ?? (Terminal.isInteractive && !json ? 50 : nil)
        return filter
    }
}

extension StoreReader {
    /// Hands rows to `body`, oldest first, also where only the newest are wanted.
    func forEachRowInOrder(_ filter: Filter, _ body: (LedgerRow) throws -> Void) throws {
        guard filter.newest != nil else {
            return try forEachRow(filter) {
                try body($0)
                return true
            }
        }
        var rows: [LedgerRow] = []
        try forEachRow(filter) {
            rows.append($0)
            return true
        }
        for row in rows.reversed() { try body(row) }
    }

    /// The row that holds the text for a row: itself, or for identical bytes the one that it repeats.
    func text(of row: LedgerRow) throws -> StoredDocument? {
        try document(row.verdict == .identical ? row.of ?? row.id : row.id)
    }
}

extension Verdict {
    var style: Terminal.Style {
        switch self {
        case .new: .green
        case .rejected: .red
        case .identical, .sameText: .dim
        case .nearDuplicate, .excerpt, .expansion: .yellow
        }
    }
}

struct List: ServedCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the stories in the archive.",
        discussion: "Every listing shows a story's verdict, its date as stated, its title and its file.")

    @OptionGroup var filterOptions: FilterOptions
    @Flag(name: .long, help: "One story a family: the fullest usable text.")
    var unique = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let reader = try shared.reader()
        var filter = filterOptions.filter(json: output.json)
        filter.storiesOnly = true
        let families = try reader.families()
        let withdrawals = try reader.withdrawals { families }
        let fullest = unique ? try Fullest(reader, families) : nil
        try reader.forEachRowInOrder(filter) { row in
            if let fullest, !fullest.represents(row.id) { return }
            try print(row, reader, families, withdrawals)
        }
    }

    private func print(
        _ row: LedgerRow, _ reader: StoreReader, _ families: Families, _ withdrawals: Withdrawals
    ) throws {
        let reading = try reader.document(row.id)?.reading()
        if output.json {
            var record = Record(row, families: families)
            if let reading { record.add(reading, whole: false, status: withdrawals.status(of: row.id)) }
            return Output.line(record.jsonLine)
        }
        Output.line(StoryLine(row, reading, status: withdrawals.status(of: row.id)).text)
    }
}

/// One story in one line of a listing.
struct StoryLine {
    let text: String

    init(_ row: LedgerRow, _ reading: Reading?, status: String) {
        let title = reading.map(\.displayTitle) ?? "(text removed)"
        let status = status == "usable" ? "" : "[\(status)] "
        let front =
            Terminal.padded("\(row.id)", 7, right: true) + "  "
            + Terminal.paint(Terminal.padded(row.verdict.rawValue, 14), row.verdict.style) + "  "
            + Terminal.padded(reading?.contentCreated ?? "", 10) + "  "
        let room = max(24, Terminal.width - 37)
        let name = PrintableName(row.name).text
        let nameRoom = min(28, max(12, room / 3))
        text =
            front + Terminal.padded(Terminal.line(status + title, width: room - nameRoom - 2), room - nameRoom - 2)
            + "  "
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

struct Ledger: ServedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what became of each delivered file.",
        discussion: "One row a file, in the order of commits. --follow waits for more, for downstream programs.")

    @OptionGroup var filterOptions: FilterOptions
    @Flag(name: .long, help: "Go on with new rows as they are committed.")
    var follow = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let reader = try shared.reader()
        var filter = filterOptions.filter(json: output.json)
        var last = filter.since
        // What is known of the families, and up to which row: those that come later only add to it.
        var known = try reader.lastID()
        var families = output.json ? try reader.families() : Families()
        try reader.forEachRowInOrder(filter) { row in
            print(row, families)
            last = max(last, row.id)
        }
        guard follow else { return }
        filter.newest = nil
        while true {
            Output.mark(last)
            try Console.now.pause(0.5)
            filter.since = last
            let newest = try reader.lastID()
            guard newest > last else { continue }
            if output.json, newest > known { try reader.extend(&families, by: known + 1...newest) }
            known = max(known, newest)
            try reader.forEachRowInOrder(filter) { row in
                if row.id <= newest { print(row, families) }
            }
            last = newest
        }
    }

    private func print(_ row: LedgerRow, _ families: Families) {
        if output.json { return Output.line(Record(row, families: families).jsonLine) }
        var what = row.verdict.rawValue
        if let of = row.of { what += " of \(of)" }
        var line =
            Terminal.padded("\(row.id)", 7, right: true) + "  " + Terminal.time(row.received) + "  "
            + Terminal.paint(Terminal.padded(what, 22), row.verdict.style) + "  "
            + PrintableName(row.name).text
        if let reason = row.reason { line += Terminal.paint("  (\(Terminal.line(reason.sentence)))", .dim) }
        Output.line(line)
    }
}

struct Search: ServedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find stories by their words, the newest first.",
        discussion: """
            Every word must occur; "words in quotes" must follow each other; word* is a beginning. Chinese, Japanese, \
            Thai, Lao, Burmese and Khmer are found by any run of their letters.
            """)

    @Argument(help: "What to look for.")
    var query: [String]
    @Option(name: .long, help: ArgumentHelp("How many at most.", valueName: "n"))
    var limit = 20
    @Flag(name: .long, help: "The best matches first (bm25 over the newest 5,000).")
    var best = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is at least 1.") }
    }

    func run() throws {
        let reader = try shared.reader()
        // A shell has taken the quotes of a phrase: an argument with spaces is one.
        let typed =
            query.count == 1 ? query[0] : query.map { $0.contains(" ") ? "\"\($0)\"" : $0 }.joined(separator: " ")
        let result = try reader.search(typed, limit: limit, best: best)
        let families = output.json ? try reader.families() : nil
        let withdrawals = try reader.withdrawals { try families ?? reader.families() }
        for id in result.ids {
            guard let row = try reader.row(id) else { continue }
            let reading = try reader.document(id)?.reading()
            if output.json {
                var record = Record(row, families: families)
                if let reading { record.add(reading, whole: false, status: withdrawals.status(of: id)) }
                Output.line(record.jsonLine)
            } else {
                Output.line(StoryLine(row, reading, status: withdrawals.status(of: id)).text)
            }
        }
        Output.flush()
        if result.behind > 0 {
            Terminal.tell("copytaster: the newest \(result.behind) files are not indexed yet\n")
        }
        if result.ids.isEmpty { throw ExitCode(1) }
    }
}

struct Relations: ServedCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the relations between stories, with the rule that decided each.")

    @Option(name: .long, help: ArgumentHelp("Only those of this story.", valueName: "id"))
    var story: Int64?
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let reader = try shared.reader()
        var names: [Int64: String] = [:]
        func name(_ id: Int64) throws -> String? {
            if let known = names[id] { return known }
            let name = try reader.row(id).map { PrintableName($0.name).text }
            names[id] = name
            return name
        }
        var all: [StoreReader.StoryRelation] = []
        try reader.forEachRelation(of: story) { all.append($0) }
        var repeats = StoreReader.Filter()
        repeats.verdict = .identical
        try reader.forEachRow(repeats) { row in
            guard let of = row.of, story == nil || story == row.id else { return true }
            let relation = Relation(
                .identical, of: of, resemblance: 1, containment: 1, containmentOf: 1, rule: "The same bytes.")
            all.append(StoreReader.StoryRelation(story: row.id, relation: relation))
            return true
        }
        for stored in all.sorted(by: { $0.story < $1.story }) {
            let record = RelationRecord(
                stored, name: try name(stored.story), ofName: try name(stored.relation.of))
            if output.json {
                Output.line(record.jsonLine)
            } else {
                Output.line(
                    "\(record.id) is \(record.kind == "related" ? "related to" : "\(record.kind) of") \(record.of)"
                        + "  (resemblance \(record.resemblance), containment \(record.containment) / \(record.containmentof))"
                )
                Output.line(Terminal.paint("    \(Terminal.line(record.rule))", .dim))
            }
        }
    }
}
