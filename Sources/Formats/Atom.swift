// Atom 0.3 and 1.0 (RFC 4287): a story for each entry.

internal import Parts
internal import Story
internal import Text

struct Atom: XMLFormat {
    var format: Format { .atom }

    static let table = FieldTable(
        "atom",
        [
            .value(.guid, "id"),
            .value(.link, "link[@rel='alternate']/@href", "link/@href"),
            .date(.contentcreated, "published", "issued", "created", "updated", "modified"),
            .date(.versioncreated, "updated", "modified", "published", "issued"),
            .values(.keyword, "category/@term", "dc:subject"), .values(.keyword, "category/@label"),
            .value(.language, "content/@xml:lang", "@xml:lang", "dc:language", convert: Signals.language),
            .values(.copyright, "rights", "copyright"), .values(.infosource, "source/title"),
            .value(.pubstatus, "app:control/app:draft", convert: { $0 == "yes" ? "withheld" : "usable" }),
        ])

    func read(_ root: Element, of source: Source, into sink: PartSink) throws(Exhausted) {
        let entries = root.name == "entry" ? [root] : root.children.filter { $0.name == "entry" }
        try Feed.emit(entries, named: "entry", of: source, as: .atom, into: sink) { fill($0, root, &$1) }
    }

    private func fill(_ entry: Element, _ feed: Element, _ builder: inout ReadingBuilder) {
        Atom.table.read(entry, into: &builder)
        if !builder.has(.language), let language = feed.attribute("xml:lang"), let tag = Signals.language(language) {
            builder.state(.language, tag, rule: "atom/language \(feed.xpath)/@xml:lang")
        }
        Feed.linkOfIdentifier(entry, format: "atom", &builder)
        for link in entry.children where link.name == "link" && link.attribute("rel") == "enclosure" {
            guard let place = link.attribute("href") else { continue }
            builder.state(
                .rendition, [place, link.attribute("type")].compactMap { $0 }.joined(separator: " "),
                rule: "atom/rendition \(link.xpath)/@href", picture: builder.nextPicture())
        }
        if let title = entry.first("title") {
            let text = Atom.paragraphs(title).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            builder.write(.headline, text, rule: "atom/headline \(title.xpath)")
        }
        let own = entry.children.filter { $0.name == "author" }
        for author in own.isEmpty ? (entry.first("source") ?? feed).children.filter({ $0.name == "author" }) : own {
            let name = author.first("name")?.string ?? author.string
            Names.write(RSS.name(name), rule: "atom/byline \(author.xpath)", &builder)
        }
        body(entry, &builder)
        Feed.media(entry, format: "atom", &builder)
    }

    private func body(_ entry: Element, _ builder: inout ReadingBuilder) {
        let summary = entry.first("summary")
        let content = entry.first("content").flatMap { Atom.paragraphs($0).isEmpty ? nil : $0 }
        if let summary, content != nil {
            let text = Atom.paragraphs(summary).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            builder.state(.description, text, rule: "atom/description \(summary.xpath)")
        }
        guard let text = content ?? summary else { return }
        for paragraph in Atom.paragraphs(text) { builder.write(.paragraph, paragraph, rule: "atom/body \(text.xpath)") }
    }

    /// A text construct by its type: `text`, `html`, `xhtml`, a media type; Atom 0.3 has modes besides.
    static func paragraphs(_ element: Element) -> [[UInt8]] {
        let type = element.attribute("type")?.lowercased() ?? "text"
        let mode = element.attribute("mode") ?? ""
        if mode == "base64" || isBase64(type, element) {
            let bytes = Base64.decode(element.rawText)
            guard UTF8Check.isValid(bytes) else { return [] }
            return Paragraphs.ofHTML(String(decoding: bytes, as: UTF8.self))
        }
        if !element.children.isEmpty { return Paragraphs.of(element) }
        let text = element.rawText
        if type == "html" || type == "text/html" || type == "application/xhtml+xml" || mode == "escaped" {
            return Paragraphs.ofHTML(String(decoding: text, as: UTF8.self))
        }
        return Paragraphs.ofPlain(text)
    }

    /// Anything that is no text and no XML is Base64 (RFC 4287, 4.1.3.3).
    private static func isBase64(_ type: String, _ element: Element) -> Bool {
        type.contains("/") && !type.hasPrefix("text/") && !type.hasSuffix("+xml") && !type.hasSuffix("/xml")
            && element.children.isEmpty
    }
}
