// libxml2 -> Markup: the one file that calls its parsers. Promises: no network, no file, no external entity and no DTD is ever
// loaded, and no entity is expanded by libxml2 (XMLEntities resolves them before, once and bounded); depth, nodes and time are
// bounded; what is not well-formed is repaired, with a note.

internal import CLibXML2
internal import Text

/// What a document may be at most.
public struct MarkupLimits: Sendable {
    /// Elements within elements. libxml2 stops at 256 itself.
    public var depth = 200
    /// Elements, texts and attributes.
    public var nodes = 2_000_000
    public init() {}
}

/// Why a document could not be parsed.
public enum MarkupError: Error, Sendable, Equatable {
    /// No element was found.
    case noMarkup
    /// More than the limits allow.
    case tooDeep(Int)
    case tooLarge(Int)
}

extension Markup {
    /// Parses XML, whatever its encoding.
    public static func xml(_ bytes: [UInt8], limits: MarkupLimits = MarkupLimits()) throws(MarkupError) -> Markup {
        let (text, encoding, notes) = XMLText.decode(bytes)
        return try xml(text: text, notes: notes, encoding: encoding, limits: limits)
    }

    /// Parses XML that is UTF-8 already, whatever it declares.
    static func xml(text: [UInt8], notes: [String] = [], encoding: TextEncoding = .utf8, limits: MarkupLimits)
        throws(MarkupError) -> Markup
    {
        let text = XMLEntities.resolved(text)
        let start = text.firstIndex { !WhiteSpace.isBlank($0) } ?? text.count
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_RECOVER.rawValue | XML_PARSE_NOCDATA.rawValue | XML_PARSE_COMPACT.rawValue
        let count = Int32(clamping: text.count - start)
        guard count > 0 else { throw .noMarkup }
        var isRepaired = false
        let document: xmlDocPtr? = unsafe text.withUnsafeBufferPointer { buffer in
            guard let context = unsafe xmlNewParserCtxt() else { return nil }
            defer { unsafe xmlFreeParserCtxt(context) }
            guard let base = buffer.baseAddress else { return nil }
            let document = unsafe xmlCtxtReadMemory(
                context, UnsafeRawPointer(base + start).assumingMemoryBound(to: CChar.self), count, nil, "UTF-8",
                Int32(options))
            isRepaired = unsafe context.pointee.wellFormed == 0
            return unsafe document
        }
        guard let document = unsafe document else { throw .noMarkup }
        defer { unsafe xmlFreeDoc(document) }
        var builder = TreeBuilder(limits: limits)
        try unsafe builder.build(document)
        let notes =
            isRepaired ? notes + ["The XML is not well-formed; it was read as far as it could be repaired."] : notes
        return builder.finish(notes: notes)
    }

    /// Parses HTML of any age that is UTF-8 already.
    public static func html(text: [UInt8], notes: [String] = [], limits: MarkupLimits = MarkupLimits())
        throws(MarkupError) -> Markup
    {
        guard !text.isEmpty else { throw .noMarkup }
        let options =
            HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
            | HTML_PARSE_RECOVER.rawValue | HTML_PARSE_COMPACT.rawValue
        let document: htmlDocPtr? = unsafe text.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            return unsafe htmlReadMemory(
                UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self), Int32(clamping: text.count), nil, "UTF-8",
                Int32(options))
        }
        guard let document = unsafe document else { throw .noMarkup }
        defer { unsafe xmlFreeDoc(document) }
        var builder = TreeBuilder(limits: limits)
        try unsafe builder.build(document)
        return builder.finish(notes: notes)
    }
}

/// Copies a tree of libxml2's, without recursion.
private struct TreeBuilder {
    let limits: MarkupLimits
    private var nodes: [Markup.Node] = []
    private var attributes: [Markup.Attribute] = []
    private var names: [String] = []
    private var numbers: [Name: Int32] = [:]
    private var pool: [UInt8] = []
    /// The last child so far of each open element.
    private var lastChild: [Int32] = []

    /// Names are interned by libxml2's dictionary: their address is their identity.
    private struct Name: Hashable {
        var name: UInt
        var namespace: UInt
    }

