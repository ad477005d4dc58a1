// Which ledger rows a listing is limited to.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import ReadProtocol
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

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only rows after this one (a number, or a cursor as --json gives it), or files received since a time: "
                + "yesterday, 2h, 2026-11-20, '2026-11-20 14:00'.", valueName: "row|time"))
    var since: String?

    @Option(
        name: .long, help: ArgumentHelp("Only files received before this time; a day counts whole.", valueName: "time"))
    var until: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Only the newest so many; on a terminal, 50 unless given.", valueName: "n"))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1; without it, all are listed.") }
        if let since, ListingEdge(since, isEnd: false) == nil {
            throw ValidationError(
                "--since: '\(since)' is neither a ledger row, nor a cursor, nor a time such as yesterday, 2h, 2026-11-20 or "
                    + "'2026-11-20 14:00'.")
        }
        if let until, ListingEdge(until, isEnd: true) == nil {
            throw ValidationError(
                "--until: '\(until)' is no time such as yesterday, 2h, 2026-11-20 or '2026-11-20 14:00'.")
        }
    }

    private static func verdict(_ text: String) throws -> Verdict {
        guard let verdict = Verdict(rawValue: text) else {
            let all = Verdict.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(text)' is not a verdict; they are \(all).")
        }
        return verdict
    }

    func filter(json: Bool, _ reader: StoreReader) throws -> StoreReader.Filter {
        var filter = StoreReader.Filter()
        filter.verdict = verdict
        filter.source = source.map { Array($0.utf8) }
        filter.name = name.map { Array($0.utf8) }
        switch since.flatMap({ ListingEdge($0, isEnd: false) }) {
        case .cursor(let cursor):
            try cursor.check(reader)
            filter.since = cursor.row
        case .time(let time): filter.from = time
        case nil: break
        }
        if case .time(let time) = until.flatMap({ ListingEdge($0, isEnd: true) }) { filter.until = time }
        filter.newest = limit ?? (Terminal.isInteractive && !json ? 50 : nil)
        return filter
    }

    /// Throws if a source was asked for from which nothing ever came.
    func checkSource(_ reader: StoreReader) throws {
        guard let source else { return }
        var known: Set<String> = []
        var isThere = false
        try reader.forEachRow(StoreReader.Filter()) { row in
            if let found = row.source {
                isThere = found == Array(source.utf8)
                known.insert(PrintableName(found).text)
            }
            return !isThere
        }
        guard !isThere else { return }
        let listed = known.sorted().prefix(20).joined(separator: ", ")
        throw CommandError(
            "no file came from the source '\(source)'",
            hint: known.isEmpty
                ? "a source is a directory of the inbox; all files lay in the inbox itself"
                : "sources are: \(listed)\(known.count > 20 ? " ..." : "")", code: EX_NOINPUT)
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
        case .parts: .cyan
        case .identical, .sameText: .dim
        case .nearDuplicate, .excerpt, .expansion: .yellow
        }
    }
}
