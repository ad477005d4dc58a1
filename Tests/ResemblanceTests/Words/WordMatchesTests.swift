// The words that two texts share, for `diff`.

import TestSupport
import Testing

@testable import Resemblance

@Suite struct WordMatchesTests {
    private func shared(_ a: String, _ b: String) -> [String] {
        let (first, second) = (a.split(separator: " ").map(String.init), b.split(separator: " ").map(String.init))
        let matches = WordMatches.between(first, second)
        for (one, next) in zip(matches, matches.dropFirst()) { #expect(one.0 < next.0 && one.1 < next.1) }
        for (i, j) in matches { #expect(first[i] == second[j]) }
        return matches.map { first[$0.0] }
    }

    @Test func commonWordsInOrder() {
        #expect(shared("a b c d", "a x c d y") == ["a", "c", "d"])
        #expect(shared("", "a") == [] && shared("a", "") == [] && shared("a", "b") == [])
        #expect(shared("a b", "a b") == ["a", "b"])
        #expect(
            shared("one two three four five", "zero one two three four six five") == [
                "one", "two", "three", "four", "five",
            ])
        // Anchors that share a word with the anchor before them.
        #expect(shared("a b c d e f g", "x a b c d e y f g").count == 7)
    }

    /// As many words as the shortest edit keeps, on texts that are compared whole.
    @Test func keepsAsMuchAsTheShortestEdit() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<200 {
            let a = (0..<40).map { _ in String(Int.random(in: 0..<9, using: &random)) }
            var b = a
            for _ in 0..<6 { b[Int.random(in: 0..<40, using: &random)] = "other" }
            let matches = WordMatches.between(a, b)
            #expect(matches.allSatisfy { a[$0.0] == b[$0.1] })
            #expect(matches.count >= 40 - b.difference(from: a).removals.count - 3)
        }
    }

    /// Two stories of a hundred thousand words with nothing in common: the shortest edit would take hours.
    @Test func longTextsThatDifferAreQuick() {
        let words = (0..<100_000).map { "a\($0)" }
        #expect(WordMatches.between(words, (0..<100_000).map { "b\($0 % 977)" }).isEmpty)
        let turned = Array(words[40_000...] + words[..<40_000])
        #expect(WordMatches.between(words, turned).count == 60_000)
    }

    @Test func quotationsAreShort() {
        let endless = String(repeating: "x", count: 100_000)
        func text(_ word: String) -> ComparableText {
            story("Headline", harbour.map { $0.replacing("Friday", with: word).replacing("half", with: "Y" + word) })
        }
        let rule = compare(text("A" + endless), text("B" + endless)).rule
        #expect(rule.contains("…") && rule.utf8.count < 2_000)
    }
}
