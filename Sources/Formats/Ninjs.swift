// ninjs 1, 2 and 3 (`headline`; `headlines[]`; `versionCreated`), and the agencies' JSON that is made of it: items alone, in
// `data.item`, in `items`. Keys are compared without their case, singular and plural are one: the versions differ in no more.

internal import Parts
internal import Story
internal import Text

/// Where a value of a ninjs item stands, and what it is.
private struct Key {
    var kind: Field.Kind
    var names: [String]
    var convert: (@Sendable (String) -> String?)?

    init(_ kind: Field.Kind, _ names: String..., convert: (@Sendable (String) -> String?)? = nil) {
        self.kind = kind
        self.names = names
        self.convert = convert
    }
}

struct Ninjs: FormatReader {
    private static let values: [Key] = [
        Key(.guid, "uri", "guid", "id"), Key(.version, "version"),
        Key(.versioncreated, "versioncreated") { Stamp.iso($0) ?? $0 },
        Key(.contentcreated, "contentcreated", "firstcreated") { Stamp.iso($0) ?? $0 },
        Key(.embargoed, "embargoed", "embargodate") { Stamp.iso($0) ?? $0 },
        Key(.pubstatus, "pubstatus", convert: Signals.pubStatus), Key(.urgency, "urgency", "priority"),
        Key(.slugline, "slugline"), Key(.ednote, "ednote", "editorialnote"), Key(.usageterms, "usageterms"),
        Key(.copyright, "copyrightholder", "copyrightnotice"), Key(.language, "language", convert: Signals.language),
        Key(.service, "service", "profile"),
    ]

