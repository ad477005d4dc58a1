// A reading without its text, as compact JSON for the store. Promises: what is written reads back exactly,
// given the same raw bytes; anything else throws, never traps.
//
// {"parser":1,"encoding":"UTF-8","notes":["..."],"fields":[["headline",17,114,"headline/date-line"],
//  ["contentcreated",6,16,"date/header","2023-07-24"],["caption",9,99,"caption/line",null,1],
//  ["paragraph",102,270,"paragraph"],[2,341],[2,129]]}
// A field is: kind, start, end, rule, then the value if there is one, then the picture if it is not 0. Most are
// paragraphs, so one more field like the last one that had neither value nor picture is only two numbers: how far
// behind the end of that one it starts, and its length.

internal import Text

/// Why a stored reading could not be restored.
public struct ReadingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, in one sentence.
    public var description: String
}

extension Reading {
    /// This reading without its text, as compact JSON.
    public func encoded() -> [UInt8] {
        var json = JSONWriter(capacity: 64 + fields.count * 48)
        json.raw("{\"parser\":")
        json.number(parser)
        json.raw(",\"encoding\":")
        json.string(encoding.rawValue)
        json.raw(",\"notes\":[")
        for (index, note) in notes.enumerated() {
            if index > 0 { json.raw(",") }
            json.string(note)
        }
        json.raw("],\"fields\":[")
        var model: Field?
        for (index, field) in fields.enumerated() {
            if index > 0 { json.raw(",") }
            if let model, field.isOneMore(like: model) {
                json.pair(field.range.lowerBound - model.range.upperBound, field.range.count)
            } else {
                json.field(field)
            }
            if field.isPlain { model = field }
        }
        json.raw("]}")
        return json.bytes
    }

    /// Restores a reading from what ``encoded()`` wrote and the document's raw bytes.
    ///
    /// - Throws: ``ReadingError`` if `encoded` is not such JSON, or its ranges do not fit the text.
    public init(encoded: [UInt8], raw: [UInt8]) throws(ReadingError) {
        var json = JSONReader(encoded)
        try json.expect("{\"parser\":")
        let parser = try json.number()
        try json.expect(",\"encoding\":")
        let name = try json.string()
        guard let encoding = TextEncoding(rawValue: name) else {
            throw ReadingError(description: "The encoding \"\(name)\" is unknown.")
        }
        try json.expect(",\"notes\":[")
        var notes: [String] = []
        while try !json.listEnds(after: notes.count) { notes.append(try json.string()) }
        try json.expect(",\"fields\":[")
        let text = Decoding.decode(raw, as: encoding)
        var fields: [Field] = []
        var model: Field?
        while try !json.listEnds(after: fields.count) {
            let field = try json.field(within: text.count, after: model)
            if field.isPlain { model = field }
            fields.append(field)
        }
        try json.expect("}")
        guard json.isAtEnd else { throw ReadingError(description: "Something follows the reading.") }
        self.init(text: text, encoding: encoding, notes: notes, fields: fields, parser: parser)
    }
}

extension Field {
    fileprivate var isPlain: Bool { value == nil && picture == 0 }

    fileprivate func isOneMore(like model: Field) -> Bool {
        isPlain && kind == model.kind && rule == model.rule && range.lowerBound >= model.range.upperBound
    }
}

private struct JSONWriter {
    var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func number(_ value: Int) {
        if value >= 10 { number(value / 10) }
        bytes.append(Byte.zero + UInt8(value % 10))
    }

    mutating func pair(_ first: Int, _ second: Int) {
        bytes.append(Byte.openBracket)
        number(first)
        bytes.append(Byte.comma)
        number(second)
        bytes.append(Byte.closeBracket)
    }

