import TestSupport
import Testing

@testable import Resemblance

private func hashes(_ text: String) -> [UInt64] {
    WordScanner.words(of: Array(text.utf8)).map(\.hash)
}

private func words(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return WordScanner.words(of: bytes).map { String(decoding: bytes[Int($0.start)..<Int($0.end)], as: UTF8.self) }
}

@Suite struct WordsTests {
    @Test func wordsAreRunsOfLettersAndDigits() {
        #expect(
            words("Don't pay $1,750.5 \u{2014} \u{201C}ever\u{201D}!") == ["Don", "t", "pay", "1", "750", "5", "ever"])
        #expect(words("") == [])
        #expect(words(" \n\t--") == [])
    }

    /// Each pair is equal under NFKC and case folding.
    @Test(arguments: [
        ("STRASSE", "stra\u{DF}e"),
        ("\u{FF28}\u{FF25}\u{FF2C}\u{FF2C}\u{FF2F}\u{FF11}", "hello1"),
        ("caf\u{E9}", "CAFE\u{301}"),
        ("o\u{FB03}ce", "office"),
        ("\u{1EC7}", "e\u{302}\u{323}"),
        ("\u{D55C}\u{AE00}", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"),
        ("\u{FF76}\u{FF9E}", "\u{30AC}"),
        ("\u{304C}", "\u{304B}\u{3099}"),
        ("co\u{AD}operate", "cooperate"),
        ("\u{33A5}", "m3"),
        ("\u{F900}", "\u{8C48}"),
        ("\u{1D400}\u{1D7D8}", "a0"),
        ("\u{0391}\u{03A3}", "\u{03B1}\u{03C2}"),
        ("\u{041C}\u{041E}\u{0421}\u{041A}\u{0412}\u{0410}", "\u{043C}\u{043E}\u{0441}\u{043A}\u{0432}\u{0430}"),
        ("internationalisations", "\u{FF49}nternationalisations"),
        ("pneumonoultramicroscopicsilicovolcanoconiosis", "PNEUMONOULTRAMICROSCOPICSILICOVOLCANOCONIOSI\u{FF53}"),
        ("\u{10400}", "\u{10428}"),
    ])
    func foldsAlike(_ a: String, _ b: String) {
        #expect(!hashes(a).isEmpty)
        #expect(hashes(a) == hashes(b))
    }

    @Test(arguments: [("cafe", "caf\u{E9}"), ("ab", "a b"), ("a", "b"), ("\u{5317}", "\u{4EAC}"), ("1", "\u{661}x")])
    func keepsApart(_ a: String, _ b: String) {
        #expect(hashes(a) != hashes(b))
    }

    @Test func scriptsWithoutSpacesAreReadByCharacter() {
        #expect(words("\u{5317}\u{4EAC}2024\u{5E74}OK") == ["\u{5317}", "\u{4EAC}", "2024", "\u{5E74}", "OK"])
        // A Thai vowel or tone stays with its consonant; a voiced kana is one character.
        #expect(words("\u{0E01}\u{0E35}\u{0E49}\u{0E19}") == ["\u{0E01}\u{0E35}\u{0E49}", "\u{0E19}"])
        #expect(words("\u{304C}\u{304D}") == ["\u{304C}", "\u{304D}"])
        #expect(words("\u{1780}\u{17D2}\u{1781}").count == 2)
    }

    /// The fast pipeline reads 64 bytes at a time: a word must be the same wherever it stands.
    @Test func wordsDoNotDependOnTheirPlace() {
        let text = "Nine vessels, 12,500 tonnes; the \u{C9}tat's caf\u{E9} \u{5317}\u{4EAC} incomprehensibilities end"
        let wanted = hashes(text)
        for shift in 0..<130 {
            let shifted = String(repeating: " ", count: shift) + text
            #expect(hashes(shifted) == wanted)
            #expect(hashes(shifted + String(repeating: ".", count: shift)) == wanted)
        }
    }

    @Test func anyBytesAreReadSafely() {
        var random = SplitMix64(seed: 4)
        for round in 0..<400 {
            let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                // Mostly bytes that begin or continue long sequences.
                round % 2 == 0
                    ? UInt8.random(in: 0...255, using: &random) : UInt8.random(in: 0xBF...0xF5, using: &random)
            }
            let words = WordScanner.words(of: bytes)
            var last = 0
            for word in words {
                #expect(Int(word.start) >= last && word.end > word.start && Int(word.end) <= bytes.count)
                last = Int(word.start)
            }
            // What follows a separator does not depend on what came before it.
            let more = Array("tail of words".utf8)
            let together = WordScanner.words(of: bytes + [0x20] + more)
            #expect(together.map(\.hash) == words.map(\.hash) + WordScanner.words(of: more).map(\.hash))
        }
    }

    /// Compatibility characters that fold to several words need more room than the first attempt has.
    @Test func manyWordsFromFewBytes() {
        let text = String(repeating: "\u{FDFA}", count: 500)
        #expect(WordScanner.words(of: Array(text.utf8)).count == 500 * 3 + 1)
        let squared = String(repeating: "\u{3307}", count: 500)
        #expect(WordScanner.words(of: Array(squared.utf8)).count >= 500 * 4)
    }
}
