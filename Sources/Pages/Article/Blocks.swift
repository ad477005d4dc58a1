// The lines of a page: what stands between the starts and ends of its block elements. One pass over the tree; invisible
// elements are left out.

internal import Text

/// A paragraph, a heading, a cell, an item ... with text.
struct Block {
    /// Where its text stands in ``PageLines/text``.
    var text: Range<Int>
    /// The innermost block element around it.
    var node: Int
    /// The innermost element of any kind that holds all of its text.
    var holder: Int
    /// How much of the text is inside links, in bytes.
    var linkCount: Int
    /// What its element is.
    var element: Element
    /// How many sentences seem to end in it.
    var sentences: Int
    /// What the elements around it say.
    var zone: Zone = []
    /// Whether the same long text stands in the page before.
    var isRepeated = false
    /// How much of the text is emphasised throughout, in bytes.
    var strongCount = 0

    var count: Int { text.count }
    var linkShare: Double { count == 0 ? 0 : Double(linkCount) / Double(count) }
}

/// The lines of a page, in order.
struct PageLines {
    /// The text of all blocks, one after another.
    var text: [UInt8] = []
    var blocks: [Block] = []
    /// For each node, how many blocks began before it: the blocks inside a node are those between its own number and that of
    /// the node behind its last descendant.
    var blocksBefore: [Int32]

    /// The blocks inside a node.
    func blocks(in node: Int, of tree: PageTree) -> Range<Int> {
        Int(blocksBefore[node])..<Int(blocksBefore[Int(tree.nodes[node].end)])
    }

    private var open = 0
    private var openLinks = 0
    private var openStrong = 0
    private var breaks = 0
    private var firstText = 0
    private var lastText = 0

    /// - Parameter own: what each element says of itself.
    init(of tree: PageTree, own: [Zone]) {
        blocksBefore = [Int32](repeating: 0, count: tree.nodes.count + 1)
        text.reserveCapacity(tree.characters.count)
        var ends: [(end: Int, isBlock: Bool, isStrong: Bool)] = []
        var block = 0
        var strong = 0
        var index = 0
        while index < tree.nodes.count {
            while let last = ends.last, last.end <= index {
                if last.isBlock { flush(block, tree) }
                if last.isBlock { block = Self.outerBlock(of: block, tree, own) }
                if last.isStrong { strong -= 1 }
                ends.removeLast()
            }
            let node = tree.nodes[index]
            if node.element == .text {
                append(tree, index, isStrong: strong > 0)
                blocksBefore[index] = Int32(blocks.count)
                index += 1
                continue
            }
            let isHidden = node.element.isInvisible
            let isBlock = node.element.isBlock || !own[index].isDisjoint(with: .apart)
            if isBlock || node.element == .br && breaks > 0 { flush(block, tree) }
            blocksBefore[index] = Int32(blocks.count)
            if node.element == .br {
                breaks += 1
                if text.count > open, text[text.count - 1] != Byte.space { text.append(Byte.space) }
            }
            if isHidden {
                let end = Int(node.end)
                var inner = index
                while inner < end {
                    blocksBefore[inner] = Int32(blocks.count)
                    inner += 1
                }
                index = end
                continue
            }
            if Int(node.end) > index + 1 {
                let isStrong = node.element == .b || node.element == .strong
                if isStrong { strong += 1 }
                if isBlock { block = index }
                if isBlock || isStrong { ends.append((Int(node.end), isBlock, isStrong)) }
            }
            index += 1
        }
        flush(block, tree)
        blocksBefore[tree.nodes.count] = Int32(blocks.count)
    }

    private static func outerBlock(of node: Int, _ tree: PageTree, _ own: [Zone]) -> Int {
        var outer = Int(tree.nodes[node].parent)
        while outer > 0, !tree.nodes[outer].element.isBlock, own[outer].isDisjoint(with: .apart) {
            outer = Int(tree.nodes[outer].parent)
        }
        return max(outer, 0)
    }

    private mutating func append(_ tree: PageTree, _ index: Int, isStrong: Bool) {
        let node = tree.nodes[index]
        var start = Int(node.text.lowerBound)
        let end = Int(node.text.upperBound)
        if start < end, tree.characters[start] == Byte.space, text.count == open || text[text.count - 1] == Byte.space {
            start += 1
        }
        guard start < end else { return }
        if end - start > 1 || tree.characters[start] != Byte.space {
            breaks = 0
            if text.count == open { firstText = index }
            lastText = index
        }
        text.append(contentsOf: tree.characters[start..<end])
        if node.isLink { openLinks += end - start }
        if isStrong { openStrong += end - start }
    }

    /// Ends the block that is being collected, if it has text.
    private mutating func flush(_ node: Int, _ tree: PageTree) {
        var end = text.count
        while end > open, text[end - 1] == Byte.space { end -= 1 }
        if end > open {
            var element = tree.nodes[node].element
            if !element.isBlock { element = .div }
            var holder = max(node, Int(tree.nodes[firstText].parent))
            // Parents come before their children, so that this ends at the block's own element at the latest.
            while holder > node, Int(tree.nodes[holder].end) <= lastText { holder = Int(tree.nodes[holder].parent) }
            let sentences = Sentences.count(text, open..<end)
            blocks.append(
                Block(
                    text: open..<end, node: node, holder: holder, linkCount: min(openLinks, end - open),
                    element: element,
                    sentences: sentences, strongCount: min(openStrong, end - open)))
        }
        open = text.count
        openLinks = 0
        openStrong = 0
        breaks = 0
    }
}

/// Ends of sentences, as far as it takes no grammar.
enum Sentences {
    static func count(_ text: [UInt8], _ range: Range<Int>) -> Int {
        var count = 0
        var at = range.lowerBound
        let end = range.upperBound
        while at < end {
            let byte = text[at]
            if byte == Byte.period || byte == Byte.exclamation || byte == Byte.question {
                let next = at + 1 < end ? text[at + 1] : Byte.space
                if next == Byte.space || next == Byte.quote || next >= Byte.firstBeyondASCII
                    || next == Byte.closeParenthesis
                {
                    count += 1
                }
                at += 1
            } else if byte == Byte.kanaLead, at + 2 < end, text[at + 1] == Byte.continuation, text[at + 2] == 0x82 {
                count += 1
                at += 3
            } else if byte == Byte.threeByteLead, at + 2 < end, text[at + 1] == 0xA5, text[at + 2] == 0xA4 {
                count += 1
                at += 3
            } else {
                at += 1
            }
        }
        return count
    }
}
