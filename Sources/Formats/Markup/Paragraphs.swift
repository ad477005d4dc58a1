// Rich text -> paragraphs: NITF's and XHTML's blocks, and HTML fragments as feeds and JSON carry them. Promises: all text of the
// element comes out once, in order, but for scripts, styles and what the caller takes out; linear in the document.

internal import Text

enum Paragraphs {
    /// The paragraphs within an element, each on one line.
    ///
    /// - Parameter without: names of elements whose text is not wanted here.
    static func of(_ element: Element, without: Set<String> = []) -> [[UInt8]] {
        var writer = BlockWriter(without: without.union(silent))
        writer.write(element)
        writer.endBlock()
        return writer.blocks
    }

    /// The paragraphs of an HTML fragment; of plain text, if it is none.
    static func ofHTML(_ text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        guard text.utf8.contains(UInt8(ascii: "<")) || text.utf8.contains(UInt8(ascii: "&")) else {
            return ofPlain(bytes)
        }
        guard let markup = try? Markup.html(text: Decoding.decode(bytes, as: .utf8)), let root = markup.root else {
            return ofPlain(bytes)
        }
        let paragraphs = of(root)
        // Entities in plain text, with its own line breaks.
        return text.utf8.contains(UInt8(ascii: "<")) ? paragraphs : ofPlain(root.rawText)
    }

    /// The paragraphs of plain text: parted by blank lines, by indents, or, where lines are long, by their ends.
    static func ofPlain(_ text: [UInt8]) -> [[UInt8]] {
        let lines = text.split(separator: Byte.lineFeed, omittingEmptySubsequences: false)
        let isLong = lines.contains { $0.count > 100 }
        var paragraphs: [[UInt8]] = []
        var current: [UInt8] = []
        func flush() {
            let paragraph = WhiteSpace.collapsed(current)
            if !paragraph.isEmpty { paragraphs.append(paragraph) }
            current = []
        }
        for line in lines {
            let isBlank = line.allSatisfy(WhiteSpace.isBlank)
            if isLong || isBlank || line.first == Byte.tab || line.starts(with: [0x20, 0x20, 0x20]) { flush() }
            if isBlank { continue }
            if !current.isEmpty { current.append(Byte.space) }
            current.append(contentsOf: line)
        }
        flush()
        return paragraphs
    }

    static let silent: Set<String> = ["script", "style", "head", "noscript", "template", "iframe", "object", "svg"]

    fileprivate static let blocks: Set<String> = [
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "thead",
        "tbody",
        "tfoot", "caption", "blockquote", "pre", "section", "article", "header", "footer", "main", "aside", "figure",
        "figcaption", "address", "hr", "center", "form", "fieldset", "body", "html", "nav",
        // NITF's
        "block", "hl1", "hl2", "bq", "credit", "fn", "note", "nitf-table", "media", "media-caption", "media-producer",
        "tagline", "body.head", "body.content", "body.end", "abstract", "byline", "dateline", "distributor", "hedline",
        // Office documents'
        "w:p", "text:p", "text:h", "w:tr", "table:table-row",
    ]
}

private struct BlockWriter {
    let without: Set<String>
    var blocks: [[UInt8]] = []
    private var current: [UInt8] = []
    private var verbatim = 0

    init(without: Set<String>) { self.without = without }

    mutating func endBlock() {
        let block = WhiteSpace.collapsed(current)
        if !block.isEmpty { blocks.append(block) }
        current.removeAll(keepingCapacity: true)
    }

    /// Recursion is bounded by the depth of a parsed document.
    mutating func write(_ element: Element) {
        for content in element.contents {
            switch content {
            case .text(let text): verbatim > 0 ? writeVerbatim(text) : current.append(contentsOf: text)
            case .element(let child): write(child: child)
            }
        }
    }

    private mutating func write(child: Element) {
        let name = child.name
        if without.contains(name) { return }
        switch name {
        case "br", "w:br", "text:line-break":
            // One break parts lines, two make paragraphs; in news copy each is a paragraph.
            endBlock()
        case "td", "th", "w:tc", "table:table-cell":
            current.append(Byte.space)
            write(child)
            current.append(Byte.space)
        case "w:tab", "text:tab", "text:s": current.append(Byte.space)
        default:
            let isBlock = Paragraphs.blocks.contains(name)
            if isBlock { endBlock() }
            if name == "pre" { verbatim += 1 }
            write(child)
            if name == "pre" { verbatim -= 1 }
            if isBlock { endBlock() }
        }
    }

    /// Wire copy in `pre` has paragraphs of its own.
    private mutating func writeVerbatim(_ text: ArraySlice<UInt8>) {
        endBlock()
        blocks.append(contentsOf: Paragraphs.ofPlain(Array(text)))
    }
}
