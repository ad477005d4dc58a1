// Mail as news: a message is one story, its text the best of its alternatives; what is attached are parts of their own.

internal import Parts
internal import Story
internal import Text

struct Mail: FormatReader {
    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        let message = MailEntity(source.bytes, 0..<source.bytes.count)
        try read(message, of: source, into: sink)
    }

    func read(_ message: MailEntity, of source: Source, into sink: PartSink) throws(Exhausted) {
        var contents = Contents()
        contents.collect(message, source.bytes)
        var builder = ReadingBuilder(limits: sink.limits)
        headers(message, &builder)
        body(contents, source.bytes, &builder)
        try sink.add(
            Part(
                name: source.name, format: .mail, mediaType: "message/rfc822", bytes: source.whole,
                content: .story(builder.reading())))
        for (index, attached) in contents.attached.enumerated() {
            var inner = Source(bytes: attached.decodedBody(source.bytes), offset: nil)
            if attached.isVerbatim, let offset = source.offset { inner.offset = offset + attached.body.lowerBound }
            inner.name = source.member(attached.fileName ?? "part\(index + 1)")
            inner.mediaType = attached.contentType.value
            inner.charset = attached.contentType.parameters["charset"]
            inner.depth = source.depth + 1
            try FormatRegistry.read(inner, into: sink)
        }
    }

    private static let stated: [(Field.Kind, String)] = [
        (.guid, "message-id"), (.keyword, "keywords"), (.language, "content-language"), (.urgency, "x-priority"),
    ]

    private func headers(_ message: MailEntity, _ builder: inout ReadingBuilder) {
        for (kind, name) in Mail.stated {
            guard var text = message.text(name) else { continue }
            if kind == .guid { text = text.trimmingAngles }
            if kind == .urgency { text = String(text.prefix { $0.isNumber }) }
            builder.state(kind, text, rule: "mail/\(kind.rawValue) \(name)")
        }
        if let date = message.text("date") {
            let stamp = Stamp.iso(date) ?? date
            builder.state(.contentcreated, stamp, rule: "mail/contentcreated date")
            builder.state(.versioncreated, stamp, rule: "mail/versioncreated date")
        }
        if let subject = message.text("subject") { builder.write(.headline, subject, rule: "mail/headline subject") }
        if let from = message.text("from") {
            var name = RSS.name(from)
            if name.hasPrefix("\""), name.hasSuffix("\""), name.utf8.count > 2 {
                name = String(name.dropFirst().dropLast())
            }
            Names.write(name.trimmingAngles, rule: "mail/byline from", &builder)
        }
    }

    /// The parts of a message by what they are for.
    private struct Contents {
        var plain: MailEntity?
        var html: MailEntity?
        var attached: [MailEntity] = []

        mutating func collect(_ entity: MailEntity, _ bytes: [UInt8]) {
            let type = entity.contentType.value
            if type.hasPrefix("multipart/"), !entity.parts.isEmpty {
                for part in entity.parts { collect(part, bytes) }
            } else if entity.disposition.value == "attachment" || entity.fileName != nil {
                attached.append(entity)
            } else if type == "text/html", html == nil {
                html = entity
            } else if type.hasPrefix("text/"), type != "text/html", plain == nil {
                plain = entity
            } else if !type.hasPrefix("multipart/"), !entity.body.isEmpty {
                attached.append(entity)
            }
        }
    }

    private func body(_ contents: Contents, _ bytes: [UInt8], _ builder: inout ReadingBuilder) {
        if let plain = contents.plain {
            let text = decoded(plain, bytes)
            if let form = JSONValue.parse(text), form["Headline"] ?? form["headline"] != nil {
                return Mail.form(form, &builder)
            }
            let type = plain.contentType
            let isFlowed = type.parameters["format"]?.lowercased() == "flowed"
            let lines =
                isFlowed ? Mail.unflowed(text, isDeleting: type.parameters["delsp"]?.lowercased() == "yes") : text
            for paragraph in Paragraphs.ofPlain(lines) {
                builder.write(.paragraph, paragraph, rule: "mail/body text/plain")
            }
        }
        if !builder.hasBody, let html = contents.html {
            for paragraph in Paragraphs.ofHTML(String(decoding: decoded(html, bytes), as: UTF8.self)) {
                builder.write(.paragraph, paragraph, rule: "mail/body text/html")
            }
        }
    }

    private func decoded(_ entity: MailEntity, _ bytes: [UInt8]) -> [UInt8] {
        let body = entity.decodedBody(bytes)
        guard let label = entity.contentType.parameters["charset"], let charset = Charset(label: label) else {
            return Decoding.decode(body).text
        }
        if charset == .known(.utf8), !UTF8Check.isValid(body) { return Decoding.decode(body).text }
        return charset.decode(body)
    }

    /// Lines that end with a blank go on (RFC 3676).
    static func unflowed(_ text: [UInt8], isDeleting: Bool) -> [UInt8] {
        var out: [UInt8] = []
        for line in text.split(separator: Byte.lineFeed, omittingEmptySubsequences: false) {
            var line = line
            if line.last == Byte.carriageReturn { line.removeLast() }
            if line.last == Byte.space, !line.elementsEqual("-- ".utf8) {
                out.append(contentsOf: isDeleting ? line.dropLast() : line)
            } else {
                out.append(contentsOf: line)
                out.append(Byte.lineFeed)
            }
        }
        return out
    }

    /// An editorial form that was mailed: a JSON object of its fields.
    static func form(_ form: JSONValue, _ builder: inout ReadingBuilder) {
        let kinds: [(String, Field.Kind)] = [
            ("headline", .headline), ("byline", .byline), ("abstract", .description), ("slugline", .slugline),
            ("priority", .urgency), ("category", .service), ("body", .paragraph),
        ]
        for (name, kind) in kinds {
            guard let value = form[name]?.list.first?.text else { continue }
            switch kind {
            case .paragraph:
                for paragraph in Paragraphs.ofHTML(value) {
                    builder.write(.paragraph, paragraph, rule: "mail/body /Body")
                }
            case .headline, .byline: builder.write(kind, value, rule: "mail/\(kind.rawValue) /\(name)")
            default: builder.state(kind, value, rule: "mail/\(kind.rawValue) /\(name)")
            }
        }
    }
}

extension String {
    fileprivate var trimmingAngles: String {
        hasPrefix("<") && hasSuffix(">") && utf8.count > 2 ? String(dropFirst().dropLast()) : self
    }
}

/// A mailbox (RFC 4155): messages, each after a line that begins with `From `.
struct Mbox: FormatReader {
    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        let bytes = source.bytes
        var starts: [Int] = []
        var (at, wasBlank) = (0, true)
        while at < bytes.count {
            let end = bytes[at...].firstIndex(of: Byte.lineFeed) ?? bytes.count
            if wasBlank, Letters.has("From ", bytes, at: at) { starts.append(at) }
            wasBlank = end == at || end == at + 1 && bytes[at] == Byte.carriageReturn
            at = end + 1
        }
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : bytes.count
            let first = min((bytes[start..<end].firstIndex(of: Byte.lineFeed) ?? end - 1) + 1, end)
            var message = source
            message.bytes = Array(bytes[first..<end])
            message.offset = source.offset.map { $0 + first }
            message.depth = source.depth + 1
            let entity = MailEntity(message.bytes, 0..<message.bytes.count)
            message.name = source.item(entity.text("message-id") ?? "\(index + 1)")
            try Mail().read(entity, of: message, into: sink)
        }
    }
}
