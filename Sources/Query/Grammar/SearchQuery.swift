// What is asked of the archive: a query as a value, whatever engine answers it. docs/search.md is the language.

/// A query.
public indirect enum SearchQuery: Sendable, Equatable {
    /// Words that follow each other.
    case phrase(Phrase)
    /// Copy in a language, by its ISO 639 code.
    case language(String)
    /// What copytaster made of the story.
    case verdict(String)
    /// The date that the story states of itself.
    case date(DateSpan)
    /// When the file came.
    case received(TimeSpan)
    /// All of them.
    case all([SearchQuery])
    /// One of them at least.
    case any([SearchQuery])
    case not(SearchQuery)

    /// The parts of a story whose words can be asked for alone.
    public enum Field: String, Sendable, CaseIterable {
        case headline, byline, place, agency, caption, body
    }

    /// One word, or several that follow each other.
    public struct Phrase: Sendable, Equatable {
        /// Where it must stand; nil if anywhere.
        public var field: Field?
        /// The words, folded.
        public var words: [[UInt8]]
        /// Whether the last word may go on.
        public var isPrefix: Bool
        /// As it was typed.
        public var text: String

        /// Nil if there is no letter in the text.
        public init?(_ text: String, field: Field? = nil, isPrefix: Bool = false) {
            let folded = FoldedText(text, keepsWords: true)
            var words = folded.words
            guard let last = words.last else { return nil }
            // The text need not end where the run ends, of which only the last letter is a word of its own.
            if last.kind == .single, words.dropLast().last?.kind == .pair { words.removeLast() }
            self.field = field
            self.words = words.map { Array(folded.folded($0)) }
            self.isPrefix = last.kind == .word ? isPrefix : last.kind == .single && words.last == last
            self.text = text
        }
    }

    /// The phrases that a story may have been found by.
    public var phrases: [Phrase] {
        switch self {
        case .phrase(let phrase): [phrase]
        case .all(let parts), .any(let parts): parts.flatMap(\.phrases)
        case .language, .verdict, .date, .received, .not: []
        }
    }

    /// The verdicts of files that are stories of their own. (An identical file has the text of another, a rejected one none.)
    public static let verdicts = ["new", "same-text", "near-duplicate", "excerpt", "expansion"]
}

/// Why a text is no query, and where.
public struct QueryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, in one sentence without a full stop.
    public var description: String
    /// Where, in UTF-8 bytes of the text.
    public var place: Range<Int>
    /// What would be right.
    public var hint: String
}
