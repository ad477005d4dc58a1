// A web page by libxml2's HTML parser -> the tree that `Pages` reads. Promises: no network and no file; nothing of libxml2's
// outlives the call. The parser's events go straight into the tree: a document of libxml2's own would be made only to be
// copied. Nesting is bounded here; attributes and end tags in numbers that libxml2 takes quadratic time for are bounded by the
// limits of the process.

internal import CLibXML2
internal import Pages

enum PageParser {
    /// Beyond this depth the rest of a page is not read: libxml2 looks through all open elements at each end tag.
    static let maximumDepth = 4_000

    /// Parses a page that is UTF-8 already, whatever it states.
    static func parse(_ text: [UInt8]) -> PageTree {
        guard let context = unsafe htmlNewParserCtxt() else { return PageTree() }
        defer { unsafe htmlFreeParserCtxt(context) }
        var receiver = unsafe Receiver(builder: PageTreeBuilder(size: text.count), context: context)
        unsafe withUnsafeMutablePointer(to: &receiver) { pointer in
            unsafe listen(to: context, with: pointer)
            unsafe text.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                let options =
                    HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
                    | HTML_PARSE_RECOVER.rawValue
                let document = unsafe htmlCtxtReadMemory(
                    context, UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self), Int32(clamping: buffer.count),
                    nil, "UTF-8", Int32(options))
                unsafe xmlFreeDoc(document)
            }
        }
        var tree = unsafe receiver.builder.finish()
        if unsafe receiver.isTooDeep {
            tree.notes.append("More than \(maximumDepth) elements are nested in each other; what follows is not read.")
        }
        return tree
    }

    /// Who hears what the parser finds.
    @unsafe private struct Receiver {
        var builder: PageTreeBuilder
        let context: htmlParserCtxtPtr
        var isTooDeep = false
    }

    private static func listen(to context: htmlParserCtxtPtr, with receiver: UnsafeMutablePointer<Receiver>) {
        var handler = unsafe xmlSAXHandler()
        unsafe handler.startElement = { receiver, name, attributes in
            guard let receiver = unsafe receiver?.assumingMemoryBound(to: Receiver.self), let name = unsafe name else {
                return
            }
            unsafe PageParser.begin(&receiver.pointee, name, attributes)
        }
        unsafe handler.endElement = { receiver, _ in
            unsafe receiver?.assumingMemoryBound(to: Receiver.self).pointee.builder.end()
        }
        let text: charactersSAXFunc = { receiver, text, count in
            guard let receiver = unsafe receiver?.assumingMemoryBound(to: Receiver.self), let text = unsafe text,
                count > 0
            else { return }
            unsafe receiver.pointee.builder.text(Span(_unsafeStart: text, count: Int(count)))
        }
        unsafe handler.characters = text
        unsafe handler.ignorableWhitespace = text
        unsafe handler.cdataBlock = text
        unsafe handler.initialized = 1
        unsafe context.pointee.sax.pointee = handler
        unsafe context.pointee.userData = UnsafeMutableRawPointer(receiver)
    }

    private static func begin(
        _ receiver: inout Receiver, _ name: UnsafePointer<xmlChar>,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        unsafe receiver.builder.begin(Span(_unsafeStart: name, count: Int(xmlStrlen(name))))
        if let attributes = unsafe attributes {
            var index = 0
            while let name = unsafe attributes[index] {
                let span = unsafe Span(_unsafeStart: name, count: Int(xmlStrlen(name)))
                // An attribute without a value has none here.
                let value = unsafe attributes[index + 1] ?? name
                let count = unsafe attributes[index + 1] == nil ? 0 : Int(xmlStrlen(value))
                unsafe receiver.builder.attribute(span, Span(_unsafeStart: value, count: count))
                index += 2
            }
        }
        unsafe receiver.builder.attributesEnd()
        if unsafe receiver.builder.depth > maximumDepth {
            unsafe receiver.isTooDeep = true
            unsafe xmlStopParser(receiver.context)
        }
    }
}
