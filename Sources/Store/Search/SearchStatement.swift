// From a query to what SQLite is asked. Promises: whatever the query, it is valid; a query with no time in it is one
// expression for FTS5, which goes through the postings alone.

internal import GRDB
internal import Query

/// The order of what is found.
public enum SearchSort: String, Sendable, CaseIterable {
    /// The order in which the files came: the newest, or the oldest first.
    case newest, oldest
    /// By the date that the story states, the latest first; those without one last.
    case date
    /// By how well it matches (bm25), among the newest 5,000 that do.
    case best
}

/// One query as SQL.
struct SearchStatement {
    /// For FTS5; nil where the query is about times alone, or mixes them with words under OR.
    private let match: String?
    /// On the table `fact`; empty if there are none.
    private var conditions: [String] = []
    private var arguments: StatementArguments = []

    init(_ query: SearchQuery) {
        if let match = Self.expression(query) {
            self.match = match
            return
        }
        var parts = [query]
        if case .all(let several) = query { parts = several }
        let words = parts.filter { Self.expression($0) != nil }
        match = words.isEmpty ? nil : Self.expression(.all(words))
        for part in parts where Self.expression(part) == nil { conditions.append(condition(part)) }
    }

    // MARK: FTS5 (https://www.sqlite.org/fts5.html#full_text_query_syntax)

    /// The query as an expression of FTS5; nil if a time is part of it.
    static func expression(_ query: SearchQuery) -> String? {
        switch query {
        case .phrase(let phrase):
            let words = phrase.words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            return (phrase.field.map { "\($0.rawValue) : " } ?? "") + "\"\(words)\"" + (phrase.isPrefix ? " *" : "")
        case .language(let code): return fact(SearchFact.language(code))
        case .verdict(let verdict): return fact(SearchFact.verdict(verdict))
        case .date(let span):
            return "facts : (\(span.cover.map { "\"\(SearchFact.date($0))\"" }.joined(separator: " OR ")))"
        case .received: return nil
        case .not(let part): return expression(.all([.not(part)]))
        case .any(let parts):
            let all = parts.compactMap(expression)
            return all.count == parts.count ? "(\(all.joined(separator: " OR ")))" : nil
        case .all(let parts):
            var (wanted, unwanted): ([String], [String]) = ([], [])
            for part in parts {
                if case .not(let part) = part {
                    guard let one = expression(part) else { return nil }
                    unwanted.append(one)
                } else {
                    guard let one = expression(part) else { return nil }
                    wanted.append(one)
                }
            }
            if wanted.isEmpty { wanted = [fact(SearchFact.every)] }
            let front = wanted.count == 1 ? wanted[0] : "(\(wanted.joined(separator: " AND ")))"
            return unwanted.isEmpty ? front : "(\(front) NOT (\(unwanted.joined(separator: " OR "))))"
        }
    }

    private static func fact(_ word: String) -> String { "facts : \"\(word)\"" }

    // MARK: SQL

    private mutating func condition(_ query: SearchQuery) -> String {
        if let match = Self.expression(query) {
            arguments += [match]
            return "fact.id IN (SELECT rowid FROM story WHERE story MATCH ?)"
        }
        switch query {
        case .received(let span):
            arguments += [span.from ?? .min, span.until ?? .max]
            return "fact.received >= ? AND fact.received < ?"
        case .not(let part): return "NOT (\(condition(part)))"
        case .all(let parts): return parts.map { "(\(condition($0)))" }.joined(separator: " AND ")
        case .any(let parts): return parts.map { "(\(condition($0)))" }.joined(separator: " OR ")
        case .phrase, .language, .verdict, .date: return "1"
        }
    }

    /// How many of the newest hits are ranked.
    private static let ranked = 5000

    private func source(joined: Bool) -> String {
        guard match != nil else { return "fact WHERE " + conditions.map { "(\($0))" }.joined(separator: " AND ") }
        guard joined || !conditions.isEmpty else { return "story WHERE story MATCH ?" }
        // The words first, whatever SQLite thinks of them.
        return "story CROSS JOIN fact ON fact.id = story.rowid WHERE "
            + (["story MATCH ?"] + conditions.map { "(\($0))" }).joined(separator: " AND ")
    }

    private var values: StatementArguments { (match.map { [$0] } ?? []) + arguments }

    /// The stories that match, in order.
    func ids(_ db: Database, by sort: SearchSort, limit: Int, offset: Int) throws -> [Int64] {
        let id = match == nil ? "fact.id" : "story.rowid"
        let sql =
            switch sort {
            case .best where match != nil:
                """
                SELECT id FROM (
                    SELECT \(id) AS id, bm25(story, 4.0, 1.0, 2.0, 1.0, 1.0, 1.0, 0.0) AS score
                    FROM \(source(joined: false)) ORDER BY \(id) DESC LIMIT \(Self.ranked))
                ORDER BY score, id DESC
                """
            case .newest, .best: "SELECT \(id) FROM \(source(joined: false)) ORDER BY \(id) DESC"
            case .oldest: "SELECT \(id) FROM \(source(joined: false)) ORDER BY \(id)"
            case .date: "SELECT \(id) FROM \(source(joined: true)) ORDER BY fact.dated DESC, \(id) DESC"
            }
        return try Int64.fetchAll(db, sql: sql + " LIMIT ? OFFSET ?", arguments: values + [limit, offset])
    }

    /// How many match; counting ends at `most`.
    func count(_ db: Database, atMost most: Int) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM (SELECT 1 FROM \(source(joined: false)) LIMIT ?)", arguments: values + [most]
        )
            ?? 0
    }
}
