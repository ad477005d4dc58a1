// A name as text that cannot hurt a terminal or a log.

/// The bytes of a name for people and for JSON: as they are when they are printable UTF-8, else with every other byte
/// and `%` itself percent-escaped.
public struct PrintableName: Sendable, Hashable, CustomStringConvertible {
    public let text: String
    /// Whether ``text`` is percent-escaped.
    public let isEscaped: Bool

    public init(_ bytes: [UInt8]) {
        if let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ !PrintableName.isUnprintable($0) })
        {
            self.text = text
            isEscaped = false
        } else {
            text = PrintableName.percentEscaped(bytes)
            isEscaped = true
        }
    }

    public var description: String { text }

    static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default:
            // Fillers that look like nothing but count as letters or marks; not what chooses the shape of an emoji.
            scalar.properties.isDefaultIgnorableCodePoint && !scalar.properties.isVariationSelector
        }
    }

    /// Every byte but printable ASCII as `%XX`, and `%` too.
    public static func percentEscaped(_ bytes: [UInt8]) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in bytes {
            if byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "%") {
                out.append(byte)
            } else {
                out += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The bytes that ``percentEscaped(_:)`` was given; nil if it cannot have made this.
    public static func bytes(percentEscaped text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next(), let low = iterator.next(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
        }
        return bytes
    }
}
