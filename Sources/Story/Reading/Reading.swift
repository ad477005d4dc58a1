// What one parse of one document found: the decoded text and the fields in it, each with its
// evidence. Pure values, no I/O. A value that the text does not state is absent.

public import Text

/// One reading of one document: its decoded text and the fields found in it.
///
/// A reading is a pure function of the document's bytes and of ``parserVersion``.
public struct Reading: Sendable, Equatable {
    /// The version of the parser that makes readings now. It rises whenever some document would read
    /// differently, so that a stored reading tells whether it is out of date.
    public static let parserVersion = 3

    /// The document's text, decoded to valid UTF-8.
    public var text: [UInt8]
    /// How the bytes were decoded.
    public var encoding: TextEncoding
    /// What a person should know about this reading, in plain sentences.
    public var notes: [String]
    /// The fields, in the order of the text.
    public var fields: [Field]
    /// The version of the parser that made this reading.
    public var parser: Int

    /// Reads a document: decodes its bytes and finds its fields.
    ///
    /// Never fails, whatever the bytes; the time it takes is linear in their number.
    public init(of bytes: [UInt8]) {
        let decoded = Decoding.decode(bytes)
        var reader = Reader(decoded.text, notes: decoded.notes)
        reader.read()
        self.init(text: decoded.text, encoding: decoded.encoding, notes: reader.notes, fields: reader.fields)
    }

    /// The parts of `bytes` that are stories of their own, where a wire's separators (`ZCZC` and `NNNN`) say
    /// that there are several; otherwise the whole.
    public static func stories(in bytes: [UInt8]) -> [Range<Int>] { WireFrames.stories(in: bytes) }

    /// A reading of given parts, as a store restores it.
    public init(
        text: [UInt8], encoding: TextEncoding, notes: [String] = [], fields: [Field] = [],
        parser: Int = Reading.parserVersion
    ) {
        self.parser = parser
        self.text = text
        self.encoding = encoding
        self.notes = notes
        self.fields = fields
    }
}

/// One value that a document states (or that follows from what it states), with its evidence.
public struct Field: Sendable, Equatable {
    /// What the value is, in the words of IPTC ninjs and NewsML-G2.
    public enum Kind: String, Sendable, CaseIterable {
        case headline, displaytitle, byline, dateline, located, infosource
        case contentcreated, notbefore, notafter
        case slugline, urgency, ednote, embargoed, usageterms, copyright
        case caption, credit, paragraph, boilerplate
        case language, updatekind, pubstatus
        // What only formats state, in words that no text has: each has a value, most have no range.
        case guid, version, versioncreated, altid, link, signal
        case subject, keyword, genre, service, description, rendition, mediatype
    }

    /// What the value is.
    public var kind: Kind
    /// Where the value stands in ``Reading/text``, in UTF-8 bytes; for an inferred value, what it was
    /// inferred from.
    public var range: Range<Int>
    /// The name of the rule that found it.
    public var rule: String
    /// The normalised value (an ISO date, a language code ...); nil when the value is the text at ``range``.
    public var value: String?
    /// For captions and credits: which picture they belong to, from 0.
    public var picture: Int

    /// One value, by its evidence.
    public init(_ kind: Kind, _ range: Range<Int>, rule: String, value: String? = nil, picture: Int = 0) {
        self.kind = kind
        self.range = range
        self.rule = rule
        self.value = value
        self.picture = picture
    }
}
