// The bytes of text by name. Those of ASCII are named after their sign; beyond ASCII, bytes are named after what they lead in
// UTF-8. Tables of encodings keep their numbers.

/// Names of bytes.
public enum Byte {
    @inlinable public static var tab: UInt8 { 0x09 }
    @inlinable public static var lineFeed: UInt8 { 0x0A }
    @inlinable public static var carriageReturn: UInt8 { 0x0D }
    @inlinable public static var space: UInt8 { 0x20 }
    @inlinable public static var exclamation: UInt8 { 0x21 }
    @inlinable public static var quote: UInt8 { 0x22 }
    @inlinable public static var number: UInt8 { 0x23 }
    @inlinable public static var ampersand: UInt8 { 0x26 }
    @inlinable public static var apostrophe: UInt8 { 0x27 }
    @inlinable public static var openParenthesis: UInt8 { 0x28 }
    @inlinable public static var closeParenthesis: UInt8 { 0x29 }
    @inlinable public static var asterisk: UInt8 { 0x2A }
    @inlinable public static var plus: UInt8 { 0x2B }
    @inlinable public static var comma: UInt8 { 0x2C }
    @inlinable public static var hyphen: UInt8 { 0x2D }
    @inlinable public static var period: UInt8 { 0x2E }
    @inlinable public static var slash: UInt8 { 0x2F }
    @inlinable public static var zero: UInt8 { 0x30 }
    @inlinable public static var nine: UInt8 { 0x39 }
    @inlinable public static var colon: UInt8 { 0x3A }
    @inlinable public static var semicolon: UInt8 { 0x3B }
    @inlinable public static var less: UInt8 { 0x3C }
    @inlinable public static var equals: UInt8 { 0x3D }
    @inlinable public static var greater: UInt8 { 0x3E }
    @inlinable public static var question: UInt8 { 0x3F }
    @inlinable public static var at: UInt8 { 0x40 }
    @inlinable public static var upperA: UInt8 { 0x41 }
    @inlinable public static var upperZ: UInt8 { 0x5A }
    @inlinable public static var openBracket: UInt8 { 0x5B }
    @inlinable public static var backslash: UInt8 { 0x5C }
    @inlinable public static var closeBracket: UInt8 { 0x5D }
    @inlinable public static var caret: UInt8 { 0x5E }
    @inlinable public static var underscore: UInt8 { 0x5F }
    @inlinable public static var lowerA: UInt8 { 0x61 }
    @inlinable public static var lowerZ: UInt8 { 0x7A }
    @inlinable public static var bar: UInt8 { 0x7C }
    @inlinable public static var delete: UInt8 { 0x7F }
    /// The first byte that goes on with a letter of UTF-8; the last is 0xBF.
    @inlinable public static var continuation: UInt8 { 0x80 }
    /// Leads U+0080 to U+00BF: signs of Latin-1.
    @inlinable public static var latinSignLead: UInt8 { 0xC2 }
    /// Leads U+00C0 to U+00FF: the letters of Latin-1.
    @inlinable public static var latinLead: UInt8 { 0xC3 }
    /// The first byte that leads three bytes.
    @inlinable public static var threeByteLead: UInt8 { 0xE0 }
    /// Leads U+1000 to U+1FFF: Khmer, Georgian, Burmese.
    @inlinable public static var khmerLead: UInt8 { 0xE1 }
    /// Leads U+2000 to U+2FFF: dashes, quotes, bullets.
    @inlinable public static var punctuationLead: UInt8 { 0xE2 }
    /// Leads U+3000 to U+3FFF: punctuation of Chinese and Japanese, kana.
    @inlinable public static var kanaLead: UInt8 { 0xE3 }
    /// The first that leads only Han letters.
    @inlinable public static var firstHanLead: UInt8 { 0xE4 }
    /// The last that leads Han letters.
    @inlinable public static var lastHanLead: UInt8 { 0xE9 }
    /// The first that leads Hangul syllables.
    @inlinable public static var hangulLead: UInt8 { 0xEA }
    /// Leads U+F000 to U+FFFF: forms of full width.
    @inlinable public static var fullWidthLead: UInt8 { 0xEF }
    /// The first byte that leads four bytes.
    @inlinable public static var fourByteLead: UInt8 { 0xF0 }
    /// The first byte that is not ASCII.
    @inlinable public static var firstBeyondASCII: UInt8 { 0x80 }
    /// The bit that makes an ASCII letter a small one.
    @inlinable public static var caseBit: UInt8 { 0x20 }
    /// The two bits that tell a byte that goes on with a letter from one that begins it.
    @inlinable public static var kindMask: UInt8 { 0xC0 }
}