    mutating func string(_ text: String) {
        bytes.append(Byte.quote)
        for byte in text.utf8 {
            switch byte {
            case Byte.quote, Byte.backslash:
                bytes.append(Byte.backslash)
                bytes.append(byte)
            case 0..<Byte.space:
                raw("\\u00")
                bytes.append(Byte.zero + byte >> 4)
                bytes.append(Array("0123456789abcdef".utf8)[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(Byte.quote)
    }

    mutating func field(_ field: Field) {
        bytes.append(Byte.openBracket)
        string(field.kind.rawValue)
        bytes.append(Byte.comma)
        number(field.range.lowerBound)
        bytes.append(Byte.comma)
        number(field.range.upperBound)
        bytes.append(Byte.comma)
        string(field.rule)
        if let value = field.value {
            bytes.append(Byte.comma)
            string(value)
        } else if field.picture != 0 {
            raw(",null")
        }
        if field.picture != 0 {
            bytes.append(Byte.comma)
            number(field.picture)
        }
        bytes.append(Byte.closeBracket)
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    private func failure(_ expected: String) -> ReadingError {
        ReadingError(description: "The stored reading is damaged at byte \(at): \(expected) expected.")
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    mutating func expect(_ text: String) throws(ReadingError) {
        for byte in text.utf8 {
            if !skip(byte) { throw failure(text) }
        }
    }

    /// Whether the list ends here; otherwise the comma before the next element is taken.
    mutating func listEnds(after count: Int) throws(ReadingError) -> Bool {
        if skip(Byte.closeBracket) { return true }
        if count > 0, !skip(Byte.comma) { throw failure("a comma") }
        return false
    }

    mutating func number() throws(ReadingError) -> Int {
        let start = at
        var value = 0
        while at < bytes.count, Letters.isDigit(bytes[at]), at - start < 12 {
            value = value * 10 + Int(bytes[at] - Byte.zero)
            at += 1
        }
        guard at > start else { throw failure("a number") }
        return value
    }

    mutating func string() throws(ReadingError) -> String {
        guard skip(Byte.quote) else { throw failure("a string") }
        var content: [UInt8] = []
        while true {
            guard at < bytes.count else { throw failure("the end of a string") }
            let byte = bytes[at]
            at += 1
            if byte == Byte.quote { break }
            if byte != Byte.backslash {
                content.append(byte)
            } else {
                content.append(try escaped())
            }
        }
        guard UTF8Check.isValid(content) else { throw failure("UTF-8") }
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func escaped() throws(ReadingError) -> UInt8 {
        if skip(Byte.quote) { return Byte.quote }
        if skip(Byte.backslash) { return Byte.backslash }
        try expect("u00")
        var value: UInt8 = 0
        for _ in 0..<2 {
            guard at < bytes.count, let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue else {
                throw failure("a hexadecimal digit")
            }
            value = value << 4 | UInt8(digit)
            at += 1
        }
        guard value < Byte.space else { throw failure("a control character") }
        return value
    }

    mutating func field(within count: Int, after model: Field?) throws(ReadingError) -> Field {
        try expect("[")
        if at < bytes.count, Letters.isDigit(bytes[at]) { return try oneMore(within: count, like: model) }
        let name = try string()
        guard let kind = Field.Kind(rawValue: name) else {
            throw ReadingError(description: "The field \"\(name)\" is unknown.")
        }
        try expect(",")
        let start = try number()
        try expect(",")
        let end = try number()
        guard start <= end, end <= count else {
            throw ReadingError(description: "The field \"\(name)\" lies outside the text.")
        }
        try expect(",")
        var field = Field(kind, start..<end, rule: try string())
        if skip(Byte.comma) {
            if at < bytes.count, bytes[at] == UInt8(ascii: "n") {
                try expect("null")
            } else {
                field.value = try string()
            }
            if skip(Byte.comma) { field.picture = try number() }
        }
        try expect("]")
        return field
    }

    private mutating func oneMore(within count: Int, like model: Field?) throws(ReadingError) -> Field {
        guard var field = model else { throw failure("the field that this one is like") }
        let start = field.range.upperBound + (try number())
        try expect(",")
        let end = start + (try number())
        guard end <= count else {
            throw ReadingError(description: "The field \"\(field.kind.rawValue)\" lies outside the text.")
        }
        field.range = start..<end
        try expect("]")
        return field
    }
}
