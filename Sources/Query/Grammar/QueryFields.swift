// The fields of the language, and what may stand behind each.

enum QueryFields {
    static let names = SearchQuery.Field.allCases.map(\.rawValue) + ["language", "verdict", "date", "received"]

    /// How a field is used.
    static func example(_ name: String) -> String {
        switch name {
        case "language": "language:en"
        case "verdict": "verdict:new"
        case "date": "date:2024-07..2024-08"
        case "received": "received:yesterday"
        case "byline": "byline:smith"
        case "place": "place:\"Phnom Penh\""
        case "agency": "agency:Reuters"
        case "caption": "caption:flood"
        case "body": "body:flood"
        default: "headline:election"
        }
    }

    /// What a value of a field asks for; nil if it has no letter in it.
    static func value(
        _ text: String, isPrefix: Bool, of field: String?, at place: Range<Int>, _ moment: QueryMoment
    ) throws(QueryError) -> SearchQuery? {
        guard let field else { return SearchQuery.Phrase(text, isPrefix: isPrefix).map { .phrase($0) } }
        if let field = SearchQuery.Field(rawValue: field) {
            guard let phrase = SearchQuery.Phrase(text, field: field, isPrefix: isPrefix) else {
                throw wrong(field.rawValue, "there is no letter in it", at: place)
            }
            return .phrase(phrase)
        }
        if isPrefix { throw wrong(field, "it takes no *", at: place) }
        switch field {
        case "language": return .language(try language(text, at: place))
        case "verdict": return .verdict(try verdict(text, at: place))
        case "date":
            do throws(SpanError) { return .date(try DateSpan(text, moment)) } catch {
                throw wrong(field, error.description, at: place)
            }
        default:
            do throws(SpanError) { return .received(try TimeSpan(text, moment)) } catch {
                throw wrong(field, error.description, at: place)
            }
        }
    }

    private static func wrong(_ field: String, _ why: String, at place: Range<Int>) -> QueryError {
        let hint =
            switch field {
            case "language": "a language is its ISO 639 code: en, zh, ar"
            case "verdict": "a verdict is one of \(SearchQuery.verdicts.joined(separator: ", "))"
            case "date": "a date is 2024, 2024-07, 2024-07-15, today or yesterday; from..to, from.. and ..to are ranges"
            case "received":
                "a time is 2026-11-20, 2026-11-20T14:00, today, yesterday or 2h (two hours ago); from..to, from.. and "
                    + "..to are ranges"
            default: example(field)
            }
        return QueryError(description: "this is nothing for \(field): \(why)", place: place, hint: hint)
    }

    private static func language(_ text: String, at place: Range<Int>) throws(QueryError) -> String {
        let code = text.lowercased()
        guard (2...3).contains(code.utf8.count), code.utf8.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A }) else {
            throw wrong("language", "it is no language code", at: place)
        }
        return code
    }

    private static func verdict(_ text: String, at place: Range<Int>) throws(QueryError) -> String {
        let verdict = text.lowercased()
        if SearchQuery.verdicts.contains(verdict) { return verdict }
        guard verdict == "identical" || verdict == "rejected" else {
            throw wrong("verdict", "there is no such verdict", at: place)
        }
        throw QueryError(
            description: "files that are \(verdict) have no text of their own to be found by", place: place,
            hint: "copytaster ledger --verdict \(verdict) lists them")
    }
}
