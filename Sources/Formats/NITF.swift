// NITF 2.5 to 3.6, the News Industry Text Format: one story a document.

internal import Parts
internal import Story
internal import Text

struct NITF: XMLFormat {
    var format: Format { .nitf }

    /// What stands in the head.
    static let head = FieldTable(
        "nitf",
        [
            .value(.guid, "head/docdata/doc-id/@id-string", "@uno"),
            .value(.version, "head/docdata/du-key/@version", "head/docdata/du-key/@generation"),
            .values(.altid, "head/docdata/du-key/@key", "head/docdata/doc-id/@regsrc"),
            .date(.versioncreated, "head/docdata/date.issue/@norm", "head/pubdata/@date.publication", "@change.date"),
            .date(.contentcreated, "body/body.head/dateline/story.date/@norm", "head/docdata/date.issue/@norm"),
            .value(.pubstatus, "head/docdata/@management-status", convert: Signals.pubStatus),
            .value(.urgency, "head/docdata/urgency/@ed-urg", "head/urgency/@ed-urg"),
            .values(
                .slugline, "head/meta[@name='slug']/@content", "head/meta[@name='slugline']/@content",
                "head/meta[@name='anpa-keyword']/@content", "body/body.head/slugline"),
            .values(
                .keyword, "head/docdata/key-list/keyword/@key", "head/docdata/key-list/keyword",
                "head/docdata/key-list/@key"),
            .values(
                .service, "head/meta[@name='category']/@content", "head/meta[@name='anpa-category']/@content",
                "head/meta[@name='service']/@content"),
            .values(.genre, "head/tobject/tobject.property/@tobject.property.type", "head/tobject/@tobject.type"),
            .described(.subject, "head//tobject.subject") {
                XMLSource.described(
                    $0.attribute("tobject.subject.refnum"),
                    ["detail", "matter", "type"].lazy.compactMap { [element = $0] name in
                        element.attribute("tobject.subject.\(name)")
                    }.first { !$0.isEmpty })
            },
            .values(.ednote, "head/docdata/ed-msg/@info", "body/body.head/note[@type='std']", "body/body.head/note"),
            .value(.usageterms, "head/docdata/doc.rights/@type", "body/body.head/rights/rights.limitations"),
            .described(.copyright, "head/docdata/doc.copyright") {
                XMLSource.described($0.attribute("year"), $0.attribute("holder"))
            },
            .value(.language, "body/@xml:lang", "@xml:lang", "@baselang", convert: Signals.language),
            .values(
                .infosource, "body/body.head/distributor/org", "body/body.head/distributor",
                "head/docdata/del-list/from-src/@src-name"),
            .values(
                .located, "body/body.head/dateline/location/city", "body/body.head/dateline/location",
                "head/docdata/evloc/@city"),
        ])

    /// What stands above the text, in the order of copy.
    static let lines = FieldTable(
        "nitf",
        [
            .line(.headline, "body/body.head/hedline/hl1", "body/body.head/hedline", "head/title"),
            .lines(.description, "body/body.head/hedline/hl2", "body/body.head/abstract"),
            .line(.dateline, "body/body.head/dateline"),
        ])

    func read(_ root: Element, of source: Source, into sink: PartSink) throws(Exhausted) {
        var builder = ReadingBuilder(notes: root.markup.notes, limits: sink.limits)
        NITF.fill(&builder, from: root)
        try sink.add(source, .nitf, "application/nitf+xml", builder.reading())
    }

    /// Reads a document, which other formats carry as their content, too.
    static func fill(_ builder: inout ReadingBuilder, from root: Element, isContent: Bool = false) {
        if !isContent { head.read(root, into: &builder) }
        release(root, &builder)
        if !isContent || !builder.has(.headline) { lines.read(root, into: &builder) }
        if !builder.has(.byline) {
            for byline in Path("body/body.head/byline").elements(from: root) {
                Names.write(byline, without: ["byttl"], rule: "nitf/byline \(byline.xpath)", &builder)
            }
        }
        let bodies = Path("body/body.content").elements(from: root)
        for body in bodies.isEmpty ? Path("body").elements(from: root) : bodies {
            NITF.body(body, &builder, rule: "nitf/body \(body.xpath)")
        }
        for end in Path("body/body.end/tagline").elements(from: root) {
            builder.write(.boilerplate, end.string, rule: "nitf/tagline \(end.xpath)")
        }
        for media in Path("body//media").elements(from: root) { picture(media, &builder) }
    }

    /// The paragraphs of a body.
    static func body(_ body: Element, _ builder: inout ReadingBuilder, rule: String) {
        let skipped: Set = [
            "media", "body.head", "byline", "dateline", "body.end", "nitf-table-metadata", "fig-caption",
        ]
        for paragraph in Paragraphs.of(body, without: skipped) { builder.write(.paragraph, paragraph, rule: rule) }
    }

    /// A release that comes after the issue is an embargo.
    private static func release(_ root: Element, _ builder: inout ReadingBuilder) {
        guard let release = Path("head/docdata/date.release").elements(from: root).first,
            let time = release.attribute("norm"), let stamp = Stamp.iso(time),
            let issued = builder.values(.versioncreated).first, stamp > issued
        else { return }
        builder.state(.embargoed, stamp, rule: "nitf/embargoed \(release.xpath)/@norm")
    }

    private static func picture(_ media: Element, _ builder: inout ReadingBuilder) {
        let number = builder.nextPicture()
        for caption in media.children where caption.name == "media-caption" {
            builder.write(.caption, caption.string, rule: "nitf/caption \(caption.xpath)", picture: number)
        }
        for credit in media.children where credit.name == "media-producer" {
            builder.write(.credit, credit.string, rule: "nitf/credit \(credit.xpath)", picture: number)
        }
        for reference in media.children where reference.name == "media-reference" {
            guard let place = reference.attribute("source") else { continue }
            let type = reference.attribute("mime-type") ?? media.attribute("media-type") ?? ""
            builder.state(
                .rendition, type.isEmpty ? place : "\(place) \(type)",
                rule: "nitf/rendition \(reference.xpath)/@source",
                picture: number)
        }
    }
}
