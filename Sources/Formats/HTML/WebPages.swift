// A web page's bytes -> a reading. What in a page is its story, and why, is in `Pages`.

internal import Pages
internal import Parts
public import Story
internal import Text

struct WebPages: FormatReader {
    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        guard let reading = WebPage.reading(of: source.bytes, charset: source.charset, limits: sink.limits) else {
            return try sink.reject(source, .html, .damaged(.html, "neither a headline nor a paragraph is found in it"))
        }
        try sink.add(source, .html, "text/html", reading)
    }
}

/// A web page, read.
public enum WebPage {
    /// The reading of a page, or nil where it has neither a headline nor a paragraph.
    ///
    /// - Parameter charset: the encoding that a transport stated (`Content-Type`), which counts more than what the page says.
    public static func reading(of bytes: [UInt8], charset: String? = nil) -> Reading? {
        reading(of: bytes, charset: charset, limits: ReadLimits())
    }

    static func reading(of bytes: [UInt8], charset: String?, limits: ReadLimits) -> Reading? {
        let (text, encoding, notes) = PageEncoding.decode(bytes, charset: charset)
        let story = PageStory(of: PageParser.parse(PageTrimming.trimmed(text)))
        guard story.headline != nil || !story.parts.isEmpty else { return nil }
        var builder = ReadingBuilder(notes: notes, limits: limits)
        if encoding != .utf8 { builder.note("The page is in \(encoding.rawValue).") }
        for note in story.notes { builder.note(note) }
        write(story, to: &builder)
        state(story, in: &builder)
        return builder.reading()
    }

    /// Every line of a page with what it was taken for, for people who want to know why.
    public static func outline(of bytes: [UInt8]) -> String {
        let text = PageEncoding.decode(bytes, charset: nil).text
        return PageStory.outline(of: PageParser.parse(PageTrimming.trimmed(text)))
    }

    /// What a person would copy out of the page: the head, then the paragraphs, with the captions where they stand.
    private static func write(_ story: PageStory, to builder: inout ReadingBuilder) {
        if let headline = story.headline { write(.headline, headline, to: &builder) }
        for author in story.authors { write(.byline, author, to: &builder) }
        if let date = story.published {
            builder.write(.contentcreated, date.value, rule: "html/contentcreated \(date.evidence)", value: date.value)
        }
        var picture = -1
        var isAfterCaption = false
        for part in story.parts {
            switch part.role {
            case .paragraph, .heading:
                builder.write(.paragraph, part.text, rule: "html/paragraph \(story.path)")
            case .caption:
                picture = builder.nextPicture()
                builder.write(.caption, part.text, rule: "html/caption \(story.path)", picture: picture)
            case .credit:
                if !isAfterCaption { picture = builder.nextPicture() }
                builder.write(.credit, part.text, rule: "html/credit \(story.path)", picture: max(0, picture))
            }
            isAfterCaption = part.role == .caption
        }
    }

    private static func write(_ kind: Field.Kind, _ fact: PageStory.Fact, to builder: inout ReadingBuilder) {
        builder.write(kind, fact.value, rule: "html/\(kind.rawValue) \(fact.evidence)")
    }

    /// What the page states and does not show.
    private static func state(_ story: PageStory, in builder: inout ReadingBuilder) {
        let facts: [(Field.Kind, PageStory.Fact?)] = [
            (.versioncreated, story.modified), (.language, story.language), (.link, story.address),
            (.subject, story.section),
        ]
        for (kind, fact) in facts {
            if let fact { builder.state(kind, fact.value, rule: "html/\(kind.rawValue) \(fact.evidence)") }
        }
        for keyword in story.keywords {
            builder.state(.keyword, keyword.value, rule: "html/keyword \(keyword.evidence)")
        }
        // An agency in the dateline counts more than the site that shows its copy.
        if let site = story.site, builder.reading().infosource == nil {
            builder.state(.infosource, site.value, rule: "html/infosource \(site.evidence)")
        }
    }
}
