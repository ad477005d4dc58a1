// The bytes of text by name. Those of ASCII are named after their sign; beyond ASCII, bytes are named after what they lead in
// UTF-8. Tables of encodings keep their numbers.

/// Names of bytes.
package enum Byte {
    @inlinable package static var tab: UInt8 { 0x09 }
    @inlinable package static var lineFeed: UInt8 { 0x0A }
    @inlinable package static var carriageReturn: UInt8 { 0x0D }
    @inlinable package static var space: UInt8 { 0x20 }
    @inlinable package static var exclamation: UInt8 { 0x21 }
    @inlinable package static var quote: UInt8 { 0x22 }
    @inlinable package static var number: UInt8 { 0x23 }
    @inlinable package static var ampersand: UInt8 { 0x26 }
    @inlinable package static var apostrophe: UInt8 { 0x27 }
    @inlinable package static var openParenthesis: UInt8 { 0x28 }
    @inlinable package static var closeParenthesis: UInt8 { 0x29 }
    @inlinable package static var asterisk: UInt8 { 0x2A }
    @inlinable package static var plus: UInt8 { 0x2B }
    @inlinable package static var comma: UInt8 { 0x2C }
    @inlinable package static var hyphen: UInt8 { 0x2D }
    @inlinable package static var period: UInt8 { 0x2E }
    @inlinable package static var slash: UInt8 { 0x2F }
    @inlinable package static var zero: UInt8 { 0x30 }
    @inlinable package static var nine: UInt8 { 0x39 }
    @inlinable package static var colon: UInt8 { 0x3A }
    @inlinable package static var semicolon: UInt8 { 0x3B }
    @inlinable package static var less: UInt8 { 0x3C }
    @inlinable package static var equals: UInt8 { 0x3D }
    @inlinable package static var greater: UInt8 { 0x3E }
    @inlinable package static var question: UInt8 { 0x3F }
    @inlinable package static var at: UInt8 { 0x40 }
    @inlinable package static var upperA: UInt8 { 0x41 }
    @inlinable package static var upperZ: UInt8 { 0x5A }
    @inlinable package static var openBracket: UInt8 { 0x5B }
    @inlinable package static var backslash: UInt8 { 0x5C }
    @inlinable package static var closeBracket: UInt8 { 0x5D }
    @inlinable package static var caret: UInt8 { 0x5E }
    @inlinable package static var underscore: UInt8 { 0x5F }
    @inlinable package static var lowerA: UInt8 { 0x61 }
    @inlinable package static var lowerZ: UInt8 { 0x7A }
    @inlinable package static var bar: UInt8 { 0x7C }
    @inlinable package static var delete: UInt8 { 0x7F }
    /// The first byte that goes on with a letter of UTF-8; the last is 0xBF.
    @inlinable package static var continuation: UInt8 { 0x80 }
    /// Leads U+0080 to U+00BF: signs of Latin-1.
    @inlinable package static var latinSignLead: UInt8 { 0xC2 }
    /// Leads U+00C0 to U+00FF: the letters of Latin-1.
    @inlinable package static var latinLead: UInt8 { 0xC3 }
    /// The first byte that leads three bytes.
    @inlinable package static var threeByteLead: UInt8 { 0xE0 }
    /// Leads U+1000 to U+1FFF: Khmer, Georgian, Burmese.
    @inlinable package static var khmerLead: UInt8 { 0xE1 }
    /// Leads U+2000 to U+2FFF: dashes, quotes, bullets.
    @inlinable package static var punctuationLead: UInt8 { 0xE2 }
    /// Leads U+3000 to U+3FFF: punctuation of Chinese and Japanese, kana.
    @inlinable package static var kanaLead: UInt8 { 0xE3 }
    /// The first that leads only Han letters.
    @inlinable package static var firstHanLead: UInt8 { 0xE4 }
    /// The last that leads Han letters.
    @inlinable package static var lastHanLead: UInt8 { 0xE9 }
    /// The first that leads Hangul syllables.
    @inlinable package static var hangulLead: UInt8 { 0xEA }
    /// Leads U+F000 to U+FFFF: forms of full width.
    @inlinable package static var fullWidthLead: UInt8 { 0xEF }
    /// The first byte that leads four bytes.
    @inlinable package static var fourByteLead: UInt8 { 0xF0 }
    /// The first byte that is not ASCII.
    @inlinable package static var firstBeyondASCII: UInt8 { 0x80 }
    /// The bit that makes an ASCII letter a small one.
    @inlinable package static var caseBit: UInt8 { 0x20 }
    /// The two bits that tell a byte that goes on with a letter from one that begins it.
    @inlinable package static var kindMask: UInt8 { 0xC0 }
}
