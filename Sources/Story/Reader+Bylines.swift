// Bylines: stated (`By A and B`), bare names beside a date, and the credits at the end of a story.

extension Reader {
    mutating func addByline(_ name: Range<Int>, rule: String) {
        let hash = Letters.hash(text, name)
        for field in fields where field.kind == .byline && Letters.hash(text, field.range) == hash { return }
        add(.byline, name, rule: rule, value: Casing.person(text, name))
    }

    /// `By A, Reuters`, `Von A und B`, or the word alone with the names on the next line.
    mutating func readStatedByline(_ rest: Range<Int>, index: Int, range: Range<Int>) -> Bool {
        guard index <= bodyStart + 1 || index + 4 >= blocks.count, range.count <= 240 else { return false }
        if rest.isEmpty || rest.count == 1 && text[rest.lowerBound] == 0x3A {
            guard index + 1 < blocks.count, index < bodyStart, isPage else { return false }
            let next = content(blocks[index + 1]).0
            guard let names = Names.list(text, next, isStated: true) else { return false }
            for name in names { addByline(name, rule: "byline/next-line") }
            blocks[index + 1].role = .byline
            return true
        }
        var names = rest
        if text[names.lowerBound] == 0x3A { names = Lines.trimmed(text, names.lowerBound + 1..<names.upperBound) }
        guard var found = Names.list(text, names, isStated: !endsSentence(names)) else { return false }
        // The agency after a name is where the author works, unless the two share the work.
        if found.count > 1, let last = found.last, let agency = affiliation(last, after: found[found.count - 2]) {
            found.removeLast()
            add(.infosource, agency, rule: "infosource/byline")
        }
        for name in found { addByline(name, rule: "byline/stated") }
        return true
    }

    private func affiliation(_ last: Range<Int>, after name: Range<Int>) -> Range<Int>? {
        guard Agencies.isAgency(text, last), text[name.upperBound] == 0x2C || text[name.upperBound] == 0x2F else {
            return nil
        }
        return last
    }

    /// Names that stand alone near a date, as web pages have them.
    mutating func findBylines() {
        guard isPage else { return }
        let end = min(blocks.count, bodyStart + 3)
        for index in first..<max(first, end) where blocks[index].role == .open && blocks[index].count <= 120 {
            let range = content(blocks[index]).0
            guard let names = bareNames(range), isByline(at: index, end: end) else { continue }
            for name in names { addByline(name, rule: "byline/name-near-date") }
            blocks[index].role = .byline
        }
    }

    private func bareNames(_ range: Range<Int>) -> [Range<Int>]? {
        if let twice = repeatedName(range) { return [twice] }
        return Names.list(text, range, isStated: false)
    }

    /// `Martin Gramnæs Martin Gramnæs`: a picture's label and the name under it.
    private func repeatedName(_ range: Range<Int>) -> Range<Int>? {
        let half = range.lowerBound..<range.lowerBound + (range.count - 1) / 2
        guard range.count >= 11, range.count % 2 == 1, text[half.upperBound] == 0x20,
            Letters.hash(text, half) == Letters.hash(text, half.upperBound + 1..<range.upperBound)
        else { return nil }
        return Names.isName(text, half, isStated: false) ? half : nil
    }

    private func isByline(at index: Int, end: Int) -> Bool {
        for other in max(first, index - 3)..<min(end, index + 4) where blocks[other].role == .date { return true }
        return false
    }
}
