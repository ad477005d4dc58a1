// What RSS, RDF and Atom share: the parts of a feed, named by their items' identifiers.

internal import Parts
internal import Story
internal import Text

enum Feed {
    /// A story for each item. An item's bytes are those between its tags, or its content as XML where the file is not
    /// well-formed: in both ways the same item has the same digest in the next delivery of the feed.
    static func emit(
        _ items: [Element], named element: String, of source: Source, as format: Format, into sink: PartSink,
        fill: (Element, inout ReadingBuilder) -> Void
    ) throws(Exhausted) {
        let ranges = XMLSource.ranges(of: element, in: source.bytes, count: items.count)
        for (index, item) in items.enumerated() {
            var builder = ReadingBuilder(notes: item.markup.notes, limits: sink.limits)
            fill(item, &builder)
            let identifier = builder.values(.guid).first ?? builder.values(.link).first ?? "\(index + 1)"
            let place = ranges.map { source.place($0[index]) } ?? .own(item.serialized)
            let reading = builder.reading()
            let type = format == .atom ? "application/atom+xml" : "application/rss+xml"
            try sink.add(
                Part(
                    name: source.item(identifier), format: format, mediaType: type, bytes: place,
                    content: reading.text.isEmpty ? .kept(reading) : .story(reading)))
        }
    }

    /// An identifier that is an address leads to the item, where nothing else does.
    static func linkOfIdentifier(_ item: Element, format: String, _ builder: inout ReadingBuilder) {
        guard !builder.has(.link), let identifier = item.first("guid") ?? item.first("id") else { return }
        guard identifier.attribute("isPermaLink") != "false", identifier.string.contains("://") else { return }
        builder.state(.link, identifier.string, rule: "\(format)/link \(identifier.xpath)")
    }

    /// HTML text as it stands in a feed: a headline without markup.
    static func plain(_ element: Element) -> String {
        let raw = element.rawText
        guard raw.contains(Byte.less) || raw.contains(Byte.ampersand) else { return element.string }
        return Ninjs.plain(String(decoding: raw, as: UTF8.self))
    }

    /// The picture of a `media:` element with what is said of it.
    static func media(_ item: Element, format: String, _ builder: inout ReadingBuilder) {
        for media in item.descendants where media.name == "media:content" || media.name == "media:thumbnail" {
            guard let place = media.attribute("url") else { continue }
            let number = builder.nextPicture()
            builder.state(
                .rendition, [place, media.attribute("type")].compactMap { $0 }.joined(separator: " "),
                rule: "\(format)/rendition \(media.xpath)/@url", picture: number)
            for (name, kind) in [
                ("media:description", Field.Kind.caption), ("media:title", .caption), ("media:credit", .credit),
            ] {
                guard let words = media.first(name)?.string, !words.isEmpty else { continue }
                builder.write(kind, words, rule: "\(format)/\(kind.rawValue) \(media.xpath)/\(name)", picture: number)
            }
        }
    }
}
