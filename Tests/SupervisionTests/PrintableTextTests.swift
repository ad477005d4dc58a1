import Testing

@testable import Supervision

@Suite("Text that is fit to be seen")
struct PrintableTextTests {
    @Test(
        "a name is shown so that it cannot be taken for another",
        arguments: [
            (Array("story.txt".utf8), "story.txt"),
            (Array("北京 – Hun Sen.txt".utf8), "北京 – Hun Sen.txt"),
            ([0x61, 0xff, 0x62], "a\\xffb"),
            (Array("a\\xffb".utf8), "a\\\\xffb"),
            (Array("two\nlines\r\u{1b}[31mred".utf8), "two\\x0alines\\x0d\\x1b[31mred"),
            (
                Array("a\u{9b}31m\u{202e}txt.exe\u{200b}\u{2028}".utf8),
                "a\\u{009b}31m\\u{202e}txt.exe\\u{200b}\\u{2028}"
            ),
            // Overlong, a surrogate, beyond the last code point, cut off.
            ([0xc0, 0xaf], "\\xc0\\xaf"), ([0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"),
            ([0xf4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"), ([0xe5, 0x8c], "\\xe5\\x8c"), ([], ""),
        ] as [([UInt8], String)])
    func name(bytes: [UInt8], shown: String) {
        #expect(PrintableText.name(bytes) == shown)
    }

    @Test("two different names never look the same")
    func namesDiffer() {
        var seen: [String: [UInt8]] = [:]
        let alphabet: [UInt8] = [0x61, 0x5c, 0x78, 0x66, 0x0a, 0xff, 0xc3, 0xa9]
        for a in alphabet {
            for b in alphabet {
                for c in alphabet {
                    for d in alphabet {
                        let name = [a, b, c, d]
                        let shown = PrintableText.name(name)
                        #expect(seen[shown] == nil, "\(name) and \(seen[shown] ?? []) are both \(shown)")
                        seen[shown] = name
                    }
                }
            }
        }
    }

    @Test("a line keeps what is only unusual and loses what is harmful")
    func line() {
        #expect(PrintableText.line("café \u{ad}سلام \\ 🗞") == "café \u{ad}سلام \\ 🗞")
        #expect(PrintableText.line("a\nb\tc\u{1b}]0;x\u{7}\u{202e}") == "a\\x0ab\\x09c\\x1b]0;x\\x07\\u{202e}")
    }

    /// Marks of direction, what turns it, zero width, fillers, tags.
    static let unseen: [Unicode.Scalar] =
        [
            "\u{200e}", "\u{200f}", "\u{61c}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{3164}",
            "\u{34f}",
        ]
        + (0x202a...0x202e).compactMap { Unicode.Scalar($0) } + (0x2066...0x2069).compactMap { Unicode.Scalar($0) }
        + (0xe0000...0xe007f).compactMap { Unicode.Scalar($0) }

    @Test("nothing that cannot be seen reaches a terminal or a log", arguments: unseen)
    func unseenIsLeftOutOrShown(scalar: Unicode.Scalar) {
        let text = "Pay \(scalar)Smith"
        #expect(!PrintableText.line(text).unicodeScalars.contains(scalar))
        #expect(!PrintableText.lines(text).unicodeScalars.contains(scalar))
        #expect(!PrintableText.name(text.utf8).unicodeScalars.contains(scalar))
        #expect(PrintableText.name(text.utf8) != "Pay Smith")
    }

    @Test("text of several lines keeps its lines")
    func lines() {
        #expect(PrintableText.lines("a\n\tb\u{1b}[2J\u{202e}c\u{200f}d") == "a\n\tb\u{FFFD}[2J\u{FFFD}cd")
        #expect(PrintableText.lines("北京 café 🗞") == "北京 café 🗞")
    }

    @Test("a long text is cut with an ellipsis, between characters")
    func shorten() {
        #expect(PrintableText.shorten("abc", to: 3) == "abc")
        #expect(PrintableText.shorten("abcd", to: 3) == "ab…")
        #expect(PrintableText.shorten("e\u{301}e\u{301}e\u{301}", to: 2) == "e\u{301}…")
    }
}
