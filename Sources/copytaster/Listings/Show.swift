// `copytaster show`: one story, as a person reads it; its fields painted in the original; or its bytes.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Resemblance
internal import Store
internal import Story
internal import Text

struct Show: ServedCommand, PagedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show one story: its fields, its text, its relations; or its original bytes.")

    @Argument(help: "The story's number, as list and ledger print it; 12.3 is part 3 of delivery 12.")
    var story: StoryNumber
    @Flag(name: .long, help: "Show the latest usable version of the story instead.")
    var latest = false
    @Flag(name: .long, help: "Give back the original bytes, exactly as they were delivered.")
    var raw = false
    @Flag(name: .long, help: "Paint the original text with its fields in colour, and list the rule behind each.")
    var evidence = false
    @Flag(name: .long, help: "Tell for each paragraph which earlier story has it, and where.")
    var sources = false
    @OptionGroup var pager: PagerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    var usesPager: Bool { !pager.noPager && !output.json && !raw }

    func run() throws {
        let reader = try shared.reader()
        let asked = try story.id(in: reader)
        let id = latest ? try latestVersion(asked, reader.families(), reader) : asked
        guard let row = try reader.row(id) else {
            throw CommandError(
                "there is no story \(id)", hint: "the newest ledger row is \(try reader.lastID())", code: EX_NOINPUT)
        }
        let document = try reader.text(of: row)
        if raw {
            guard let document else { throw try missing(row, reader) }
            return Output.write(document.bytes)
        }
        if output.json { return Output.line(try record(row, document, reader).jsonLine) }
        if row.verdict == .parts { return try showParts(of: row, reader) }
        guard let document else {
            header(row)
            throw try missing(row, reader)
        }
        let reading = try document.reading()
        if evidence { return EvidencePainter(reading).paint() }
        if sources { return try showSources(row, reading, reader) }
        header(row)
        let families = try reader.families()
        try standing(row, families, reader)
        fields(reading)
        for paragraph in reading.body { Output.line("\n" + Terminal.safe(paragraph)) }
        try relations(row, families, reader)
    }

    private func missing(_ row: LedgerRow, _ reader: StoreReader) throws -> CommandError {
        if row.verdict == .parts {
            return CommandError(
                "delivery \(row.id) is not kept as a whole: its parts are stories \(row.partIDs.lowerBound) to \(row.partIDs.upperBound - 1)",
                hint:
                    "`copytaster show --raw \(row.partIDs.lowerBound)` gives the first; formats.keepcontainers keeps such files from then on",
                code: EX_NOINPUT)
        }
        if let reason = row.reason {
            return CommandError(
                "\(row.part == nil ? "row" : "part") \(row.id) was rejected: \(reason.sentence)",
                hint: "\(reason.hint); the file lies in rejected/\(row.part?.delivery ?? row.id)",
                code: EX_NOINPUT)
        }
        if row.verdict == .identical, let of = row.of, try reader.row(of)?.verdict == .parts {
            return CommandError(
                "row \(row.id) is the same file as delivery \(of), which holds parts",
                hint: "`copytaster show \(of)` lists them", code: EX_NOINPUT)
        }
        let act = try reader.auditLog(about: row.verdict == .identical ? row.of : row.id).last { $0.kind == "redact" }
        return CommandError(
            "the text of story \(row.id) was removed on \(act.map { Terminal.time($0.at) } ?? "an unknown date")",
            hint: act.map { "the reason given: \($0.detail)" }, code: EX_NOINPUT)
    }

    private func record(_ row: LedgerRow, _ document: StoredDocument?, _ reader: StoreReader) throws -> Record {
        let families = try reader.families()
        var record = Record(row, families: families, epoch: try reader.epoch())
        if let document {
            let status = try reader.withdrawals { families }.status(of: row.id)
            let reading = try document.reading()
            record.add(reading, whole: true, status: status)
            if evidence { record.text = String(decoding: reading.text, as: UTF8.self) }
            let passages = try PassageRecord.all(of: row, reading) { try reader.document($0)?.reading() }
            record.passages = passages.isEmpty ? nil : passages
        }
        var relations: [RelationRecord] = []
        try reader.forEachRelation(of: row.id) { relations.append(RelationRecord($0)) }
        record.relations = relations.isEmpty ? nil : relations
        record.parts = try LedgerPartRecord.all(of: row, reader)
        record.versions = families.members()[families.family(of: row.id)] ?? [row.id]
        record.redacted = try reader.auditLog(about: row.id).last { $0.kind == "redact" }?.detail
        return record
    }

    /// The paragraphs, and under each that an earlier story has, which story that is.
    private func showSources(_ row: LedgerRow, _ reading: Reading, _ reader: StoreReader) throws {
        header(row)
        var names: [Int64: String] = [:]
        let passages = try PassageRecord.all(of: row, reading) { id in
            let source = try reader.document(id)?.reading()
            let agency = source.flatMap { $0.infosource ?? $0.bylines.first }.map { " (\($0))" } ?? ""
            let day =
                try Terminal.statedDate(source?.contentCreated) ?? reader.row(id).map { Terminal.time($0.received) }
                ?? ""
            names[id] = "story \(id)\(agency), \(day)"
            return source
        }
        if passages.isEmpty, let of = row.of {
            return line("sources", "the whole text is story \(of)'s", note: row.verdict.rawValue)
        }
        for (index, paragraph) in reading.body.enumerated() {
            Output.line("\n" + Terminal.safe(paragraph))
            for passage in passages where passage.firstparagraph == index + 1 {
                Output.line(
                    Terminal.paint("    " + passage.sentence(names[passage.of] ?? "story \(passage.of)"), .cyan))
            }
        }
        if passages.isEmpty { line("sources", "no earlier story has passages of it") }
    }

    private func header(_ row: LedgerRow) {
        var what = row.verdict.rawValue
        if let of = row.of { what += " of \(of)" }
        line(row.verdict == .parts ? "delivery" : "story", "\(row.id)  \(what)", row.verdict.style)
        line("file", PrintableName(row.name).text)
        if let part = row.part {
            line("part", "\(part.number) of delivery \(part.delivery)")
            line("format", "\(part.format)  \(part.mediaType)", note: part.isKept ? "kept as it is, not read" : nil)
        }
        line("received", Terminal.time(row.received) + "  \(Terminal.grouped(row.size)) bytes")
        if let digest = row.sha256 { line("sha256", digest.description) }
    }

    /// A delivery with several stories: a line for each.
    private func showParts(of row: LedgerRow, _ reader: StoreReader) throws {
        header(row)
        if let reason = row.reason { line("rejected", reason.sentence, .red, note: reason.hint) }
        let parts = try reader.parts(of: row)
        line("parts", PartTally(parts).text)
        Output.line("")
        for part in parts {
            let partRow = LedgerRow(part, of: row)
            let reading = try reader.text(of: partRow)?.reading()
            var title = part.reason?.sentence ?? reading.map(\.displayTitle) ?? "(text removed)"
            if title.isEmpty, part.isKept { title = part.mediaType }
            let what = part.verdict.rawValue + (part.of.map { " of \($0)" } ?? "")
            Output.line(
                Terminal.padded("\(part.id)", 7, right: true) + "  "
                    + Terminal.paint(Terminal.padded(what, 22), part.verdict.style) + "  "
                    + Terminal.padded(PrintableName(part.name).text, 24) + "  " + Terminal.line(title))
        }
    }

    private func fields(_ reading: Reading) {
        if let headline = reading.headline {
            line("headline", headline, .bold)
        } else if !reading.displayTitle.isEmpty {
            line("title", reading.displayTitle, .bold, note: "derived from the body")
        }
        for byline in reading.bylines { line("byline", byline) }
        line("date", Terminal.statedDate(reading.contentCreated))
        line("not before", Terminal.statedDate(reading.notBefore))
        line("not after", Terminal.statedDate(reading.notAfter))
        line("dateline", reading.dateline)
        for place in reading.located { line("located", place) }
        line("agency", reading.infosource)
        line("slugline", reading.slugline)
        line("urgency", reading.urgency)
        line("ednote", reading.ednote)
        line("embargoed", reading.embargoed)
        line("update", reading.updateKind)
        line("language", reading.language)
        line("usage", reading.usageterms)
        for picture in reading.pictures {
            line("picture", (picture.caption ?? "") + (picture.credit.map { "  [\($0)]" } ?? ""))
        }
        line("encoding", reading.encoding.rawValue)
        for note in reading.notes { line("note", note) }
    }

    private func line(_ label: String, _ value: String?, _ style: Terminal.Style? = nil, note: String? = nil) {
        guard let value else { return }
        let text = Terminal.line(value)
        Output.line(
            Terminal.paint(Terminal.padded(label, 11) + (label.count > 10 ? " " : ""), .dim)
                + (style.map { Terminal.paint(text, $0) } ?? text)
                + (note.map { Terminal.paint("  (\($0))", .dim) } ?? ""))
    }

    /// Whether the story still stands, and which version to use.
    private func standing(_ row: LedgerRow, _ families: Families, _ reader: StoreReader) throws {
        let status = try reader.withdrawals { families }.status(of: row.id)
        guard status == "usable" else {
            return line("status", status, .red, note: "withdrawn by its agency; kept in the archive")
        }
        let latest = try latestVersion(row.id, families, reader)
        if latest > row.id { line("latest", "story \(latest) is the latest version", note: "show --latest \(row.id)") }
    }

    /// The newest member of the family that has a usable text of its own.
    private func latestVersion(_ id: Int64, _ families: Families, _ reader: StoreReader) throws -> Int64 {
        for member in (families.members()[families.family(of: id)] ?? []).reversed() {
            guard let reading = try reader.document(member)?.reading() else { continue }
            if (reading.pubStatus ?? "usable") == "usable" { return member }
        }
        return id
    }

    private func relations(_ row: LedgerRow, _ families: Families, _ reader: StoreReader) throws {
        var relations: [StoreReader.StoryRelation] = []
        try reader.forEachRelation(of: row.id) { relations.append($0) }
        let members = families.members()[families.family(of: row.id)] ?? []
        if !relations.isEmpty || members.count > 1 { Output.line("") }
        for relation in relations {
            let kind = relation.relation.kind
            line(
                kind == .version ? "version" : kind.rawValue,
                "\(kind.makesFamily ? "of" : "to") \(relation.relation.of): \(relation.relation.rule)")
        }
        if members.count > 1 {
            line("versions", members.map { $0 == row.id ? "[\($0)]" : "\($0)" }.joined(separator: " "))
        }
    }
}

