// Which blocks of a page are its article. Promises: a pure function of the page; linear time.
//
// Every block gets a weight: what it adds to an article, or, for menus, lists of links and the like, what it takes away. The
// article is in the element whose blocks weigh most together. In it, each block is judged once more, and what introduces
// the story is looked for between the headline and the first paragraph.

internal import Text

struct Article {
    let tree: PageTree
    var facts: Facts
    var lines: PageLines
    /// The blocks of the article, in order, with what they are.
    var parts: [(block: Int, role: Role)] = []

    /// The element that holds the article.
    private(set) var container = 0

    typealias Role = PageStory.Role

    /// The sums of the weights of the blocks before each.
    var weightBefore: [Double] = []
    /// The bytes of text like that of articles in the blocks before each.
    var copyBefore: [Int] = []
    /// What the elements say of what is in them.
    var zones: [Zone] = []
    /// The texts that stand for pictures.
    var alternatives = LetterSet()
    /// The text that JSON-LD has.
    var stated: LetterIndex?

    init(_ tree: PageTree, _ facts: Facts, _ own: [Zone]) {
        self.tree = tree
        self.facts = facts
        lines = PageLines(of: tree, own: own)
        stated = facts.body.map { LetterIndex($0.value) }
        sumCopy()
        findZones(own)
        collectAlternatives()
        weigh()
        container = inHeadline(findContainer(within: 0))
        choose(in: container)
        completeFacts()
    }

    /// Whether a block reads like running text.
    static func isCopy(_ block: Block) -> Bool {
        let own = block.count - block.linkCount
        guard block.linkShare < 0.6, !block.isRepeated else { return false }
        let isParagraph = block.element == .p
        return own >= 80 && block.sentences > 0 || isParagraph && own >= 40 && block.sentences > 0 || own >= 200
    }

    private mutating func sumCopy() {
        copyBefore.reserveCapacity(lines.blocks.count + 1)
        copyBefore.append(0)
        var sum = 0
        var seen: Set<UInt64> = []
        for index in lines.blocks.indices {
            let block = lines.blocks[index]
            if Self.isCopy(block) {
                if seen.insert(Letters.hash(lines.text, block.text)).inserted {
                    sum += block.count
                } else {
                    lines.blocks[index].isRepeated = true
                }
            }
            copyBefore.append(sum)
        }
    }

    private mutating func collectAlternatives() {
        for index in tree.nodes.indices where tree.nodes[index].element == .img {
            for name in [Attribute.alt, .title] {
                guard let range = tree.attribute(name, of: index), range.count >= 20 else { continue }
                alternatives.insert(tree.values, range)
            }
        }
    }

    // MARK: Weights

    private mutating func weigh() {
        weightBefore.reserveCapacity(lines.blocks.count + 1)
        weightBefore.append(0)
        var sum = 0.0
        for block in lines.blocks {
            sum += weight(of: block)
            weightBefore.append(sum)
        }
    }

    private func weight(of block: Block) -> Double {
        if !block.zone.isDisjoint(with: .outside) { return -Double(min(block.count, 40)) * 0.1 }
        if Self.isCopy(block) {
            let own = Double(block.count - block.linkCount)
            if stated?.contains(lines.text, block.text) == true { return own * 2 }
            return block.zone.contains(.doubtful) ? own * 0.5 : own
        }
        return -Double(min(block.count, 100)) * (block.linkShare > 0.5 ? 0.5 : 0.2)
    }

    /// The element whose blocks weigh most together: the innermost of those inside `outer`.
    private func findContainer(within outer: Int) -> Int {
        var best = outer
        var bestWeight = -Double.infinity
        for index in outer..<Int(tree.nodes[outer].end)
        where tree.nodes[index].element != .text && tree.nodes[index].element.isBlock {
            guard !lines.blocks(in: index, of: tree).isEmpty else { continue }
            let weight = weight(of: index)
            if weight >= bestWeight {
                best = index
                bestWeight = weight
            }
        }
        return narrowed(best, bestWeight)
    }

    private func weight(of node: Int) -> Double {
        let inside = lines.blocks(in: node, of: tree)
        return weightBefore[inside.upperBound] - weightBefore[inside.lowerBound]
    }

    /// Where a page has several stories one after another, the element of the one that the page's headline belongs to.
    private func inHeadline(_ container: Int) -> Int {
        let headings = lines.blocks.indices.filter { lines.blocks[$0].element == .h1 }
        guard headings.count > 1,
            let own = headings.first(where: { facts.isHeadline(lines.text, lines.blocks[$0].text) })
        else { return container }
        var outer = lines.blocks[own].node
        while tree.nodes[outer].parent >= 0 {
            let parent = Int(tree.nodes[outer].parent)
            let inside = lines.blocks(in: parent, of: tree)
            let others = headings.filter {
                $0 != own && inside.contains($0) && !facts.isHeadline(lines.text, lines.blocks[$0].text)
            }
            if !others.isEmpty { break }
            outer = parent
        }
        let inner = findContainer(within: outer)
        return weight(of: inner) > 400 ? inner : container
    }

    /// An element inside `container` that says it is the body, or an article, if it holds most of the weight.
    private func narrowed(_ container: Int, _ weight: Double) -> Int {
        var best = container
        var index = container
        while index < Int(tree.nodes[container].end) {
            let element = tree.nodes[index].element
            if element != .text, element.isBlock {
                if self.weight(of: index) > weight * 0.8, element == .article || element == .main || isBody(index) {
                    best = index
                }
            }
            index += 1
        }
        return best
    }

    private func isBody(_ index: Int) -> Bool {
        zones[index].contains(.body)
            && (tree.nodes[index].parent < 0 || !zones[Int(tree.nodes[index].parent)].contains(.body))
    }
}
