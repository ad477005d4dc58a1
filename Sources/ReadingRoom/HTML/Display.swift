// How values look on a page.

internal import Foundation

/// How values look on a page.
enum Display {
    /// A headline of a megabyte is a headline of so many characters, and an ellipsis.
    static let longestLine = 300

    /// One line of copy, in an element of its own that isolates its direction.
    static func line(_ value: String, longest: Int = longestLine) -> HTML {
        var cut = String(value.prefix(longest))
        if cut.utf8.count < value.utf8.count { cut += "…" }
        return "<bdi>\(cut)</bdi>"
    }

    /// The attributes that say a text's language and direction.
    static func language(_ code: String?) -> HTML {
        guard let code, code.count <= 8, code.utf8.allSatisfy({ $0 < 128 }) else { return #" dir="auto""# }
        return #" lang="\#(code)" dir="\#(rightToLeft.contains(code) ? "rtl" : "ltr")""#
    }

    private static let rightToLeft: Set = ["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv"]

    /// A time as it is sent (ISO 8601), for people and for programs; the page's script shows it in the reader's zone.
    static func time(_ iso: String?) -> HTML {
        guard let iso else { return "" }
        let short = iso.prefix(16).replacing("T", with: " ")
        return #"<time datetime="\#(iso)">\#(String(short))</time>"#
    }

    /// A date as a story states it; `--12-03` is one without a year.
    static func statedDate(_ date: String) -> String {
        date.hasPrefix("--") ? "\(date.dropFirst(2)), of a year that is not stated" : date
    }

    static func count(_ number: Int64, _ one: String, _ many: String) -> String {
        "\(grouped(number)) \(number == 1 ? one : many)"
    }

    /// 12,345
    static func grouped(_ number: Int64) -> String {
        var digits = Array(String(number.magnitude).utf8)
        var place = digits.count - 3
        while place > 0 {
            digits.insert(UInt8(ascii: ","), at: place)
            place -= 3
        }
        return (number < 0 ? "-" : "") + String(decoding: digits, as: UTF8.self)
    }

    /// A value within the query of a link.
    static func queryEscaped(_ value: String) -> String {
        value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    /// RFC 3986, section 2.3.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