    init(limits: MarkupLimits) { self.limits = limits }

    func finish(notes: [String]) -> Markup {
        Markup(nodes: nodes, attributes: attributes, names: names, pool: pool, notes: notes)
    }

    mutating func build(_ document: xmlDocPtr) throws(MarkupError) {
        guard let root = unsafe xmlDocGetRootElement(document) else { throw .noMarkup }
        var open: [Int32] = []
        var node = unsafe root
        while true {
            let kind = unsafe node.pointee.type
            var entered = false
            if kind == XML_ELEMENT_NODE {
                if open.count > limits.depth { throw .tooDeep(limits.depth) }
                let index = unsafe element(node, parent: open.last ?? -1)
                if let child = unsafe node.pointee.children {
                    open.append(index)
                    unsafe node = child
                    entered = true
                }
            } else if kind == XML_TEXT_NODE || kind == XML_CDATA_SECTION_NODE {
                if let content = unsafe node.pointee.content, let parent = open.last {
                    let start = pool.count
                    unsafe append(content)
                    text(start, parent: parent)
                }
            }
            if nodes.count + attributes.count > limits.nodes { throw .tooLarge(limits.nodes) }
            if entered { continue }
            while unsafe node.pointee.next == nil {
                guard open.popLast() != nil, let parent = unsafe node.pointee.parent else { return }
                unsafe node = parent
            }
            // The root has no siblings that count.
            if open.isEmpty { return }
            guard let next = unsafe node.pointee.next else { return }
            unsafe node = next
        }
    }

    private mutating func element(_ node: xmlNodePtr, parent: Int32) -> Int32 {
        let start = Int32(attributes.count)
        var attribute = unsafe node.pointee.properties
        while let one = unsafe attribute {
            let from = pool.count
            var value = unsafe one.pointee.children
            while let piece = unsafe value {
                if let content = unsafe piece.pointee.content { unsafe append(content) }
                unsafe value = piece.pointee.next
            }
            attributes.append(
                Markup.Attribute(
                    name: unsafe number(one.pointee.name, one.pointee.ns), start: Int32(from), end: Int32(pool.count)))
            unsafe attribute = one.pointee.next
        }
        let index = Int32(nodes.count)
        nodes.append(
            Markup.Node(
                name: unsafe number(node.pointee.name, node.pointee.ns), parent: parent, start: start,
                end: Int32(attributes.count)))
        lastChild.append(-1)
        link(index, parent: parent)
        return index
    }

    private mutating func text(_ start: Int, parent: Int32) {
        guard pool.count > start else { return }
        let index = Int32(nodes.count)
        nodes.append(Markup.Node(name: -1, parent: parent, start: Int32(start), end: Int32(pool.count)))
        lastChild.append(-1)
        link(index, parent: parent)
    }

    private mutating func link(_ index: Int32, parent: Int32) {
        guard parent >= 0 else { return }
        let last = lastChild[Int(parent)]
        if last < 0 { nodes[Int(parent)].firstChild = index } else { nodes[Int(last)].next = index }
        lastChild[Int(parent)] = index
    }

    private mutating func append(_ content: UnsafePointer<xmlChar>) {
        unsafe pool.append(contentsOf: UnsafeBufferPointer(start: content, count: Int(xmlStrlen(content))))
    }

    private mutating func number(_ name: UnsafePointer<xmlChar>, _ namespace: xmlNsPtr?) -> Int32 {
        let key = Name(name: UInt(bitPattern: name), namespace: UInt(bitPattern: namespace))
        if let number = numbers[key] { return number }
        let local = unsafe String(cString: name)
        var canonical = local
        if let namespace = unsafe namespace {
            let uri = unsafe namespace.pointee.href.map { unsafe String(cString: $0) } ?? ""
            let own = unsafe namespace.pointee.prefix.map { unsafe String(cString: $0) } ?? ""
            let prefix = Namespaces.prefix(of: uri) ?? own
            if !prefix.isEmpty { canonical = prefix + ":" + local }
        }
        let number = names.firstIndex(of: canonical).map(Int32.init) ?? Int32(names.count)
        if Int(number) == names.count { names.append(canonical) }
        numbers[key] = number
        return number
    }
}
