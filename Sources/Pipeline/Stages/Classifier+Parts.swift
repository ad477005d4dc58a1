// What is decided of a file with several stories: each part is judged like a file of its own, one after the other, so that a
// part knows the ones before it; then the delivery's row seals them.

internal import Files
internal import Inbox
internal import Resemblance
internal import Store

extension Classifier {
    /// Parts between two signs of life.
    private static let pulseEvery = 64

    /// The row of a delivery, with those of its parts: they have the numbers from the row's on, and it the one behind.
    func decide(
        _ read: ReadParts, _ delivery: Delivery, _ row: LedgerRow, _ log: inout LookupLog
    ) throws(StoreError) -> (entry: StoreEntry, outcome: Outcome) {
        var row = row
        (row.sha256, row.size) = (read.whole.sha256, read.whole.size)
        if let earlier = try archive.story(withBytesOf: read.whole, &log), !archive.isRedacted(earlier) {
            (row.verdict, row.of) = (.identical, earlier)
            let family = try archive.family(of: earlier, &log)
            return (StoreEntry(row: row, content: nil), Outcome(row: row, family: family))
        }
        let first = row.id
        row.id += Int64(read.parts.count)
        var entries: [PartEntry] = []
        var outcomes: [Outcome] = []
        for (place, part) in read.parts.enumerated() {
            if place % Self.pulseEvery == Self.pulseEvery - 1 { pulse.busy() }
            let single = Delivery(claim: delivery.claim, content: part.content)
            guard let (entry, outcome) = try decide(single, id: first + Int64(place), &log) else { continue }
            if entry.content != nil, case .story(let story) = part.content {
                archive.add(story, as: entry.row.id, family: outcome.family)
            }
            let partRow = PartRow(part, number: place + 1, entry.row, delivery: row.id)
            entries.append(PartEntry(row: partRow, content: entry.content))
            outcomes.append(outcome.ofPart(LedgerRow(partRow, of: row)))
        }
        row.verdict = .parts
        row.parts = PartsSeal(entries.map(\.row))
        row.reason = read.rejection ?? .rejectedParts(entries.map(\.row))
        // One that has to be read again when it is requeued is not known by its bytes.
        let content = row.reason == nil ? read.whole.content : nil
        if content != nil { archive.add(read.whole, as: row.id, family: nil) }
        return (StoreEntry(row: row, content: content, parts: entries), Outcome(row: row, parts: outcomes))
    }
}

extension StoryIdentifier {
    /// The sentence that explains the tie.
    func rule(_ earlier: Int64) -> String {
        var said = "It has the identifier of story \(earlier), “\(guid)”"
        if let version { said += ", as version \(version)" }
        if let signal { said += "; its signal is “\(signal)”" }
        return said + "."
    }
}

extension PartRow {
    init(_ part: ReadPart, number: Int, _ row: LedgerRow, delivery: Int64) {
        self.init(
            id: row.id, delivery: delivery, number: Int64(number), name: part.name, format: part.format,
            mediaType: part.mediaType, isKept: part.isKept, start: part.start, size: part.size, sha256: row.sha256,
            verdict: row.verdict, of: row.of, reason: row.reason)
        passages = row.passages
    }
}

extension Outcome {
    /// The same, told of a part.
    func ofPart(_ row: LedgerRow) -> Outcome {
        var outcome = self
        outcome.row = row
        return outcome
    }
}

extension RejectionReason {
    /// Why a delivery is kept in rejected/ although it was read: some of its parts could not be.
    static func rejectedParts(_ parts: [PartRow]) -> RejectionReason? {
        let rejected = parts.filter { $0.verdict == .rejected }
        guard let first = rejected.first, let reason = first.reason else { return nil }
        let name = PrintableName(first.name).text
        let rest = rejected.count > 1 ? " (and \(rejected.count - 1) more)" : ""
        return RejectionReason(
            code: "parts",
            sentence: "\(rejected.count) of its \(parts.count) parts are rejected: \(name): \(reason.sentence)\(rest)",
            hint: "the others are stored, and the file is kept in rejected/; \(reason.hint)")
    }
}
