// Search: the same language as on the command line, with a form that writes it.

internal import Foundation

/// What a reader looks for.
struct Search: Sendable, Equatable {
    var words = ""
    var agency = ""
    var place = ""
    var language = ""
    var verdict = ""
    var from = ""
    var until = ""
    var page = 1

    static let perPage = 20

    init() {}

    /// From the address: `?q=rice&agency=Reuters&from=2026-11-01`.
    init(_ parameters: (String) -> String?) {
        func value(_ name: String) -> String { String((parameters(name) ?? "").prefix(1_000)) }
        (words, agency, place) = (value("q"), value("agency"), value("place"))
        (language, verdict, from, until) = (value("language"), value("verdict"), value("from"), value("until"))
        page = min(max(Int(value("page")) ?? 1, 1), 500)
    }

    var isEmpty: Bool { query.isEmpty }

    /// The same in the query language of `copytaster search`.
    var query: String {
        var terms = words.isEmpty ? [] : [words]
        for (name, value) in [("agency", agency), ("place", place), ("language", language), ("verdict", verdict)] {
            let clean = value.replacing("\"", with: " ").trimmingCharacters(in: .whitespaces)
            if !clean.isEmpty { terms.append("\(name):\"\(clean)\"") }
        }
        let (first, last) = (Self.date(from), Self.date(until))
        if first != nil || last != nil { terms.append("received:\(first ?? "")..\(last ?? "")") }
        return terms.joined(separator: " ")
    }

    private static func date(_ text: String) -> String? {
        text.wholeMatch(of: /\d{4}(-\d{2}(-\d{2})?)?/) != nil ? text : nil
    }

    /// The address of the same search, on another page.
    func address(page: Int? = nil, path: String = "/search") -> String {
        let values = [
            ("q", words), ("agency", agency), ("place", place), ("language", language), ("verdict", verdict),
            ("from", from), ("until", until), ("page", page.map(String.init) ?? ""),
        ]
        let query = values.filter { !$0.1.isEmpty }.map { "\($0)=\(Display.queryEscaped($1))" }.joined(separator: "&")
        return query.isEmpty ? path : "\(path)?\(query)"
    }
}

enum SearchPage {
    static let verdicts = ["new", "same-text", "near-duplicate", "excerpt", "expansion"]

    /// - Parameter hits: nil before anything was looked for.
    static func page(_ search: Search, hits: [Record]?, error: String?, hint: String? = nil) -> Page {
        var results: HTML = ""
        if let error { results += #"<pre class="notice" role="alert">\#(error)</pre>"# }
        if let hits, error == nil {
            results +=
                hits.isEmpty
                ? Piece.notice(hint ?? "No story matches.") : #"<ol class="wire" data-list>\#(hits.map(hit))</ol>"#
            results += paging(search, isFull: hits.count == Search.perPage)
        }
        return Page(
            title: search.words.isEmpty ? "Search" : "\(search.words.prefix(60))", place: .search,
            body: "<h1>Search</h1>\(form(search))\(results)",
            feed: search.isEmpty ? nil : search.address(path: "/feed.atom"))
    }

    private static func form(_ search: Search) -> HTML {
        func field(_ name: StaticString, _ label: String, _ value: String, type: String = "text") -> HTML {
            let name = "\(name)"
            return """
                <p><label for="s-\(name)">\(label)</label><input id="s-\(name)" name="\(name)" type="\(type)" value="\(value)"></p>
                """
        }
        let options = verdicts.map { verdict -> HTML in
            #"<option\#(verdict == search.verdict ? " selected" : "")>\#(verdict)</option>"#
        }
        return """
            <form action="/search" class="search">
            <p class="words"><label for="s-q">Words, “phrases”, OR, -not, headline:…</label>
            <input id="s-q" name="q" type="search" value="\(search.words)" autocomplete="off"></p>
            \(field("agency", "Agency", search.agency))\(field("place", "Place", search.place))\
            \(field("language", "Language", search.language))
            <p><label for="s-verdict">Verdict</label><select id="s-verdict" name="verdict"><option value="">any</option>\(options)</select></p>
            \(field("from", "Received from", search.from, type: "date"))\(field("until", "to", search.until, type: "date"))
            <p><button>Search</button></p></form>
            """
    }

    private static func hit(_ story: Record) -> HTML {
        let snippet: HTML = story.snippet.map { #"<p class="snippet" dir="auto">\#(marked($0))</p>"# } ?? ""
        return """
            <li data-id="\(story.id)" data-family="\(story.family ?? story.id)" class="\(story.isWithdrawn ? "withdrawn" : "")">\
            <a class="headline" href="/story/\(story.id)"\(Display.language(story.language))>\(Display.line(story.title))</a>
            <span class="meta">\(Piece.flags(story))\(Piece.meta(
                Display.time(story.received), Piece.origin(story), Piece.verdict(story)))</span>\(snippet)</li>

            """
    }

    private static func paging(_ search: Search, isFull: Bool) -> HTML {
        var links: HTML = ""
        if search.page > 1 { links += #"<a rel="prev" href="\#(search.address(page: search.page - 1))">newer</a> "# }
        if isFull { links += #"<a rel="next" href="\#(search.address(page: search.page + 1))">older</a>"# }
        return #"<nav class="paging" aria-label="Pages">\#(links)</nav>"#
    }

    /// What `search --json` gives as a snippet. It is taken apart and escaped anew: what comes from elsewhere is never trusted
    /// to be HTML.
    private static func marked(_ snippet: String) -> HTML {
        func plain(_ piece: Substring) -> String {
            String(piece).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        }
        var out: HTML = ""
        var rest = snippet[...]
        while let open = rest.range(of: "<mark>"), let close = rest[open.upperBound...].range(of: "</mark>") {
            out += "\(plain(rest[..<open.lowerBound]))<mark>\(plain(rest[open.upperBound..<close.lowerBound]))</mark>"
            rest = rest[close.upperBound...]
        }
        return out + "\(plain(rest))"
    }
}
