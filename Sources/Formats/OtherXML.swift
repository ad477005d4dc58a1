// XML that is none of the formats here: its text is read as copy, so that it can be searched and compared, and nothing is made up. What
// agencies' own dialects call headline, byline and body is taken for that, by the names alone.

internal import Parts
internal import Story
internal import Text

struct OtherXML: XMLFormat {
    var format: Format { .xml }

    /// Names of elements, in small letters, by what they mean.
    private static let names: [String: Field.Kind] = [
        "headline": .headline, "head": .headline, "title": .headline, "hl1": .headline, "headlinetext": .headline,
        "byline": .byline, "author": .byline, "dateline": .dateline, "placeline": .dateline, "slug": .slugline,
        "slugline": .slugline, "slugproper": .slugline, "urgency": .urgency, "priority": .urgency,
        "language": .language,
        "copyright": .copyright, "guid": .guid, "id": .guid, "version": .version, "embargotime": .embargoed,
        "embargoed": .embargoed, "keywords": .keyword, "keyword": .keyword, "category": .service, "credit": .credit,
        "caption": .caption, "englishcaption": .caption, "ednote": .ednote, "usageterms": .usageterms,
        "createddatetime": .contentcreated, "updateddatetime": .versioncreated, "pubdate": .versioncreated,
        "publishdate": .versioncreated, "created": .contentcreated, "updated": .versioncreated,
        "subtitle": .description,
        "subheadline": .description, "strapline": .description, "lead": .description, "source": .infosource,
        "editorialnote": .ednote, "location": .located, "city": .located,
        "body": .paragraph, "bodytext": .paragraph, "contenttext": .paragraph, "story": .paragraph, "text": .paragraph,
        "content": .paragraph, "summary": .description, "abstract": .description,
    ]

    func read(_ root: Element, of source: Source, into sink: PartSink) throws(Exhausted) {
        var builder = ReadingBuilder(notes: root.markup.notes, limits: sink.limits)
        var bodies: [Element] = []
        for element in root.descendants {
            let name = element.name.split(separator: ":").last.map { $0.lowercased() } ?? ""
            guard let kind = OtherXML.names[name], !element.string.isEmpty else { continue }
            let rule = "xml/\(kind.rawValue) \(element.xpath)"
            switch kind {
            case .paragraph: if !bodies.contains(where: { $0.contains(element) }) { bodies.append(element) }
            case .headline, .byline, .dateline, .description:
                if !builder.has(kind) { builder.write(kind, element.string, rule: rule) }
            case .caption, .credit: if !builder.has(kind) { builder.write(kind, element.string, rule: rule) }
            case .contentcreated, .versioncreated, .embargoed:
                if !builder.has(kind), let time = Stamp.iso(element.string), time > "1000" {
                    builder.state(kind, time, rule: rule)
                }
            case .language:
                if let tag = Signals.language(element.string) { builder.state(kind, tag, rule: rule) }
            default: if kind == .keyword || !builder.has(kind) { builder.state(kind, element.string, rule: rule) }
            }
        }
        for body in bodies { write(body, &builder) }
        if !builder.hasBody, !builder.has(.caption) { write(root, &builder) }
        builder.note("XML of an unknown kind (<\(root.name)>): its text was read, its fields by their names.")
        try sink.add(source, .xml, "application/xml", builder.reading())
    }

    private func write(_ body: Element, _ builder: inout ReadingBuilder) {
        let paragraphs =
            body.children.isEmpty ? Paragraphs.ofHTML(String(decoding: body.rawText, as: UTF8.self)) : lines(body)
        for paragraph in paragraphs { builder.write(.paragraph, paragraph, rule: "xml/body \(body.xpath)") }
    }

    /// Elements whose names say nothing of blocks: each that holds text alone is one.
    private func lines(_ body: Element) -> [[UInt8]] {
        let known = Paragraphs.of(body)
        if known.count > 1 { return known }
        return body.descendants.filter(\.children.isEmpty).map { WhiteSpace.collapsed($0.rawText) }.filter {
            !$0.isEmpty
        }
    }
}

extension Element {
    /// Whether another element lies within this one.
    func contains(_ other: Element) -> Bool {
        var element: Element? = other
        while let current = element {
            if current == self { return true }
            element = current.parent
        }
        return false
    }
}
