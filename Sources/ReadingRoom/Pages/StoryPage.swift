// One story: its fields, its text, and where in the original each field stands.

internal import Foundation

enum StoryPage {
    static func page(_ story: Record) -> Page {
        let hasText = story.body?.isEmpty == false
        return Page(
            title: String(story.title.prefix(80)), place: .wire,
            body: """
                <div class="spread"><article\(Display.language(story.language))>
                <h1>\(Display.line(story.title))</h1>
                <p class="meta" lang="en" dir="ltr">\(Piece.flags(story))\(Piece.meta(
                    Piece.verdict(story), Piece.origin(story), "received " + Display.time(story.received)))</p>
                \(standing(story))
                <div class="text">\(paragraphs(story))</div>
                \(pictures(story))
                </article>
                <aside aria-label="About this story">
                \(fields(story))
                \(ties(story))
                <ul class="links">\(hasText ? original(story) : "")\(versions(story))
                <li><a href="/api/v1/stories/\(story.id)">as ninjs</a></li></ul>
                </aside></div>
                """)
    }

    private static func original(_ story: Record) -> HTML {
        """
        <li><a href="/story/\(story.id)/original">the original, with its fields marked</a></li>
        <li><a href="/story/\(story.id)/raw" download>the bytes as they were delivered</a></li>
        """
    }

    private static func versions(_ story: Record) -> HTML {
        guard let members = story.versions, members.count > 1 else { return "" }
        return
            #"<li><a id="versions" href="/family/\#(story.family ?? story.id)">all \#(members.count) versions</a></li>"#
    }

    private static func standing(_ story: Record) -> HTML {
        if let reason = story.redacted { return Piece.notice("The text was removed: \(reason)") }
        if story.verdict == "rejected" {
            return Piece.notice("Rejected: \(story.reason ?? "for an unknown reason"). \(story.hint ?? "")")
        }
        if story.isWithdrawn {
            return Piece.notice("Its agency has withdrawn this story. It is kept here, and not for use.")
        }
        if let until = story.embargoed { return Piece.notice("Not to be published before: \(until)") }
        if let newest = story.versions?.last, newest > story.id {
            return #"<p class="notice"><a href="/story/\#(newest)">There is a newer version.</a></p>"#
        }
        return ""
    }

    private static func paragraphs(_ story: Record) -> HTML {
        HTML((story.body ?? []).map { #"<p dir="auto">\#($0)</p>"# + "\n" })
    }

    private static func pictures(_ story: Record) -> HTML {
        HTML(
            (story.pictures ?? []).map { picture in
                let credit: HTML = picture.credit.map { #" <cite>\#(Display.line($0))</cite>"# } ?? ""
                return #"<figure><figcaption dir="auto">\#(picture.caption ?? "")\#(credit)</figcaption></figure>"#
            })
    }

    private static func fields(_ story: Record) -> HTML {
        let stated: [(String, String?)] = [
            ("Number", "\(story.id)"), ("File", story.name), ("Byline", story.byline), ("Dateline", story.dateline),
            ("Place", story.located), ("Agency", story.agency), ("Date", story.contentcreated.map(Display.statedDate)),
            ("Not before", story.notbefore), ("Not after", story.notafter), ("Slugline", story.slugline),
            ("Urgency", story.urgency.map(String.init) ?? story.urgencystated), ("Editor's note", story.ednote),
            ("Embargo", story.embargoed),
            ("Usage terms", story.usageterms), ("Copyright", story.copyrightholder), ("Language", story.language),
            ("Words", story.wordcount.map { Display.grouped(Int64($0)) }),
            ("Size", story.size.map { "\(Display.grouped($0)) bytes" }), ("Encoding", story.encoding),
            ("SHA-256", story.sha256),
        ]
        let rows = stated.compactMap { name, value in
            value.map { "<dt>\(name)</dt><dd>\(Display.line($0, longest: 500))</dd>" as HTML }
        }
        let notes = (story.notes ?? []).map { "<li>\($0)</li>" as HTML }
        return "<h2>Fields</h2><dl>\(rows)</dl>\(notes.isEmpty ? "" : "<ul class=\"notes\">\(notes)</ul>")"
    }

    private static func ties(_ story: Record) -> HTML {
        guard let ties = story.relations, !ties.isEmpty else { return "" }
        let rows = ties.map { tie in
            """
            <li><a href="/story/\(tie.of)">\(tie.kind) \(tie.kind == "related" ? "to" : "of") \(tie.of)</a>
            (<a href="/diff/\(tie.of)/\(story.id)">word by word</a>)<br>\(tie.rule)</li>
            """ as HTML
        }
        return "<h2>What it has in common</h2><ul>\(rows)</ul>"
    }
}

/// The decoded text with its fields marked.
enum OriginalPage {
    static func page(_ story: Record) -> Page {
        let rules = (story.evidence ?? []).enumerated().map { number, field in
            """
            <tr data-field="f\(number)"><td><a href="#f\(number)">\(field.field)</a></td>\
            <td>\(field.start)–\(field.end)</td><td>\(field.rule)</td>\
            <td>\(Display.line(field.value ?? "", longest: 120))</td></tr>
            """ as HTML
        }
        return Page(
            title: "The original of \(story.id)", place: .wire,
            body: """
                <h1>The original of <a href="/story/\(story.id)">story \(story.id)</a></h1>
                <pre class="original" dir="auto">\(marked(story))</pre>
                <h2>What was found where</h2>
                <div class="wide"><table><thead><tr><th>field</th><th>bytes</th><th>rule</th><th>value</th></tr></thead>
                <tbody>\(rules)</tbody></table></div>
                """)
    }

    /// The text, each field in a mark of its own; of fields that overlap, the one that begins first, and of those the longest.
    static func marked(_ story: Record) -> HTML {
        let text = Array((story.text ?? "").utf8)
        func piece(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
        var out: HTML = ""
        var position = 0
        let fields = (story.evidence ?? []).enumerated().sorted {
            ($0.element.start, -$0.element.end) < ($1.element.start, -$1.element.end)
        }
        for (number, field) in fields
        where field.start >= position && field.end > field.start && field.end <= text.count {
            out += "\(piece(position..<field.start))"
            out +=
                #"<mark id="f\#(number)" class="\#(field.field)" title="\#(field.field): \#(field.rule)">\#(piece(field.start..<field.end))</mark>"#
            position = field.end
        }
        return out + "\(piece(position..<text.count))"
    }
}
