// NewsML-G2: news items, packages, and messages that carry several of both. Concepts, catalogues and plans are kept, not read as
// stories.

internal import Parts
internal import Story
internal import Text

struct NewsMLG2: XMLFormat {
    var format: Format { .newsmlG2 }

    static let table = FieldTable(
        "newsml-g2",
        [
            .value(.guid, "@guid"), .value(.version, "@version"),
            .date(.versioncreated, "itemMeta/versionCreated"),
            .date(.contentcreated, "contentMeta/contentCreated", "itemMeta/firstCreated"),
            .date(.embargoed, "itemMeta/embargoed"),
            .value(.pubstatus, "itemMeta/pubStatus/@qcode", "itemMeta/pubStatus/@uri", convert: Signals.pubStatus),
            .value(.urgency, "contentMeta/urgency", "contentMeta/priority"),
            .values(.altid, "contentMeta/altId", "itemMeta/altId"),
            .values(.link, "contentMeta/hasInstance/@href", "itemMeta/link[@rel='irel:seeAlso']/@href"),
            .values(.ednote, "itemMeta/edNote"),
            .described(.service, "itemMeta/service", by: NewsMLG2.described),
            .value(.slugline, "contentMeta/slugline", "itemMeta/title"),
            .value(.language, "contentMeta/language/@tag", "@xml:lang", convert: Signals.language),
            .values(.keyword, "contentMeta/keyword"),
            .described(.subject, "contentMeta/subject", by: NewsMLG2.described),
            .described(.genre, "contentMeta/genre", by: NewsMLG2.described),
            .described(.located, "contentMeta/located", by: NewsMLG2.named),
            .described(.infosource, "contentMeta/infoSource", "itemMeta/provider", by: NewsMLG2.named),
            .values(.usageterms, "rightsInfo/usageTerms"),
            .described(.copyright, "rightsInfo/copyrightHolder", "rightsInfo/copyrightNotice", by: NewsMLG2.named),
        ])

    static let lines = FieldTable(
        "newsml-g2",
        [
            .line(
                .headline, "contentMeta/headline[@role='hld:main']", "contentMeta/headline", "itemMeta/title",
                "contentMeta/slugline"),
            .lines(
                .description, "contentMeta/description[@role='drol:summary']",
                "contentMeta/description[@role='drol:abstract']"),
        ])

    /// `medtop:20000350 central bank`.
    @Sendable static func described(_ element: Element) -> String? {
        let code = element.attribute("qcode") ?? element.attribute("uri")
        let name = (element.first("name") ?? element.first("definition"))?.string
        return XMLSource.described(code ?? element.attribute("literal"), name)
            ?? (element.children.isEmpty ? element.string : nil)
    }

    /// A name as people say it; a code only where there is nothing else.
    @Sendable static func named(_ element: Element) -> String? {
        if let name = element.first("name")?.string, !name.isEmpty { return name }
        if element.children.isEmpty, !element.string.isEmpty { return element.string }
        if let literal = element.attribute("literal"), !literal.isEmpty { return literal }
        return element.attribute("qcode").map(Signals.local) ?? element.attribute("uri")
    }

    func read(_ root: Element, of source: Source, into sink: PartSink) throws(Exhausted) {
        guard root.name == "newsMessage" else { return try read(item: root, source, source.name, source.whole, sink) }
        let items = root.children.filter { $0.name == "itemSet" }.flatMap(\.children)
        var ranges: [String: [Range<Int>]] = [:]
        var counts: [String: Int] = [:]
        for name in Set(items.map(\.name)) {
            ranges[name] = XMLSource.ranges(of: name, in: source.bytes, count: items.count { $0.name == name })
        }
        for (index, item) in items.enumerated() {
            let number = counts[item.name, default: 0]
            counts[item.name] = number + 1
            let place =
                items.count == 1
                ? source.whole : ranges[item.name].map { source.place($0[number]) } ?? .own(item.serialized)
            let name = items.count == 1 ? source.name : source.item(item.attribute("guid") ?? "\(index + 1)")
            try read(item: item, source, name, place, sink)
        }
    }

