// `copytaster search`: stories by their words and facts (docs/search.md).

internal import ArgumentParser
internal import Foundation
internal import Query
internal import Store
internal import Story

struct Search: ServedCommand, PagedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find stories by their words and facts, the newest first.",
        discussion: """
            Words must all occur; "words in quotes" must follow each other; word* is a beginning. OR, NOT (or -), AND and \
            brackets combine them. Fields: headline: byline: place: agency: caption: body: language: verdict: \
            date:2024-07..2024-08 received:yesterday. Put the whole query into single quotes, so that the shell leaves it \
            as it is. Case, accents, simplified or traditional Chinese, Arabic and Hebrew vowel signs make no difference. \
            Exit codes: 0 found, 1 nothing found, 64 not a query.
            """)

    @Argument(help: "What to look for.")
    var query: [String]
    @Option(name: .long, help: ArgumentHelp("How many at most.", valueName: "n"))
    var limit = 20
    @Option(name: .long, help: ArgumentHelp("Go on where the page before this one ended.", valueName: "n"))
    var page = 1
    @Option(
        name: .long,
        help: ArgumentHelp(
            "newest or oldest (by arrival), date (the one that the story states, latest first), or best (the best of the "
                + "newest 5,000 matches, by bm25).", valueName: "order"),
        completion: .list(SearchSort.allCases.map(\.rawValue)), transform: Search.sort)
    var sort = SearchSort.newest
    @Flag(name: .long, help: "The same as --sort best.")
    var best = false
    @OptionGroup var pager: PagerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    var usesPager: Bool { !pager.noPager && !output.json }

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is at least 1.") }
        if page < 1 { throw ValidationError("--page is at least 1.") }
    }

    private static func sort(_ text: String) throws -> SearchSort {
        guard let sort = SearchSort(rawValue: text) else {
            let all = SearchSort.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(text)' is no order; they are \(all).")
        }
        return sort
    }

    /// Counting ends here: whoever finds so many will ask for less.
    private static let countsUpTo = 100_000

    func run() throws {
        let typed = TypedQuery(query)
        let query = try typed.read()
        let reader = try shared.reader()
        let isInteractive = Terminal.isInteractive && !output.json
        let offset = limit.multipliedReportingOverflow(by: page - 1)
        let result = try reader.search(
            SearchRequest(
                query, sort: best ? .best : sort, limit: limit, offset: offset.overflow ? .max : offset.partialValue,
                countsUpTo: isInteractive ? Self.countsUpTo : nil))
        try print(result.ids, query, reader)
        if isInteractive, let total = result.total, total > result.ids.count, !result.ids.isEmpty {
            Output.line(Terminal.paint(count(result, total, offset.partialValue), .dim))
        }
        Output.flush()
        if result.behind > 0 {
            Terminal.tell("copytaster: the newest \(Terminal.grouped(result.behind)) files are not indexed yet\n")
        }
        guard result.ids.isEmpty else { return }
        if page > 1 {
            Terminal.tell("copytaster: there is no page \(page)\n")
        } else {
            Terminal.tell("copytaster: no story matches\n")
            let near = try reader.nearestWords(query)
            if !near.isEmpty { Terminal.tell("  did you mean \(Terminal.line(typed.replacing(near)))?\n") }
        }
        throw ExitCode(1)
    }

    private func print(_ ids: [Int64], _ query: SearchQuery, _ reader: StoreReader) throws {
        let families = output.json ? try reader.families() : nil
        let epoch = try reader.epoch()
        let withdrawals = try reader.withdrawals { try families ?? reader.families() }
        for id in ids {
            guard let row = try reader.row(id) else { continue }
            let reading = try reader.document(id)?.reading()
            let snippet =
                output.json || Terminal.isInteractive
                ? reading.flatMap { StoreReader.snippet(of: $0, for: query) } : nil
            let status = withdrawals.status(of: id)
            if output.json {
                var record = Record(row, families: families, epoch: epoch)
                if let reading { record.add(reading, whole: false, status: status) }
                record.snippet = snippet?.marked
                Output.line(record.jsonLine)
            } else {
                Output.line(StoryLine(row, reading, status: status).text)
                if let snippet { Output.line("         " + snippet.painted) }
            }
        }
    }

    private func count(_ result: SearchResult, _ total: Int, _ offset: Int) -> String {
        let from = page > 1 ? "\(Terminal.grouped(offset + 1)) to \(Terminal.grouped(offset + result.ids.count))" : nil
        let all = total < Self.countsUpTo ? Terminal.grouped(total) : "more than \(Terminal.grouped(total))"
        let isLast = offset + result.ids.count >= total
        return "\(from ?? Terminal.grouped(result.ids.count)) of \(all)"
            + (isLast ? "" : "; --page \(page + 1) goes on")
    }
}

