// What a delivery holds. Pure values: a part is what one member, item or message of a file turned out to be.
//
// Evidence. A part's reading has the text that its format states, as paragraphs, and its fields are ranges in that text, as
// everywhere. Where a field stood in the file is said in `Field.rule`, after the rule's name and a blank: an XPath (`nitf/headline
// /nitf/body/body.head/hedline/hl1`) or a JSON pointer (`ninjs/headline /headline`). Paragraphs name the element that
// holds them all, so that a long story's paragraphs share one rule and stay two numbers each in the store.

public import Story

/// One story, picture or other thing that a delivery holds.
public struct Part: Sendable, Equatable {
    /// Where its bytes are.
    public enum Bytes: Sendable, Equatable {
        /// They stand in the delivery's bytes, as they are.
        case range(Range<Int>)
        /// They were packed or encoded in the delivery.
        case own([UInt8])

        /// How many they are.
        public var count: Int {
            switch self {
            case .range(let range): range.count
            case .own(let bytes): bytes.count
            }
        }
    }

    /// What became of it.
    public enum Content: Sendable, Equatable {
        /// A story that was read.
        case story(Reading)
        /// A thing that is not read: a picture, a video; the fields say what is stated of it.
        case kept(Reading)
        /// Nothing that can be read or kept.
        case rejected(PartRejection)
    }

    /// Its name within the delivery: a member's path (`dir/a.xml`), an item's identifier (`#guid`), and both, with a `!`
    /// for each container more (`wire.zip!dir/feed.xml#guid`). Empty for a delivery that is one story.
    public var name: String
    /// What it was read as.
    public var format: Format
    /// Its media type, as its format has it or as it was stated: `application/nitf+xml`.
    public var mediaType: String
    /// Its bytes.
    public var bytes: Bytes
    /// What became of it.
    public var content: Content

    public init(name: String, format: Format, mediaType: String, bytes: Bytes, content: Content) {
        self.name = name
        self.format = format
        self.mediaType = mediaType
        self.bytes = bytes
        self.content = content
    }

    /// Its bytes, given those of the delivery.
    public func bytes(in delivery: [UInt8]) -> [UInt8] {
        switch bytes {
        case .range(let range): Array(delivery[range.clamped(to: 0..<delivery.count)])
        case .own(let bytes): bytes
        }
    }
}

/// Why a part, or a whole delivery, was rejected.
public struct PartRejection: Sendable, Equatable {
    /// For programs: `bomb`, `damaged`, `encrypted` ...
    public var code: String
    /// What happened, with figures.
    public var sentence: String
    /// What to do.
    public var hint: String

    public init(code: String, sentence: String, hint: String) {
        self.code = code
        self.sentence = sentence
        self.hint = hint
    }
}
