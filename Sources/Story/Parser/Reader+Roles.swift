// What each short block is: page furniture, a date line, a byline, terms, notes. Long blocks are copy and are
// not looked at here.

internal import Text

extension Reader {
    /// Blocks longer than this are copy.
    static let longestLine = 400

    /// Finds out whether this is a cropped web page, how deep its running text stands and where that starts.
    mutating func measureShape() {
        var depths: [(indent: Int, bytes: Int)] = []
        var indents: [Int] = []
        var spaced = 0
        for block in blocks[first...] {
            if block.blanks > 0 { spaced += 1 }
            if !indents.contains(block.indent), indents.count < 8 { indents.append(block.indent) }
            guard isRunning(block) || block.count > 80 && endsSentence(block.range) else { continue }
            if let index = depths.firstIndex(where: { $0.indent == block.indent }) {
                depths[index].bytes += block.count
            } else if depths.count < 32 {
                depths.append((block.indent, block.count))
            }
        }
        bodyIndent = depths.max { $0.bytes < $1.bytes }?.indent ?? 0
        let isStepped = indents.count >= 3 || indents.count == 2 && indents.allSatisfy { $0 >= 2 }
        isPage = isStepped && blocks.count - first >= 6 && spaced * 3 >= blocks.count - first
        bodyStart = first
        for index in first..<blocks.count where isRunning(blocks[index]) {
            bodyStart = index
            let following = blocks[(index + 1)..<min(blocks.count, index + 4)]
            if !isPage || following.contains(where: { isRunning($0) && abs($0.indent - blocks[index].indent) <= 2 }) {
                break
            }
        }
    }

    /// Gives every short block its role, as far as its own words tell it.
    mutating func sortBlocks() {
        for index in first..<blocks.count where blocks[index].count <= Reader.longestLine {
            blocks[index].role = role(of: index)
        }
        if isPage {
            setAsideRepeats()
        } else if blocks[first...].count(where: { $0.role == .furniture }) < 2 {
            // One such word alone in plain copy (`Close` over a table, say) is copy.
            for index in first..<blocks.count where blocks[index].role == .furniture { blocks[index].role = .open }
        }
    }

    /// What a page says twice in the same words (`This advertisement has not loaded yet ...`) is furniture.
    private mutating func setAsideRepeats() {
        var seen: [UInt64: Int] = [:]
        seen.reserveCapacity(blocks.count)
        for index in first..<blocks.count where blocks[index].role == .open {
            let range = blocks[index].range
            guard range.count >= 24, range.count <= Reader.longestLine else { continue }
            let ends =
                Letters.hash(text, range.lowerBound..<range.lowerBound + 12)
                ^ Letters.hash(text, range.upperBound - 12..<range.upperBound) &* 31 ^ UInt64(range.count)
            if let earlier = seen.updateValue(index, forKey: ends), !Pictures.hasCredit(text, range) {
                blocks[index].role = .furniture
                if !isBesideCredit(earlier) { blocks[earlier].role = .furniture }
            }
        }
    }

    /// A caption may stand twice, once under each size of its picture.
    private func isBesideCredit(_ index: Int) -> Bool {
        for other in [index - 1, index + 1] where blocks.indices.contains(other) {
            if Pictures.hasCredit(text, blocks[other].range) { return true }
        }
        return false
    }

    private mutating func role(of index: Int) -> Role {
        let block = blocks[index]
        let (range, hasBullet) = content(block)
        if isEmptyOfWords(range) { return .furniture }
        // `___` and `###` end a story; `---` parts one.
        if range.count <= 12, text[range.lowerBound] != Byte.hyphen,
            !range.contains(where: {
                Letters.isAsciiLetter(text[$0]) || Letters.isDigit(text[$0]) || text[$0] >= Byte.latinLead
            })
        {
            return .list
        }
        if text[range.lowerBound] == Byte.openParenthesis, readBracketedNote(range) { return .note }
        if Phrases.isFurniture(text, range) { return .furniture }
        if index + 5 >= blocks.count, index > bodyStart, readTrailer(range) { return .note }
        if let (phrase, end) = Phrases.leading(text, range),
            let role = role(of: range, phrase: phrase, after: end, index: index)
        {
            return role
        }
        let isNearTop = isPage ? index < first + 24 : index <= bodyStart + 3
        if index <= bodyStart + 1 || isNearTop || isPage && index + 3 >= blocks.count, readDateLine(range, index: index)
        {
            return .date
        }
        if hasBullet, isPage, !endsSentence(range) || range.count < 60 { return .list }
        return .open
    }

