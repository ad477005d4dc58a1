// Lines -> blocks: a paragraph, a headline, a caption ... as it was typed. In most copy a block is one line;
// where lines are broken at a fixed width, the lines of a paragraph are put together. Linear in the lines.

internal import Text

/// What a block was found to be.
enum Role {
    case open, headline, byline, date, caption, credit, furniture, note, list, paragraph
}

/// One or more lines that belong together.
struct Block {
    var range: Range<Int>
    var indent: Int
    var blanks: Int
    var role = Role.open

    var count: Int { range.count }
}

enum Blocks {
    /// The blocks of `lines`.
    static func make(_ text: [UInt8], _ lines: [Line]) -> [Block] {
        var blocks: [Block] = []
        blocks.reserveCapacity(lines.count)
        let width = wrapWidth(text, lines)
        var previous = Line(start: 0, end: 0, indent: 0, blanks: 0)
        for line in lines {
            if width > 0, !blocks.isEmpty, continues(line, previous, width: width),
                !standsAlone(text, line), blocks.count > Blocks.top || !standsAtTop(text, line, below: previous)
            {
                blocks[blocks.count - 1].range = blocks[blocks.count - 1].range.lowerBound..<line.end
            } else {
                blocks.append(Block(range: line.range, indent: line.indent, blanks: line.blanks))
            }
            previous = line
        }
        return blocks
    }

    /// Whether a line is one of its own however full the one before it is.
    private static func standsAlone(_ text: [UInt8], _ line: Line) -> Bool {
        if WireFrames.isClosing(text, line.range) { return true }
        guard let (phrase, _) = Phrases.leading(text, line.range) else { return false }
        return phrase == .embargo || phrase == .ednote
    }

    /// The blocks at the top, among which a line may be one of its own however full the one before it is.
    private static let top = 3

    /// Whether a line near the top begins something: what is above it is a slug or states a field, or it does so itself, or
    /// is a byline, or opens the copy with its dateline.
    private static func standsAtTop(_ text: [UInt8], _ line: Line, below previous: Line) -> Bool {
        if SlugLine.read(text, previous.range) != nil || HeaderKey.read(text, previous.range) != nil { return true }
        if HeaderKey.read(text, line.range) != nil || isByline(text, line) { return true }
        return Datelines.parse(text, at: line.start, end: line.end)?.isStrong ?? false
    }

    /// Whether a line near the top is a byline under a headline that fills its line: nothing but names after `By`.
    private static func isByline(_ text: [UInt8], _ line: Line) -> Bool {
        guard line.count <= 80, Letters.isUpper(text, at: line.start),
            let (phrase, end) = Phrases.leading(text, line.range), phrase == .byline
        else { return false }
        return Names.list(text, Lines.trimmed(text, end..<line.end), isStated: true) != nil
    }

    /// Whether `line` goes on with the paragraph that `previous` is a line of.
    private static func continues(_ line: Line, _ previous: Line, width: Int) -> Bool {
        line.blanks == 0 && line.indent <= previous.indent && (previous.count + previous.indent) * 10 >= width * 7
    }

    /// The width that the lines are broken at, or 0 where they are not: every line is short, and most of
    /// those that another follows are full and end in the middle of a sentence.
    private static func wrapWidth(_ text: [UInt8], _ lines: [Line]) -> Int {
        var width = 0
        for line in lines {
            width = max(width, line.count + line.indent)
            if width > 100 { return 0 }
        }
        guard width >= 40 else { return 0 }
        var pairs = 0
        var broken = 0
        for index in lines.indices.dropLast() where lines[index + 1].blanks == 0 {
            let line = lines[index]
            guard (line.count + line.indent) * 10 >= width * 7 else { continue }
            pairs += 1
            let last = text[line.end - 1]
            if last != Byte.period, last != Byte.exclamation, last != Byte.question, last != Byte.colon { broken += 1 }
        }
        return broken > 0 && broken * 2 >= pairs ? width : 0
    }
}
