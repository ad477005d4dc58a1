// The tree of a web page -> its story. Promises: a pure function of the tree; never fails; linear time. Each value comes with
// where it was found: the path of an element or an attribute as XPath has it, or `json-ld` and a JSON pointer.

/// What a web page says.
package struct PageStory {
    /// A value with where in the page it was found.
    package struct Fact: Equatable {
        package var value: String
        package var evidence: String
    }

    /// What a line of the article is.
    package enum Role { case paragraph, heading, caption, credit }

    package var headline: Fact?
    /// When it was published first, in ISO 8601.
    package var published: Fact?
    package var modified: Fact?
    package var authors: [Fact]
    /// The publication.
    package var site: Fact?
    package var section: Fact?
    package var keywords: [Fact]
    /// The language's code.
    package var language: Fact?
    /// The address that the page says it has.
    package var address: Fact?
    /// The lines of the article, in order.
    package var parts: [(role: Role, text: [UInt8])]
    /// The element that holds the article.
    package var path: String
    package var notes: [String]

    package init(of tree: PageTree) {
        let article = Self.article(of: tree)
        let facts = article.facts
        headline = facts.headline
        published = facts.published
        modified = facts.modified
        authors = facts.authors
        site = facts.site
        section = facts.section
        keywords = facts.keywords
        language = facts.language.map {
            Fact(value: String($0.value.prefix { $0 != "-" && $0 != "_" }).lowercased(), evidence: $0.evidence)
        }
        address = facts.url
        let lines = article.lines
        parts = article.parts.map { ($0.role, Array(lines.text[lines.blocks[$0.block].text])) }
        path = article.path(of: article.container)
        notes = tree.notes
        takeStatedBody(facts.body)
    }

    /// Takes the text from JSON-LD where the page shows but little of it: pages that scripts fill in.
    private mutating func takeStatedBody(_ body: Fact?) {
        guard let body, body.value.utf8.count >= 400 else { return }
        let shown = parts.reduce(0) { $0 + ($1.role == .paragraph ? $1.text.count : 0) }
        guard shown * 5 < body.value.utf8.count * 2 else { return }
        parts.removeAll { $0.role == .paragraph || $0.role == .heading }
        for line in body.value.utf8.split(separator: 0x0A) where !line.allSatisfy({ $0 <= 0x20 }) {
            parts.append((.paragraph, Array(line)))
        }
        path = body.evidence
    }

    /// Every line of a page with what it was taken for, for people who want to know why.
    package static func outline(of tree: PageTree) -> String { article(of: tree).outline }

    private static func article(of tree: PageTree) -> Article {
        let zones = Zones.own(tree)
        return Article(tree, FactFinder.find(tree, zones), zones)
    }
}

extension Article {
    var outline: String {
        let roles = Dictionary(parts.map { ($0.block, "\($0.role)") }, uniquingKeysWith: { first, _ in first })
        return lines.blocks.indices.map { index in
            let block = lines.blocks[index]
            let text = String(decoding: lines.text[block.text].prefix(100), as: UTF8.self)
            let names = Zone.names.filter { block.zone.contains($0.zone) }.map(\.name).joined(separator: "+")
            return "\(roles[index] ?? "-") \(block.element) \(block.count)/\(block.linkCount) [\(names)] \(text)"
        }.joined(separator: "\n")
    }

    /// The path of an element, as XPath has it.
    func path(of node: Int) -> String {
        var steps: [String] = []
        var at = node
        while at >= 0 {
            steps.append(step(at))
            at = Int(tree.nodes[at].parent)
        }
        return "/" + steps.reversed().joined(separator: "/")
    }

    /// An element by its name, and by its place among its siblings of that name where there are several.
    private func step(_ node: Int) -> String {
        let element = tree.nodes[node].element
        let name = element == .other || element == .custom ? "*" : "\(element)"
        let parent = Int(tree.nodes[node].parent)
        guard parent >= 0 else { return name }
        var (place, count) = (0, 0)
        var sibling = parent + 1
        while sibling < Int(tree.nodes[parent].end) {
            let other = tree.nodes[sibling].element
            if other != .text, name == "*" || other == element {
                count += 1
                if sibling == node { place = count }
            }
            sibling = Int(tree.nodes[sibling].end)
        }
        return count > 1 ? "\(name)[\(place)]" : name
    }
}
