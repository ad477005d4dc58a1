// NewsML 1.0 to 1.2: items with components, one within another; a story for each item.

internal import Parts
internal import Story
internal import Text

struct NewsML1: XMLFormat {
    var format: Format { .newsml1 }

    /// Of the item.
    static let item = FieldTable(
        "newsml-1",
        [
            .value(.guid, "Identification/NewsIdentifier/PublicIdentifier", "@Duid"),
            .value(.version, "Identification/NewsIdentifier/RevisionId"),
            .values(.altid, "Identification/NewsIdentifier/NewsItemId"),
            .date(
                .versioncreated, "NewsManagement/ThisRevisionCreated", "NewsManagement/FirstCreated",
                "Identification/NewsIdentifier/DateId"),
            .date(.contentcreated, "NewsManagement/FirstCreated", "NewsManagement/ThisRevisionCreated"),
            .value(.pubstatus, "NewsManagement/Status/@FormalName", convert: Signals.pubStatus),
            .value(.urgency, "NewsManagement/Urgency/@FormalName", ".//Priority/@FormalName"),
            .date(.embargoed, "NewsManagement/StatusWillChange/DateAndTime"),
            .values(.signal, "NewsManagement/Instruction/@FormalName"),
            .value(.slugline, ".//NewsLines/SlugLine", "Identification/NameLabel"),
            .values(.keyword, ".//NewsLines/KeywordLine"),
            .values(.copyright, ".//NewsLines/CopyrightLine"),
            .values(.usageterms, ".//NewsLines/RightsLine", ".//RightsMetadata/UsageRights/UsageType"),
            .values(.ednote, ".//NewsLine[NewsLineType]/NewsLineText", "NewsManagement/Instruction/Comment"),
            .value(
                .language, ".//DescriptiveMetadata/Language/@FormalName", ".//@xml:lang",
                convert: Signals.language),
            .values(.genre, ".//DescriptiveMetadata/Genre/@FormalName"),
            .described(
                .subject, ".//SubjectCode/SubjectDetail", ".//SubjectCode/SubjectMatter", ".//SubjectCode/Subject",
                by: { $0.attribute("FormalName") }),
            .described(.located, ".//DescriptiveMetadata/Location", ".//NewsLines/DateLine/Location") { place in
                let city = place.descendants.first { $0.name == "Property" && $0.attribute("FormalName") == "City" }
                return city?.attribute("Value")
                    ?? (place.name == "Location" && place.children.isEmpty ? place.string : nil)
            },
            .values(
                .infosource, ".//AdministrativeMetadata/Provider/Party/@FormalName",
                ".//AdministrativeMetadata/Source/Party/@FormalName", "Identification/NewsIdentifier/ProviderId"),
        ])

    /// Of the first component that has such lines.
    static let lines = FieldTable(
        "newsml-1",
        [
            .line(.headline, ".//NewsLines/HeadLine"), .lines(.description, ".//NewsLines/SubHeadLine"),
        ])

    func read(_ root: Element, of source: Source, into sink: PartSink) throws(Exhausted) {
        let items = outermost("NewsItem", in: root)
        let ranges = items.count > 1 ? XMLSource.ranges(of: "NewsItem", in: source.bytes, count: items.count) : nil
        for (index, item) in items.enumerated() {
            var builder = ReadingBuilder(notes: root.markup.notes, limits: sink.limits)
            read(item, &builder)
            let identifier = builder.values(.guid).first ?? "\(index + 1)"
            let place =
                items.count == 1
                ? source.whole : ranges.map { source.place($0[index]) } ?? .own(item.serialized)
            let reading = builder.reading()
            try sink.add(
                Part(
                    name: items.count == 1 ? source.name : source.item(identifier), format: .newsml1,
                    mediaType: "application/vnd.iptc.newsml+xml", bytes: place,
                    content: reading.text.isEmpty ? .kept(reading) : .story(reading)))
        }
    }

    private func outermost(_ name: String, in root: Element) -> [Element] {
        root.children.filter { $0.name == name }
    }

    private func read(_ item: Element, _ builder: inout ReadingBuilder) {
        NewsML1.item.read(item, into: &builder)
        if let revision = Path("Identification/NewsIdentifier/RevisionId").elements(from: item).first,
            let update = revision.attribute("Update"), update != "N",
            let kind = update == "A" || update == "U" ? "update" : nil
        {
            builder.state(.updatekind, kind, rule: "newsml-1/updatekind \(revision.xpath)/@Update")
        }
        for instruction in builder.values(.signal) where !builder.has(.updatekind) {
            guard let kind = Signals.updateKind(instruction) else { continue }
            builder.state(
                .updatekind, kind, rule: "newsml-1/updatekind \(item.xpath)/NewsManagement/Instruction/@FormalName")
        }
        NewsML1.lines.read(item, into: &builder)
        for byline in Path(".//NewsLines/ByLine").elements(from: item) {
            Names.write(byline, without: ["BylineTitle"], rule: "newsml-1/byline \(byline.xpath)", &builder)
        }
        if let dateline = Path(".//NewsLines/DateLine").elements(from: item).first {
            builder.write(.dateline, dateline.string, rule: "newsml-1/dateline \(dateline.xpath)")
        }
        contents(item, &builder)
    }

    /// The text of the first text component, and what the others are.
    private func contents(_ item: Element, _ builder: inout ReadingBuilder) {
        for content in Path(".//ContentItem").elements(from: item) {
            let type = content.first("MediaType")?.attribute("FormalName") ?? ""
            let mime =
                content.first("MimeType")?.attribute("FormalName") ?? content.first("Format")?.attribute("FormalName")
                ?? ""
            let component = content.parent
            let role = component?.first("Role")?.attribute("FormalName") ?? ""
            if let data = content.first("DataContent") {
                if role.lowercased().contains("caption") {
                    builder.write(
                        .caption, data.string, rule: "newsml-1/caption \(data.xpath)",
                        picture: max(0, builder.pictures - 1))
                } else if !builder.hasBody, type.isEmpty || type.lowercased().contains("text") || mime.hasPrefix("text")
                {
                    text(data, &builder)
                }
            } else if let place = content.attribute("Href") {
                let words = [place, mime, role].filter { !$0.isEmpty }
                builder.state(
                    .rendition, words.joined(separator: " "), rule: "newsml-1/rendition \(content.xpath)/@Href",
                    picture: builder.pictures)
                if type == "Photo" || type == "Graphic" { _ = builder.nextPicture() }
            }
        }
    }

    private func text(_ data: Element, _ builder: inout ReadingBuilder) {
        if let nitf = data.first("nitf") { return NITF.fill(&builder, from: nitf, isContent: true) }
        let rule = "newsml-1/body \(data.xpath)"
        if data.children.isEmpty {
            for paragraph in Paragraphs.ofHTML(String(decoding: data.rawText, as: UTF8.self)) {
                builder.write(.paragraph, paragraph, rule: rule)
            }
        } else {
            for paragraph in Paragraphs.of(data, without: ["media", "hedline"]) {
                builder.write(.paragraph, paragraph, rule: rule)
            }
        }
    }
}
