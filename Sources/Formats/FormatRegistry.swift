// Which reader reads which format. A new format is a file with a `FormatReader`, and a line here.

public import Parts
internal import Story
internal import Text

/// Reads one format.
protocol FormatReader: Sendable {
    /// Gives the parts of a source to the sink. What is wrong with the source as a whole is a rejected part of its name.
    func read(_ source: Source, into sink: PartSink) throws(Exhausted)
}

/// All formats.
public enum FormatRegistry {
    private static let readers: [Format: any FormatReader] = [
        .nitf: NITF(), .newsml1: NewsML1(), .newsmlG2: NewsMLG2(), .rss: RSS(), .atom: Atom(), .rdf: RSS(format: .rdf),
        .xml: OtherXML(), .ninjs: Ninjs(), .jsonfeed: JSONFeed(), .json: OtherJSON(),
        .mail: Mail(), .mbox: Mbox(), .zip: Archive(format: .zip), .tar: Archive(format: .tar),
        .gzip: Archive(format: .gzip), .xz: Archive(format: .xz), .zstd: Archive(format: .zstd),
        .bzip2: Archive(format: .bzip2), .warc: WARC(), .docx: DOCX(), .odt: ODT(), .rtf: RTF(),
        .pdf: Unread(format: .pdf),
        .html: WebPages(), .iptc7901: Wire(format: .iptc7901), .anpa: Wire(format: .anpa), .text: PlainCopy(),
        .media: Unread(format: .media),
    ]

    /// What this build reads.
    public static var formats: [Format] { Format.allCases.filter { readers[$0] != nil } }

    /// Reads a delivery.
    ///
    /// - Parameter emit: takes the parts, in order.
    /// - Returns: why the delivery as a whole could not be read to its end, if so.
    public static func read(_ bytes: [UInt8], _ request: ReadRequest, emit: (Part) -> Void) -> PartRejection? {
        withoutActuallyEscaping(emit) { emit in
            let sink = PartSink(limits: request.limits, switchedOff: request.switchedOff, emit: emit)
            do throws(Exhausted) {
                try read(Source(bytes: bytes, offset: 0), into: sink)
                return nil
            } catch { return error.rejection }
        }
    }

    /// Reads whatever a source is.
    static func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        guard source.depth <= sink.limits.depth else {
            return try sink.reject(source, .unknown, .tooDeep(sink.limits.depth))
        }
        let format = format(of: source)
        if sink.switchedOff.contains(format) { return try sink.reject(source, format, .off(format)) }
        guard let reader = readers[format] else {
            return try sink.reject(source, format, .unreadable(format.name))
        }
        try reader.read(source, into: sink)
    }

    /// By its first bytes; where these say nothing, by what is stated of it.
    private static func format(of source: Source) -> Format {
        let format = Recognizer.format(of: Array(source.bytes.prefix(Recognizer.length)))
        guard format == .text, let stated = source.mediaType else { return format }
        switch stated {
        case "text/html", "application/xhtml+xml": return .html
        case "message/rfc822": return .mail
        default: return format
        }
    }
}

extension PartRejection {
    static func off(_ format: Format) -> PartRejection {
        PartRejection(
            code: "format-off", sentence: "this is \(format.name), which the configuration says not to read",
            hint: "take it out of formats.off in copytaster.conf, reload, then `copytaster requeue` the file")
    }
}

/// Media and PDF: they are kept; who started this process may have PDF read by another program.
struct Unread: FormatReader {
    let format: Format

    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        let type =
            format == .pdf
            ? "application/pdf" : Media.type(of: Array(source.bytes.prefix(64))) ?? "application/octet-stream"
        try sink.add(
            Part(
                name: source.name, format: format, mediaType: type, bytes: source.whole,
                content: .kept(Reading(text: [], encoding: .utf8))))
    }
}

/// Wire text out of a container.
struct Wire: FormatReader {
    let format: Format

    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        for var part in Telegraph.parts(of: source.bytes, format: format, limits: sink.limits) {
            part.name = source.name + part.name
            if case .range(let range) = part.bytes { part.bytes = source.place(range) }
            try sink.add(part)
        }
    }
}

/// Plain text out of a container, read as a delivery of its own would be.
struct PlainCopy: FormatReader {
    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        if let kind = NotText.kind(of: source.bytes) { return try sink.reject(source, .unknown, .unreadable(kind)) }
        let stories = Reading.stories(in: source.bytes)
        for (index, range) in stories.enumerated() {
            let bytes = stories.count == 1 ? source.bytes : Array(source.bytes[range])
            var reading: Reading
            if let label = source.charset, let charset = Charset(label: label), !UTF8Check.isValid(bytes) {
                reading = Reading(of: charset.decode(bytes))
            } else {
                reading = Reading(of: bytes)
            }
            reading.encoding = .utf8
            try sink.add(
                Part(
                    name: stories.count == 1 ? source.name : source.item("\(index + 1)"), format: .text,
                    mediaType: "text/plain", bytes: source.place(range), content: .story(reading)))
        }
    }
}
