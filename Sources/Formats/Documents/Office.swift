// Word documents (OOXML) and OpenDocument texts: XML in a ZIP archive, each one story.

internal import Parts
internal import Story
internal import Text

enum Office {
    /// Reads a ZIP archive that is a document; nil if it is an archive like any other.
    static func read(_ source: Source, into sink: PartSink) throws(Exhausted) -> Void? {
        guard Recognizer.format(of: Array(source.bytes.prefix(Recognizer.length))) == .zip,
            let format = format(of: source, sink)
        else { return nil }
        if sink.switchedOff.contains(format) { return try sink.reject(source, format, .off(format)) }
        return try format == .docx ? DOCX().read(source, into: sink) : ODT().read(source, into: sink)
    }

    /// By the names of its first members, which both formats fix.
    private static func format(of source: Source, _ sink: PartSink) -> Format? {
        guard let unpacker = Unpacker(source.bytes, limits: sink.limits, asStream: false) else { return nil }
        var count = 0
        while count < 64, let member = try? unpacker.next() {
            count += 1
            if member.path == "word/document.xml" { return .docx }
            if member.path == "mimetype", count == 1, case .bytes(let type) = (try? unpacker.read()) ?? .bytes([]) {
                return String(decoding: type, as: UTF8.self).hasPrefix("application/vnd.oasis.opendocument.text")
                    ? .odt : nil
            }
        }
        return nil
    }

    /// The members of some names, parsed; pictures' names are given besides.
    static func members(_ names: Set<String>, of source: Source, _ sink: PartSink) throws(Exhausted) -> [String: Markup]
    {
        var found: [String: Markup] = [:]
        guard let unpacker = Unpacker(source.bytes, limits: sink.limits, asStream: false) else { return found }
        while let member = try? unpacker.next() {
            guard names.contains(member.path), !member.isEncrypted, case .bytes(let bytes) = try unpacker.read() else {
                continue
            }
            found[member.path] = try? Markup.xml(bytes)
            if found.count == names.count { break }
        }
        return found
    }
}

struct DOCX: FormatReader {
    private static let properties = FieldTable(
        "docx",
        [
            .date(.contentcreated, "dcterms:created"), .date(.versioncreated, "dcterms:modified"),
            .values(.keyword, "cp:keywords"), .value(.language, "dc:language", convert: Signals.language),
            .value(.version, "cp:revision"), .value(.description, "dc:description"), .value(.guid, "dc:identifier"),
            .value(.subject, "dc:subject"), .line(.headline, "dc:title"),
        ])

    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        let members = try Office.members(["word/document.xml", "docProps/core.xml"], of: source, sink)
        guard let document = members["word/document.xml"]?.root, let body = document.first("w:body") else {
            return try sink.reject(source, .docx, .damaged(.docx, "word/document.xml is missing in it"))
        }
        var builder = ReadingBuilder(limits: sink.limits)
        if let core = members["docProps/core.xml"]?.root {
            DOCX.properties.read(core, into: &builder)
            if let creator = core.first("dc:creator")?.string, !creator.isEmpty {
                Names.write(
                    creator, rule: "docx/byline docProps/core.xml\(core.first("dc:creator")?.xpath ?? "")", &builder)
            }
        }
        // A paragraph in the style `Title` is the headline, whatever the properties, which nobody looks at, say.
        var paragraphs: [[UInt8]] = []
        for paragraph in body.descendants where paragraph.name == "w:p" {
            let style = paragraph.first("w:pPr")?.first("w:pStyle")?.attribute("w:val")
            let text = Paragraphs.of(paragraph, without: ["w:del", "w:instrText", "w:pPr", "w:delText"])
            if style == "Title", !builder.has(.headline), let title = text.first {
                builder.write(.headline, title, rule: "docx/headline word/document.xml\(paragraph.xpath)")
            } else {
                paragraphs.append(contentsOf: text)
            }
        }
        for paragraph in paragraphs {
            builder.write(.paragraph, paragraph, rule: "docx/body word/document.xml\(body.xpath)")
        }
        let type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        try sink.add(source, .docx, type, builder.reading())
    }
}

struct ODT: FormatReader {
    private static let properties = FieldTable(
        "odt",
        [
            .date(.contentcreated, "office:meta/meta:creation-date"), .date(.versioncreated, "office:meta/dc:date"),
            .values(.keyword, "office:meta/meta:keyword"),
            .value(.language, "office:meta/dc:language", convert: Signals.language),
            .value(.subject, "office:meta/dc:subject"), .value(.description, "office:meta/dc:description"),
            .line(.headline, "office:meta/dc:title"),
        ])

    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        let members = try Office.members(["content.xml", "meta.xml"], of: source, sink)
        guard let root = members["content.xml"]?.root,
            let text = Path("office:body/office:text").elements(from: root).first
        else { return try sink.reject(source, .odt, .damaged(.odt, "content.xml is missing in it")) }
        var builder = ReadingBuilder(limits: sink.limits)
        if let meta = members["meta.xml"]?.root {
            ODT.properties.read(meta, into: &builder)
            if let creator = Path("office:meta/meta:initial-creator").elements(from: meta).first {
                Names.write(creator, rule: "odt/byline meta.xml\(creator.xpath)", &builder)
            }
        }
        let skipped: Set = ["text:tracked-changes", "office:annotation", "text:sequence-decls", "office:forms"]
        for paragraph in Paragraphs.of(text, without: skipped) {
            builder.write(.paragraph, paragraph, rule: "odt/body content.xml\(text.xpath)")
        }
        try sink.add(source, .odt, "application/vnd.oasis.opendocument.text", builder.reading())
    }
}
