// From a text to a query. Pure: any text is either a query, or an error that says where.
//
//     query   = any
//     any     = all { OR all }
//     all     = one { [AND] one }
//     one     = (NOT | "-") one | field value | value
//     value   = "(" any ")" | word ["*"] | '"' words '"' ["*"]
//
// What stands in brackets behind a field belongs to it. Signs without a letter are passed over, as in any text.

public import Foundation

/// What a query's times are relative to.
public struct QueryMoment: Sendable {
    public var now: Date
    public var zone: TimeZone

    public init(now: Date = Date(), zone: TimeZone = .current) { (self.now, self.zone) = (now, zone) }
}

extension SearchQuery {
    /// The longest text, in UTF-8 bytes.
    public static let longest = 4096
    /// The most words, dates and so on.
    public static let mostParts = 256
    /// How deep brackets may be nested; FTS5's own parser ends at about thirteen.
    public static let deepest = 10

    /// Reads a query.
    ///
    /// - Throws: ``QueryError`` with the place.
    public init(_ text: String, at moment: QueryMoment = QueryMoment()) throws(QueryError) {
        let count = text.utf8.count
        guard count <= Self.longest else {
            throw QueryError(
                description: "the query is longer than \(Self.longest) bytes", place: Self.longest..<count,
                hint: "ask for fewer words")
        }
        var parser = QueryParser(tokens: try QueryScanner.tokens(text), count: count, moment: moment)
        let query = try parser.any(in: nil)
        if let token = parser.next {
            throw QueryError(
                description: "this bracket was never opened", place: token.place,
                hint: "take it away, or open it with (")
        }
        guard let query else {
            throw QueryError(
                description: "there is nothing to look for", place: 0..<count,
                hint: "a word, a \"phrase\" or a field: \(QueryFields.example("headline"))")
        }
        self = query
    }
}

private struct QueryParser {
    private let tokens: [QueryToken]
    private let count: Int
    private let moment: QueryMoment
    private var at = 0
    private var parts = 0
    private var depth = 0

    init(tokens: [QueryToken], count: Int, moment: QueryMoment) {
        (self.tokens, self.count, self.moment) = (tokens, count, moment)
    }

    var next: QueryToken? { at < tokens.count ? tokens[at] : nil }

    private var isAtEnd: Bool { next == nil || next?.kind == .close }

    mutating func any(in field: String?) throws(QueryError) -> SearchQuery? {
        var parts: [SearchQuery] = []
        if let part = try all(in: field) { parts.append(part) }
        while let or = next, or.kind == .or {
            at += 1
            if isAtEnd || next?.kind == .or { throw Self.lonely(or, "OR") }
            if let part = try all(in: field) { parts.append(part) }
        }
        return parts.count > 1 ? .any(parts) : parts.first
    }

    private mutating func all(in field: String?) throws(QueryError) -> SearchQuery? {
        var parts: [SearchQuery] = []
        var isFirst = true
        while let token = next, token.kind != .close {
            if token.kind == .or {
                if isFirst { throw Self.lonely(token, "OR") }
                break
            }
            if token.kind == .and {
                at += 1
                if isFirst || isAtEnd || next?.kind == .or || next?.kind == .and { throw Self.lonely(token, "AND") }
            }
            isFirst = false
            switch try one(in: field) {
            // What stands side by side is one row, however it is bracketed.
            case .all(let more)?: parts += more
            case let part?: parts.append(part)
            case nil: break
            }
        }
        return parts.count > 1 ? .all(parts) : parts.first
    }

    private static func lonely(_ token: QueryToken, _ word: String) -> QueryError {
        QueryError(
            description: "\(word) wants something on both sides", place: token.place,
            hint: "cocoa \(word) coffee; to look for the word itself, write it in small letters")
    }

    private mutating func one(in field: String?) throws(QueryError) -> SearchQuery? {
        var isNot = false
        var last: QueryToken?
        while let token = next, token.kind == .not {
            isNot.toggle()
            last = token
            at += 1
        }
        if let last, isAtEnd || next?.kind == .or || next?.kind == .and {
            throw QueryError(
                description: "NOT wants something behind it", place: last.place,
                hint: "cocoa NOT coffee, or cocoa -coffee; to look for the word itself, write it in small letters")
        }
        let part = try value(in: field)
        return isNot ? part.map { .not($0) } : part
    }

    private mutating func value(in field: String?) throws(QueryError) -> SearchQuery? {
        guard let token = next else { return nil }
        at += 1
        switch token.kind {
        case .open:
            return try group(token, in: field)
        case .field(let name):
            if let field, field != name {
                throw QueryError(
                    description: "\(name): stands in brackets that belong to \(field):", place: token.place,
                    hint: "close the brackets before it")
            }
            guard let value = next, value.kind != .close, value.kind != .not else {
                throw QueryError(
                    description: "nothing stands behind \(name):", place: token.place,
                    hint: "its value follows at once: \(QueryFields.example(name)); what it must not be: "
                        + "-\(QueryFields.example(name))")
            }
            return try self.value(in: name)
        case .word(let text, let isPrefix), .quoted(let text, let isPrefix):
            parts += 1
            guard parts <= SearchQuery.mostParts else {
                throw QueryError(
                    description: "these are more than \(SearchQuery.mostParts) words",
                    place: token.place.lowerBound..<count,
                    hint: "ask for fewer")
            }
            return try QueryFields.value(text, isPrefix: isPrefix, of: field, at: token.place, moment)
        case .close, .and, .or, .not:
            // The callers have dealt with them.
            return nil
        }
    }

    private mutating func group(_ open: QueryToken, in field: String?) throws(QueryError) -> SearchQuery? {
        depth += 1
        guard depth <= SearchQuery.deepest else {
            throw QueryError(
                description: "brackets are nested deeper than \(SearchQuery.deepest)", place: open.place,
                hint: "AND binds closer than OR: many brackets can be left away")
        }
        let inner = try any(in: field)
        guard let close = next, close.kind == .close else {
            throw QueryError(
                description: "the bracket is not closed", place: open.place, hint: "put ) where it ends")
        }
        at += 1
        depth -= 1
        if inner == nil, tokens[at - 2].place == open.place {
            throw QueryError(
                description: "nothing stands in the brackets", place: open.place.lowerBound..<close.place.upperBound,
                hint: "take them away")
        }
        return inner
    }
}
