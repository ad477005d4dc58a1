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

extension PrintableName {
    /// A path as one word of a shell's command line, for people to copy: whatever a stranger called the file, the shell
    /// takes it for nothing but a name.
    public static func shellWord(_ bytes: [UInt8]) -> String {
        let plain = Array("/._-+,:@%=".utf8)
        func isPlain(_ byte: UInt8) -> Bool {
            byte < 0x80 && (Unicode.Scalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte))
                || plain.contains(byte)
        }
        if !bytes.isEmpty, bytes.allSatisfy(isPlain) { return String(decoding: bytes, as: UTF8.self) }
        if let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ !isUnprintable($0) })
        {
            return "'" + text.replacing("'", with: #"'\''"#) + "'"
        }
        // bash(1), "QUOTING": what stands between $' and ' has C's escapes.
        let hex = Array("0123456789abcdef".utf8)
        let escaped = bytes.flatMap { byte in
            isPlain(byte) ? [byte] : [UInt8(ascii: "\\"), UInt8(ascii: "x"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        }
        return "$'" + String(decoding: escaped, as: UTF8.self) + "'"
    }
}
