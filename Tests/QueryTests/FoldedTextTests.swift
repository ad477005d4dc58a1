// What is found alike, and that folding any text holds what it promises.

import TestSupport
import Testing

@testable import Query

struct FoldedTextTests {
    private func folded(_ text: String) -> String { String(decoding: FoldedText(text).bytes, as: UTF8.self) }

    @Test(
        arguments: [
            ("ZÜRICH", "zurich"), ("Zu\u{308}rich", "zürich"), ("Straße", "STRASSE"), ("Tromsø", "tromso"),
            ("Wałęsa", "walesa"),
            ("Đoković", "dokovic"), ("İstanbul", "istanbul"), ("ﬁne", "fine"), ("Ｔｏｋｙｏ　２０２４", "tokyo 2024"),
            ("Ёлкин", "елкин"),
            ("ΣΊΣΥΦΟΣ", "σισυφος"), ("co\u{AD}operate", "cooperate"),
            // Simplified and traditional Chinese, also where several letters became one.
            ("國家主席習近平在北京會見", "国家主席习近平在北京会见"), ("臺灣", "台湾"), ("頭髮", "头发"), ("發展", "发展"), ("皇后", "皇后"),
            ("以後", "以后"), ("乾燥", "干燥"), ("裏面", "里面"), ("跟著", "跟着"),
            // Arabic and Hebrew with and without vowel signs, and what typists use for each other.
            ("الْقَاهِرَة", "القاهرة"), ("أحمد", "احمد"), ("إلى", "الي"), ("الـــسلام", "السلام"), ("یک", "يك"),
            ("مدرسة", "مدرسه"),
            ("שָׁלוֹם", "שלום"), ("٢٠٢٤", "2024"), ("۲۰۲۴", "2024"), ("२०२४", "2024"),
            ("ភ្នំ\u{200B}ពេញ", "ភ្នំពេញ"), ("ﻣﺼﺮ", "مصر"),
        ])
    func isFoundAlike(one: String, other: String) {
        #expect(folded(one) == folded(other))
        #expect(!folded(one).isEmpty)
    }

    @Test(
        arguments: [
            ("Hun Sen's victory", "hun sen s victory"), ("北京", "北京 京"), ("在北京hun森", "在北 北京 京 hun 森"), ("京", "京"),
            ("...", ""), ("", ""), ("a_b", "a b"), ("½ cup", "1 2 cup"), ("가나다", "가나다"), ("か゚が", folded2),
        ])
    func isCutIntoWords(text: String, expected: String) { #expect(folded(text) == expected) }

    private static let folded2 = "か゚ ゚が が"

    @Test(arguments: [("ภาษา", "ภาษี"), ("북경", "남경"), ("か", "が"), ("कल", "काल")])
    func staysApart(one: String, other: String) { #expect(folded(one) != folded(other)) }

    /// Every scalar: what it folds to is folded, and is of letters alone.
    @Test func foldingEndsAndLeavesLettersAlone() {
        var faults: [UInt32] = []
        for value in UInt32(1)..<0x110000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = FoldedText(String(scalar)).bytes
            let isPlain = bytes.allSatisfy {
                $0 >= 0x80 || $0 == 0x20 || $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x7A
            }
            // What an unspaced run gives is not folded twice: its pairs would be paired.
            let word = String(decoding: bytes, as: UTF8.self)
            if !isPlain || !word.contains(" ") && FoldedText(word).bytes != bytes { faults.append(value) }
        }
        #expect(faults.isEmpty, "\(faults.prefix(20).map { String($0, radix: 16) })")
    }

    @Test func wordsStandWhereTheySay() {
        var numbers = SplitMix64(seed: 3)
        let pieces = ["rice ", "北京", "京", "ü", "e\u{301}", " ", "-", "½", "ﬁ", "א\u{5B0}", "𠮷", "\u{200B}", "A1"]
        for _ in 0..<3000 {
            let text = (0..<8).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
            let folded = FoldedText(text, keepsWords: true)
            #expect(folded.bytes == FoldedText(text).bytes)
            let joined = folded.words.map { Array(folded.folded($0)) }.joined(separator: [0x20])
            #expect(Array(joined) == folded.bytes, "\(text)")
            var last = 0
            for word in folded.words {
                #expect(
                    word.place.lowerBound >= last && word.place.upperBound <= text.utf8.count && !word.place.isEmpty)
                last = word.place.lowerBound
            }
        }
    }

