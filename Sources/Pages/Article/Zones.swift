// What an element says about the text in it, by its name, class, id, role and item property.

internal import Text

enum Zones {
    /// What each element says of itself.
    static func own(_ tree: PageTree) -> [Zone] {
        tree.nodes.indices.map { index in
            let node = tree.nodes[index]
            return node.element == .text || node.attributes.isEmpty && node.element == .div ? [] : own(index, tree)
        }
    }

    /// What one element says, without those around it.
    private static func own(_ index: Int, _ tree: PageTree) -> Zone {
        let node = tree.nodes[index]
        var zone: Zone = []
        switch node.element {
        case .nav, .menu: zone.insert(.navigation)
        case .footer, .aside: zone.insert(.margin)
        case .figcaption, .figure: zone.insert(.caption)
        case .button, .label: zone.insert(.tools)
        case .address: zone.insert(.byline)
        case .time: zone.insert(.date)
        case .header: zone.insert(.heading)
        default: break
        }
        var at = Int(node.attributes.lowerBound)
        while at < Int(node.attributes.upperBound) {
            let (name, value) = tree.attributes[at]
            let range = Int(value.lowerBound)..<Int(value.upperBound)
            switch name {
            case .class, .id: words(tree.values, range, into: &zone)
            case .itemprop: zone.formUnion(properties.value(of: range, in: tree.values).map(ClassWords.zone) ?? [])
            case .role: zone.formUnion(roles.value(of: range, in: tree.values).map(ClassWords.zone) ?? [])
            case .datatestid, .datacomponent, .datatype: words(tree.values, range, into: &zone)
            default: break
            }
            at += 1
        }
        if isHidden(index, tree) { zone.insert(.hidden) }
        return zone
    }

    /// Whether an element is said not to be shown.
    static func isHidden(_ node: Int, _ tree: PageTree) -> Bool {
        if tree.attribute(.hidden, of: node) != nil { return true }
        guard let style = tree.attribute(.style, of: node) else { return false }
        return Self.saysNone(tree.values, style)
    }

    /// Whether a style has `display: none` or `visibility: hidden`.
    private static func saysNone(_ source: [UInt8], _ range: Range<Int>) -> Bool {
        for at in range where source[at] == Byte.colon {
            var stop = at + 1
            while stop < range.upperBound, source[stop] <= Byte.space { stop += 1 }
            let isNone = Letters.has("none", source, at: stop) && endsWith("display", source, at, range.lowerBound)
            let isHidden =
                Letters.has("hidden", source, at: stop) && endsWith("visibility", source, at, range.lowerBound)
            if isNone || isHidden { return true }
        }
        return false
    }

    private static func endsWith(_ word: StaticString, _ source: [UInt8], _ end: Int, _ start: Int) -> Bool {
        end - word.utf8CodeUnitCount >= start && Letters.has(word, source, at: end - word.utf8CodeUnitCount)
    }

    private static let properties = WordTable([
        (0, "articleBody"), (6, "author"), (7, "caption"), (8, "copyrightHolder"), (16, "datePublished dateModified"),
        (10, "description"), (13, "headline"), (5, "comment"),
    ])
    private static let roles = WordTable([
        (1, "navigation menu menubar tablist toolbar"), (9, "complementary contentinfo"), (3, "search button"),
        (4, "dialog alertdialog banner"),
    ])

    /// What the words of a class or an id say: each name by itself.
    private static func words(_ source: [UInt8], _ range: Range<Int>, into zone: inout Zone) {
        var at = range.lowerBound
        while at < range.upperBound {
            while at < range.upperBound, source[at] <= Byte.space { at += 1 }
            let start = at
            while at < range.upperBound, source[at] > Byte.space { at += 1 }
            if at > start { name(source, start..<at, into: &zone) }
        }
    }

    /// What one name says: `article-body`, `articleBody__text`.
    private static func name(_ source: [UInt8], _ range: Range<Int>, into zone: inout Zone) {
        var at = range.lowerBound
        var isAfterBody = false
        var isAfterPicture = false
        var isFirst = true
        var joined = at
        while at < range.upperBound {
            if !isWordByte(source[at]) {
                at += 1
                joined = at
                continue
            }
            let stop = wordEnd(source, at, range.upperBound)
            let hash = Letters.hash(source, at..<stop)
            if isFirst, stop < range.upperBound, ClassWords.ignoredFirst.value(hash: hash) != nil { return }
            isFirst = false
            let isBody = ClassWords.bodyAlone.value(hash: hash) != nil
            if isBody || isAfterBody && ClassWords.bodySecond.value(hash: hash) != nil { zone.insert(.body) }
            if isAfterPicture, ClassWords.pictureSecond.value(hash: hash) != nil { zone.insert(.caption) }
            isAfterBody = ClassWords.bodyFirst.value(hash: hash) != nil
            isAfterPicture = ClassWords.pictureFirst.value(hash: hash) != nil
            if let code = ClassWords.zones.value(hash: hash) { zone.insert(ClassWords.zone(code)) }
            // `readMore` is in the table as one word.
            if joined < at, let code = ClassWords.zones.value(of: joined..<stop, in: source) {
                zone.insert(ClassWords.zone(code))
            }
            at = stop
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        Letters.isAsciiLetter(byte) || Letters.isDigit(byte) || byte >= Byte.firstBeyondASCII
    }

    /// A word ends before a sign, before a digit, and before a capital letter that follows a small one.
    private static func wordEnd(_ source: [UInt8], _ start: Int, _ end: Int) -> Int {
        var stop = start + 1
        while stop < end {
            let next = source[stop]
            guard Letters.isAsciiLetter(next) || next >= Byte.firstBeyondASCII else { break }
            if next &- Byte.upperA < 26, source[stop - 1] &- Byte.lowerA < 26 { break }
            stop += 1
        }
        return stop
    }
}