extension Snippet {
    /// As JSON gives it: `<mark>` around what matched, and the text's own `&`, `<` and `>` as HTML writes them.
    var marked: String {
        rendered { piece, isMatch in
            let escaped = piece.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            return isMatch ? "<mark>\(escaped)</mark>" : escaped
        }
    }

    /// As a terminal shows it.
    var painted: String {
        rendered { Terminal.paint(Terminal.line($0), $1 ? .bold : .dim) }
    }
}

/// A query as it was typed.
struct TypedQuery {
    let text: String

    /// A shell has taken the quotes of a phrase: one of several arguments that has spaces is one.
    init(_ arguments: [String]) {
        text = arguments.count == 1 ? arguments[0] : arguments.map(TypedQuery.quoted).joined(separator: " ")
    }

    private static func quoted(_ argument: String) -> String {
        guard argument.contains(where: \.isWhitespace), !argument.contains(where: { "\"“”„()".contains($0) }) else {
            return argument
        }
        // What stands before the phrase: `-`, or a field.
        var head = argument.prefix { $0 == "-" || $0 == "\u{2212}" }
        let field = argument[head.endIndex...].prefix { $0.isASCII && $0.isLetter }
        if !field.isEmpty, argument[field.endIndex...].first == ":" {
            head = argument[..<argument.index(after: field.endIndex)]
        }
        return head + "\"" + argument[head.endIndex...] + "\""
    }

    func read() throws -> SearchQuery {
        do throws(QueryError) {
            return try SearchQuery(text, at: QueryMoment(zone: Console.now.timeZone))
        } catch {
            throw CommandError(error.description, hint: pointing(error) + error.hint, code: EX_USAGE)
        }
    }

    /// The query, with the place marked in a line below it.
    private func pointing(_ error: QueryError) -> String {
        let bytes = Array(text.utf8)
        func columns(_ range: Range<Int>) -> Int {
            Terminal.columns(
                of: Terminal.line(String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)))
        }
        guard !bytes.isEmpty else { return "" }
        // Of a long query, what stands around the place.
        let room = Terminal.width - 8
        var start = 0
        if columns(0..<min(bytes.count, error.place.upperBound + 20)) > room {
            start = max(0, error.place.lowerBound - room / 3)
            while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        }
        let shown = Terminal.line(String(decoding: bytes[start...], as: UTF8.self), width: room)
        let before = min(columns(start..<max(start, error.place.lowerBound)), room)
        let marks = max(1, min(columns(error.place), room - before))
        return shown + "\n  " + String(repeating: " ", count: before) + String(repeating: "^", count: marks) + "\n  "
    }

    /// The query with other words in the place of some.
    func replacing(_ words: [(typed: String, nearest: String)]) -> String {
        var bytes = Array(text.utf8)
        let folded = FoldedText(bytes, keepsWords: true)
        for word in folded.words.reversed() {
            let typed = String(decoding: folded.folded(word), as: UTF8.self)
            guard let other = words.first(where: { $0.typed == typed }) else { continue }
            bytes.replaceSubrange(word.place, with: other.nearest.utf8)
        }
        return String(decoding: bytes, as: UTF8.self).replacing("\u{2212}", with: "-")
    }

    /// The arguments of this program, where those of `search` that begin with a hyphen, and are no option, begin with a
    /// minus sign instead: `search cocoa -coffee`.
    static func withMinusSigns(_ arguments: [String]) -> [String] {
        guard arguments.first == "search" else { return arguments }
        return arguments.map {
            $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.count > 1 && $0 != "-h" ? "\u{2212}" + $0.dropFirst() : $0
        }
    }
}
