// Which blocks inside the element of the article are paragraphs of it, and which are captions or something else.

internal import Text

extension Article {
    mutating func choose(in container: Int) {
        var inside = lines.blocks(in: container, of: tree)
        let first = inside.first { accepts(lines.blocks[$0]) && Self.isCopy(lines.blocks[$0]) } ?? inside.lowerBound
        chooseStandfirst(before: first)
        if first > inside.lowerBound { inside = first..<inside.upperBound }
        var heading: Int?
        var hasBody = false
        for index in inside {
            let block = lines.blocks[index]
            if isCaption(block) {
                parts.append((index, block.zone.contains(.credit) ? .credit : .caption))
                continue
            }
            if block.element.isHeading {
                if block.zone.contains(.standfirst), block.count >= 50, !hasBody, accepts(heading: block) {
                    parts.append((index, .paragraph))
                    continue
                }
                heading = accepts(heading: block) ? index : nil
                continue
            }
            guard accepts(block) else { continue }
            if let found = heading {
                parts.append((found, .heading))
                heading = nil
            }
            parts.append((index, .paragraph))
            hasBody = hasBody || !block.zone.contains(.standfirst)
        }
        dropTail()
    }

    /// What introduces the story: between its headline and its first paragraph, said so by its class, or the page's own
    /// description of itself.
    private mutating func chooseStandfirst(before first: Int) {
        var start = first
        while start > 0, first - start < 60 {
            start -= 1
            if lines.blocks[start].element == .h1 || facts.isHeadline(lines.text, lines.blocks[start].text) { break }
        }
        for index in start..<first {
            let block = lines.blocks[index]
            if isCaption(block) {
                parts.append((index, block.zone.contains(.credit) ? .credit : .caption))
                continue
            }
            guard block.count >= 30, block.linkShare < 0.5, block.element != .h1 else { continue }
            guard !facts.isHeadline(lines.text, block.text), !LinePhrases.isReference(lines.text, block.text) else {
                continue
            }
            let isSummary = facts.isSummary(lines.text, block.text)
            let isAside = !block.zone.isDisjoint(with: Zone.outside.subtracting([.related, .date]))
            if isSummary || !isAside && block.zone.contains(.standfirst) && block.count >= 50 {
                parts.append((index, .paragraph))
            }
        }
    }

    private func isCaption(_ block: Block) -> Bool {
        if block.count > 600 || block.zone.contains(.hidden) { return false }
        if block.zone.contains(.caption) { return true }
        guard block.count < 400, let length = alternatives.length(lines.text, block.text) else { return false }
        // A paragraph may begin as the text that stands for a picture does.
        return block.count < length * 3 / 2 && !facts.isHeadline(lines.text, block.text)
    }

    private func accepts(heading block: Block) -> Bool {
        guard block.zone.isDisjoint(with: Zone.outside.union(.insert)), block.element != .h1, block.linkShare < 0.5
        else { return false }
        return !facts.isHeadline(lines.text, block.text) && !LinePhrases.isReference(lines.text, block.text)
            && !LinePhrases.isNotice(lines.text, block.text)
    }

    func accepts(_ block: Block) -> Bool {
        guard block.zone.isDisjoint(with: Zone.outside.union(.insert)) else { return false }
        if block.linkShare > 0.5, block.count - block.linkCount < 60 || block.linkShare > 0.9 { return false }
        if facts.isHeadline(lines.text, block.text) || facts.isAuthor(lines.text, block.text) { return false }
        if LinePhrases.isReference(lines.text, block.text) || LinePhrases.isNotice(lines.text, block.text) {
            return false
        }
        if Self.isCopy(block) { return true }
        switch block.element {
        case .p, .blockquote, .li, .dd, .pre: return true
        case .td, .th: return false
        default: return block.count >= 25
        }
    }

    /// Ends the article at its last copy: shorter lines behind it are about something else.
    private mutating func dropTail() {
        while let last = parts.last, last.role != .caption, parts.count > 1 {
            let block = lines.blocks[last.block]
            if Self.isCopy(block) || block.sentences > 0 && block.count >= 25 { break }
            if last.role == .paragraph, block.element == .p, block.count >= 60 { break }
            parts.removeLast()
        }
    }
}