    @Test func aWordHasAnEnd() {
        let long = FoldedText(String(repeating: "x", count: 100_000))
        #expect(long.bytes.count == FoldedText.longestWord)
        #expect(FoldedText(String(repeating: "ж", count: 1000)).bytes.count <= FoldedText.longestWord)
    }

    @Test(arguments: HostileText.all)
    func takesAnyText(text: HostileText) {
        let bytes = Array(String(decoding: text.bytes(20_000), as: UTF8.self).utf8)
        let folded = FoldedText(bytes, keepsWords: true)
        #expect(folded.bytes.count <= 16 * bytes.count + 16)
    }
}

struct SnippetTests {
    private func snippet(_ text: String, _ query: String, field: SearchQuery.Field = .body) throws -> String? {
        Snippet(of: [(field, text)], for: try SearchQuery(query))?.rendered { $1 ? "[\($0)]" : $0 }
    }

    @Test func marksWhatWasFound() throws {
        #expect(try snippet("The price of Cocoa rose.", "cocoa price") == "The [price] of [Cocoa] rose.")
        #expect(try snippet("Zürich, zurich.", "zurich") == "[Zürich], [zurich].")
        #expect(try snippet("Hun Sen and Hun", "\"hun sen\"") == "[Hun Sen] and Hun")
        #expect(try snippet("congratulations", "congrat*") == "[congratulations]")
        #expect(try snippet("国家主席习近平在北京会见", "習近平") == "国家主席[习近平]在北京会见")
        #expect(try snippet("在北京", "京") == "在北[京]")
        #expect(try snippet("a\nb c", "b") == "a [b] c")
    }

    @Test func nothingIsMarkedThatWasNotAskedFor() throws {
        #expect(try snippet("cocoa and coffee", "cocoa -coffee") == "[cocoa] and coffee")
        #expect(try snippet("cocoa", "headline:cocoa") == nil)
        #expect(try snippet("cocoa", "language:en") == nil)
        #expect(try snippet("", "cocoa") == nil)
    }

    @Test func isCutBetweenWordsAroundMostOfThePhrases() throws {
        let filler = Array(repeating: "filler", count: 200).joined(separator: " ")
        let text = "rice here. \(filler) rice and beans together \(filler)"
        let found = try #require(try snippet(text, "beans rice"))
        #expect(found.contains("[rice] and [beans] together"), "\(found)")
        #expect(found.hasPrefix("… filler") && found.hasSuffix("filler …"))
        #expect(found.utf8.count < Snippet.length + 30)
    }

    @Test func anyTextGivesMarksThatLieInIt() throws {
        var numbers = SplitMix64(seed: 5)
        let pieces = ["rice ", "北京", "京", "ü", "é", " ", "-", "½", "beans", String(repeating: "z", count: 300), "𠮷"]
        for _ in 0..<2000 {
            let text = (0..<40).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
            let query = try SearchQuery("rice OR 京 OR ü OR \"beans rice\" OR z*")
            guard let snippet = Snippet(of: [(.body, text)], for: query) else { continue }
            var last = -1
            for mark in snippet.marks {
                #expect(mark.lowerBound > last && mark.upperBound <= snippet.text.utf8.count && !mark.isEmpty)
                last = mark.upperBound
            }
            #expect(!snippet.text.contains("\u{FFFD}") && !snippet.marks.isEmpty)
        }
    }
}
