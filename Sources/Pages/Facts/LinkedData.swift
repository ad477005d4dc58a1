// JSON-LD -> facts: the one object of a page that describes its story.

internal import Text

struct LinkedData {
    /// The object that describes the story.
    private(set) var story: JSON?
    /// The objects of a graph by their ids.
    private var named: [String: JSON] = [:]
    private var weight = 0

    /// Looks at every script of JSON-LD.
    init(_ tree: PageTree) {
        for index in tree.nodes.indices where tree.nodes[index].element == .script {
            guard let type = tree.attribute(.type, of: index),
                Letters.has("application/ld+json", tree.values, at: type.lowerBound)
            else { continue }
            if let value = JSON.value(tree.values[tree.text(of: index)]) { visit(value, depth: 0) }
        }
    }

    private mutating func visit(_ value: JSON, depth: Int) {
        guard depth < 4 else { return }
        for object in value.elements {
            guard case .object = object else { continue }
            if let id = object["@id"]?.string { named[id] = object }
            let weight = Self.weight(of: object)
            if weight > self.weight {
                self.weight = weight
                story = object
            }
            for name in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let inner = object[name] { visit(inner, depth: depth + 1) }
            }
        }
    }

    /// How much an object looks like the description of a story.
    private static func weight(of object: JSON) -> Int {
        guard let type = object["@type"] else { return 0 }
        var best = 0
        for name in type.elements.compactMap(\.string) {
            if name.hasSuffix("Article") || name.hasSuffix("Posting") || name == "Report" {
                best = max(best, 4)
            } else if name == "Review" || name.hasSuffix("VideoObject") {
                best = max(best, 2)
            } else if name == "WebPage" || name == "ItemPage" || name == "ClaimReview" {
                best = max(best, 1)
            }
        }
        guard best > 0 else { return 0 }
        return best * 4 + (object["headline"] != nil ? 2 : 0) + (object["datePublished"] != nil ? 1 : 0)
    }

    func string(_ name: String) -> String? { story?[name]?.elements.lazy.compactMap(\.string).first }

    /// The whole text of the story, a paragraph a line.
    var body: String? {
        guard case .string(let text)? = story?["articleBody"] else { return nil }
        let lines = text.split(whereSeparator: \.isNewline).compactMap { JSON.string(String($0)).string }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    var isStory: Bool { weight >= 16 }

    /// The names of people and organizations that `name` lists.
    func names(_ name: String) -> [(name: String, isPerson: Bool)] {
        (story?[name]?.elements ?? []).flatMap { names(of: $0, depth: 0) }
    }

    private func names(of value: JSON, depth: Int) -> [(name: String, isPerson: Bool)] {
        if let string = value.string { return [(string, true)] }
        guard depth < 4, case .object = value else { return [] }
        if let name = value["name"] {
            let isOrganization = (value["@type"]?.elements ?? []).contains {
                $0.string?.hasSuffix("Organization") == true
            }
            return name.elements.flatMap { inner -> [(name: String, isPerson: Bool)] in
                inner.string.map { [($0, !isOrganization)] } ?? names(of: inner, depth: depth + 1)
            }
        }
        guard let id = value["@id"]?.string, let other = named[id], other["@id"]?.string != nil, other["name"] != nil
        else {
            return []
        }
        return names(of: other, depth: depth + 1)
    }
}
