// Facts that a page states only where readers see them: the byline and the date between the headline and the story.

internal import Story
internal import Text

extension Article {
    /// Looks for authors and date around the headline, where the markup has none.
    mutating func completeFacts() {
        let first = parts.first { $0.role == .paragraph && !lines.blocks[$0.block].zone.contains(.standfirst) }?.block
        guard let first = first ?? parts.first?.block else {
            completeDateFromAddress()
            return
        }
        let head = headline(before: first)
        let region = max(0, head - 6)..<min(max(first + 1, head + 12), lines.blocks.count)
        let last = parts.last?.block ?? first
        let tail = min(last + 1, lines.blocks.count)..<min(last + 12, lines.blocks.count)
        if facts.authors.isEmpty || !facts.areAuthorsPeople { completeAuthors(region, tail, head) }
        if facts.published == nil { completeDate(region, tail) }
        if facts.published == nil { completeDateFromAddress() }
    }

    /// The first block shortly before the story that is its headline.
    private func headline(before first: Int) -> Int {
        let near = max(0, first - 30)..<first
        return near.first { facts.isHeadline(lines.text, lines.blocks[$0].text) }
            ?? near.last { lines.blocks[$0].element == .h1 } ?? max(0, first - 8)
    }

    // MARK: Authors

    private mutating func completeAuthors(_ region: Range<Int>, _ tail: Range<Int>, _ head: Int) {
        let chosen = Set(parts.lazy.map(\.block))
        var names: [(String, String)] = []
        for index in Array(region) + Array(tail) where !chosen.contains(index) {
            let block = lines.blocks[index]
            guard block.count <= 160, !facts.isHeadline(lines.text, block.text) else { continue }
            let text = String(decoding: lines.text[block.text], as: UTF8.self)
            let isBare =
                block.linkCount == 0 && Letters.isUpper(lines.text, at: block.text.lowerBound)
                && (block.element == .p || fullDate(block.text) != nil)
            let isByline =
                block.zone.contains(.byline) || Authors.hasOpening(text)
                || isBare && index > head
            guard isByline, block.zone.isDisjoint(with: [.related, .comments, .navigation]) else { continue }
            if tail.contains(index), !names.isEmpty || index > tail.lowerBound + 4 { break }
            for name in pieces(of: block.node) ?? Authors.strictly(text) ?? [] {
                names.append((name, path(of: block.node)))
            }
        }
        let found = Authors.list(names)
        if !found.isEmpty { facts.authors = found }
    }

    /// The pieces of text in a byline, if all are names: `<span>A B</span> <span>C D</span>`.
    private func pieces(of node: Int) -> [String]? {
        var names: [String] = []
        for index in node..<Int(tree.nodes[node].end) where tree.nodes[index].element == .text {
            let text = tree.string(of: index)
            guard text.contains(where: \.isLetter), !Authors.isConnective(text) else { continue }
            guard Authors.isStrictName(text) else { return nil }
            names.append(text)
        }
        return names.isEmpty ? nil : names
    }

    // MARK: Date

    private mutating func completeDate(_ region: Range<Int>, _ tail: Range<Int>) {
        let chosen = Set(parts.lazy.map(\.block))
        for index in Array(region) + Array(tail) where !chosen.contains(index) {
            let block = lines.blocks[index]
            let limit = tail.contains(index) ? 40 : 160
            guard block.count <= limit, block.zone.isDisjoint(with: [.related, .comments]) else { continue }
            if let date = fullDate(block.text) {
                facts.published = Fact(value: date, evidence: path(of: block.node))
                return
            }
        }
    }

    private func fullDate(_ range: Range<Int>) -> String? {
        guard let date = Dates.first(lines.text, in: range)?.iso, date.utf8.count == 10 else { return nil }
        return date
    }

    /// The date in the page's own address: `/2024/05/03/`.
    private mutating func completeDateFromAddress() {
        guard facts.published == nil, let url = facts.url else { return }
        let parts = url.value.split(separator: "/")
        for index in parts.indices.dropLast(2) where parts[index].utf8.count == 4 {
            let text = "\(parts[index])-\(parts[index + 1])-\(parts[index + 2])"
            if text.utf8.allSatisfy({ Letters.isDigit($0) || $0 == Byte.hyphen }), let date = Moments.iso(text) {
                facts.published = Fact(value: date, evidence: url.evidence)
                return
            }
        }
    }
}