    /// Whether nothing but digits, signs and at most one letter is left.
    private func isEmptyOfWords(_ range: Range<Int>) -> Bool {
        guard isPage, range.count <= 12 else { return range.isEmpty }
        var letters = 0
        var digits = 0
        for at in range {
            if Letters.isAsciiLetter(text[at]) || text[at] >= Byte.firstBeyondASCII { letters += 1 }
            if Letters.isDigit(text[at]) { digits += 1 }
        }
        // Six digits can be a date.
        return letters <= 2 && digits < 6
    }

    private mutating func role(of range: Range<Int>, phrase: Phrase, after end: Int, index: Int) -> Role? {
        let rest = Lines.trimmed(text, end..<range.upperBound)
        switch phrase {
        case .furniture:
            return isPage && range.count <= 200 ? .furniture : nil
        case .byline:
            return readStatedByline(rest, index: index, range: range) ? .byline : nil
        case .published, .updated:
            return index <= max(bodyStart + 1, first + 24) && readDateLine(range, index: index) ? .date : nil
        case .credit, .terms:
            return readTerms(range, phrase: phrase, index: index) ? .note : nil
        case .ednote:
            add(.ednote, rest.isEmpty ? range : rest, rule: "ednote/line")
            return .note
        case .embargo:
            guard index <= bodyStart || index <= first + 3, !rest.isEmpty else { return nil }
            add(.embargoed, rest, rule: "embargo/line")
            return .note
        }
    }

    /// `(Adds details, quotes)`: what a new version brings; `((jane@example.org; +1 2))`: whom to ask.
    private mutating func readBracketedNote(_ range: Range<Int>) -> Bool {
        guard text[range.upperBound - 1] == Byte.closeParenthesis, range.count <= 300 else { return false }
        if range.count > 4, text[range.lowerBound + 1] == Byte.openParenthesis,
            text[range.upperBound - 2] == Byte.closeParenthesis
        {
            add(.boilerplate, range, rule: "contact")
            return true
        }
        var stop = range.lowerBound + 1
        while stop < range.upperBound, Letters.isAsciiLetter(text[stop]) { stop += 1 }
        guard Reader.changes.value(of: range.lowerBound + 1..<stop, in: text) != nil else { return false }
        add(.ednote, range.lowerBound + 1..<range.upperBound - 1, rule: "ednote/what-changed")
        return true
    }

    /// Legal lines. A © above or within the copy credits a picture; under the copy it is the story's own.
    private mutating func readTerms(_ range: Range<Int>, phrase: Phrase, index: Int) -> Bool {
        let isSign =
            Letters.has("©", text, at: range.lowerBound) || Letters.has("Copyright", text, at: range.lowerBound)
        guard isSign || phrase == .terms, range.count <= 300 else { return false }
        let isUnder =
            index > first && !blocks[(index + 1)...].prefix(8).contains { isRunning($0) }
            && (index > bodyStart || index + 2 >= blocks.count)
        if isSign || isPage, !isUnder || isSign && isPage && !hasYear(range) { return false }
        add(isSign ? .copyright : .usageterms, range, rule: "terms/line")
        return true
    }

    private func hasYear(_ range: Range<Int>) -> Bool {
        for at in range where text[at] == UInt8(ascii: "1") || text[at] == UInt8(ascii: "2") {
            if Letters.has("19", text, at: at) || Letters.has("20", text, at: at), at + 4 <= range.upperBound,
                Letters.isDigit(text[at + 2]), Letters.isDigit(text[at + 3])
            {
                return true
            }
        }
        return false
    }

    // MARK: Date lines

