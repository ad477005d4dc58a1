// `Headline: ...`: lines at the top that name what they state. Promises: looks at the first 28 bytes of a line.

internal import Text

/// A line that names its field.
struct HeaderKey {
    var kind: Field.Kind
    var value: Range<Int>

    private static let table = WordTable(Reader.keys.enumerated().map { (UInt8($0.offset), $0.element.1) })

    /// The field that the line at `range` names, if it does; its value may be empty.
    static func read(_ text: [UInt8], _ range: Range<Int>) -> HeaderKey? {
        guard let colon = colonAfterKey(text, range),
            let index = table.value(of: Lines.trimmed(text, range.lowerBound..<colon.lowerBound), in: text)
        else { return nil }
        let value = Lines.trimmed(text, colon.upperBound..<range.upperBound)
        return HeaderKey(kind: Reader.keys[Int(index)].0, value: value)
    }

    private static func colonAfterKey(_ text: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        let limit = min(range.upperBound, range.lowerBound + 28)
        for at in range.lowerBound..<limit {
            if text[at] == Byte.colon { return at..<at + 1 }
            if text[at] == Byte.fullWidthLead, Letters.has("：", text, at: at) { return at..<at + 3 }
        }
        return nil
    }
}
