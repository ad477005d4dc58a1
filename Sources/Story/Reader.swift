// The road from text to fields: header, headline, pictures, dateline, body. Promises: every stage looks at
// each line a bounded number of times, so the whole is linear; no field overlaps the body it was taken from.

/// Reads one document's text. Make one, call ``read()``, take ``fields`` and ``notes``.
struct Reader {
    let text: [UInt8]
    var notes: [String]
    var fields: [Field] = []
    var lines: [Line]
    /// How many pictures were found so far.
    var pictures = 0
    /// The dateline's date, for the header's to confirm or complete.
    var datelineDate: DateMention?

    init(_ text: [UInt8], notes: [String]) {
        self.text = text
        self.notes = notes
        lines = Lines.split(text)
    }

    mutating func read() {
        var first = 0
        var header: DateMention?
        if first < lines.count { header = readDateHeader(&first) }
        readHeadline(&first)
        for line in lines[first...] { readBlock(line.range) }
        settleDates(header)
        deriveDisplayTitle()
        fields.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    }

    mutating func add(_ kind: Field.Kind, _ range: Range<Int>, rule: String, value: String? = nil, picture: Int = 0) {
        fields.append(Field(kind, range, rule: rule, value: value, picture: picture))
    }

    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    // MARK: Header

    /// ` date 2024-12-03 [Headline]`: the field name of a bare header line, a date, perhaps the headline.
    private mutating func readDateHeader(_ first: inout Int) -> DateMention? {
        let line = lines[first]
        guard line.count >= 12, Letters.hash(text, line.start..<line.start + 4) == Reader.dateWord else { return nil }
        var at = line.start + 4
        if text[at] == 0x3A { at += 1 }
        at = Dates.skipBlanks(text, at, line.end)
        guard at > line.start + 4, let date = Dates.parse(text, at: at, end: line.end), date.year != nil else {
            return nil
        }
        lines[first].start = Dates.skipBlanks(text, date.range.upperBound, line.end)
        if lines[first].start >= line.end {
            first += 1
        } else {
            add(.headline, lines[first].range, rule: "headline/date-line")
            first += 1
        }
        return date
    }

    private static let dateWord = Letters.hash(Array("date".utf8), 0..<4)

    /// The first line is the headline if it is short, is no sentence and something follows it.
    private mutating func readHeadline(_ first: inout Int) {
        guard first < lines.count, !fields.contains(where: { $0.kind == .headline }) else { return }
        let line = lines[first]
        guard first + 1 < lines.count, line.count <= 300 else { return }
        let last = text[line.end - 1]
        guard last != 0x2E || line.count < 60, Datelines.parse(text, at: line.start, end: line.end) == nil else {
            return
        }
        add(.headline, line.range, rule: "headline/first-line")
        first += 1
    }

    // MARK: Body

    private mutating func readBlock(_ range: Range<Int>) {
        var start = range.lowerBound
        var end = range.upperBound
        takeLeadingPicture(&start, end)
        if start < end, datelineDate == nil, let dateline = Datelines.parse(text, at: start, end: end) {
            addDateline(dateline)
            start = Dates.skipBlanks(text, dateline.range.upperBound, end)
        }
        takeTrailingPicture(start, &end)
        let body = Lines.trimmed(text, start..<max(start, end))
        if !body.isEmpty { add(.paragraph, body, rule: "paragraph") }
    }

    /// A caption with its credit at the front, alone or glued to the dateline.
    private mutating func takeLeadingPicture(_ start: inout Int, _ end: Int) {
        let limit = min(end, start + Pictures.longest)
        var at = start
        while at < limit {
            if text[at] == 0x28 || text[at] == 0x5B, let credit = Pictures.credit(text, open: at, end: end) {
                let after = Dates.skipBlanks(text, credit.end, end)
                guard after == end || Datelines.parse(text, at: after, end: end) != nil else { return }
                addPicture(Lines.trimmed(text, start..<at), credit.inside, rule: "caption/credit-in-brackets")
                start = after
                return
            }
            at += 1
        }
    }

    /// A caption with its credit at the end of a long block: the last sentence, or from where an earlier
    /// caption's first words come again.
    private mutating func takeTrailingPicture(_ start: Int, _ end: inout Int) {
        guard end - start > 200, text[end - 1] == 0x29 || text[end - 1] == 0x5D else { return }
        let close = text[end - 1]
        let open: UInt8 = close == 0x29 ? 0x28 : 0x5B
        var at = end - 1
        while at > start, end - at < 120, text[at] != open { at -= 1 }
        guard text[at] == open, let credit = Pictures.credit(text, open: at, end: end) else { return }
        let captionEnd = Lines.trimmed(text, start..<at).upperBound
        let sentence = Pictures.lastSentence(text, from: max(start, captionEnd - Pictures.longest), to: captionEnd)
        guard sentence > start else { return }
        addPicture(sentence..<captionEnd, credit.inside, rule: "caption/glued-to-end")
        end = Lines.trimmed(text, start..<sentence).upperBound
    }

    private mutating func addPicture(_ caption: Range<Int>, _ credit: Range<Int>, rule: String) {
        if !caption.isEmpty { add(.caption, caption, rule: rule, picture: pictures) }
        add(.credit, credit, rule: "credit/in-brackets", picture: pictures)
        pictures += 1
    }

    private mutating func addDateline(_ dateline: Dateline) {
        add(.dateline, dateline.range, rule: dateline.rule)
        for place in dateline.places {
            add(.located, place, rule: "located/dateline", value: Casing.titled(text, place))
        }
        if let agency = dateline.agency { add(.infosource, agency, rule: "infosource/dateline") }
        datelineDate = dateline.date
    }

    // MARK: What follows from the fields

    private mutating func settleDates(_ header: DateMention?) {
        if let header, let iso = header.iso {
            add(.contentcreated, header.range, rule: "date/header", value: iso)
        } else if let datelineDate, let iso = datelineDate.iso {
            add(.contentcreated, datelineDate.range, rule: "date/dateline", value: iso)
        } else {
            boundFromCaptions()
        }
    }

    /// Without a date of its own a story is not older than the newest picture in it.
    private mutating func boundFromCaptions() {
        var newest: (String, Range<Int>)?
        for caption in fields where caption.kind == .caption {
            for date in Dates.all(text, in: caption.range) where date.year != nil && date.day != nil {
                guard let iso = date.iso else { continue }
                if iso > newest?.0 ?? "" { newest = (iso, date.range) }
            }
        }
        if let newest { add(.notbefore, newest.1, rule: "date/caption", value: newest.0) }
    }

    private mutating func deriveDisplayTitle() {
        guard !fields.contains(where: { $0.kind == .headline }),
            let body = fields.filter({ $0.kind == .paragraph }).min(by: { $0.range.lowerBound < $1.range.lowerBound })
        else { return }
        let title = DisplayTitle.range(text, in: body.range)
        let isWhole = title.upperBound == body.range.upperBound || text[title.upperBound - 1] == 0x2E
        add(.displaytitle, title, rule: "displaytitle/from-body", value: isWhole ? nil : string(title) + "…")
    }
}
