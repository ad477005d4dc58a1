// A feed of the wire, or of any search (RFC 4287).

enum Atom {
    static func feed(_ stories: [Record], title: String, address: String, base: String) -> [UInt8] {
        let entries = stories.map { story -> HTML in
            let summary: HTML =
                story.body.map { "<summary>\(String($0.joined(separator: " ").prefix(500)))</summary>" } ?? ""
            let author = story.byline ?? story.agency ?? "unknown"
            return """
                <entry><id>\(base)/story/\(story.id)</id><title>\(story.title)</title>
                <link href="\(base)/story/\(story.id)"/><updated>\(story.received)</updated>
                <author><name>\(author)</name></author><category term="\(story.verdict)"/>\(summary)</entry>

                """
        }
        // An empty feed has no time of its own; the epoch is one that never changes.
        let updated = stories.map(\.received).max() ?? "1970-01-01T00:00:00Z"
        let feed: HTML = """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom"><id>\(base)\(address)</id><title>\(title)</title>
            <link rel="self" href="\(base)\(address)"/><updated>\(updated)</updated>
            <generator>Copytaster</generator>
            \(entries)</feed>

            """
        return Array(feed.text.utf8)
    }
}
