// The newest families, one line each.

enum WirePage {
    static func page(_ lines: [WireBoard.Line], trouble: String?) -> Page {
        let notice = trouble.map { Piece.notice("Nothing new can come at the moment: \($0)") } ?? ""
        return Page(
            title: "The wire", place: .wire,
            body: """
                <h1>The wire</h1>
                \(notice)
                <p id="live" class="live" aria-live="polite" hidden></p>
                <ol class="wire" data-list data-live="/live">\(rows(lines))</ol>
                \(lines.isEmpty ? empty : "")
                """,
            feed: "/feed.atom")
    }

    private static let empty: HTML = """
        <p>Nothing has come yet. What is dropped into the inbox appears here.</p>
        """

    /// The lines alone, as they are sent to pages that are open.
    static func rows(_ lines: [WireBoard.Line]) -> HTML { HTML(lines.map(row)) }

    private static func row(_ line: WireBoard.Line) -> HTML {
        let story = line.story
        let family = story.family ?? story.id
        return """
            <li data-id="\(story.id)" data-family="\(family)" class="\(story.isWithdrawn ? "withdrawn" : "")">\
            <a class="headline" href="/story/\(story.id)"\(Display.language(story.language))>\(Display.line(story.title))</a>
            <span class="meta">\(Piece.flags(story))\(Piece.meta(
                Display.time(story.received), Piece.origin(story), Piece.versions(line.versions, family: family)))</span></li>

            """
    }
}
