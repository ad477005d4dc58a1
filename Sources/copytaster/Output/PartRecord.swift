// One part of a delivery as JSON: what `read --json` prints.

internal import Foundation
internal import Parts
internal import Story

/// A part, or why a delivery has none.
struct PartRecord: Encodable {
    var version = 1
    var file: String
    var name: String?
    var format: String?
    var mediatype: String?
    var size: Int?
    var status: String
    var reason: String?
    var reasoncode: String?
    var hint: String?
    /// The fields by their names, each with all its values, in the order of the text.
    var fields: [String: [String]]?
    var body: [String]?
    var notes: [String]?
    var evidence: [Record.EvidenceRecord]?

    init(_ rejection: PartRejection, of file: String) {
        self.file = file
        status = "rejected"
        reason = rejection.sentence
        reasoncode = rejection.code
        hint = rejection.hint
    }

    init(_ part: Part, of file: String, evidence: Bool) {
        if case .rejected(let rejection) = part.content {
            self.init(rejection, of: file)
        } else {
            self.init(file: file, status: "story")
        }
        name = part.name
        format = part.format.rawValue
        mediatype = part.mediaType
        size = part.bytes.count
        switch part.content {
        case .rejected: return
        case .kept(let reading):
            status = "kept"
            add(reading, evidence: evidence)
        case .story(let reading): add(reading, evidence: evidence)
        }
    }

    private init(file: String, status: String) {
        self.file = file
        self.status = status
    }

    private mutating func add(_ reading: Reading, evidence: Bool) {
        var values: [String: [String]] = [:]
        for field in reading.fields where field.kind != .paragraph {
            values[field.kind.rawValue, default: []].append(reading.string(of: field))
        }
        fields = values
        body = reading.body
        notes = reading.notes.isEmpty ? nil : reading.notes
        guard evidence else { return }
        self.evidence = reading.fields.map {
            Record.EvidenceRecord(
                field: $0.kind.rawValue, start: $0.range.lowerBound, end: $0.range.upperBound, rule: $0.rule,
                value: $0.value)
        }
    }
}
