// What users of a reading ask for by name. Promises: computed from text and fields alone; white space inside
// a value is single blanks, and the HTML entities that plain text is left with are resolved.

internal import Text

/// A picture that came with a story.
public struct Picture: Sendable, Equatable {
    /// What it shows, as stated; nil where only a credit is.
    public var caption: String?
    /// Who made it or supplies it.
    public var credit: String?

    /// The agency or picture house that the credit names.
    public var agency: String? {
        guard let credit else { return nil }
        let bytes = Array(credit.utf8)
        return Pictures.agency(bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// A picture with what is stated about it.
    public init(caption: String?, credit: String?) {
        self.caption = caption
        self.credit = credit
    }
}

extension Reading {
    /// The headline that the document states.
    public var headline: String? { first(.headline) }
    /// What to show as the title: the headline, or the first words of the body.
    public var displayTitle: String { headline ?? first(.displaytitle) ?? "" }
    /// The authors, one name each.
    public var bylines: [String] { all(.byline) }
    /// The raw dateline, such as `BEIJING, Dec. 3 (Xinhua) --`.
    public var dateline: String? { first(.dateline) }
    /// The places of the dateline.
    public var located: [String] { all(.located) }
    /// The agency.
    public var infosource: String? { first(.infosource) }
    /// When the story was made, as an ISO date with the precision known: `2024-12-03`, `2024-12`; or without
    /// the year, `--12-03`, where the text states none.
    public var contentCreated: String? { first(.contentcreated) }
    /// The date before which the story cannot have been made.
    public var notBefore: String? { first(.notbefore) }
    /// The date after which the story cannot have been made.
    public var notAfter: String? { first(.notafter) }
    /// The language, as an ISO 639 code.
    public var language: String? { first(.language) }
    /// The update kind, with its number where there is one: `lead 2`, `correction` ...
    public var updateKind: String? { first(.updatekind) }
    /// The headline without the words about versions before it: what the versions of a story share.
    public var headlineWithoutUpdate: String? {
        guard let headline = fields.first(where: { $0.kind == .headline }) else { return nil }
        var start = headline.range.lowerBound
        for update in fields where update.kind == .updatekind && headline.range.contains(update.range.lowerBound) {
            start = max(start, min(update.range.upperBound, headline.range.upperBound))
        }
        return PlainText.string(text, Lines.trimmed(text, start..<headline.range.upperBound))
    }
    /// `usable`, `withheld` or `canceled`, where the document says so.
    public var pubStatus: String? { first(.pubstatus) }
    /// The slugline.
    public var slugline: String? { first(.slugline) }
    /// The urgency, 1 to 8 or in the sender's words.
    public var urgency: String? { first(.urgency) }
    /// The note to editors.
    public var ednote: String? { first(.ednote) }
    /// Until when the story may not be published.
    public var embargoed: String? { first(.embargoed) }
    /// The terms of use.
    public var usageterms: String? { first(.usageterms) }
    /// The copyright line.
    public var copyright: String? { first(.copyright) }
    /// The pictures, in the order of the text.
    public var pictures: [Picture] {
        var pictures: [Int: Picture] = [:]
        for field in fields {
            if field.kind == .caption {
                pictures[field.picture, default: Picture(caption: nil, credit: nil)].caption = string(of: field)
            } else if field.kind == .credit {
                pictures[field.picture, default: Picture(caption: nil, credit: nil)].credit = string(of: field)
            }
        }
        return pictures.sorted { $0.key < $1.key }.map(\.value)
    }
    /// The paragraphs of the body, without any of the above.
    public var body: [String] { all(.paragraph) }
    /// Where the paragraphs stand in ``text``.
    public var bodyRanges: [Range<Int>] { fields.lazy.filter { $0.kind == .paragraph }.map(\.range) }

    /// How many words the body has; of scripts that write none apart, each character counts as one.
    public var wordCount: Int { bodyRanges.reduce(0) { $0 + Counting.words(text, clamped($1)) } }
    /// How many characters (Unicode scalars) the body has.
    public var characterCount: Int { bodyRanges.reduce(0) { $0 + Counting.scalars(text, clamped($1)) } }

    /// `range` as far as it lies within the text: a reading's fields can be set by anyone.
    private func clamped(_ range: Range<Int>) -> Range<Int> { range.clamped(to: 0..<text.count) }

    /// A field's value: the normalised one, or the text at its range.
    public func string(of field: Field) -> String {
        if let value = field.value { return value }
        return PlainText.string(text, clamped(field.range))
    }

    private func first(_ kind: Field.Kind) -> String? {
        fields.first { $0.kind == kind }.map { string(of: $0) }
    }

    private func all(_ kind: Field.Kind) -> [String] {
        fields.lazy.filter { $0.kind == kind }.map { string(of: $0) }
    }
}
