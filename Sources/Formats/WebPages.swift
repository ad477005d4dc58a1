// Web pages: what the page itself states of the article, and its text.

internal import Parts
internal import Story
internal import Text

struct WebPages: FormatReader {
    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        let text =
            source.charset.flatMap { Charset(label: $0) }.map { $0.decode(source.bytes) }
            ?? Decoding.decode(source.bytes).text
        guard let markup = try? Markup.html(text: text), let root = markup.root else {
            return try sink.reject(source, .html, .damaged(.html, "no element is found in it"))
        }
        var builder = ReadingBuilder(notes: markup.notes, limits: sink.limits)
        if let title = Path(".//title").elements(from: root).first {
            builder.write(.headline, title.string, rule: "html/headline \(title.xpath)")
        }
        let body = root.first("body") ?? root
        for paragraph in Paragraphs.of(body) { builder.write(.paragraph, paragraph, rule: "html/body \(body.xpath)") }
        try sink.add(source, .html, "text/html", builder.reading())
    }
}
