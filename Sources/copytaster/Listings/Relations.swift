// `copytaster relations`: which stories belong together, and why.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Resemblance
internal import Store

struct Relations: ServedCommand, PagedCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the relations between stories, with the rule that decided each.")

    @Option(name: .long, help: ArgumentHelp("Only those of this story.", valueName: "id"))
    var story: Int64?
    @OptionGroup var pager: PagerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    var usesPager: Bool { !pager.noPager && !output.json }

    func run() throws {
        let reader = try shared.reader()
        if let story, try reader.row(story) == nil {
            throw CommandError(
                "there is no story \(story)", hint: "the newest ledger row is \(try reader.lastID())", code: EX_NOINPUT)
        }
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
        repeats.includesParts = true
        try reader.forEachRow(repeats) { row in
            guard let of = row.of, story == nil || story == row.id else { return true }
            let relation = Relation(
                .identical, of: of, resemblance: 1, containment: 1, containmentOf: 1, rule: "The same bytes.")
            all.append(StoreReader.StoryRelation(story: row.id, relation: relation))
            return true
        }
        var passages: (story: Int64, all: [PassageRecord]) = (0, [])
        for stored in all.sorted(by: { $0.story < $1.story }) {
            var record = RelationRecord(
                stored, name: try name(stored.story), ofName: try name(stored.relation.of))
            if passages.story != stored.story { passages = (stored.story, try self.passages(of: stored.story, reader)) }
            let theirs = passages.all.filter { $0.of == stored.relation.of }
            record.passages = theirs.isEmpty ? nil : theirs
            if output.json {
                Output.line(record.jsonLine)
            } else {
                Output.line(
                    "\(record.id) is \(words(for: stored.relation.kind)) \(record.of)"
                        + "  (resemblance \(record.resemblance), containment \(record.containment) / \(record.containmentof))"
                )
                Output.line(Terminal.paint("    \(Terminal.line(record.rule))", .dim))
                for passage in theirs {
                    Output.line(Terminal.paint("    " + passage.sentence("story \(passage.of)"), .dim))
                }
            }
        }
    }

    private func words(for kind: Relation.Kind) -> String {
        switch kind {
        case .related: "related to"
        case .partial: "partly derived from"
        case .version: "a version of"
        default: "\(kind.rawValue) of"
        }
    }

    /// What a story has from earlier ones, passage by passage.
    private func passages(of story: Int64, _ reader: StoreReader) throws -> [PassageRecord] {
        guard let row = try reader.row(story), row.passages != nil, let reading = try reader.document(story)?.reading()
        else { return [] }
        return try PassageRecord.all(of: row, reading) { try reader.document($0)?.reading() }
    }
}
