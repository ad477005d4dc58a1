// Entities, before libxml2 sees a document: it would drop those that nobody declared (feeds write `&nbsp;`), and give up a whole
// document whose declarations multiply. Promises: one pass, linear; what comes out is at most some times as long; no declaration
// reaches libxml2, so that nothing outside is ever looked for, and what an entity stands for is never looked at for more entities.

internal import CLibXML2
internal import Text

enum XMLEntities {
    /// The longest text that an entity of a document's own may stand for.
    private static let longest = 256

    /// The document without its DOCTYPE, and with characters in place of entities: HTML's by their names, the document's own
    /// where they stand for plain characters. Others show as they are written, and so does an `&` that begins none.
    static func resolved(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(Byte.ampersand) || text.firstRange(of: Array("<!DOCTYPE".utf8)) != nil else { return text }
        var out: [UInt8] = []
        out.reserveCapacity(text.count + 64)
        var own: [String: [UInt8]] = [:]
        var at = 0
        while at < text.count {
            if text[at] == Byte.ampersand {
                at = reference(text, at, own, &out)
            } else if text[at] == Byte.less, Letters.has("<!--", text, at: at) {
                at = copy(text, at, past: "-->", &out)
            } else if text[at] == Byte.less, Letters.has("<![CDATA[", text, at: at) {
                at = copy(text, at, past: "]]>", &out)
            } else if text[at] == Byte.less, Letters.has("<!DOCTYPE", text, at: at) {
                at = doctype(text, at, &own)
            } else {
                out.append(text[at])
                at += 1
            }
        }
        return out
    }

    private static func copy(_ text: [UInt8], _ start: Int, past end: StaticString, _ out: inout [UInt8]) -> Int {
        var at = start
        while at < text.count, !Letters.has(end, text, at: at) { at += 1 }
        at = min(at + end.utf8CodeUnitCount, text.count)
        out.append(contentsOf: text[start..<at])
        return at
    }

    /// What stands at an `&`; where it ends.
    private static func reference(_ text: [UInt8], _ start: Int, _ own: [String: [UInt8]], _ out: inout [UInt8]) -> Int
    {
        var at = start + 1
        while at < text.count, at - start < 40, isNameByte(text[at]) { at += 1 }
        guard at < text.count, text[at] == Byte.semicolon, at > start + 1 else {
            out.append(contentsOf: "&amp;".utf8)
            return start + 1
        }
        let name = String(decoding: text[(start + 1)..<at], as: UTF8.self)
        if name.hasPrefix("#") || ["amp", "lt", "gt", "quot", "apos"].contains(name) {
            out.append(contentsOf: text[start...at])
        } else if let plain = own[name] {
            out.append(contentsOf: plain)
        } else if let scalar = html(name) {
            Decoding.append(scalar, to: &out)
        } else {
            out.append(contentsOf: "&amp;\(name);".utf8)
        }
        return at + 1
    }

    private static func html(_ name: String) -> UInt32? {
        unsafe name.withCString { letters in
            unsafe htmlEntityLookup(UnsafeRawPointer(letters).assumingMemoryBound(to: xmlChar.self))
                .map { unsafe $0.pointee.value }
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        Letters.isAsciiLetter(byte) || Letters.isDigit(byte) || byte == Byte.number || byte == Byte.period
            || byte == Byte.hyphen || byte == Byte.underscore || byte == Byte.colon || byte >= Byte.firstBeyondASCII
    }

    /// Reads the declarations of a DOCTYPE; where it ends.
    private static func doctype(_ text: [UInt8], _ start: Int, _ own: inout [String: [UInt8]]) -> Int {
        var at = start
        var (quote, isInside) = (UInt8(0), false)
        while at < text.count {
            let byte = text[at]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == Byte.quote || byte == Byte.apostrophe {
                quote = byte
            } else if byte == Byte.openBracket {
                isInside = true
            } else if byte == Byte.closeBracket {
                isInside = false
            } else if byte == Byte.greater, !isInside {
                return at + 1
            } else if isInside, Letters.has("<!--", text, at: at) {
                while at < text.count, !Letters.has("-->", text, at: at) { at += 1 }
            } else if isInside, Letters.has("<!ENTITY", text, at: at) {
                declaration(text, at + 8, &own)
            }
            at += 1
        }
        return at
    }

    /// ` name "plain characters">`
    private static func declaration(_ text: [UInt8], _ start: Int, _ own: inout [String: [UInt8]]) {
        var at = start
        func skipBlanks() { while at < text.count, WhiteSpace.isBlank(text[at]) { at += 1 } }
        skipBlanks()
        let first = at
        while at < text.count, at - first < 40, isNameByte(text[at]) { at += 1 }
        let name = String(decoding: text[first..<at], as: UTF8.self)
        skipBlanks()
        guard !name.isEmpty, own.count < 1000, at < text.count, text[at] == Byte.quote || text[at] == Byte.apostrophe,
            let end = text[(at + 1)...].prefix(longest + 1).firstIndex(of: text[at])
        else { return }
        let value = text[(at + 1)..<end]
        guard !value.contains(Byte.ampersand), !value.contains(Byte.less), !value.contains(UInt8(ascii: "%")) else {
            return
        }
        if own[name] == nil { own[name] = Array(value) }
    }
}
