// A page as a tree in flat arrays. Promises: a node's descendants are those that follow it, up to its end, so that questions
// about them are loops; memory is proportional to the page.

internal import Text

/// A node: an element, or a piece of text.
struct Node {
    var element: Element
    /// Text inside a link.
    var isLink = false
    /// The index of the parent; of the root, -1.
    var parent: Int32
    /// The index behind the last descendant.
    var end: Int32
    /// Of an element: its kept attributes, in ``PageTree/attributes``.
    var attributes: Range<Int32>
    /// Where the text of the node stands in ``PageTree/characters``: its own, or all that is inside an element. Of a script of
    /// JSON-LD: its text in ``PageTree/values``.
    var text: Range<Int32>
}

/// A page's elements and text.
package struct PageTree {
    /// The text of the page without markup; each run of blanks is one blank.
    var characters: [UInt8] = []
    var nodes: [Node] = []
    /// The attributes of all elements: which, and where the value stands in ``values``.
    var attributes: [(name: Attribute, value: Range<Int32>)] = []
    /// The values of the kept attributes, and the scripts of JSON-LD.
    var values: [UInt8] = []
    /// What a person should know about how the page was read.
    package var notes: [String] = []

    package init() {}

    /// Where the value of an attribute stands in ``values``.
    func attribute(_ name: Attribute, of node: Int) -> Range<Int>? {
        let range = nodes[node].attributes
        var at = Int(range.lowerBound)
        while at < Int(range.upperBound) {
            if attributes[at].name == name {
                let value = attributes[at].value
                return Int(value.lowerBound)..<Int(value.upperBound)
            }
            at += 1
        }
        return nil
    }

    /// The value of an attribute, with single blanks; nil where it is missing or empty.
    func value(_ name: Attribute, of node: Int) -> String? {
        guard let range = attribute(name, of: node) else { return nil }
        let value = Blanks.string(values, range)
        return value.isEmpty ? nil : value
    }

    /// Whether the value of an attribute has this word in it (case and blanks aside).
    func has(_ word: StaticString, in name: Attribute, of node: Int) -> Bool {
        guard let range = attribute(name, of: node) else { return false }
        var hash = Letters.HashState()
        for byte in "\(word)".utf8 { hash.add(byte) }
        var at = range.lowerBound
        while at < range.upperBound {
            var stop = at
            while stop < range.upperBound, values[stop] > Byte.space { stop += 1 }
            if stop > at, Letters.hash(values, at..<stop) == hash.value { return true }
            at = stop + 1
        }
        return false
    }

    /// Where the text inside a node stands.
    func text(of node: Int) -> Range<Int> { Int(nodes[node].text.lowerBound)..<Int(nodes[node].text.upperBound) }

    /// The text inside a node, trimmed.
    func string(of node: Int) -> String {
        var range = text(of: node)
        while let last = range.last, characters[last] <= Byte.space { range.removeLast() }
        while let first = range.first, characters[first] <= Byte.space { range.removeFirst() }
        return String(decoding: characters[range], as: UTF8.self)
    }
}
