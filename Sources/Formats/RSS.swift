// RSS 0.90 to 2.0, RSS 1.0 (RDF), and WordPress's export, which is RSS with more in it: a story for each item.

internal import Parts
internal import Story
internal import Text

struct RSS: XMLFormat {
    var format: Format = .rss

    static let table = FieldTable(
        "rss",
        [
            .value(.guid, "guid", "@rdf:about", "dc:identifier"),
            .value(.link, "link", "guid[@isPermaLink='true']", "@rdf:about"),
            .date(
                .contentcreated, "pubDate", "dc:date", "dcterms:issued", "dcterms:created", "wp:post_date_gmt",
                "wp:post_date"),
            .date(
                .versioncreated, "dcterms:modified", "updated", "lastBuildDate", "pubDate", "dc:date",
                "wp:post_modified_gmt"),
            .described(.keyword, "category", "dc:subject", "media:keywords", "itunes:keywords", by: { $0.ownString }),
            .value(.language, "dc:language", "@xml:lang", "language", convert: Signals.language),
            .values(.copyright, "dc:rights", "copyright", "media:copyright"),
            .values(.infosource, "source", "dc:publisher"),
            .value(.pubstatus, "wp:status", convert: Signals.pubStatus),
            .values(.altid, "wp:post_id"),
        ])

    func read(_ root: Element, of source: Source, into sink: PartSink) throws(Exhausted) {
        // RSS 1.0 and 0.90 have their items beside the channel.
        let items = root.descendants.filter { $0.name == "item" }.filter(isStory)
        let all = root.descendants.count { $0.name == "item" }
        let channel = root.first("channel")
        let format = root.name == "rdf:RDF" ? Format.rdf : .rss
        guard items.count == all else {
            // Some are left out (attachments, menus): the others' bytes are made from the tree.
            return try Feed.emit(items, named: "", of: source, as: format, into: sink) { fill($0, channel, &$1) }
        }
        try Feed.emit(items, named: "item", of: source, as: format, into: sink) { fill($0, channel, &$1) }
    }

    /// WordPress exports its menus, attachments and revisions as items, too.
    private func isStory(_ item: Element) -> Bool {
        guard let type = item.first("wp:post_type")?.string else { return true }
        return !["attachment", "nav_menu_item", "revision", "custom_css", "wp_global_styles", "wp_navigation"].contains(
            type)
    }

    private func fill(_ item: Element, _ channel: Element?, _ builder: inout ReadingBuilder) {
        RSS.table.read(item, into: &builder)
        if let channel {
            if !builder.has(.language),
                let language = (channel.first("language") ?? channel.first("dc:language")).map(\.string),
                let tag = Signals.language(language)
            {
                builder.state(.language, tag, rule: "rss/language \(channel.xpath)/language")
            }
            if !builder.has(.infosource), let title = channel.first("title")?.string {
                builder.state(.infosource, title, rule: "rss/infosource \(channel.xpath)/title")
            }
        }
        Feed.linkOfIdentifier(item, format: "rss", &builder)
        for enclosure in item.children where enclosure.name == "enclosure" {
            guard let place = enclosure.attribute("url") else { continue }
            builder.state(
                .rendition, [place, enclosure.attribute("type")].compactMap { $0 }.joined(separator: " "),
                rule: "rss/rendition \(enclosure.xpath)/@url", picture: builder.nextPicture())
        }
        if let title = item.first("title") ?? item.first("dc:title") ?? item.first("media:title") {
            builder.write(.headline, Feed.plain(title), rule: "rss/headline \(title.xpath)")
        }
        authors(item, &builder)
        body(item, &builder)
        Feed.media(item, format: "rss", &builder)
    }

    private func authors(_ item: Element, _ builder: inout ReadingBuilder) {
        let creators = item.children.filter { $0.name == "dc:creator" }
        let authors = item.children.filter {
            ["author", "itunes:author", "dc:author", "dc:contributor"].contains($0.name)
        }
        for author in creators.isEmpty ? authors : creators {
            let text = author.first("name")?.string ?? author.string
            Names.write(RSS.name(text), rule: "rss/byline \(author.xpath)", &builder)
        }
    }

    /// `jane@example.com (Jane Doe)` and `Jane Doe <jane@example.com>` are Jane Doe.
    static func name(_ text: String) -> String {
        if let open = text.firstIndex(of: "("), text.hasSuffix(")"), text[..<open].contains("@") {
            return String(text[text.index(after: open)...].dropLast())
        }
        if let open = text.firstIndex(of: "<"), text.hasSuffix(">"), open > text.startIndex {
            return Ninjs.plain(String(text[..<open]))
        }
        return text
    }

    /// The whole text where the feed has it; what else there is of it is its description.
    private func body(_ item: Element, _ builder: inout ReadingBuilder) {
        let content = ["content:encoded", "xhtml:body", "body", "fullitem", "content"].lazy.compactMap {
            item.first($0)
        }.first { !$0.string.isEmpty }
        let summary = [
            "description", "excerpt:encoded", "dc:description", "itunes:summary", "media:description", "summary",
        ].lazy
            .compactMap { item.first($0) }.first { !$0.string.isEmpty }
        if let content, let summary {
            builder.state(.description, Feed.plain(summary), rule: "rss/description \(summary.xpath)")
            write(content, &builder)
        } else if let text = content ?? summary {
            write(text, &builder)
        }
    }

    private func write(_ element: Element, _ builder: inout ReadingBuilder) {
        let paragraphs =
            element.children.isEmpty
            ? Paragraphs.ofHTML(String(decoding: element.rawText, as: UTF8.self)) : Paragraphs.of(element)
        for paragraph in paragraphs { builder.write(.paragraph, paragraph, rule: "rss/body \(element.xpath)") }
    }
}
