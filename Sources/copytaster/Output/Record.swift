// One row or story as JSON: the keys that scripts rely on. Absent values are left out.

internal import Files
internal import Foundation
internal import ReadProtocol
internal import Resemblance
internal import Store
internal import Story
internal import Text

/// A ledger row, with its story where it has one.
struct Record: Encodable {
    /// The version of these lines (docs/json.md).
    static let version = 1

    var version = Record.version
    var id: Int64
    /// Where to go on after this row: `--since`.
    var cursor: String
    var verdict: String
    var of: Int64?
    var family: Int64?
    /// The family's members, earliest first.
    var versions: [Int64]?
    var name: String
    var nameescaped: Bool?
    var size: Int64
    var sha256: String?
    var received: String
    var reason: String?
    var reasoncode: String?
    var hint: String?
    /// Of a part: its delivery, which part of it, and what it was read as.
    var delivery: Int64?
    var part: Int64?
    var format: String?
    var mediatype: String?
    /// Of a delivery that holds several stories.
    var parts: [LedgerPartRecord]?

    var headline: String?
    var displaytitle: String?
    var byline: String?
    var dateline: String?
    var located: String?
    var infosource: [Source]?
    var contentcreated: String?
    var notbefore: String?
    var notafter: String?
    var slugline: String?
    var urgency: Int?
    /// The urgency in the sender's words, where it is none of ninjs' numbers.
    var urgencystated: String?
    var ednote: String?
    var embargoed: String?
    var usageterms: String?
    var copyrightholder: String?
    var language: String?
    var updatekind: String?
    var pubstatus: String?
    var encoding: String?
    var notes: [String]?
    var wordcount: Int?
    var charcount: Int?
    var pictures: [PictureRecord]?
    var body: [String]?
    var evidence: [EvidenceRecord]?
    var relations: [RelationRecord]?
    var passages: [PassageRecord]?
    var redacted: String?
    /// The decoded text, in whose bytes the evidence counts.
    var text: String?
    /// Of a search: where it was found.
    var snippet: String?

    /// An agency, as ninjs has it.
    struct Source: Encodable {
        var name: String
    }

    struct PictureRecord: Encodable {
        var caption: String?
        var credit: String?
        var agency: String?
    }

    struct EvidenceRecord: Encodable {
        var field: String
        var start: Int
        var end: Int
        var rule: String
        var value: String?
    }

    init(_ row: LedgerRow, families: Families?, epoch: String?) {
        let printable = PrintableName(row.name)
        id = row.id
        cursor = Cursor(epoch: epoch, row: row.id).description
        verdict = row.verdict.rawValue
        of = row.of
        family = families?.family(of: row.id)
        name = printable.text
        nameescaped = printable.isEscaped ? true : nil
        size = row.size
        sha256 = row.sha256?.description
        received = Record.time(row.received)
        reason = row.reason?.sentence
        reasoncode = row.reason?.code
        hint = row.reason?.hint
        delivery = row.part?.delivery
        part = row.part?.number
        format = row.part?.format
        mediatype = row.part?.mediaType
    }

    /// Adds what was read; the body and the evidence only where they are wanted.
    /// `status` is the family's.
    mutating func add(_ reading: Reading, whole: Bool, status: String) {
        headline = reading.headline
        displaytitle = reading.displayTitle.isEmpty ? nil : reading.displayTitle
        byline = Record.joined(reading.bylines)
        dateline = reading.dateline
        located = Record.joined(reading.located)
        infosource = reading.infosource.map { [Source(name: $0)] }
        contentcreated = reading.contentCreated
        notbefore = reading.notBefore
        notafter = reading.notAfter
        slugline = reading.slugline
        urgency = reading.urgency.flatMap { Int($0) }.flatMap { (1...9).contains($0) ? $0 : nil }
        urgencystated = urgency == nil ? reading.urgency : nil
        ednote = reading.ednote
        embargoed = reading.embargoed
        usageterms = reading.usageterms
        copyrightholder = reading.copyright
        language = reading.language
        updatekind = reading.updateKind
        pubstatus = status
        pictures = reading.pictures.map { PictureRecord(caption: $0.caption, credit: $0.credit, agency: $0.agency) }
        wordcount = reading.wordCount
        charcount = reading.characterCount
        guard whole else { return }
        encoding = reading.encoding.rawValue
        notes = reading.notes.isEmpty ? nil : reading.notes
        body = reading.body
        evidence = reading.fields.map {
            EvidenceRecord(
                field: $0.kind.rawValue, start: $0.range.lowerBound, end: $0.range.upperBound, rule: $0.rule,
                value: $0.value)
        }
    }

    private static func joined(_ values: [String]) -> String? { values.isEmpty ? nil : values.joined(separator: ", ") }

    static func time(_ microseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(microseconds) / 1_000_000).formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

/// A stored relation.
struct RelationRecord: Encodable {
    var version = Record.version
    var id: Int64
    var name: String?
    var of: Int64
    var ofname: String?
    var kind: String
    var resemblance: Double
    var containment: Double
    var containmentof: Double
    var rule: String
    var passages: [PassageRecord]?

    init(_ stored: StoreReader.StoryRelation, name: String? = nil, ofName: String? = nil) {
        id = stored.story
        self.name = name
        of = stored.relation.of
        ofname = ofName
        kind = stored.relation.kind.rawValue
        resemblance = RelationRecord.rounded(stored.relation.resemblance)
        containment = RelationRecord.rounded(stored.relation.containment)
        containmentof = RelationRecord.rounded(stored.relation.containmentOf)
        rule = stored.relation.rule
    }

    private static func rounded(_ share: Double) -> Double { (share * 10_000).rounded() / 10_000 }
}

extension Encodable {
    /// One line of JSON, keys in alphabetical order.
    var jsonLine: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { preconditionFailure("records always encode") }
        return String(decoding: data, as: UTF8.self)
    }
}
