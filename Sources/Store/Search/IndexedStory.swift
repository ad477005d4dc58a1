// What the search index keeps of a story: its words, folded, and what else can be asked of it.

internal import Query
internal import Resemblance
internal import Story

/// One story as it is indexed: a pure function of its ledger row and reading, so that it can be taken out again.
struct IndexedStory {
    var id: Int64
    /// One text a column of the index, in their order.
    var columns: [String]
    /// When it came, in microseconds since 1970.
    var received: Int64
    /// The day that the story states, as 20241203; zeros for what is not stated, nil without a year.
    var dated: Int64?
    /// Whether its own text says kill or hold.
    var statesStatus: Bool

    init(_ id: Int64, received: Int64, verdict: Verdict, _ reading: Reading) {
        self.id = id
        self.received = received
        let places = reading.contentCreated.map(DateSpan.places) ?? []
        dated = places.last.flatMap { Int64($0 + String(repeating: "0", count: 8 - $0.count)) }
        statesStatus = reading.pubStatus != nil
        columns = IndexedStory.text(of: reading).map { String(decoding: FoldedText($0.text).bytes, as: UTF8.self) }
        var facts = [SearchFact.every, SearchFact.verdict(verdict.rawValue)]
        if let language = reading.language { facts.append(SearchFact.language(language)) }
        facts += places.map(SearchFact.date)
        columns.append(facts.joined(separator: " "))
    }

    /// What can be searched, in the order of the index's columns.
    static func text(of reading: Reading) -> [(field: SearchQuery.Field, text: String)] {
        [
            (.headline, reading.headline ?? ""), (.byline, reading.bylines.joined(separator: " / ")),
            (.place, reading.located.joined(separator: " / ")), (.agency, reading.infosource ?? ""),
            (.caption, reading.pictures.map { $0.caption ?? "" }.joined(separator: " / ")),
            (.body, reading.body.joined(separator: " / ")),
        ]
    }
}

/// The words of the index's column `facts`. They begin with `_`, which folding leaves in no text: no story can pass itself off.
enum SearchFact {
    /// Every story has it: what is not something else is looked for among all.
    static let every = "_all"

    static func language(_ code: String) -> String { "_l" + word(code.lowercased()) }
    static func verdict(_ verdict: String) -> String { "_v" + word(verdict) }
    static func date(_ digits: String) -> String { "_d" + digits }

    private static func word(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
