// Trims, extensions, edits and their mixtures, made from real stories.

import Foundation
import Resemblance
import Story

struct VariantMaker {
    var random = Random(state: 1)
    let foreign: [Item]
    let chinese: Bool

    private func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            current.unicodeScalars.append(scalar)
            if chinese ? "。！？".unicodeScalars.contains(scalar) : endsSentence(scalars, index) {
                sentences.append(current)
                current = ""
            }
        }
        if !current.isEmpty { sentences.append(current) }
        return sentences
    }

    /// A full stop after a word of three small letters or more ("Corp." counts, "U.S." and "5.93" do not), before
    /// white space.
    private func endsSentence(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        guard scalars[index] == ".", index + 1 == scalars.count || scalars[index + 1].properties.isWhitespace else {
            return false
        }
        return index >= 3 && scalars[index - 3..<index].allSatisfy { (97...122).contains($0.value) }
    }

    mutating func trim(_ text: String, keep: Double) -> String {
        let all = sentences(text)
        let count = max(1, Int((Double(all.count) * keep).rounded()))
        let kept = Array(all.indices.shuffled(using: &random).prefix(count)).sorted()
        return kept.map { all[$0] }.joined(separator: chinese ? "" : " ")
    }

    mutating func extend(_ text: String, by: Double) -> String {
        let wanted = Int(Double(text.utf8.count) * by)
        var added = ""
        while added.utf8.count < wanted {
            added += foreign.randomElement(using: &random)?.body ?? " "
        }
        let prefix = String(decoding: Array(added.utf8.prefix(wanted)), as: UTF8.self)
        let half = String(decoding: Array(prefix.utf8.prefix(wanted / 2)), as: UTF8.self)
        let rest = String(decoding: Array(prefix.utf8.dropFirst(wanted / 2)), as: UTF8.self)
        return half + "\n" + text + "\n" + rest
    }

    /// Replaces a share of the words by other words; in Chinese, of the characters.
    mutating func edit(_ text: String, share: Double) -> String {
        if chinese {
            let other = Array((foreign.randomElement(using: &random)?.body ?? "的").unicodeScalars)
            var scalars = String.UnicodeScalarView()
            for scalar in text.unicodeScalars {
                let change = scalar.properties.isAlphabetic && Double.random(in: 0..<1, using: &random) < share
                scalars.append(change ? other.randomElement(using: &random) ?? scalar : scalar)
            }
            return String(scalars)
        }
        let other = (foreign.randomElement(using: &random)?.body ?? "and").split { $0 == " " || $0 == "\n" }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard !word.isEmpty, Double.random(in: 0..<1, using: &random) < share else { return String(word) }
            return String(other.randomElement(using: &random) ?? "and")
        }.joined(separator: " ")
    }
}

func measureVariants(_ name: String, _ items: [Item], chinese: Bool, verbose: Bool) {
    // Foreign text comes from stories that are not in the archive.
    let known = items.enumerated().filter { $0.offset % 4 != 0 }.map(\.element)
    // ... and that share nothing with any in it.
    let kin = Set(Exact.pairs(items.map(\.body), resemblance: 0.2, containment: 0.3).keys.flatMap { [$0.a, $0.b] })
    let foreign = items.indices.filter { $0 % 4 == 0 && !kin.contains($0) }.map { items[$0] }
    let siblings = Exact.pairs(known.map(\.body), resemblance: 0.3, containment: 0.4)
    var maker = VariantMaker(foreign: foreign, chinese: chinese)
    var fetched = 0
    let (judge, texts, _) = archive(known, fetched: &fetched)
    let sample = known.indices.filter { known[$0].body.utf8.count >= 600 }.shuffled(using: &maker.random).prefix(500)

    func row(_ label: String, _ make: (inout VariantMaker, String) -> String) {
        var found = 0
        var right = 0
        var wrong = 0
        var fetches = 0
        for index in sample {
            let headline = foreign.randomElement(using: &maker.random)?.headline ?? ""
            let variant = Item(id: "", headline: headline, body: make(&maker, known[index].body)).comparable
            let relations = judge.judge(variant) {
                fetches += 1
                return texts[Int($0)]
            }.relations
            if relations.contains(where: { isDuplicate($0.kind) && $0.of == Int64(index) }) {
                found += 1
            } else if verbose {
                let c = compare(variant, texts[index])
                let seen = relations.contains { $0.of == Int64(index) }
                print("    missed \(label)", known[index].id, seen, variant.fingerprint.shingleCount, c.rule)
            }
            for relation in relations where isDuplicate(relation.kind) {
                let (a, b) = (min(index, Int(relation.of)), max(index, Int(relation.of)))
                if a == b || siblings[Exact.Pair(a: a, b: b)] != nil { right += 1 } else { wrong += 1 }
            }
        }
        let counts = "recall \(share(found, sample.count)) precision \(share(right, right + wrong))"
        print("  \(name) \(label): \(counts) fetches \(share(fetches, sample.count))")
    }

    // Of shorter stories a fifth is a handful of words.
    print("  \(sample.count) stories of \(name), each trimmed, extended and edited:")
    for keep in [0.1, 0.2, 0.3, 0.5, 0.7, 0.9] { row("keep \(keep)") { $0.trim($1, keep: keep) } }
    for by in [0.1, 0.5, 1.0, 2.0, 3.0, 6.0] { row("add \(by)") { $0.extend($1, by: by) } }
    for share in [0.02, 0.05, 0.08, 0.1, 0.15] { row("edit \(share)") { $0.edit($1, share: share) } }
    for keep in [0.2, 0.5, 0.8] {
        row("keep \(keep), edit 0.05") { $0.edit($0.trim($1, keep: keep), share: 0.05) }
    }
    for by in [0.5, 1.0, 3.0] {
        row("add \(by), edit 0.05") { $0.extend($0.edit($1, share: 0.05), by: by) }
    }
    for (keep, by) in [(0.8, 0.2), (0.5, 0.5)] {
        row("keep \(keep), add \(by), edit 0.05") { $0.extend($0.edit($0.trim($1, keep: keep), share: 0.05), by: by) }
    }
}