    /// Reads a line that is a date and little else; false if it is something else.
    private mutating func readDateLine(_ range: Range<Int>, index: Int) -> Bool {
        guard range.count <= 200, let date = Dates.first(text, in: range), date.year != nil, date.day != nil,
            wordsBeside(date.range, in: range) <= 14, !isRunning(blocks[index])
        else { return false }
        let words = wordsBeside(date.range, in: range)
        // `Actualizado a las 15:10h.` ends with a stop too; a few characters before 。 are a sentence.
        if words > (text[range.upperBound - 1] == 0x82 ? 2 : 6), endsSentence(range) { return false }
        if index > bodyStart + 1, words > 6 || isInsideCopy(index) { return false }
        if let dateline = Datelines.parse(text, at: range.lowerBound, end: range.upperBound), dateline.isStrong,
            range.upperBound - dateline.range.upperBound > 25
        {
            return false
        }
        if words > 3, isCaption(range) { return false }
        let updated = isUpdate(range.lowerBound..<date.range.lowerBound)
        if dateLine == nil || isUpdateDate && !updated {
            dateLine = date
            isUpdateDate = updated
        }
        if updated, let later = Dates.first(text, in: date.range.upperBound..<range.upperBound), later.day != nil,
            later.year != nil, !isUpdate(date.range.upperBound..<later.range.lowerBound)
        {
            dateLine = later
            isUpdateDate = false
        }
        readNamesBesideDate(range, date.range)
        return true
    }

    /// Whether running text stands above and below: a date there is another story's.
    private func isInsideCopy(_ index: Int) -> Bool {
        guard index + 3 < blocks.count else { return false }
        var above = 0
        for other in bodyStart..<index where isRunning(blocks[other]) && !content(blocks[other]).hasBullet {
            above += 1
        }
        return above > 2
    }

    private func isCaption(_ range: Range<Int>) -> Bool {
        guard let credit = Pictures.trailingCredit(text, range) else { return false }
        return credit.start > range.lowerBound + 12
    }

    private func wordsBeside(_ date: Range<Int>, in range: Range<Int>) -> Int {
        var words = 0
        var halves = 0
        for part in [range.lowerBound..<date.lowerBound, date.upperBound..<range.upperBound] {
            var inWord = false
            for at in part {
                let isLetter = Letters.isAsciiLetter(text[at]) || text[at] >= Byte.firstBeyondASCII
                if isLetter, !inWord { words += 1 }
                inWord = isLetter
                // Two letters of the scripts that write no blanks make a word.
                if text[at] >= Byte.kanaLead { halves += 1 }
            }
        }
        return words + halves / 2
    }

    /// Whether the words before a date say that it is the date of a change.
    private func isUpdate(_ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        while at < range.upperBound {
            guard Letters.isAsciiLetter(text[at]) || text[at] >= Byte.firstBeyondASCII else {
                at += 1
                continue
            }
            if let (phrase, end) = Phrases.leading(text, at..<range.upperBound) {
                if phrase == .updated { return true }
                if phrase == .published { return false }
                at = max(end, at + 1)
            } else {
                while at < range.upperBound, Letters.isAsciiLetter(text[at]) || text[at] >= Byte.firstBeyondASCII {
                    at += 1
                }
            }
        }
        return false
    }

    /// `27. Januar 2026 • Gregor Meier • 3 Minuten`: names between the separators of a date line.
    private mutating func readNamesBesideDate(_ range: Range<Int>, _ date: Range<Int>) {
        for part in [range.lowerBound..<date.lowerBound, date.upperBound..<range.upperBound] {
            var start = part.lowerBound
            var at = start
            while at <= part.upperBound {
                let length = at == part.upperBound ? 1 : separatorLength(at, part.upperBound)
                guard length > 0 else {
                    at += 1
                    continue
                }
                let piece = Lines.trimmed(text, start..<at)
                if !piece.isEmpty { readNamePiece(piece) }
                at += length
                start = min(at, part.upperBound)
            }
        }
    }

    private mutating func readNamePiece(_ piece: Range<Int>) {
        var piece = piece
        var isStated = false
        if let (phrase, end) = Phrases.leading(text, piece) {
            guard phrase == .byline else { return }
            piece = Lines.trimmed(text, end..<piece.upperBound)
            isStated = true
        }
        guard Names.isName(text, piece, isStated: isStated), !Agencies.isAgency(text, piece) || isStated else { return }
        addByline(piece, rule: "byline/date-line")
    }

    private func separatorLength(_ at: Int, _ end: Int) -> Int {
        switch text[at] {
        case Byte.bar, Byte.slash, Byte.comma: return 1
        case Byte.latinSignLead where at + 1 < end && text[at + 1] == 0xB7: return 2
        case Byte.punctuationLead where at + 2 < end && text[at + 1] == Byte.continuation:
            return text[at + 2] == 0xA2 || text[at + 2] == 0x93 || text[at + 2] == 0x94 ? 3 : 0
        case Byte.space where at + 2 < end && text[at + 1] == Byte.hyphen && text[at + 2] == Byte.space: return 3
        default: return 0
        }
    }
}