    /// Lists of names with codes.
    private static let lists: [Key] = [
        Key(.subject, "subject", "subjects"), Key(.genre, "genre", "genres"), Key(.keyword, "keyword", "keywords"),
        Key(.infosource, "infosource", "infosources", "provider", "source"), Key(.signal, "signal", "signals"),
        Key(.altid, "altids"), Key(.located, "located", "datelinelocation"),
    ]

    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        guard let value = JSONValue.parse(Decoding.decode(source.bytes).text) else {
            return try sink.reject(source, .ninjs, .damaged(.ninjs, "it is no JSON"))
        }
        try read(value, of: source, into: sink)
    }

    /// The items of a document: itself, or those that it wraps; nil if there is nothing of the kind in it.
    static func items(_ value: JSONValue) -> [(JSONValue, pointer: String)]? {
        if isItem(value) { return [(value, "")] }
        if value.isArray {
            let items = value.list.enumerated().map { ($0.element, pointer: "/\($0.offset)") }
            return items.isEmpty || !items.allSatisfy({ isItem($0.0) }) ? nil : items
        }
        for name in ["item", "items", "results", "content"] {
            guard let inner = value[name], !inner.list.isEmpty else { continue }
            if inner.isObject { if isItem(inner) { return [(inner, "/\(name)")] } else { continue } }
            let found = inner.list.enumerated().compactMap { index, one in
                let wrapped = one["item"]
                if let wrapped, isItem(wrapped) { return (wrapped, pointer: "/\(name)/\(index)/item") }
                return isItem(one) ? (one, pointer: "/\(name)/\(index)") : nil
            }
            if !found.isEmpty { return found }
        }
        if let data = value["data"], let items = items(data) { return items.map { ($0.0, "/data" + $0.pointer) } }
        return nil
    }

    /// What makes an object a ninjs item: what says so, or an identifier with what items consist of.
    private static func isItem(_ value: JSONValue) -> Bool {
        guard value.isObject, value["$schema"] == nil || value["uri"] != nil else { return false }
        if value["standard"]?["name"]?.text == "ninjs" || value["$standard"]?["name"]?.text == "ninjs" { return true }
        guard value["uri"] != nil || value["guid"] != nil || value["altids"] != nil else { return false }
        return [
            "versioncreated", "headline", "headlines", "body_text", "body_xhtml", "body_html", "bodies", "renditions",
            "pubstatus", "descriptions", "eventdetails",
        ].contains { value[$0] != nil }
    }

    func read(_ document: JSONValue, of source: Source, into sink: PartSink) throws(Exhausted) {
        guard let items = Ninjs.items(document) else {
            return try sink.reject(source, .json, .damaged(.ninjs, "no item is found in it"))
        }
        for (index, (item, pointer)) in items.enumerated() {
            var builder = ReadingBuilder(limits: sink.limits)
            fill(&builder, from: item, at: pointer)
            let reading = builder.reading()
            let place = items.count > 1 ? Part.Bytes.own(item.serialized) : source.whole
            try sink.add(
                Part(
                    name: items.count == 1 ? source.name : source.item(builder.values(.guid).first ?? "\(index + 1)"),
                    format: .ninjs, mediaType: "application/ninjs+json", bytes: place,
                    content: reading.text.isEmpty ? .kept(reading) : .story(reading)))
        }
    }

    private func fill(_ builder: inout ReadingBuilder, from item: JSONValue, at pointer: String) {
        for key in Ninjs.values {
            for name in key.names {
                guard let value = item[name] else { continue }
                for text in value.list.compactMap(\.text) {
                    guard let converted = key.convert == nil ? text : key.convert?(text) else { continue }
                    builder.state(key.kind, converted, rule: "ninjs/\(key.kind.rawValue) \(pointer)/\(name)")
                }
                if builder.has(key.kind) { break }
            }
        }
        for key in Ninjs.lists {
            for name in key.names {
                guard let value = item[name] else { continue }
                for (index, text) in Ninjs.described(value).enumerated() {
                    builder.state(
                        key.kind, text,
                        rule: "ninjs/\(key.kind.rawValue) \(pointer)/\(name)\(value.isArray ? "/\(index)" : "")")
                }
                if builder.has(key.kind) { break }
            }
        }
        for signal in builder.values(.signal) where !builder.has(.updatekind) {
            guard let kind = Signals.updateKind(signal) else { continue }
            builder.state(.updatekind, kind, rule: "ninjs/updatekind \(pointer)/signals")
        }
        lines(item, pointer, &builder)
        body(item, pointer, &builder)
        pictures(item, pointer, &builder)
    }

    /// Names and codes of a list, of an object (`{"itemid": "x"}`), or of a plain text.
    static func described(_ value: JSONValue) -> [String] {
        if value.isObject, value["name"] == nil, value["value"] == nil, value["city"] == nil {
            return value.members.compactMap { $0.value.text }
        }
        return value.list.compactMap { one in
            if let text = one.text { return text }
            let name = one["name"]?.text ?? one["value"]?.text ?? one["title"]?.text ?? one["city"]?.text
            let code = one["code"]?.text ?? one["literal"]?.text ?? one["uri"]?.text
            return one["value"] != nil ? name : XMLSource.described(code, name)
        }
    }

    /// The text of a role in a list of ninjs 2 and 3: `headlines[role=main]`.
    private static func text(_ value: JSONValue?, roles: [String]) -> (String, index: Int)? {
        guard let value else { return nil }
        let list = value.list
        for role in roles {
            if let index = list.firstIndex(where: { $0["role"]?.text == role }), let text = list[index]["value"]?.text {
                return (text, index)
            }
        }
        return list.indices.lazy.compactMap { index in list[index]["value"]?.text.map { ($0, index) } }.first
    }

    private func lines(_ item: JSONValue, _ pointer: String, _ builder: inout ReadingBuilder) {
        let names = ["headline", "headline_main", "title", "name"]
        if let (text, index) = Ninjs.text(item["headlines"], roles: ["main", "headline"]) {
            builder.write(.headline, Ninjs.plain(text), rule: "ninjs/headline \(pointer)/headlines/\(index)/value")
        } else if let name = names.first(where: { item[$0]?.text?.isEmpty == false }), let text = item[name]?.text {
            builder.write(.headline, Ninjs.plain(text), rule: "ninjs/headline \(pointer)/\(name)")
        }
        for name in ["byline", "by", "bylines", "authors", "photographer"] where !builder.has(.byline) {
            guard let value = item[name] else { continue }
            for one in value.list {
                guard let text = one.text ?? one["by"]?.text ?? one["name"]?.text else { continue }
                Names.write(Ninjs.plain(text), rule: "ninjs/byline \(pointer)/\(name)", &builder)
            }
        }
        if let dateline = item["dateline"]?.text {
            builder.write(.dateline, dateline, rule: "ninjs/dateline \(pointer)/dateline")
        }
        if let (text, index) = Ninjs.text(item["descriptions"], roles: ["summary", "text", "caption"]) {
            let isCaption = item["type"]?.text == "picture"
            if !isCaption {
                builder.state(
                    .description, Ninjs.plain(text), rule: "ninjs/description \(pointer)/descriptions/\(index)/value")
            }
        } else {
            for name in ["description_summary", "description_text", "description_xhtml", "abstract", "summary"]
            where !builder.has(.description) && item["type"]?.text != "picture" {
                guard let text = item[name]?.text else { continue }
                builder.state(.description, Ninjs.plain(text), rule: "ninjs/description \(pointer)/\(name)")
            }
        }
    }

    static func plain(_ text: String) -> String {
        Paragraphs.ofHTML(text).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    /// The body in its richest form: marked up, where paragraphs are sure, before plain text.
    private func body(_ item: JSONValue, _ pointer: String, _ builder: inout ReadingBuilder) {
        let names = ["body_xhtml", "body_html", "body_html5", "body_nitf", "body_text"]
        if let bodies = item["bodies"]?.list {
            let isRich: (JSONValue) -> Bool = { $0["contenttype"]?.text?.contains("html") == true }
            guard let index = bodies.firstIndex(where: isRich) ?? bodies.indices.first,
                let text = bodies[index]["value"]?.text
            else {
                return
            }
            write(text, rule: "ninjs/body \(pointer)/bodies/\(index)/value", &builder)
        } else if let name = names.first(where: { item[$0]?.text?.isEmpty == false }), let text = item[name]?.text {
            write(text, rule: "ninjs/body \(pointer)/\(name)", &builder)
        } else if let member = item.members.first(where: { $0.key.hasPrefix("body_") }), let text = member.value.text {
            write(text, rule: "ninjs/body \(pointer)/\(member.key)", &builder)
        }
    }

    private func write(_ text: String, rule: String, _ builder: inout ReadingBuilder) {
        let headline = builder.values(.headline).first
        for (index, paragraph) in Paragraphs.ofHTML(text).enumerated() {
            // Bodies that begin with their own headline.
            if index == 0, let headline, paragraph.elementsEqual(headline.utf8) { continue }
            builder.write(.paragraph, paragraph, rule: rule)
        }
    }

    /// The item's own renditions, and its associations with theirs.
    private func pictures(_ item: JSONValue, _ pointer: String, _ builder: inout ReadingBuilder) {
        if item["renditions"] != nil || item["type"]?.text == "picture" { picture(item, pointer, &builder) }
        guard let associations = item["associations"] else { return }
        if associations.isArray {
            for (index, one) in associations.list.enumerated() {
                picture(one, "\(pointer)/associations/\(index)", &builder)
            }
        } else {
            for (name, one) in associations.members { picture(one, "\(pointer)/associations/\(name)", &builder) }
        }
    }

    private func picture(_ item: JSONValue, _ pointer: String, _ builder: inout ReadingBuilder) {
        let number = builder.nextPicture()
        if let (text, index) = Ninjs.text(item["descriptions"], roles: ["caption", "text"]) {
            builder.write(
                .caption, Ninjs.plain(text), rule: "ninjs/caption \(pointer)/descriptions/\(index)/value",
                picture: number)
        } else if let name = ["description_caption", "description_text", "description_xhtml", "caption"].first(where: {
            item[$0]?.text != nil
        }),
            let text = item[name]?.text
        {
            builder.write(.caption, Ninjs.plain(text), rule: "ninjs/caption \(pointer)/\(name)", picture: number)
        }
        if let name = ["description_creditline", "creditline", "byline", "by"].first(where: { item[$0]?.text != nil }),
            !pointer.isEmpty || name.hasSuffix("line") && name != "byline", let text = item[name]?.text
        {
            builder.write(.credit, text, rule: "ninjs/credit \(pointer)/\(name)", picture: number)
        }
        guard let renditions = item["renditions"] else { return }
        let all =
            renditions.isArray
            ? renditions.list.enumerated().map { ("\($0.offset)", $0.element) }
            : renditions.members.map { ($0.key, $0.value) }
        for (name, rendition) in all {
            guard let place = rendition["href"]?.text else { continue }
            let words = [
                place, rendition["mimetype"]?.text ?? rendition["contenttype"]?.text,
                rendition["name"]?.text ?? (renditions.isArray ? nil : name),
            ]
            builder.state(
                .rendition, words.compactMap { $0 }.joined(separator: " "),
                rule: "ninjs/rendition \(pointer)/renditions/\(name)/href",
                picture: number)
        }
    }
}
