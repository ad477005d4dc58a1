// What agencies' codes mean: publication status, kinds of update, languages. By the IPTC's NewsCodes, and by the words that NITF,
// NewsML 1 and agencies use for the same.

internal import Parts
internal import Story
internal import Text

enum Signals {
    /// `stat:usable`, `Usable`, `killed` ... as `usable`, `withheld` or `canceled`.
    static func pubStatus(_ stated: String) -> String? {
        switch local(stated).lowercased() {
        case "usable", "use", "published", "publish", "live", "0", "updated", "embargo-lifted": "usable"
        case "embargoed", "withheld", "withhold", "hold", "restricted", "draft", "pending", "private", "future":
            "withheld"
        case "canceled", "cancelled", "killed", "kill", "withdrawn", "deleted", "trash", "unpublished": "canceled"
        default: nil
        }
    }

    /// The kind of update that a signal states: `sig:correction`, `update:append-major-content`.
    static func updateKind(_ stated: String) -> String? {
        switch local(stated).lowercased() {
        case "correction", "corrected", "correct": "correction"
        case "update", "updated", "append-major-content", "append-minor-content", "replace": "update"
        case "kill", "mandatory-kill", "elimination", "cancel", "canceled", "delete": "kill"
        case "withhold", "hold": "hold"
        case "advisory": "advisory"
        case "refile", "resend", "repeat": "refile"
        case "writethru": "writethru"
        case "flash": "flash"
        case "bulletin": "bulletin"
        default: nil
        }
    }

    /// Without the scheme of a qualified code.
    static func local(_ code: String) -> String {
        code.split(separator: ":").last.map(String.init)?.split(separator: "/").last.map(String.init) ?? code
    }

    /// `en-US` as it stands, if it looks like a language tag; `eng` and `nb_NO` put right.
    static func language(_ stated: String) -> String? {
        let tag = stated.replacing("_", with: "-")
        guard (2...35).contains(tag.utf8.count),
            tag.utf8.allSatisfy({ Letters.isAsciiLetter($0) || Letters.isDigit($0) || $0 == Byte.hyphen }),
            let first = tag.split(separator: "-").first, (2...3).contains(first.utf8.count)
        else { return nil }
        return tag
    }

    /// Words that tell an audience what a document is of, in a value for ``Field/Kind/updatekind``.
    static func state(_ signal: String, rule: String, _ builder: inout ReadingBuilder) {
        builder.state(.signal, signal, rule: rule)
        if let kind = updateKind(signal), !builder.has(.updatekind) { builder.state(.updatekind, kind, rule: rule) }
    }
}

/// Authors.
enum Names {
    /// Writes a byline as it stands, with the names as its values: `By Jane Doe and John Roe` is two.
    static func write(_ element: Element, without: Set<String> = [], rule: String, _ builder: inout ReadingBuilder) {
        let text =
            without.isEmpty
            ? element.string
            : Paragraphs.of(element, without: without).map { String(decoding: $0, as: UTF8.self) }.joined(
                separator: " ")
        write(text, rule: rule, &builder)
    }

    static func write(_ text: String, rule: String, _ builder: inout ReadingBuilder) {
        var name = text
        for word in ["By ", "by ", "BY ", "Von ", "Par ", "Por ", "Di ", "Av ", "Af ", "Door "]
        where name.hasPrefix(word) {
            name = String(name.dropFirst(word.count))
            break
        }
        while let last = name.last, last == "," || last == " " || last == ";" { name.removeLast() }
        builder.write(.byline, name, rule: rule)
    }
}
