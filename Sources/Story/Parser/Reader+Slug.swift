// The slug lines above a story. Promises: only first lines, each with a line below it.

internal import Text

extension Reader {
    /// Takes such lines off the top: a wire's header may stand above the slug.
    mutating func readSlugs() {
        for _ in 0..<2 {
            guard first == 0 || fields.last?.kind == .slugline || fields.last?.kind == .urgency,
                first + 1 < blocks.count, let line = SlugLine.read(text, blocks[first].range)
            else { return }
            let source = line.urgency == nil ? "first-line" : "wire-header"
            if let urgency = line.urgency { add(.urgency, urgency, rule: "urgency/wire-header") }
            if let slug = line.slug { add(.slugline, slug, rule: "slugline/\(source)") }
            for kind in line.kinds { add(.updatekind, kind.range, rule: "updatekind/slugline", value: kind.value) }
            first += 1
        }
    }
}
