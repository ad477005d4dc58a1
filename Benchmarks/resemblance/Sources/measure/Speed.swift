// Time and memory.

import Foundation
import Resemblance
import Story
import Text

/// The processor time that this thread has used, in nanoseconds: what else runs on the machine does not count.
func cpuTime() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// The median of several runs, in nanoseconds for each of `count` steps.
func nanoseconds(_ count: Int, runs: Int = 7, _ body: () -> Void) -> Double {
    let times = (0..<runs).map { _ in
        let start = cpuTime()
        body()
        return (cpuTime() - start) / Double(count)
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

/// Makes stories of about 3 KB that have nothing in common but standing phrases: words drawn from the data's own
/// by their frequency, and a few real sentences that many stories share.
struct StoryMaker {
    var random = Random(state: 7)
    private let words: [[UInt8]]
    private let phrases: [[UInt8]]

    init(_ items: [Item]) {
        let text = items.prefix(2000).map(\.body).joined(separator: " ")
        words = text.split { $0 == " " || $0 == "\n" }.map { Array($0.utf8) + [32] }
        phrases = items.suffix(50).map { Array($0.body.utf8.prefix(120)) + [10] }
    }

    mutating func next() -> ComparableText {
        var text: [UInt8] = []
        text.reserveCapacity(3300)
        while text.count < 2950 { text += words[Int(truncatingIfNeeded: random.next() >> 33) % words.count] }
        text += phrases[Int(truncatingIfNeeded: random.next() >> 33) % phrases.count]
        return ComparableText(of: Reading(text: text, encoding: .utf8))
    }
}

func measureIndex(_ items: [Item], stories: Int) {
    var maker = StoryMaker(items)
    let judge = Judge()
    var encoded: [[UInt8]] = []
    encoded.reserveCapacity(stories)
    var id: Int64 = 0
    var slowest = 0.0
    var times: [Int: Double] = [:]
    var fetches = 0

    func grow(to count: Int) {
        while judge.count < count {
            let text = maker.next()
            encoded.append(text.fingerprint.encoded())
            let start = cpuTime()
            judge.insert(text, id: id)
            slowest = max(slowest, cpuTime() - start)
            id += 1
        }
    }

    func measure(at count: Int) {
        grow(to: count)
        let texts = (0..<4000).map { _ in maker.next() }
        for text in texts { encoded.append(text.fingerprint.encoded()) }
        // In batches, as the pipeline does it, and because reading the clock takes time too.
        var (look, put) = (0.0, 0.0)
        for batch in 0..<40 {
            let texts = texts[batch * 100..<batch * 100 + 100]
            let start = cpuTime()
            for text in texts {
                _ = judge.judge(text) { _ in
                    fetches += 1
                    return nil
                }
            }
            let middle = cpuTime()
            for text in texts {
                judge.insert(text, id: id)
                id += 1
            }
            look += middle - start
            put += cpuTime() - middle
        }
        times[count] = (look + put) / 4000
        print(String(format: "  look up %.2f us, insert %.2f us", look / 4e6, put / 4e6))
        let bytes = Double(judge.indexBytes) / Double(judge.count)
        print(
            String(
                format: "look up and insert at %d stories: %.2f us, %.0f bytes a story, %d fetches", count,
                (times[count] ?? 0) / 1000, bytes, fetches))
    }

    for count in [10_000, 100_000, stories] { measure(at: count) }
    print(
        String(
            format: "  ratio to ten thousand: %.2f; slowest insertion %.2f ms",
            (times[stories] ?? 0) / (times[10_000] ?? 1), slowest / 1e6))

    let bytes = encoded.reduce(0) { $0 + $1.count } / encoded.count
    let start = cpuTime()
    let again = Judge()
    again.reserve(encoded.count)
    var unread = 0
    for (id, bytes) in encoded.enumerated() {
        guard let fingerprint = try? Fingerprint(encoded: bytes) else {
            unread += 1
            continue
        }
        again.load(id: Int64(id), fingerprint: fingerprint)
    }
    let seconds = (cpuTime() - start) / 1e9
    print(
        String(
            format: "load %d fingerprints of %d bytes: %.2f s, %d bytes a story, unread %d", again.count, bytes,
            seconds, again.indexBytes / again.count, unread))
}
