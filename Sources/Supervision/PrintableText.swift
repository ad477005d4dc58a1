// Bytes from outside, made fit to be seen.
//
// Promise: what comes out is valid UTF-8, on one line, without control characters and without those that reorder text
// on screen. In a *name* every byte that is not shown as itself is shown as \xHH or \u{HHHH}, and a backslash as \\, so
// that two different names never look the same. File names are bytes chosen by strangers: printed raw, they could
// rewrite a terminal, forge a log line, or add an assignment to an sd_notify(3) message.

/// Text that is safe to show.
public enum PrintableText {
    /// A file's name, told apart from every other name.
    public static func name(_ bytes: some Collection<UInt8>) -> String {
        var result = ""
        var rest = bytes[...]
        while let first = rest.first {
            let slice = rest.prefix(utf8Length(first))
            if let text = String(validating: slice, as: UTF8.self), let scalar = text.unicodeScalars.first {
                append(scalar, escaped: isDoubtful(scalar) || scalar == "\\", to: &result)
                rest = rest.dropFirst(slice.count)
            } else {
                result += "\\x" + hex(UInt32(first), digits: 2)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    /// A line of text: harmless to a terminal and to a line-based protocol, without what nobody can see, otherwise as it is.
    public static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isHarmful($0) || isInvisible($0) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars where !isInvisible(scalar) {
            append(scalar, escaped: isHarmful(scalar), to: &result)
        }
        return result
    }

    /// Text of several lines for a terminal: line ends and tabs stay, other controls and what turns the writing direction
    /// become U+FFFD, marks of direction and what nobody can see are left out.
    public static func lines(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0a, 0x09: result.append(scalar)
            case 0x061c, 0x200e, 0x200f: break
            default:
                if isHarmful(scalar) {
                    result.append("\u{FFFD}")
                } else if !isInvisible(scalar) {
                    result.append(scalar)
                }
            }
        }
        return String(result)
    }

    /// At most so many characters, with an ellipsis where it was cut.
    public static func shorten(_ text: String, to limit: Int) -> String {
        text.count > limit ? text.prefix(max(0, limit - 1)) + "…" : text
    }

    private static func utf8Length(_ first: UInt8) -> Int {
        switch first {
        case 0xc2...0xdf: 2
        case 0xe0...0xef: 3
        case 0xf0...0xf4: 4
        default: 1
        }
    }

    private static func append(_ scalar: Unicode.Scalar, escaped: Bool, to result: inout String) {
        if !escaped {
            result.unicodeScalars.append(scalar)
        } else if scalar == "\\" {
            result += "\\\\"
        } else if scalar.value < 0x80 {
            result += "\\x" + hex(scalar.value, digits: 2)
        } else {
            result += "\\u{" + hex(scalar.value, digits: 4) + "}"
        }
    }

    /// Controls (C0, DEL, C1), line and paragraph separators, and the characters that turn the writing direction.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7e: false
        case 0x00...0x1f, 0x7f...0x9f, 0x2028, 0x2029: true
        case 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }

    /// Zero-width spaces and joiners, fillers, byte order marks in the text, tag characters: with them two texts that look
    /// the same differ, and a text carries another one that nobody sees.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0000...0x034e: false
        case 0x034f, 0x115f, 0x1160, 0x180e, 0x200b...0x200d, 0x2060...0x2064, 0x3164, 0xfeff, 0xffa0: true
        case 0xe0000...0xe007f: true
        default: false
        }
    }

    /// What cannot be seen, or not told apart: the harmful, every other format character, and what has no shape.
    private static func isDoubtful(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20 && scalar.value < 0x7f { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
        default: return isInvisible(scalar)
        }
    }

    static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

/// Bytes that a log record carries as they are: the journal gets them raw, a person sees them escaped.
public struct RawBytes: Sendable, Hashable, CustomStringConvertible {
    public let bytes: [UInt8]

    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    public var description: String { PrintableText.name(bytes) }
}
