// Pictures: captions with their credits, in lines of their own or glued to the copy.

internal import Text

extension Reader {
    /// Finds the blocks that are captions or credits.
    mutating func findCaptions() {
        for index in first..<blocks.count where blocks[index].role == .open && blocks[index].count <= 700 {
            guard pictures < Pictures.most else { return }
            readCaption(index)
        }
        guard isPage,
            let last = blocks.lastIndex(where: { $0.role == .open && isRunning($0) && $0.indent == bodyIndent })
        else { return }
        for index in first..<last where blocks[index].role == .open && isSetApart(index) {
            addPicture(content(blocks[index]).0, nil, rule: "caption/set-apart")
            blocks[index].role = .caption
        }
    }

    private mutating func readCaption(_ index: Int) {
        let range = content(blocks[index]).0
        var found = Pictures.trailingCredit(text, range)
        if found == nil, isPage, blocks[index].indent != bodyIndent { found = Pictures.bracketedName(text, range) }
        guard let credit = found else { return }
        let caption = Lines.trimmed(text, range.lowerBound..<credit.start)
        guard caption.isEmpty || caption.count < 12 else {
            addPicture(caption, credit.inside, rule: "caption/credit-at-end")
            blocks[index].role = .caption
            return
        }
        guard let neighbour = captionBeside(index) else {
            guard isPage else { return }
            blocks[index].role = .credit
            addPicture(range.lowerBound..<range.lowerBound, credit.inside, rule: "credit/alone")
            return
        }
        blocks[index].role = .credit
        addPicture(content(blocks[neighbour]).0, credit.inside, rule: "caption/beside-credit")
        blocks[neighbour].role = .caption
    }

    /// Whether a block stands deeper than the running text on both sides of it: a caption, as pages set them.
    private func isSetApart(_ index: Int) -> Bool {
        let block = blocks[index]
        guard index > bodyStart, block.count >= 20, block.count <= 350, block.indent > bodyIndent,
            block.indent <= bodyIndent + 8, !content(block).hasBullet, index + 1 < blocks.count
        else { return false }
        // What is short and no sentence is a subheading.
        guard block.count >= 70 || endsSentence(block.range) else { return false }
        let before = blocks[index - 1]
        let after = blocks[index + 1]
        return before.role == .open && before.indent == bodyIndent && after.role == .open && after.indent == bodyIndent
            && (isRunning(before) || isRunning(after))
    }

    /// The block before or after a lone credit that is its caption.
    private func captionBeside(_ index: Int) -> Int? {
        for other in [index - 1, index + 1] where other >= first && other < blocks.count {
            let block = blocks[other]
            guard block.role == .open, block.count >= 12, block.count <= 450,
                !Letters.isDigit(text[block.range.lowerBound])
            else { continue }
            if isPage, block.indent == bodyIndent, other > bodyStart, blocks[index].indent != bodyIndent { continue }
            if other > index, block.count > 200 || block.indent == bodyIndent { continue }
            return other
        }
        return nil
    }

    mutating func addPicture(_ caption: Range<Int>, _ credit: Range<Int>?, rule: String) {
        let hash = Letters.hash(text, caption)
        if !caption.isEmpty, captions.contains(hash) {
            // The same words again are the same picture, shown twice.
            add(.boilerplate, caption, rule: "caption/again")
            return
        }
        if !caption.isEmpty {
            captions.append(hash)
            add(.caption, caption, rule: rule, picture: pictures)
        }
        if let credit { add(.credit, credit, rule: "credit", picture: pictures) }
        pictures += 1
    }

    // MARK: Glued to the copy

    /// A caption with its credit at the front of a block, glued to the dateline.
    mutating func cutLeadingPicture(_ start: inout Int, _ end: Int) {
        guard pictures < Pictures.most, let credit = leadingCredit(start, end) else { return }
        addPicture(Lines.trimmed(text, start..<credit.open), credit.inside, rule: "caption/glued-to-dateline")
        start = credit.after
    }

    /// The first credit in brackets, if nothing or a dateline follows it.
    private func leadingCredit(_ start: Int, _ end: Int) -> (open: Int, inside: Range<Int>, after: Int)? {
        let span = text.span
        let limit = min(end, start + Pictures.longest)
        var at = start
        while true {
            at = Bytes.next(
                of: (Byte.openParenthesis, Byte.openBracket, Byte.openParenthesis, Byte.openBracket), span,
                in: at..<limit)
            guard at < limit else { return nil }
            if let credit = Pictures.credit(text, open: at, end: end) {
                let after = Dates.skipBlanks(text, credit.end, end)
                let isAtEnd = after == end || Datelines.parse(text, at: after, end: end)?.isStrong == true
                return isAtEnd ? (at, credit.inside, after) : nil
            }
            at += 1
        }
    }

    /// A caption with its credit at the end of a long block: its last sentence.
    mutating func cutTrailingPicture(_ start: Int, _ end: inout Int) {
        guard pictures < Pictures.most, end - start > 200,
            text[end - 1] == Byte.closeParenthesis || text[end - 1] == Byte.closeBracket
        else {
            return
        }
        let open: UInt8 = text[end - 1] == Byte.closeParenthesis ? Byte.openParenthesis : Byte.openBracket
        var at = end - 1
        while at > start, end - at < 120, text[at] != open { at -= 1 }
        guard text[at] == open, let credit = Pictures.credit(text, open: at, end: end) else { return }
        let captionEnd = Lines.trimmed(text, start..<at).upperBound
        let sentence = Pictures.lastSentence(text, from: max(start, captionEnd - Pictures.longest), to: captionEnd)
        guard sentence > start else { return }
        addPicture(sentence..<captionEnd, credit.inside, rule: "caption/glued-to-end")
        end = Lines.trimmed(text, start..<sentence).upperBound
    }
}
