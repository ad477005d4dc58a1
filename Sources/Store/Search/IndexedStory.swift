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
        columns = SearchQuery.Field.allCases.map { field in
            var folded = FoldedText(room: field == .body ? reading.text.count : 0)
            for part in reading.fields where IndexedStory.field(of: part.kind) == field {
                IndexedStory.add(part, of: reading, to: &folded)
            }
            return String(decoding: folded.bytes, as: UTF8.self)
        }
        var facts = [SearchFact.every, SearchFact.verdict(verdict.rawValue)]
        if let language = reading.language { facts.append(SearchFact.language(language)) }
        facts += places.map(SearchFact.date)
        columns.append(facts.joined(separator: " "))
    }

    /// Adds a field's words: from the text where it stands, unless it has another value there, or an entity in it.
    private static func add(_ part: Field, of reading: Reading, to folded: inout FoldedText) {
        let range = part.range.clamped(to: 0..<reading.text.count)
        if part.value == nil, !reading.text[range].contains(UInt8(ascii: "&")) {
            folded.add(reading.text, range)
        } else {
            let text = Array(reading.string(of: part).utf8)
            folded.add(text, 0..<text.count)
        }
    }

    private static func field(of kind: Field.Kind) -> SearchQuery.Field? {
        switch kind {
        case .headline: .headline
        case .byline: .byline
        case .located: .place
        case .infosource: .agency
        case .caption: .caption
        case .paragraph: .body
        default: nil
        }
    }

    /// What can be searched, as a person reads it: the same words as those of the columns.
    static func text(of reading: Reading) -> [(field: SearchQuery.Field, text: String)] {
        SearchQuery.Field.allCases.map { field in
            let parts = reading.fields.filter { IndexedStory.field(of: $0.kind) == field }
            return (field, parts.map { reading.string(of: $0) }.joined(separator: " / "))
        }
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
