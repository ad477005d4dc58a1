// Parts of a delivery, as they are listed.

internal import Files
internal import Foundation
internal import Resemblance
internal import Store
internal import Story

/// What became of a delivery's parts, in a few words.
struct PartTally {
    let text: String

    init(_ parts: [PartRow]) { self.init(parts.map(\.verdict)) }

    init(_ parts: [LedgerRow]) { self.init(parts.map(\.verdict)) }

    private init(_ verdicts: [Verdict]) {
        let counts = Verdict.allCases.compactMap { verdict -> String? in
            let count = verdicts.count { $0 == verdict }
            return count == 0 ? nil : "\(Terminal.grouped(count)) \(verdict.rawValue)"
        }
        let all = verdicts.count == 1 ? "1 part" : "\(Terminal.grouped(verdicts.count)) parts"
        text = "\(all): \(counts.joined(separator: ", "))"
    }
}

/// A part in the record of its delivery: enough to know whether to ask for it.
struct LedgerPartRecord: Encodable {
    var id: Int64
    var part: Int64
    var name: String
    var nameescaped: Bool?
    var format: String
    var mediatype: String
    var verdict: String
    var of: Int64?
    var size: Int64
    var start: Int64?
    var sha256: String?
    var reason: String?
    var reasoncode: String?

    init(_ row: PartRow) {
        let printable = PrintableName(row.name)
        id = row.id
        part = row.number
        name = printable.text
        nameescaped = printable.isEscaped ? true : nil
        format = row.format
        mediatype = row.mediaType
        verdict = row.verdict.rawValue
        of = row.of
        size = row.size
        start = row.start
        sha256 = row.sha256?.description
        reason = row.reason?.sentence
        reasoncode = row.reason?.code
    }

    static func all(of row: LedgerRow, _ reader: StoreReader) throws -> [LedgerPartRecord]? {
        let parts = try reader.parts(of: row)
        return parts.isEmpty ? nil : parts.map(LedgerPartRecord.init)
    }
}
