// Precision and recall.

import Foundation
import Resemblance
import Story

func isDuplicate(_ kind: Relation.Kind?) -> Bool {
    kind?.makesFamily ?? false
}

func share(_ part: Int, _ whole: Int) -> String {
    whole == 0 ? "-" : String(format: "%.4f", Double(part) / Double(whole))
}

/// Judges the stories one after another, as they would arrive.
func archive(_ items: [Item], fetched: inout Int) -> (judge: Judge, texts: [ComparableText], judgements: [Judgement]) {
    let texts = items.map(\.comparable)
    let judge = Judge()
    var judgements: [Judgement] = []
    for (id, text) in texts.enumerated() {
        judgements.append(
            judge.judge(text) { earlier in
                fetched += 1
                return texts[Int(earlier)]
            })
        judge.insert(text, id: Int64(id))
    }
    return (judge, texts, judgements)
}

func measureReutersPairs(_ items: [Item], verbose: Bool) {
    let exact = Exact.pairs(items.map(\.body), resemblance: 0.8, containment: 2)
    var fetched = 0
    let start = ContinuousClock.now
    let judgements = archive(items, fetched: &fetched).judgements
    let took = ContinuousClock.now - start
    var found: Set<Exact.Pair> = []
    var accused = 0
    for (id, judgement) in judgements.enumerated() {
        for relation in judgement.relations {
            let pair = Exact.Pair(a: Int(relation.of), b: id)
            if relation.resemblance >= 0.8 { found.insert(pair) }
            if isDuplicate(relation.kind) && exact[pair] != nil { accused += 1 }
        }
    }
    let right = found.count { exact[$0] != nil }
    print("reuters pairs J>=0.8: \(exact.count) exact, found \(found.count), precision \(share(right, found.count))")
    print("  recall \(share(right, exact.count)); called duplicates, not only related: \(share(accused, exact.count))")
    let verdicts = Dictionary(judgements.map { ($0.verdict.rawValue, 1) }, uniquingKeysWith: +)
    print("  verdicts \(verdicts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
    print("  fetches a story \(share(fetched, items.count)), all in \(took)")
    guard verbose else { return }
    for (pair, overlap) in exact where !found.contains(pair) {
        print("    missed", items[pair.a].id, items[pair.b].id, overlap.resemblance, items[pair.b].headline)
    }
    for (id, judgement) in judgements.enumerated() {
        for relation in judgement.relations where relation.resemblance >= 0.5 || relation.kind != .related {
            print("   ", relation.kind, items[Int(relation.of)].id, items[id].id, relation.rule, items[id].headline)
        }
    }
}

func measureTemplates(_ items: [Item], _ pairs: [(String, String)], verbose: Bool) {
    let texts = Dictionary(items.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var kinds: [String: Int] = [:]
    var count = 0
    for (a, b) in pairs {
        guard let one = texts[a], let other = texts[b] else { continue }
        count += 1
        let comparison = compare(other.comparable, one.comparable)
        var kind = comparison.kind?.rawValue ?? "nothing"
        if Exact.words(one.body) == Exact.words(other.body) { kind = "word-identical body: \(kind)" }
        kinds[kind, default: 0] += 1
        if verbose && isDuplicate(comparison.kind) { print("   ", a, b, kind, comparison.rule, other.headline) }
    }
    let accused = kinds.filter { ["near-duplicate", "excerpt", "expansion"].contains($0.key) }.values.reduce(0, +)
    print("xwlb templates: \(count) pairs, called duplicates \(accused) = \(share(accused, count)); \(kinds)")
}

func measureSemeval(_ pairs: [(a: String, b: String, overall: Double)], verbose: Bool) {
    var accused = 0
    let different = pairs.filter { $0.overall >= 3 }
    for pair in different {
        let comparison = compare(
            Item(id: "", headline: "", body: pair.a).comparable, Item(id: "", headline: "", body: pair.b).comparable)
        if isDuplicate(comparison.kind) {
            accused += 1
            if verbose { print("   ", pair.overall, comparison.rule, pair.a.prefix(200), "|||", pair.b.prefix(200)) }
        }
    }
    print(
        "semeval22 overall >= 3: \(different.count) pairs, called duplicates \(accused) = \(share(accused, different.count))"
    )
}

func measureFundus(_ pages: [(id: String, page: String, title: String, gold: String)], verbose: Bool) {
    let whole = pages.map { ComparableText(of: Reading(of: Array($0.page.utf8))) }
    let gold = pages.map { Item(id: $0.id, headline: $0.title, body: $0.gold).comparable }
    for (name, first, second) in [("page first", whole, gold), ("text first", gold, whole)] {
        let judge = Judge()
        for (id, text) in first.enumerated() { judge.insert(text, id: Int64(id)) }
        var found = 0
        var wrong = 0
        for (id, text) in second.enumerated() {
            let relations = judge.judge(text) { first[Int($0)] }.relations.filter { isDuplicate($0.kind) }
            if relations.contains(where: { $0.of == Int64(id) }) {
                found += 1
            } else if verbose {
                let c = compare(text, first[id])
                print("    missed", pages[id].id, text.fingerprint.shingleCount, c.containment, c.containmentOf, c.rule)
            }
            wrong += relations.count { $0.of != Int64(id) }
        }
        print("fundus, \(name): recall \(share(found, pages.count)), wrong \(wrong)")
    }
}
