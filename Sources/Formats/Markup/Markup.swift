// A parsed document, XML or HTML alike, as Swift values: what libxml2 made is copied once and freed, so that no other file of
// this module touches its memory. Promises: immutable; every walk ends (a tree of bounded depth); names are canonical, so
// that a table of fields need not know which prefixes a sender chose.

internal import Text

/// A parsed document.
///
/// Elements are called by their local name, with a canonical prefix where their vocabulary is an extension of others
/// (`dc:creator`, `media:content`); see ``Namespaces``.
public final class Markup: Sendable {
    /// One node: an element, or a run of text.
    struct Node: Sendable {
        /// The element's name by its number in ``Markup/names``; -1 for text.
        var name: Int32
        var parent: Int32
        var firstChild: Int32 = -1
        var next: Int32 = -1
        /// For text: where it stands in ``Markup/pool``. For elements: their attributes.
        var start: Int32
        var end: Int32
    }

    struct Attribute: Sendable {
        var name: Int32
        var start: Int32
        var end: Int32
    }

    let nodes: [Node]
    let attributes: [Attribute]
    let names: [String]
    /// All text and attribute values, as UTF-8.
    let pool: [UInt8]
    /// What a person should know: how it was decoded, what was repaired.
    public let notes: [String]

    init(nodes: [Node], attributes: [Attribute], names: [String], pool: [UInt8], notes: [String]) {
        self.nodes = nodes
        self.attributes = attributes
        self.names = names
        self.pool = pool
        self.notes = notes
    }

    /// The outermost element.
    public var root: Element? { nodes.isEmpty ? nil : Element(markup: self, index: 0) }

    /// How many nodes it has.
    public var count: Int { nodes.count }

    func string(_ start: Int32, _ end: Int32) -> String {
        String(decoding: pool[Int(start)..<Int(end)], as: UTF8.self)
    }
}

/// An element of a document: a cheap handle.
public struct Element: Sendable, Equatable {
    let markup: Markup
    let index: Int32

    public static func == (a: Element, b: Element) -> Bool { a.index == b.index && a.markup === b.markup }

    private var node: Markup.Node { markup.nodes[Int(index)] }

    /// What an element holds: other elements and text, in order.
    public enum Child: Sendable {
        case element(Element)
        case text(ArraySlice<UInt8>)
    }

    /// Its canonical name.
    public var name: String { markup.names[Int(node.name)] }

    public var parent: Element? { node.parent < 0 ? nil : Element(markup: markup, index: node.parent) }

    /// All that it holds.
    public var contents: [Child] {
        var contents: [Child] = []
        var at = node.firstChild
        while at >= 0 {
            let child = markup.nodes[Int(at)]
            contents.append(
                child.name >= 0
                    ? .element(Element(markup: markup, index: at))
                    : .text(markup.pool[Int(child.start)..<Int(child.end)]))
            at = child.next
        }
        return contents
    }

    /// The elements that it holds.
    public var children: [Element] {
        var children: [Element] = []
        var at = node.firstChild
        while at >= 0 {
            let child = markup.nodes[Int(at)]
            if child.name >= 0 { children.append(Element(markup: markup, index: at)) }
            at = child.next
        }
        return children
    }

    /// The first child of a name.
    public func first(_ name: String) -> Element? {
        var at = node.firstChild
        while at >= 0 {
            let child = markup.nodes[Int(at)]
            if child.name >= 0, markup.names[Int(child.name)] == name { return Element(markup: markup, index: at) }
            at = child.next
        }
        return nil
    }

    /// The value of an attribute, by its canonical name; nil if it has none.
    public func attribute(_ name: String) -> String? {
        for attribute in markup.attributes[Int(node.start)..<Int(node.end)]
        where markup.names[Int(attribute.name)] == name {
            return markup.string(attribute.start, attribute.end)
        }
        return nil
    }

    /// All attributes, in order.
    public var attributes: [(name: String, value: String)] {
        markup.attributes[Int(node.start)..<Int(node.end)].map {
            (markup.names[Int($0.name)], markup.string($0.start, $0.end))
        }
    }

    /// All text within, as it stands.
    public var rawText: [UInt8] {
        var text: [UInt8] = []
        walk { if case .text(let run) = $0 { text.append(contentsOf: run) } }
        return text
    }

    /// All text within on one line: runs of white space are one blank, none at the ends.
    public var string: String { String(decoding: WhiteSpace.collapsed(rawText), as: UTF8.self) }

    /// The text that stands in it and in no element within.
    public var ownString: String {
        var text: [UInt8] = []
        for case .text(let run) in contents { text.append(contentsOf: run) }
        return String(decoding: WhiteSpace.collapsed(text), as: UTF8.self)
    }

    /// Visits all that is within, in the order of the document.
    func walk(_ visit: (Child) -> Void) {
        var at = node.firstChild
        while at >= 0 {
            let child = markup.nodes[Int(at)]
            if child.name < 0 {
                visit(.text(markup.pool[Int(child.start)..<Int(child.end)]))
            } else {
                visit(.element(Element(markup: markup, index: at)))
                if child.firstChild >= 0 {
                    at = child.firstChild
                    continue
                }
            }
            at = following(at)
        }
    }

    /// The node after `start` and what is in it, within this element; -1 if there is none.
    private func following(_ start: Int32) -> Int32 {
        var at = start
        while at != index, at >= 0 {
            if markup.nodes[Int(at)].next >= 0 { return markup.nodes[Int(at)].next }
            at = markup.nodes[Int(at)].parent
        }
        return -1
    }

    /// All elements within, in the order of the document.
    public var descendants: [Element] {
        var found: [Element] = []
        walk { if case .element(let element) = $0 { found.append(element) } }
        return found
    }

    /// Where it stands: `/nitf/body/body.content/p[2]`, an XPath over canonical names. Numbers only where there are several.
    public var xpath: String {
        var steps: [String] = []
        var element = self
        while true {
            var step = element.name
            guard let parent = element.parent else {
                steps.append(step)
                break
            }
            var (number, count) = (0, 0)
            for sibling in parent.children where sibling.node.name == element.node.name {
                count += 1
                if sibling.index == element.index { number = count }
            }
            if count > 1 { step += "[\(number)]" }
            steps.append(step)
            element = parent
        }
        return "/" + steps.reversed().joined(separator: "/")
    }
}

/// White space as markup knows it.
public enum WhiteSpace {
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }

    /// Runs of white space as one blank each, none at the ends; a no-break space counts as one.
    public static func collapsed(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var isPending = false
        var at = 0
        while at < text.count {
            let byte = text[at]
            if isBlank(byte) {
                isPending = true
            } else if byte == 0xC2, at + 1 < text.count, text[at + 1] == 0xA0 {
                isPending = true
                at += 1
            } else {
                if isPending, !out.isEmpty { out.append(0x20) }
                isPending = false
                out.append(byte)
            }
            at += 1
        }
        return out
    }
}
