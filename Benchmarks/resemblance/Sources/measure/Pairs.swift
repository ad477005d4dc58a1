// Pairs from standard input, one JSON object {"earlier": TEXT, "later": TEXT} a line: what the later one is to the earlier.
// stress.py asks here when it is given this program, which is a hundred times as fast as a process a pair.

import Foundation
import Resemblance
import Story

func judgePairs() {
    while let line = readLine() {
        guard let pair = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String],
            let earlier = pair["earlier"], let later = pair["later"]
        else { fatalError("not a pair: \(line.prefix(200))") }
        let comparison = compare(
            ComparableText(of: Reading(of: Array(later.utf8))), ComparableText(of: Reading(of: Array(earlier.utf8))))
        let answer = ["kind": comparison.kind?.rawValue ?? "new", "rule": comparison.rule]
        guard let json = try? JSONSerialization.data(withJSONObject: answer) else { fatalError("no JSON") }
        print(String(decoding: json, as: UTF8.self))
    }
}
