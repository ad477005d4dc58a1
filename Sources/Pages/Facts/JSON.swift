// JSON-LD as web pages have it, by Foundation. Promises: never fails. What Foundation refuses is left alone: of 829 scripts of
// 560 pages it refused 7, and a reader that takes those, too, found no more headlines, dates or authors.

internal import FoundationEssentials
internal import Text

/// A value of JSON.
indirect enum JSON: Decodable {
    case object([String: JSON])
    case array([JSON])
    case string(String)
    /// A number, `true`, `false` or `null`.
    case other

    /// The value in a script; nil where it is none.
    static func value(_ text: ArraySlice<UInt8>) -> JSON? {
        let decoder = JSONDecoder()
        // Forgives a comma too many, and comments.
        decoder.allowsJSON5 = true
        return try? decoder.decode(JSON.self, from: Data(text))
    }

    init(from decoder: any Decoder) throws {
        if let string = try? decoder.singleValueContainer().decode(String.self) {
            self = .string(string)
        } else if let members = try? decoder.singleValueContainer().decode([String: JSON].self) {
            self = .object(members)
        } else if let elements = try? decoder.singleValueContainer().decode([JSON].self) {
            self = .array(elements)
        } else {
            self = .other
        }
    }

    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The elements of an array; anything else is an array of one.
    var elements: [JSON] { if case .array(let elements) = self { elements } else { [self] } }

    /// The text of a string, white space trimmed and entities resolved, up to two times, as templates encode them; nil where
    /// there is none.
    var string: String? {
        guard case .string(let raw) = self else { return nil }
        var bytes = Array(raw.utf8)
        for _ in 0..<2 where bytes.contains(Byte.ampersand) {
            bytes = Array(PlainText.string(bytes, 0..<bytes.count).utf8)
        }
        let text = Blanks.string(bytes, 0..<bytes.count)
        return text.isEmpty ? nil : text
    }
}
