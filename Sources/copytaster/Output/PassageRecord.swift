// What a story has from earlier ones: the passages of its ledger row, with the paragraphs that they stand in.

internal import Resemblance
internal import Store
internal import Story

/// One passage as JSON: where it stands here and there, and the story that it first came from.
struct PassageRecord: Encodable {
    /// The paragraphs that it touches, from 1; absent if it stands in none.
    var firstparagraph: Int?
    var lastparagraph: Int?
    /// Bytes of the story's text, as `evidence` counts them.
    var start: Int
    var end: Int
    /// Words (letters, in scripts without blanks).
    var words: Int
    /// The earliest story that has it, of those that were compared, and where it begins there.
    var of: Int64
    var ofstart: Int
    /// The paragraph there in which it begins; absent if the text there was removed.
    var ofparagraph: Int?
}

extension PassageRecord {
    /// The passages of a row; `reading` is its story's, `earlier` gives the readings of earlier ones.
    static func all(
        of row: LedgerRow, _ reading: Reading, earlier: (Int64) throws -> Reading?
    ) throws -> [PassageRecord] {
        guard let bytes = row.passages, let passages = SharedPassage.decoded(bytes) else { return [] }
        var readings: [Int64: Reading?] = [:]
        return try passages.map { passage in
            let source = try readings[passage.of] ?? earlier(passage.of)
            readings[passage.of] = source
            let paragraphs = reading.paragraphs(in: passage.range)
            return PassageRecord(
                firstparagraph: paragraphs.first, lastparagraph: paragraphs.last, start: passage.range.lowerBound,
                end: passage.range.upperBound, words: reading.wordCount(in: passage.range), of: passage.of,
                ofstart: passage.ofStart,
                ofparagraph: source?.paragraphs(in: passage.ofStart..<passage.ofStart + 1).first)
        }
    }

    /// One line for a person: `paragraphs 3-5: story 12 of 3 July, from its paragraph 2 on (80 words)`.
    func sentence(_ source: String) -> String {
        let place =
            switch (firstparagraph, lastparagraph) {
            case (let first?, let last?) where first != last: "paragraphs \(first) to \(last)"
            case (let first?, _): "paragraph \(first)"
            default: "bytes \(start) to \(end)"
            }
        let there = ofparagraph.map { ", paragraph \($0)" } ?? ""
        return "\(place): \(source)\(there) (\(words) words)"
    }
}

extension Reading {
    /// The numbers, from 1, of the paragraphs that a range of the text touches.
    func paragraphs(in range: Range<Int>) -> [Int] {
        fields.lazy.filter { $0.kind == .paragraph }.enumerated().compactMap { index, field in
            field.range.overlaps(range) ? index + 1 : nil
        }
    }

    /// The words in a range of the text.
    func wordCount(in range: Range<Int>) -> Int {
        ComparableText.wordCount(text[range.clamped(to: 0..<text.count)])
    }
}
