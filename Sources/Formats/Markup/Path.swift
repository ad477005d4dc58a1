// Where a field stands in a document, in a small part of XPath: steps by name with `*`, `//` for any depth, one condition a step on
// an attribute or a child, an attribute at the end. `head/meta[@name='slug']/@content`, `body//hl1`, `subject[@type='cpnat:x']`.

/// A parsed path, relative to an element.
struct Path: Sendable {
    private struct Step: Sendable {
        var name: String
        var isDeep = false
        var condition: (name: String, value: String?)?
    }

    private var steps: [Step] = []
    private(set) var attribute: String?

    init(_ text: String) {
        var isDeep = false
        for piece in Path.split(text) {
            if piece.isEmpty {
                isDeep = true
            } else if piece.hasPrefix("@") {
                attribute = String(piece.dropFirst())
            } else if piece != "." {
                var step = Step(name: piece, isDeep: isDeep)
                isDeep = false
                if let open = piece.firstIndex(of: "["), piece.hasSuffix("]") {
                    step.name = String(piece[..<open])
                    let inner = piece[piece.index(after: open)...].dropLast()
                    let sides = inner.split(separator: "=", maxSplits: 1)
                    let value = sides.count == 2 ? String(sides[1].dropFirst().dropLast()) : nil
                    step.condition = (String(sides[0]), value)
                }
                steps.append(step)
            }
        }
    }

    /// The steps; a slash within a condition does not part them.
    private static func split(_ text: String) -> [String] {
        var pieces: [String] = [""]
        var isInside = false
        for character in text {
            if character == "[" { isInside = true }
            if character == "]" { isInside = false }
            if character == "/", !isInside { pieces.append("") } else { pieces[pieces.count - 1].append(character) }
        }
        return pieces
    }

    /// The elements that it leads to, in the order of the document.
    func elements(from start: Element) -> [Element] {
        var found = [start]
        for step in steps {
            var next: [Element] = []
            for element in found {
                for candidate in step.isDeep ? element.descendants : element.children
                where (step.name == "*" || candidate.name == step.name) && Path.fulfils(candidate, step.condition) {
                    next.append(candidate)
                }
            }
            found = next
            if found.isEmpty { break }
        }
        return found
    }

    private static func fulfils(_ element: Element, _ condition: (name: String, value: String?)?) -> Bool {
        guard let condition else { return true }
        let actual =
            condition.name.hasPrefix("@")
            ? element.attribute(String(condition.name.dropFirst())) : element.first(condition.name)?.string
        guard let actual else { return false }
        return condition.value == nil || actual == condition.value
    }
}
