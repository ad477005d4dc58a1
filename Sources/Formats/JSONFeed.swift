// JSON Feed 1 and 1.1 (jsonfeed.org), and the JSON that is neither this nor ninjs.

internal import Parts
internal import Story
internal import Text

struct JSONFeed: FormatReader {
    static func isFeed(_ value: JSONValue) -> Bool { value["version"]?.text?.contains("jsonfeed.org/version") == true }

    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        guard let value = JSONValue.parse(Decoding.decode(source.bytes).text) else {
            return try sink.reject(source, .jsonfeed, .damaged(.jsonfeed, "it is no JSON"))
        }
        try read(value, of: source, into: sink)
    }

    func read(_ feed: JSONValue, of source: Source, into sink: PartSink) throws(Exhausted) {
        for (index, item) in (feed["items"]?.list ?? []).enumerated() {
            var builder = ReadingBuilder(limits: sink.limits)
            fill(&builder, from: item, at: "/items/\(index)", of: feed)
            let identifier = item["id"]?.text ?? item["url"]?.text ?? "\(index + 1)"
            try sink.add(
                Part(
                    name: source.item(identifier), format: .jsonfeed, mediaType: "application/feed+json",
                    bytes: .own(item.serialized),
                    content: .story(builder.reading())))
        }
    }

    private static let values: [(Field.Kind, String)] = [
        (.guid, "id"), (.link, "url"), (.link, "external_url"), (.language, "language"), (.rendition, "image"),
    ]

    private func fill(_ builder: inout ReadingBuilder, from item: JSONValue, at pointer: String, of feed: JSONValue) {
        for (kind, name) in JSONFeed.values {
            if let text = item[name]?.text {
                builder.state(kind, text, rule: "jsonfeed/\(kind.rawValue) \(pointer)/\(name)")
            }
        }
        if !builder.has(.language), let language = feed["language"]?.text {
            builder.state(.language, language, rule: "jsonfeed/language /language")
        }
        for (kind, name) in [(Field.Kind.contentcreated, "date_published"), (.versioncreated, "date_modified")] {
            guard let text = item[name]?.text else { continue }
            builder.state(kind, Stamp.iso(text) ?? text, rule: "jsonfeed/\(kind.rawValue) \(pointer)/\(name)")
        }
        for tag in item["tags"]?.list ?? [] {
            if let text = tag.text { builder.state(.keyword, text, rule: "jsonfeed/keyword \(pointer)/tags") }
        }
        if let summary = item["summary"]?.text {
            builder.state(.description, Ninjs.plain(summary), rule: "jsonfeed/description \(pointer)/summary")
        }
        if let title = item["title"]?.text {
            builder.write(.headline, Ninjs.plain(title), rule: "jsonfeed/headline \(pointer)/title")
        }
        for author in (item["authors"] ?? item["author"] ?? feed["authors"] ?? feed["author"])?.list ?? [] {
            if let name = author["name"]?.text {
                Names.write(name, rule: "jsonfeed/byline \(pointer)/authors", &builder)
            }
        }
        let name = item["content_html"]?.text == nil ? "content_text" : "content_html"
        guard let text = item[name]?.text else { return }
        let paragraphs = name == "content_html" ? Paragraphs.ofHTML(text) : Paragraphs.ofPlain(Array(text.utf8))
        for paragraph in paragraphs { builder.write(.paragraph, paragraph, rule: "jsonfeed/body \(pointer)/\(name)") }
    }
}

/// JSON as its first bytes tell it: ninjs, a feed, or something else, which is no story.
struct OtherJSON: FormatReader {
    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        guard let value = JSONValue.parse(Decoding.decode(source.bytes).text) else {
            // A text in braces that is no JSON: copy.
            return try PlainCopy().read(source, into: sink)
        }
        if JSONFeed.isFeed(value) { return try JSONFeed().read(value, of: source, into: sink) }
        if Ninjs.items(value) != nil { return try Ninjs().read(value, of: source, into: sink) }
        try sink.reject(
            source, .json,
            PartRejection(
                code: "no-story", sentence: "this is JSON, and no story is found in it",
                hint: "copy as JSON is read as ninjs (iptc.org) or as JSON Feed (jsonfeed.org)"))
    }
}
