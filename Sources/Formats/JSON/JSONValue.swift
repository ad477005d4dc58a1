// JSON as Foundation reads it, as values that this module can walk. Promises: whatever the bytes are, a value or nil.

internal import FoundationEssentials

/// A JSON value. Members of an object are in the order of their keys.
indirect enum JSONValue: Sendable, Codable {
    case object([String: JSONValue])
    case array([JSONValue])
    case string(String)
    case number(String)
    case bool(Bool)
    case null

    /// Parses UTF-8 (and what JSON5 forgives: a comma too many); nil if it is no JSON.
    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        let decoder = JSONDecoder()
        let data = Data(bytes)
        if let value = try? decoder.decode(JSONValue.self, from: data) { return value }
        decoder.allowsJSON5 = true
        return try? decoder.decode(JSONValue.self, from: data)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let members = try? container.decode([String: JSONValue].self) {
            self = .object(members)
        } else if let values = try? container.decode([JSONValue].self) {
            self = .array(values)
        } else if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let whole = try? container.decode(Int64.self) {
            self = .number(String(whole))
        } else {
            self = .number(String(try container.decode(Double.self)))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .object(let members): try container.encode(members)
        case .array(let values): try container.encode(values)
        case .string(let text), .number(let text): try container.encode(text)
        case .bool(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }

    /// The value as JSON, always the same for the same content: the bytes of an item out of a list.
    var serialized: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }

    /// The value of a key, whatever its case: ninjs 1 writes `versioncreated`, ninjs 3 `versionCreated`.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        if let value = members[key] { return value }
        return members.first { $0.key.utf8.count == key.utf8.count && $0.key.lowercased() == key }?.value
    }

    /// A scalar as text; nil for others and for null.
    var text: String? {
        switch self {
        case .string(let text): text
        case .number(let number): number
        case .bool(let value): value ? "true" : "false"
        default: nil
        }
    }

    /// Elements of an array; the value itself where a sender has left the brackets out.
    var list: [JSONValue] {
        switch self {
        case .array(let values): values
        case .null: []
        default: [self]
        }
    }

    var members: [(key: String, value: JSONValue)] {
        if case .object(let members) = self { members.sorted { $0.key < $1.key } } else { [] }
    }

    var isObject: Bool { if case .object = self { true } else { false } }
    var isArray: Bool { if case .array = self { true } else { false } }
}
