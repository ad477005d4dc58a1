// Text that may stand in a page as it is. Copy is hostile: whatever is put into a page is escaped, unless it is a page's
// own HTML; there is no other way to make a value of this type from a variable.

/// A piece of a page.
///
/// `"<h1>\(title)</h1>"` escapes `title`; a value of this type goes in as it is. Attributes are always quoted, so that one way
/// of escaping serves both (OWASP, *Cross Site Scripting Prevention*).
struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
    private(set) var text: String

    init(stringLiteral text: StaticString) { self.text = "\(text)" }

    init(stringInterpolation pieces: Pieces) { text = pieces.text }

    private init(verbatim text: String) { self.text = text }

    /// Pieces one after another.
    init(_ pieces: some Sequence<HTML>) {
        text = ""
        for piece in pieces { text += piece.text }
    }

    static func + (a: HTML, b: HTML) -> HTML { HTML(verbatim: a.text + b.text) }

    static func += (a: inout HTML, b: HTML) { a.text += b.text }

    var isEmpty: Bool { text.isEmpty }

    /// What a page's literal is made of.
    struct Pieces: StringInterpolationProtocol {
        typealias StringLiteralType = StaticString
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 32 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: StaticString) { text += "\(literal)" }
        mutating func appendInterpolation(_ html: HTML) { text += html.text }
        mutating func appendInterpolation(_ pieces: some Sequence<HTML>) { for piece in pieces { text += piece.text } }
        mutating func appendInterpolation(_ value: String) { text += HTML.escaped(value) }
        mutating func appendInterpolation(_ value: some BinaryInteger) { text += String(value) }
    }

    /// Nothing of `value` is markup any more, and nothing of it can turn the direction of what stands around it.
    ///
    /// Controls have no place in HTML but for white space; overrides of the direction (U+202D, U+202E) make a text read as
    /// another one, and no copy needs them.
    static func escaped(_ value: String) -> String {
        var out = ""
        out.reserveCapacity(value.utf8.count + 16)
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case "\n", "\t": out.unicodeScalars.append(scalar)
            case "\u{202D}", "\u{202E}", "\u{FEFF}": break
            case _ where scalar.properties.generalCategory == .control: out.unicodeScalars.append(" ")
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
