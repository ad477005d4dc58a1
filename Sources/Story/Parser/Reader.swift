// The pipeline from text to fields: header, headline, the lines that are no copy, pictures, dateline, body.
// Promises: every stage looks at each block a bounded number of times, so the whole is linear in the text.

internal import Text

/// Reads one document's text. Make one, call ``read()``, take ``fields`` and ``notes``.
struct Reader {
    let text: [UInt8]
    var notes: [String]
    var fields: [Field] = []
    var blocks: [Block]
    /// The first block that is not header or headline.
    var first = 0
    /// The first block of running text: what stands before it may be bylines, dates, a teaser ...
    var bodyStart = 0
    /// Whether this was cropped from a web page: its lines stand at many depths, and some are furniture.
    var isPage = false
    /// The indent of most running text.
    var bodyIndent = 0
    /// How many pictures were found so far, and the hashes of their captions.
    var pictures = 0
    var captions: [UInt64] = []
    /// The hashes of the authors found so far.
    var bylines: [UInt64] = []
    /// The dates that could be the story's, by where they stand.
    var header: DateMention?
    var dateLine: DateMention?
    var isUpdateDate = false
    var datelineDate: DateMention?
    var hasHeadline = false
    var hasDateline = false
    /// The language of the copy, once it is known.
    var language: String?

    init(_ text: [UInt8], notes: [String]) {
        self.text = text
        self.notes = notes
        blocks = Blocks.make(text, Lines.split(text))
        fields.reserveCapacity(blocks.count + 8)
    }

    mutating func read() {
        guard !blocks.isEmpty else { return }
        cutFrame()
        guard !blocks.isEmpty else { return }
        readSlugs()
        readHeader()
        readHeadline()
        measureShape()
        sortBlocks()
        findBylines(nearDate: true)
        findCaptions()
        findBylines(nearDate: false)
        readBody()
        detectLanguage()
        chooseDate()
        deriveDisplayTitle()
        fields.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        numberPictures()
    }

    /// Pictures are found by kinds of evidence, and numbered in the order of the text.
    private mutating func numberPictures() {
        guard pictures > 1 else { return }
        var numbers = [Int](repeating: -1, count: pictures)
        var next = 0
        for index in fields.indices where fields[index].kind == .caption || fields[index].kind == .credit {
            let old = fields[index].picture
            if numbers[old] < 0 {
                numbers[old] = next
                next += 1
            }
            fields[index].picture = numbers[old]
        }
    }

    mutating func add(_ kind: Field.Kind, _ range: Range<Int>, rule: String, value: String? = nil, picture: Int = 0) {
        if kind == .dateline { hasDateline = true }
        fields.append(Field(kind, range, rule: rule, value: value, picture: picture))
    }

    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    // MARK: Questions about blocks

    /// Whether `range` ends as a sentence does.
    func endsSentence(_ range: Range<Int>) -> Bool {
        var end = range.upperBound
        while end > range.lowerBound {
            let byte = text[end - 1]
            if byte == Byte.period || byte == Byte.exclamation || byte == Byte.question { return true }
            if byte == Byte.quote || byte == Byte.closeParenthesis || byte == Byte.apostrophe || byte == Byte.space
                || byte == Byte.closeBracket
            {
                end -= 1
            } else if end - range.lowerBound >= 3, byte >= Byte.firstBeyondASCII {
                switch (text[end - 3], text[end - 2], byte) {
                case (Byte.punctuationLead, Byte.continuation, 0xA6), (Byte.kanaLead, Byte.continuation, 0x82),
                    (Byte.fullWidthLead, 0xBC, 0x81), (Byte.fullWidthLead, 0xBC, 0x9F):
                    return true
                case (Byte.threeByteLead, 0xA5, 0xA4), (Byte.khmerLead, 0x9F, 0x94): return true
                case (Byte.punctuationLead, Byte.continuation, 0x98...0x9F), (Byte.kanaLead, Byte.continuation, 0x8D),
                    (Byte.kanaLead, Byte.continuation, 0x8F), (Byte.fullWidthLead, 0xBC, 0x89):
                    end -= 3
                case (_, Byte.latinSignLead, 0xBB), (_, Byte.latinSignLead, 0xAB): end -= 2
                default: return false
                }
            } else {
                return false
            }
        }
        return false
    }

    /// Whether a block is running text: long enough, and it ends as a sentence does.
    func isRunning(_ block: Block) -> Bool {
        let enough = text[block.range.lowerBound] >= Byte.threeByteLead ? 100 : 130
        return block.count >= 400 || block.count >= enough && endsSentence(block.range)
    }

    /// The block without the bullet or the sign that lists begin with, and whether there was one.
    func content(_ block: Block) -> (Range<Int>, hasBullet: Bool) {
        var start = block.range.lowerBound
        let end = block.range.upperBound
        var hasBullet = false
        while start < end {
            let byte = text[start]
            if byte == Byte.asterisk || byte == Byte.plus || byte == Byte.bar || byte == Byte.greater {
                start += 1
            } else if Letters.has("•", text, at: start) || Letters.has("·", text, at: start) {
                start += byte == Byte.latinSignLead ? 2 : 3
            } else {
                break
            }
            hasBullet = true
            start = Dates.skipBlanks(text, start, end)
        }
        return (start..<end, hasBullet)
    }
}
