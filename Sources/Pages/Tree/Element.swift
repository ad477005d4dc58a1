// The elements and attributes of HTML that this module tells apart.

internal import Text

/// What an element is. Elements that no rule is about are `other`.
enum Element: UInt8, CaseIterable {
    case text, other, custom
    case html, head, body, title, meta, link, base, script, style, noscript, template
    case address, article, aside, blockquote, center, details, dialog, dd, dir, div, dl, dt, fieldset, figcaption,
        figure
    case footer, form, h1, h2, h3, h4, h5, h6, header, hgroup, hr, li, main, menu, nav, ol, p, pre, search, section
    case summary, ul, table, caption, thead, tbody, tfoot, tr, td, th, colgroup, col
    case a, abbr, b, big, cite, code, del, em, font, i, ins, mark, q, s, small, span, strike, strong, sub, sup, time, tt
    case u, br, wbr, img, picture, source, svg, math, iframe, object, embed, video, audio, canvas, track, param, area,
        map
    case button, input, label, legend, option, optgroup, output, progress, select, textarea, frame, frameset, noframes
    case noembed, xmp, plaintext

    /// The element of a name, by the hash of its letters.
    static func named(hash: UInt64, hasHyphen: Bool) -> Element {
        guard let code = names.value(hash: hash), let element = Element(rawValue: code) else {
            return hasHyphen ? .custom : .other
        }
        return element
    }

    private static let names = WordTable(allCases.filter { $0 != .text }.map { ($0.rawValue, "\($0)") })

    /// Starts and ends a line of text.
    var isBlock: Bool { Self.blocks.contains(self) }
    /// Nothing in it is shown as text.
    var isInvisible: Bool { Self.invisible.contains(self) }
    /// A heading, `h1` to `h6`.
    var isHeading: Bool { rawValue >= Element.h1.rawValue && rawValue <= Element.h6.rawValue }

    private static let invisible: ElementSet = [
        .head, .title, .meta, .link, .base, .script, .style, .noscript, .template, .svg, .math, .iframe, .object,
        .embed,
        .video, .audio, .canvas, .select, .option, .textarea, .noembed, .noframes, .map, .dialog, .input, .progress,
    ]
    private static let blocks: ElementSet = [
        .html, .body, .address, .article, .aside, .blockquote, .center, .details, .dialog, .dir, .div, .dl, .dd, .dt,
        .fieldset, .figcaption, .figure, .footer, .form, .h1, .h2, .h3, .h4, .h5, .h6, .header, .hgroup, .hr, .li,
        .main,
        .menu, .nav, .ol, .p, .pre, .search, .section, .summary, .ul, .table, .caption, .thead, .tbody, .tfoot, .tr,
        .td,
        .th, .custom, .legend, .xmp, .plaintext, .option, .frameset,
    ]
}

/// A set of elements, as bits.
struct ElementSet: ExpressibleByArrayLiteral {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(arrayLiteral elements: Element...) {
        for element in elements {
            if element.rawValue < 64 {
                low |= 1 << UInt64(element.rawValue)
            } else {
                high |= 1 << UInt64(element.rawValue - 64)
            }
        }
    }

    func contains(_ element: Element) -> Bool {
        let code = element.rawValue
        return code < 64 ? low >> UInt64(code) & 1 != 0 : high >> UInt64(code - 64) & 1 != 0
    }
}

/// The attributes that are kept; all others are skipped.
enum Attribute: UInt8, CaseIterable {
    case `class`, id, itemprop, itemtype, itemscope, property, name, content, datetime, href, rel, hidden, style, role
    case lang, type, charset, typeof, alt, title, pubdate
    case ariahidden, httpequiv, datatestid, datatype, datacomponent

    static func named(hash: UInt64) -> Attribute? { names.value(hash: hash).flatMap { Attribute(rawValue: $0) } }

    private static let names = WordTable(
        allCases.map { ($0.rawValue, spelled[$0] ?? "\($0)") } + [(Attribute.lang.rawValue, "xml:lang")])
    private static let spelled: [Attribute: String] = [
        .ariahidden: "aria-hidden", .httpequiv: "http-equiv", .datatestid: "data-testid", .datatype: "data-type",
        .datacomponent: "data-component",
    ]
}
