// Texts that are partly derived (Clough et al. 2002): half trimmed and half extended; roundups made of several stories; and
// ritual items, which share sentences and are derived from nobody.

import Foundation
import Resemblance
import Story

func measurePartial(_ name: String, _ items: [Item], chinese: Bool, verbose: Bool) {
    let known = items.enumerated().filter { $0.offset % 4 != 0 }.map(\.element)
    let kin = Set(Exact.pairs(items.map(\.body), resemblance: 0.2, containment: 0.3).keys.flatMap { [$0.a, $0.b] })
    let foreign = items.indices.filter { $0 % 4 == 0 && !kin.contains($0) }.map { items[$0] }
    // Stories that share this much have passages of each other: either is a source.
    let siblings = Exact.pairs(known.map(\.body), resemblance: 0.1, containment: 0.15)
    var maker = VariantMaker(foreign: foreign, chinese: chinese)
    var fetched = 0
    let (judge, texts, judgements) = archive(known, fetched: &fetched)
    let partial = judgements.reduce(0) { sum, judgement in sum + judgement.relations.count { $0.kind == .partial } }
    print(
        "  \(name): \(partial) relations `partial` among \(known.count) stories; fetches a story \(share(fetched, known.count))"
    )
    let sample = known.indices.filter { known[$0].body.utf8.count >= 600 }.shuffled(using: &maker.random)

    func isKin(_ one: Int, _ other: Int) -> Bool {
        one == other || siblings[Exact.Pair(a: min(one, other), b: max(one, other))] != nil
    }
    var (found, sources, right, wrong, exact, passages) = (0, 0, 0, 0, 0, 0)
    func look(_ body: String, from origins: [Int], _ label: String) {
        let headline = foreign.randomElement(using: &maker.random)?.headline ?? ""
        let variant = Item(id: "", headline: headline, body: body).comparable
        let judgement = judge.judge(variant) { texts[Int($0)] }
        let relations = judgement.relations.filter { $0.kind != .related }
        for origin in origins {
            sources += 1
            if relations.contains(where: { $0.of == Int64(origin) }) {
                found += 1
            } else if verbose {
                print("    missed \(label)", known[origin].id, compare(variant, texts[origin]).rule)
            }
        }
        for relation in relations {
            if origins.contains(where: { isKin($0, Int(relation.of)) }) {
                right += 1
            } else {
                wrong += 1
                if verbose { print("    wrong \(label)", known[Int(relation.of)].id, relation.rule) }
            }
        }
        passages += judgement.passages.count
        exact += judgement.passages.count { passage in origins.contains { isKin($0, Int(passage.of)) } }
    }
    func tell(_ label: String) {
        print(
            "  \(name) \(label): sources found \(share(found, sources)) precision \(share(right, right + wrong)) "
                + "passages of a right source \(share(exact, passages))")
        (found, sources, right, wrong, exact, passages) = (0, 0, 0, 0, 0, 0)
    }
    for (keep, by, edit) in [(0.5, 0.5, 0.0), (0.5, 0.5, 0.05), (0.5, 1.0, 0.05), (0.3, 1.0, 0.05)] {
        let label = "keep \(keep), add \(by), edit \(edit)"
        for index in sample.prefix(500) {
            let text = maker.edit(maker.trim(known[index].body, keep: keep), share: edit)
            look(maker.extend(text, by: by), from: [index], label)
        }
        tell(label)
    }
    for count in 2...5 {
        for start in stride(from: 0, to: min(sample.count - count, 150 * count), by: count) {
            let origins = Array(sample[start..<start + count])
            let body = origins.map { origin in
                maker.trim(known[origin].body, keep: Double.random(in: 0.3...0.8, using: &maker.random))
            }.joined(separator: "\n\n")
            look(body, from: origins, "roundup of \(count)")
        }
        tell("roundup of \(count) stories, 30 to 80 % of each")
    }
}

/// Items of a ritual: none is partly derived from another, unless what they share is rare.
func measureRitualPassages(_ items: [Item], _ pairs: [(String, String)], verbose: Bool) {
    var fetched = 0
    let judgements = archive(items, fetched: &fetched).judgements
    let places = Dictionary(items.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var partial = 0
    for (a, b) in pairs {
        guard let one = places[a], let other = places[b] else { continue }
        let (earlier, later) = (min(one, other), max(one, other))
        guard
            let relation = judgements[later].relations.first(where: { $0.of == Int64(earlier) && $0.kind == .partial })
        else { continue }
        partial += 1
        if verbose { print("   ", a, b, relation.rule, items[later].headline) }
    }
    print(
        "xwlb templates, judged in the archive: \(pairs.count) pairs, \(partial) called partial = \(share(partial, pairs.count))"
    )
}
