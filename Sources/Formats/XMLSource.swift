// XML documents: parsed once, then read by what their root element says they are; where a document's items stand in its bytes.

internal import Parts
internal import Story
internal import Text

/// A format whose reader wants the parsed document.
protocol XMLFormat: FormatReader {
    /// Its own name, for rejections.
    var format: Format { get }
    func read(_ root: Element, of source: Source, into sink: PartSink) throws(Exhausted)
}

extension XMLFormat {
    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        let markup: Markup
        do { markup = try Markup.xml(source.bytes) } catch {
            return try sink.reject(source, format, .damaged(format, XMLSource.words(error)))
        }
        guard let root = markup.root else { return }
        // The first bytes may have said less than the whole: a long comment, a prefix, a doctype.
        let local = root.name.split(separator: ":").last.map(String.init) ?? root.name
        if let reader = XMLSource.reader(ofRoot: local) { return try reader.read(root, of: source, into: sink) }
        try read(root, of: source, into: sink)
    }
}

enum XMLSource {
    static func reader(ofRoot name: String) -> (any XMLFormat)? {
        switch Recognizer.format(ofRoot: name) {
        case .nitf: NITF()
        case .newsml1: NewsML1()
        case .newsmlG2: NewsMLG2()
        case .rss: RSS()
        case .rdf: RSS(format: .rdf)
        case .atom: Atom()
        default: nil
        }
    }

    static func words(_ error: MarkupError) -> String {
        switch error {
        case .noMarkup: "no element is found in it"
        case .tooDeep(let limit): "its elements lie more than \(limit) deep"
        case .tooLarge(let limit): "it has more than \(limit) elements and attributes"
        }
    }

    /// Where the elements of a name stand in the bytes, outermost ones only, in order; nil where that cannot be said: not
    /// as many as the parsed document has, or bytes that are no ASCII at all.
    static func ranges(of name: String, in bytes: [UInt8], count: Int) -> [Range<Int>]? {
        guard count > 0, Detection.wide(bytes) == nil else { return nil }
        var ranges: [Range<Int>] = []
        var (depth, start, at) = (0, 0, 0)
        while at < bytes.count {
            guard bytes[at] == Byte.less else {
                at += 1
                continue
            }
            if let end = skipped(bytes, at) {
                at = end
                continue
            }
            let isClosing = at + 1 < bytes.count && bytes[at + 1] == Byte.slash
            let nameStart = at + (isClosing ? 2 : 1)
            guard let tagEnd = endOfTag(bytes, nameStart) else { return nil }
            if isNamed(name, bytes, nameStart) {
                if isClosing {
                    depth -= 1
                    if depth == 0 { ranges.append(start..<tagEnd) }
                    if depth < 0 { return nil }
                } else if bytes[tagEnd - 2] == Byte.slash {
                    if depth == 0 { ranges.append(at..<tagEnd) }
                } else {
                    if depth == 0 { start = at }
                    depth += 1
                }
            }
            at = tagEnd
        }
        return ranges.count == count && depth == 0 ? ranges : nil
    }

    /// The end of a comment, a CDATA section, a declaration or an instruction that begins at `at`.
    private static func skipped(_ bytes: [UInt8], _ at: Int) -> Int? {
        func past(_ end: StaticString) -> Int {
            var next = at
            while next < bytes.count, !Letters.has(end, bytes, at: next) { next += 1 }
            return min(next + end.utf8CodeUnitCount, bytes.count)
        }
        if Letters.has("<!--", bytes, at: at) { return past("-->") }
        if Letters.has("<![CDATA[", bytes, at: at) { return past("]]>") }
        if Letters.has("<?", bytes, at: at) { return past("?>") }
        return Letters.has("<!", bytes, at: at) ? past(">") : nil
    }

    private static func endOfTag(_ bytes: [UInt8], _ start: Int) -> Int? {
        var quote: UInt8 = 0
        guard start < bytes.count else { return nil }
        for at in start..<bytes.count {
            let byte = bytes[at]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == Byte.quote || byte == Byte.apostrophe {
                quote = byte
            } else if byte == Byte.greater {
                return at + 1
            }
        }
        return nil
    }

    /// Whether a tag's name is `name`, whatever its prefix.
    private static func isNamed(_ name: String, _ bytes: [UInt8], _ start: Int) -> Bool {
        var first = start
        var at = start
        while at < bytes.count, bytes[at] > Byte.space, bytes[at] != Byte.greater, bytes[at] != Byte.slash {
            if bytes[at] == Byte.colon { first = at + 1 }
            at += 1
        }
        return bytes[first..<at].elementsEqual(name.utf8)
    }

    /// The names of codes and things: `medtop:20000350 central bank`.
    static func described(_ code: String?, _ name: String?) -> String? {
        let parts = [code, name].compactMap { $0 }.filter { !$0.isEmpty }
        guard !parts.isEmpty else { return nil }
        return parts.count == 2 && parts[0] == parts[1] ? parts[0] : parts.joined(separator: " ")
    }
}

/// A document that is written for XML: its bytes for the digest of an item that does not stand in the file as it is.
extension Element {
    /// The element as XML, always the same for the same content.
    var serialized: [UInt8] {
        var out: [UInt8] = []
        write(into: &out)
        return out
    }

    private func write(into out: inout [UInt8]) {
        out.append(Byte.less)
        out.append(contentsOf: name.utf8)
        for (name, value) in attributes {
            out.append(contentsOf: " \(name)=\"".utf8)
            Element.escape(Array(value.utf8)[...], &out)
            out.append(Byte.quote)
        }
        out.append(Byte.greater)
        for content in contents {
            switch content {
            case .element(let child): child.write(into: &out)
            case .text(let text): Element.escape(text, &out)
            }
        }
        out.append(contentsOf: "</\(name)>".utf8)
    }

    private static func escape(_ text: ArraySlice<UInt8>, _ out: inout [UInt8]) {
        for byte in text {
            switch byte {
            case Byte.less: out.append(contentsOf: "&lt;".utf8)
            case Byte.ampersand: out.append(contentsOf: "&amp;".utf8)
            case Byte.quote: out.append(contentsOf: "&quot;".utf8)
            default: out.append(byte)
            }
        }
    }
}
