// The characters of a query, cut into what the grammar is made of.

internal import Text

/// One piece of a query.
struct QueryToken: Equatable {
    enum Kind: Equatable {
        case open, close
        case and, or, not
        /// A field's name, with its colon; the value follows at once.
        case field(String)
        case word(String, isPrefix: Bool)
        case quoted(String, isPrefix: Bool)
    }

    var kind: Kind
    /// In UTF-8 bytes of the text.
    var place: Range<Int>
}

/// Cuts a query into tokens.
struct QueryScanner {
    private let scalars: [Unicode.Scalar]
    /// For each scalar, and the end, its place in UTF-8 bytes.
    private var places = [0]
    private var at = 0
    private var tokens: [QueryToken] = []

    static func tokens(_ text: String) throws(QueryError) -> [QueryToken] {
        var scanner = QueryScanner(text)
        try scanner.scan()
        return scanner.tokens
    }

    private init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        for scalar in scalars { places.append(places.last.map { $0 + scalar.utf8.count } ?? 0) }
    }

    private static let quotes: Set<Unicode.Scalar> = ["\"", "“", "”", "„"]
    /// A shell takes what begins with a hyphen for an option: so the minus sign means the same.
    private static let minus: Set<Unicode.Scalar> = ["-", "\u{2212}"]

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.value < 0x20 || scalar.value == 0x7F
    }

    private func isAtWordsEnd(_ at: Int) -> Bool {
        at >= scalars.count || Self.isBlank(scalars[at]) || Self.quotes.contains(scalars[at])
            || scalars[at] == "(" || scalars[at] == ")"
    }

    private mutating func add(_ kind: QueryToken.Kind, from start: Int) {
        tokens.append(QueryToken(kind: kind, place: places[start]..<places[at]))
    }

    private mutating func scan() throws(QueryError) {
        while at < scalars.count {
            let start = at
            let scalar = scalars[at]
            if Self.isBlank(scalar) {
                at += 1
            } else if scalar == "(" || scalar == ")" {
                at += 1
                add(scalar == "(" ? .open : .close, from: start)
            } else if Self.quotes.contains(scalar) {
                try quoted()
            } else if Self.minus.contains(scalar) {
                at += 1
                // One that stands alone is a dash.
                if at < scalars.count, !Self.isBlank(scalars[at]) { add(.not, from: start) }
            } else if try !field() {
                try word(isValue: false)
            }
        }
    }

    private mutating func quoted() throws(QueryError) {
        let start = at
        at += 1
        while at < scalars.count, !Self.quotes.contains(scalars[at]) { at += 1 }
        guard at < scalars.count else {
            throw QueryError(
                description: "the quotation mark is not closed", place: places[start]..<places[start + 1],
                hint: "put another one behind the phrase, or leave it away")
        }
        let text = string(start + 1..<at)
        at += 1
        let isPrefix = at < scalars.count && scalars[at] == "*"
        if isPrefix { at += 1 }
        add(.quoted(text, isPrefix: isPrefix), from: start)
    }

    /// A field's name with its colon; false if there is none.
    private mutating func field() throws(QueryError) -> Bool {
        var end = at
        while end < scalars.count, scalars[end].isASCII, scalars[end].properties.isAlphabetic { end += 1 }
        guard end > at, end < scalars.count, scalars[end] == ":" else { return false }
        let name = string(at..<end).lowercased()
        let isNamed = QueryFields.names.contains(name)
        let hasValue = end + 1 < scalars.count && !Self.isBlank(scalars[end + 1]) && scalars[end + 1] != ")"
        // `https://` and a word before a colon are words.
        if !isNamed, !hasValue || scalars[end + 1] == "/" { return false }
        let start = at
        at = end + 1
        let place = places[start]..<places[at]
        guard isNamed else {
            let near = QueryFields.names.min { EditDistance.between($0, name) < EditDistance.between($1, name) }
            let slip = near.flatMap { EditDistance.between($0, name) <= 2 ? "did you mean \($0):? " : nil } ?? ""
            throw QueryError(
                description: "there is no field \(name):", place: place,
                hint: slip + "fields are \(QueryFields.names.map { "\($0):" }.joined(separator: " ")); to look for "
                    + "these words, put them into quotation marks")
        }
        guard hasValue else {
            throw QueryError(
                description: "nothing stands behind \(name):", place: place,
                hint: "its value follows at once, without a space: \(QueryFields.example(name))")
        }
        if Self.minus.contains(scalars[at]) {
            throw QueryError(
                description: "the minus stands before the field", place: places[at]..<places[at + 1],
                hint: "-\(QueryFields.example(name))")
        }
        add(.field(name), from: start)
        if !isAtWordsEnd(at) { try word(isValue: true) }
        return true
    }

    /// A word: up to a blank, a bracket or a quotation mark.
    ///
    /// - Parameter isValue: behind a field's name, where AND is a word.
    private mutating func word(isValue: Bool) throws(QueryError) {
        let start = at
        while !isAtWordsEnd(at) { at += 1 }
        var text = string(start..<at)
        if !isValue, let keyword = ["AND": QueryToken.Kind.and, "OR": .or, "NOT": .not][text] {
            return add(keyword, from: start)
        }
        let isPrefix = text.hasSuffix("*") && text.count > 1
        if isPrefix { text.removeLast() }
        if text.contains("*") {
            let star = (start..<at).first { scalars[$0] == "*" } ?? start
            throw QueryError(
                description: "a * stands only at the end of a word", place: places[star]..<places[star + 1],
                hint:
                    "congrat* finds congratulate and congratulations; endings and middles of words cannot be left open")
        }
        add(.word(text, isPrefix: isPrefix), from: start)
    }

    private func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }
}