    private func read(item: Element, _ source: Source, _ name: String, _ place: Part.Bytes, _ sink: PartSink)
        throws(Exhausted)
    {
        var builder = ReadingBuilder(notes: item.markup.notes, limits: sink.limits)
        NewsMLG2.table.read(item, into: &builder)
        for signal in Path("itemMeta/signal").elements(from: item) {
            guard let code = signal.attribute("qcode") ?? signal.attribute("uri") ?? signal.attribute("literal") else {
                continue
            }
            Signals.state(code, rule: "newsml-g2/signal \(signal.xpath)/@qcode", &builder)
        }
        NewsMLG2.lines.read(item, into: &builder)
        authors(item, &builder)
        if let dateline = Path("contentMeta/dateline").elements(from: item).first {
            builder.write(.dateline, dateline.string, rule: "newsml-g2/dateline \(dateline.xpath)")
        }
        if item.name == "packageItem" { package(item, &builder) } else { contents(item, &builder) }
        let reading = builder.reading()
        let isStory = (item.name == "newsItem" || item.name == "packageItem") && !reading.text.isEmpty
        try sink.add(
            Part(
                name: name, format: .newsmlG2, mediaType: "application/vnd.iptc.g2.\(item.name.lowercased())+xml",
                bytes: place,
                content: isStory ? .story(reading) : .kept(reading)))
    }

    /// The byline as it is to be printed; otherwise who made the content.
    private func authors(_ item: Element, _ builder: inout ReadingBuilder) {
        for by in Path("contentMeta/by").elements(from: item) {
            Names.write(by, rule: "newsml-g2/byline \(by.xpath)", &builder)
        }
        guard !builder.has(.byline) else { return }
        for creator in Path("contentMeta/creator").elements(from: item) {
            guard let name = creator.first("name")?.string ?? creator.attribute("literal") else { continue }
            Names.write(name, rule: "newsml-g2/byline \(creator.xpath)", &builder)
        }
    }

    private func contents(_ item: Element, _ builder: inout ReadingBuilder) {
        let sets = Path("contentSet").elements(from: item).flatMap(\.children)
        // Renditions of the same text in several forms: the richest is read.
        for content in sets where content.name == "inlineXML" && !builder.hasBody { inline(content, &builder) }
        for content in sets where content.name == "inlineData" && !builder.hasBody {
            let rule = "newsml-g2/body \(content.xpath)"
            guard content.attribute("encoding") == nil else { continue }
            for paragraph in Paragraphs.ofHTML(String(decoding: content.rawText, as: UTF8.self)) {
                builder.write(.paragraph, paragraph, rule: rule)
            }
        }
        let remotes = sets.filter { $0.name == "remoteContent" }
        let caption = Path("contentMeta/description").elements(from: item).first {
            $0.attribute("role").map { !$0.hasSuffix(":summary") && !$0.hasSuffix(":abstract") } ?? true
        }
        if let caption, remotes.isEmpty == false || !builder.hasBody {
            let number = builder.nextPicture()
            builder.write(.caption, caption.string, rule: "newsml-g2/caption \(caption.xpath)", picture: number)
            if let credit = Path("contentMeta/creditline").elements(from: item).first {
                builder.write(.credit, credit.string, rule: "newsml-g2/credit \(credit.xpath)", picture: number)
            }
        }
        for remote in remotes {
            guard let place = remote.attribute("href") ?? remote.attribute("residref") else { continue }
            let words = [place, remote.attribute("contenttype"), remote.attribute("rendition")].compactMap { $0 }
            builder.state(
                .rendition, words.joined(separator: " "), rule: "newsml-g2/rendition \(remote.xpath)/@href",
                picture: max(0, builder.pictures - 1))
        }
    }

    private func inline(_ content: Element, _ builder: inout ReadingBuilder) {
        guard let root = content.children.first else { return }
        if root.name == "nitf" { return NITF.fill(&builder, from: root, isContent: true) }
        let body = root.first("body") ?? root
        let skipped: Set = ["media", "figure"]
        for paragraph in Paragraphs.of(body, without: skipped) {
            builder.write(.paragraph, paragraph, rule: "newsml-g2/body \(body.xpath)")
        }
    }

    /// A package: the headlines of its members, and where they are.
    private func package(_ item: Element, _ builder: inout ReadingBuilder) {
        for reference in Path("groupSet/group/itemRef").elements(from: item) {
            if let place = reference.attribute("residref") ?? reference.attribute("href") {
                builder.state(.link, place, rule: "newsml-g2/link \(reference.xpath)")
            }
            if let headline = reference.first("headline") {
                builder.write(
                    .paragraph, headline.string, rule: "newsml-g2/member \(headline.parent?.parent?.xpath ?? "")")
            }
        }
    }
}
