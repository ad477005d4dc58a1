// What follows from the fields that were found: the story's date, a title to show, the update kind.

internal import Text

extension Reader {
    mutating func chooseDate() {
        if let header, let iso = header.iso {
            add(.contentcreated, header.range, rule: "date/header", value: iso)
        } else if let dateLine, let iso = dateLine.iso, !isUnclear(dateLine) {
            add(.contentcreated, dateLine.range, rule: isUpdateDate ? "date/updated-line" : "date/line", value: iso)
        } else if let datelineDate, let iso = datelineDate.iso {
            finishDateline(datelineDate, iso)
        } else {
            boundFromCaptions()
        }
    }

    /// The first few fields of a kind.
    private func sample(of kind: Field.Kind, longerThan length: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for field in fields where field.kind == kind && field.range.count > length {
            ranges.append(field.range)
            if ranges.count == 4 { break }
        }
        return ranges
    }

    /// 03/04/2024 is one day in London and another in New York.
    private func isUnclear(_ date: DateMention) -> Bool { date.ambiguous && language == "en" }

    /// The language of the copy, or of the headline where there is no copy.
    mutating func detectLanguage() {
        guard !fields.contains(where: { $0.kind == .language }) else { return }
        var ranges = sample(of: .paragraph, longerThan: 60)
        if ranges.isEmpty { ranges = sample(of: .paragraph, longerThan: 0) }
        // A short story's headline says as much as the story.
        if ranges.reduce(0, { $0 + $1.count }) < 200 { ranges += sample(of: .headline, longerThan: 0) }
        guard let from = ranges.first, let code = Language.detect(text, ranges) else { return }
        language = code
        add(.language, from, rule: "language/words-and-script", value: code)
    }

    /// A dateline states no year; a caption that states the same day with its year tells it.
    private mutating func finishDateline(_ date: DateMention, _ iso: String) {
        if date.year == nil {
            for caption in fields where caption.kind == .caption {
                for other in Dates.all(text, in: caption.range) where other.year != nil {
                    guard other.month == date.month, other.day == date.day, let whole = other.iso else { continue }
                    add(.contentcreated, other.range, rule: "date/dateline-and-caption", value: whole)
                    return
                }
            }
        }
        add(.contentcreated, date.range, rule: "date/dateline", value: iso)
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

    mutating func deriveDisplayTitle() {
        guard !hasHeadline,
            let body = fields.lazy.filter({ $0.kind == .paragraph }).min(by: {
                $0.range.lowerBound < $1.range.lowerBound
            })
        else { return }
        let title = DisplayTitle.range(text, in: body.range)
        let isWhole = title.upperBound == body.range.upperBound || text[title.upperBound - 1] == Byte.period
        add(.displaytitle, title, rule: "displaytitle/from-body", value: isWhole ? nil : string(title) + "…")
    }

    /// What the headline says about versions; a kill or a hold is the story's status too.
    mutating func readUpdateKind(_ headline: Range<Int>) {
        for kind in UpdateKinds.leading(text, headline) {
            add(.updatekind, kind.range, rule: "updatekind/headline", value: kind.value)
            if kind.kind == .kill { add(.pubstatus, kind.range, rule: "pubstatus/kill", value: "canceled") }
            if kind.kind == .hold { add(.pubstatus, kind.range, rule: "pubstatus/hold", value: "withheld") }
        }
    }
}