/// The original text with its fields in colour.
struct EvidencePainter {
    let reading: Reading

    init(_ reading: Reading) { self.reading = reading }

    func paint() {
        let text = reading.text
        var position = 0
        for field in reading.fields.sorted(by: {
            ($0.range.lowerBound, -$0.range.count) < ($1.range.lowerBound, -$1.range.count)
        }) {
            guard field.range.lowerBound >= position, field.range.upperBound <= text.count else { continue }
            plain(text[position..<field.range.lowerBound])
            let inner = String(decoding: text[field.range], as: UTF8.self)
            Output.write(Array(Terminal.paint(Terminal.safe(inner), style(of: field.kind)).utf8))
            position = field.range.upperBound
        }
        plain(text[position...])
        Output.line("")
        for field in reading.fields {
            Output.line(
                Terminal.paint(Terminal.padded(field.kind.rawValue, 15), style(of: field.kind))
                    + Terminal.padded("\(field.range.lowerBound)..<\(field.range.upperBound)", 14)
                    + Terminal.padded(field.rule, 26) + Terminal.line(field.value ?? ""))
        }
    }

    private func plain(_ bytes: ArraySlice<UInt8>) {
        Output.write(Array(Terminal.safe(String(decoding: bytes, as: UTF8.self)).utf8))
    }

    private func style(of kind: Field.Kind) -> Terminal.Style {
        switch kind {
        case .headline, .displaytitle: .bold
        case .dateline, .located, .infosource: .cyan
        case .contentcreated, .notbefore, .notafter, .embargoed: .green
        case .byline: .yellow
        case .caption, .credit: .magenta
        case .paragraph: .blue
        default: .dim
        }
    }
}
