// `copytaster diff A B`: two stories word by word; also the field-by-field differences that `reparse` shows.

internal import ArgumentParser
internal import Foundation
internal import Resemblance
internal import Store
internal import Story
internal import Text

struct Diff: ServedCommand, PagedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show two versions of a story word by word.",
        discussion:
            "What only the first has is in [-brackets-], what only the second has in {+braces+}; in colour on a terminal."
    )

    @Argument(help: "The first story's number.")
    var first: Int64
    @Argument(help: "The second story's number.")
    var second: Int64
    @OptionGroup var output: OutputOptions
    @OptionGroup var pager: PagerOptions
    @OptionGroup var shared: SharedOptions

    var usesPager: Bool { !pager.noPager }

    func run() throws {
        let reader = try shared.reader()
        let readings = try [first, second].map { id in
            guard let row = try reader.row(id), let document = try reader.text(of: row) else {
                throw CommandError(
                    "story \(id) has no text", hint: "`copytaster list` shows those that have", code: EX_NOINPUT)
            }
            return try document.reading()
        }
        if output.json { return Output.line(DifferenceRecord(first, second, readings[0], readings[1]).jsonLine) }
        for (field, old, new) in FieldDifference.between(readings[0], readings[1]) {
            Output.line("\(field): " + WordDifference(old ?? "", new ?? "").painted)
        }
        let bodies = readings.map { $0.body.joined(separator: "\n\n") }
        Output.line("\n" + WordDifference(bodies[0], bodies[1]).painted)
    }
}

/// Two stories as JSON: runs of words that both have, or one of them.
struct DifferenceRecord: Encodable {
    struct Field: Encodable {
        var field: String
        var runs: [WordDifference.Run]
    }

    var version = Record.version
    var first, second: Int64
    var fields: [Field]
    var body: [WordDifference.Run]

    init(_ first: Int64, _ second: Int64, _ a: Reading, _ b: Reading) {
        (self.first, self.second) = (first, second)
        fields = FieldDifference.between(a, b).map { field, old, new in
            Field(field: field, runs: WordDifference(old ?? "", new ?? "").runs)
        }
        let bodies = [a, b].map { $0.body.joined(separator: "\n\n") }
        body = WordDifference(bodies[0], bodies[1]).runs
    }
}

extension WordDifference.Run: Encodable {
    enum CodingKeys: CodingKey { case both, first, second }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .both(let text): try container.encode(text, forKey: .both)
        case .first(let text): try container.encode(text, forKey: .first)
        case .second(let text): try container.encode(text, forKey: .second)
        }
    }
}

/// Two texts merged, word by word.
struct WordDifference {
    enum Run: Equatable {
        case both(String), first(String), second(String)
    }

    private(set) var runs: [Run] = []

    init(_ first: String, _ second: String) {
        let (a, b) = (Self.words(first), Self.words(second))
        var (i, j) = (0, 0)
        for (mine, theirs) in WordMatches.between(a, b) + [(a.count, b.count)] {
            for word in a[i..<mine] { add(.first(word)) }
            for word in b[j..<theirs] { add(.second(word)) }
            if theirs < b.count { add(.both(b[theirs])) }
            (i, j) = (mine + 1, theirs + 1)
        }
    }

    /// Words with the white space behind them; letters of scripts without spaces one by one.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text {
            let isWide = Terminal.columns(of: character) == 2
            if isWide || (!character.isWhitespace && word.last?.isWhitespace == true) {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            word.append(character)
            if isWide {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private mutating func add(_ run: Run) {
        switch (runs.last, run) {
        case (.both(let text)?, .both(let more)): runs[runs.count - 1] = .both(text + more)
        case (.first(let text)?, .first(let more)): runs[runs.count - 1] = .first(text + more)
        case (.second(let text)?, .second(let more)): runs[runs.count - 1] = .second(text + more)
        default: runs.append(run)
        }
    }

    var painted: String {
        runs.map { run in
            switch run {
            case .both(let text): Terminal.safe(text)
            case .first(let text): mark("[-", text, "-]", .red)
            case .second(let text): mark("{+", text, "+}", .green)
            }
        }.joined()
    }

    /// The marks stand close to the words, the white space outside.
    private func mark(_ open: String, _ text: String, _ close: String, _ style: Terminal.Style) -> String {
        let safe = Terminal.safe(text)
        let core = safe.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !core.isEmpty, let range = safe.range(of: core) else { return safe }
        return safe[..<range.lowerBound] + Terminal.paint(open + core + close, style) + safe[range.upperBound...]
    }
}

/// Which fields two readings state differently.
enum FieldDifference {
    static func between(_ old: Reading, _ new: Reading) -> [(field: String, old: String?, new: String?)] {
        let (before, after) = (values(old), values(new))
        return Set(before.keys).union(after.keys).sorted().compactMap { key in
            before[key] == after[key] ? nil : (key, before[key], after[key])
        }
    }

    /// Everything but the body, as text.
    private static func values(_ reading: Reading) -> [String: String] {
        var values: [String: String] = ["encoding": reading.encoding.rawValue]
        for field in reading.fields where field.kind != .paragraph && field.kind != .boilerplate {
            let text = reading.string(of: field)
            values[field.kind.rawValue] = values[field.kind.rawValue].map { $0 + "; " + text } ?? text
        }
        return values
    }

    static func bodyDiffers(_ old: Reading, _ new: Reading) -> Bool { old.body != new.body }
}
