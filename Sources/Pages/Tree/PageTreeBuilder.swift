// The door through which a parser of HTML makes a tree: an element begins, text comes, an element ends. Promises: never traps,
// whatever the order of the calls; what nests deeper than the limit becomes a sibling; attributes that nobody asks for are
// not kept.

internal import Text

/// Makes a ``PageTree``.
package struct PageTreeBuilder {
    /// Elements that are nested deeper become siblings.
    static let maximumDepth = 200
    /// What follows is not kept, and a note says so.
    static let maximumNodes = 1_000_000

    private var tree = PageTree()
    /// The open elements, outermost first.
    private var open: [Int32] = []
    /// How many elements began too deep to be opened, and have not ended.
    private var flattened = 0
    /// How many links are open.
    private var links = 0
    private var isInData = false
    private var isCut = false

    /// - Parameter size: the page's, in bytes.
    package init(size: Int) {
        tree.nodes.reserveCapacity(size / 48)
        tree.characters.reserveCapacity(size / 4)
        tree.values.reserveCapacity(size / 4)
    }

    /// How many elements are open.
    package var depth: Int { open.count + flattened }

    // MARK: What a parser says

    /// An element begins; its attributes follow.
    package mutating func begin(_ name: Span<UInt8>) {
        guard tree.nodes.count < Self.maximumNodes else {
            isCut = true
            flattened += 1
            return
        }
        var hash = Letters.HashState()
        var hasHyphen = false
        for index in name.indices {
            hash.add(name[index])
            if name[index] == Byte.hyphen { hasHyphen = true }
        }
        let element = Element.named(hash: hash.value, hasHyphen: hasHyphen)
        let index = Int32(tree.nodes.count)
        let position = Int32(tree.characters.count)
        let attributes = Int32(tree.attributes.count)
        tree.nodes.append(
            Node(
                element: element == .text ? .other : element, parent: open.last ?? -1, end: index + 1,
                attributes: attributes..<attributes, text: position..<position))
        // From the first element that is too deep on, all are closed at once, so that ends are counted and not matched.
        if flattened > 0 || open.count >= Self.maximumDepth { flattened += 1 } else { open.append(index) }
    }

    /// An attribute of the element that began last.
    package mutating func attribute(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        guard !isCut, let last = tree.nodes.indices.last, tree.nodes[last].element != .text else { return }
        var hash = Letters.HashState()
        for index in name.indices { hash.add(name[index]) }
        guard let attribute = Attribute.named(hash: hash.value), tree.attribute(attribute, of: last) == nil else {
            return
        }
        let start = Int32(tree.values.count)
        for index in value.indices { tree.values.append(value[index]) }
        tree.attributes.append((attribute, start..<Int32(tree.values.count)))
        tree.nodes[last].attributes = tree.nodes[last].attributes.lowerBound..<Int32(tree.attributes.count)
    }

    /// The attributes of the element that began last are complete.
    package mutating func attributesEnd() {
        guard !isCut, let last = tree.nodes.indices.last else { return }
        switch tree.nodes[last].element {
        case .a where flattened == 0 && tree.attribute(.href, of: last) != nil: links += 1
        case .script:
            isInData =
                tree.attribute(.type, of: last).map {
                    Letters.has("application/ld+json", tree.values, at: $0.lowerBound)
                } ?? false
            tree.nodes[last].text = Int32(tree.values.count)..<Int32(tree.values.count)
        default: break
        }
    }

    /// The innermost open element ends.
    package mutating func end() {
        guard flattened == 0 else {
            flattened -= 1
            return
        }
        guard let last = open.popLast() else { return }
        let index = Int(last)
        tree.nodes[index].end = Int32(tree.nodes.count)
        if tree.nodes[index].element == .script {
            tree.nodes[index].text =
                tree.nodes[index].text
                .lowerBound..<Int32(isInData ? tree.values.count : Int(tree.nodes[index].text.lowerBound))
            isInData = false
            return
        }
        tree.nodes[index].text = tree.nodes[index].text.lowerBound..<Int32(tree.characters.count)
        if tree.nodes[index].element == .a, links > 0, tree.attribute(.href, of: index) != nil { links -= 1 }
    }

    /// Text inside the innermost open element.
    package mutating func text(_ text: Span<UInt8>) {
        guard !isCut, let parent = open.last else { return }
        switch tree.nodes[Int(parent)].element {
        case .script:
            if isInData { for index in text.indices { tree.values.append(text[index]) } }
            return
        case .style: return
        default: break
        }
        let start = Int32(tree.characters.count)
        Blanks.append(text, to: &tree.characters)
        guard tree.characters.count > Int(start) else { return }
        // A parser may hand over one text in pieces.
        let last = tree.nodes.count - 1
        if tree.nodes[last].element == .text, tree.nodes[last].parent == parent,
            tree.nodes[last].text.upperBound == start
        {
            tree.nodes[last].text = tree.nodes[last].text.lowerBound..<Int32(tree.characters.count)
            return
        }
        tree.nodes.append(
            Node(
                element: .text, isLink: links > 0, parent: parent, end: Int32(tree.nodes.count + 1), attributes: 0..<0,
                text: start..<Int32(tree.characters.count)))
    }

    /// The tree, after all that is still open is closed.
    package mutating func finish() -> PageTree {
        flattened = 0
        while !open.isEmpty { end() }
        if tree.nodes.isEmpty {
            let name = Array("html".utf8)
            begin(name.span)
            end()
        }
        if isCut {
            tree.notes.append("The page has more than \(Self.maximumNodes) elements; what follows them is not read.")
        }
        return tree
    }
}
