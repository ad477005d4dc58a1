// Time and memory.

import Foundation
import Resemblance
import Story

/// The median of several runs, in nanoseconds for each of `count` steps.
func nanoseconds(_ count: Int, runs: Int = 7, _ body: () -> Void) -> Double {
    let times = (0..<runs).map { _ in
        let start = ContinuousClock.now
        body()
        let took = (ContinuousClock.now - start).components
        return (Double(took.seconds) * 1e9 + Double(took.attoseconds) / 1e9) / Double(count)
    }.sorted()
    return times[times.count / 2]
}

func measureSketch(_ name: String, _ items: [Item]) {
    // Bodies joined or cut to 3 KB, so that every text is of the size that the bar names.
    var readings: [Reading] = []
    var text = ""
    for item in items where readings.count < 500 {
        text += item.body + "\n"
        if text.utf8.count >= 3072 {
            let body = String(decoding: Array(text.utf8.prefix(3072)), as: UTF8.self)
            readings.append(Item(id: "", headline: item.headline, dateline: item.dateline, body: body).reading)
            text = ""
        }
    }
    var sum = 0
    let time = nanoseconds(readings.count, runs: 101) {
        for reading in readings { sum += ComparableText(of: reading).fingerprint.sketch.count }
    }
    let size = readings.map { ComparableText(of: $0).fingerprint.encoded().count }.reduce(0, +) / readings.count
    print(
        String(
            format: "sketch of 3 KB, %@: %.2f us; encoded fingerprint %d bytes (%d)", name, time / 1000, size, sum & 1))
}
