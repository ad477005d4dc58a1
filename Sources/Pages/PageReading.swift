// The tree of a web page -> a reading. Promises: a pure function of the tree; never fails; linear time.
//
// The text of the reading is the story as a person would copy it out of the page: headline, byline, date, then the paragraphs
// with the captions where they stand. Every field has its place in that text, and its rule names where in the page it was
// found: `json-ld headline`, `meta og:title`, or the path of an element.

package import Story
internal import Text

/// Reads web pages.
package enum PageReading {
    /// The reading of a page.
    package static func reading(of tree: PageTree, notes: [String] = []) -> Reading {
        let article = article(of: tree)
        var composer = Composer(notes: notes + tree.notes)
        composer.compose(article, article.facts)
        return Reading(text: composer.text, encoding: .utf8, notes: composer.notes, fields: composer.fields)
    }

    /// Every line of a page with what it was taken for, for people who want to know why.
    package static func outline(of tree: PageTree) -> String { article(of: tree).outline }

    private static func article(of tree: PageTree) -> Article {
        let zones = Zones.own(tree)
        return Article(tree, FactFinder.find(tree, zones), zones)
    }

}

/// Writes the text and its fields.
private struct Composer {
    var text: [UInt8] = []
    var fields: [Field] = []
    var notes: [String]

    mutating func compose(_ article: Article, _ facts: Facts) {
        if let headline = facts.headline { line(.headline, headline) }
        for author in facts.authors { line(.byline, author) }
        if let date = facts.published { line(.contentcreated, date, isValue: true) }
        // One rule for all paragraphs: a stored reading takes two numbers for each that has the rule of the one before.
        let path = article.path(of: article.container)
        var picture = -1
        for (index, role) in article.parts {
            let block = article.lines.blocks[index]
            if role == .caption { picture += 1 }
            let range = add(article.lines.text[block.text])
            let kind: Field.Kind = role == .caption ? .caption : .paragraph
            let rule = role == .caption ? "html/caption \(path)" : "html/paragraph \(path)"
            fields.append(Field(kind, range, rule: rule, picture: max(0, role == .caption ? picture : 0)))
        }
        if !text.isEmpty { text.append(Byte.lineFeed) }
        stated(facts)
    }

    /// What the page states of the story and does not show.
    private mutating func stated(_ facts: Facts) {
        if let language = facts.language { value(.language, language.value.lowercased().prefix { $0 != "-" && $0 != "_" }, language) }
        if let site = facts.site { value(.infosource, site.value, site) }
    }

    private mutating func value(_ kind: Field.Kind, _ value: some StringProtocol, _ fact: Fact) {
        fields.append(Field(kind, 0..<0, rule: "html/\(kind.rawValue) \(fact.rule)", value: String(value)))
    }

    private mutating func add(_ paragraph: ArraySlice<UInt8>) -> Range<Int> {
        if !text.isEmpty { text.append(contentsOf: [Byte.lineFeed, Byte.lineFeed]) }
        let start = text.count
        text.append(contentsOf: paragraph)
        return start..<text.count
    }

    private mutating func line(_ kind: Field.Kind, _ fact: Fact, isValue: Bool = false) {
        let range = add(Decoding.withoutControls(Array(fact.value.utf8))[...])
        fields.append(Field(kind, range, rule: "html/\(kind.rawValue) \(fact.rule)", value: isValue ? fact.value : nil))
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
