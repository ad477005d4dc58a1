// The body: the dateline at its start, its paragraphs, and what is left over.

internal import Text

extension Reader {
    mutating func readBody() {
        var running = 0
        let last = blocks.lastIndex { $0.role == .open && (isRunning($0) || isSentence($0)) } ?? blocks.count
        for index in first..<blocks.count {
            let block = blocks[index]
            switch block.role {
            case .open where isLeftOver(index, last: last), .furniture, .list:
                add(.boilerplate, block.range, rule: "furniture")
            case .open, .paragraph:
                readParagraph(block.range, isFirst: running == 0, isEarly: running < 4)
                if block.count > 100 { running += 1 }
            default: break
            }
        }
    }

    /// Whether a shorter block at the depth of the running text is a sentence of it.
    private func isSentence(_ block: Block) -> Bool {
        block.count > 60 && block.indent == bodyIndent && endsSentence(block.range)
    }

    /// Whether a short block that is no sentence belongs to the page rather than to the story.
    private func isLeftOver(_ index: Int, last: Int) -> Bool {
        let block = blocks[index]
        guard isPage, block.count < 130, last < blocks.count else { return false }
        if index > last { return !endsSentence(block.range) || block.indent > bodyIndent + 2 }
        if index < bodyStart { return block.count < 50 || !endsSentence(block.range) && block.indent > bodyIndent + 4 }
        if endsSentence(block.range) { return false }
        // A subheading stands at the depth of the text it heads.
        return abs(block.indent - bodyIndent) > 2 || !headsText(index)
    }

    private func headsText(_ index: Int) -> Bool {
        for next in (index + 1)..<min(blocks.count, index + 4) {
            if blocks[next].role == .open, blocks[next].count > 60 { return true }
        }
        return false
    }

    private mutating func readParagraph(_ range: Range<Int>, isFirst: Bool, isEarly: Bool) {
        var start = range.lowerBound
        var end = range.upperBound
        if isEarly { cutLeadingPicture(&start, end) }
        let plain = (start..<end).prefix(3).first { text[$0] != Byte.asterisk } ?? start
        if plain < end, isEarly, datelineDate == nil, let dateline = Datelines.parse(text, at: plain, end: end),
            isFirst || dateline.isStrong
        {
            addDateline(dateline)
            start = Dates.skipBlanks(text, dateline.range.upperBound, end)
        }
        if isFirst, start == range.lowerBound { readLeadIn(start, end) }
        cutTrailingPicture(start, &end)
        cutEndMark(start, &end)
        let body = Lines.trimmed(text, start..<max(start, end))
        if !body.isEmpty { add(.paragraph, body, rule: "paragraph") }
    }

    /// `央视网消息（新闻联播）：` names the source; it stays in the copy, which goes on in the same sentence.
    private mutating func readLeadIn(_ start: Int, _ end: Int) {
        guard start < end, let stop = Agencies.longestListed(text, at: start, end: min(end, start + 18)),
            Letters.has("消息", text, at: stop) || Letters.has("讯", text, at: stop)
        else { return }
        add(.infosource, start..<stop, rule: "infosource/lead-in")
    }

    /// `... said. Enditem`, `...。（完）`: the end mark after the last sentence.
    private mutating func cutEndMark(_ start: Int, _ end: inout Int) {
        for mark: StaticString in ["Enditem", "Endit", "（完）", "(完)", "(END)"] {
            let at = end - mark.utf8CodeUnitCount
            guard at > start, Letters.has(mark, text, at: at),
                text[at - 1] <= Byte.space || text[at] >= Byte.firstBeyondASCII || text[at] == Byte.openParenthesis
            else { continue }
            add(.boilerplate, at..<end, rule: "end-mark")
            end = Lines.trimmed(text, start..<at).upperBound
            return
        }
    }

    private mutating func addDateline(_ dateline: Dateline) {
        guard !hasDateline else { return }
        add(.dateline, dateline.range, rule: dateline.rule)
        for place in dateline.places {
            add(.located, place, rule: "located/dateline", value: Casing.titled(text, place))
        }
        if let agency = dateline.agency { add(.infosource, agency, rule: "infosource/dateline") }
        for name in dateline.bylines { addByline(name, rule: "byline/dateline") }
        datelineDate = dateline.date
    }
}
