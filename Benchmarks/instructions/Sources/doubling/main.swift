// Hostile texts of n, 2n and 4n bytes through all that a delivery goes through, for valgrind to count;
// `Benchmarks/instructions/doubling` does. `doubling seconds SIZE [NAME]` measures by the clock, to look for what is
// worth counting.

import Foundation
import Resemblance
import Story

/// valgrind counts from here ...
@inline(never) func counted(_ body: () -> Void) { body() }
/// ... to here.
@inline(never) func finished(_ name: String) { print(name) }

/// The text with other words here and there: so alike that it is compared to the end.
func edited(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for at in stride(from: 1_000, to: result.count - 8, by: 4_000) {
        result.replaceSubrange(at..<at + 8, with: Array(" edited ".utf8))
    }
    return result
}

/// The parts of the text in the other order: the common thread is as long as the longer part.
func turned(_ bytes: [UInt8]) -> [UInt8] {
    Array(bytes[(bytes.count / 3)...] + Array(" turned ".utf8) + bytes[..<(bytes.count / 3)])
}

func takeIn(_ texts: [[UInt8]]) {
    let judge = Judge()
    var known: [ComparableText] = []
    for (id, bytes) in texts.enumerated() {
        _ = Reading.stories(in: bytes)
        let reading = Reading(of: bytes)
        let encoded = reading.encoded()
        guard let restored = try? Reading(encoded: encoded, raw: bytes), restored == reading else {
            fatalError("a reading that does not come back")
        }
        _ = (reading.body, reading.pictures, reading.displayTitle, reading.wordCount, reading.characterCount)
        _ = reading.versionKey
        let text = ComparableText(of: reading)
        _ = judge.judge(text, fetch: { known[Int($0)] })
        judge.insert(text, id: Int64(id))
        for earlier in known { _ = compare(text, earlier) }
        known.append(text)
    }
}

func texts(_ shape: HostileText, _ size: Int) -> [[UInt8]] {
    let bytes = shape.bytes(size)
    return [bytes, edited(bytes), turned(bytes)]
}

let arguments = CommandLine.arguments
// What is made once, such as tables, is made here.
takeIn(texts(HostileText.all[0], 2_000))
if arguments.count >= 3, arguments[1] == "seconds", let size = Int(arguments[2]) {
    for shape in HostileText.all where arguments.count < 4 || shape.name.hasPrefix(arguments[3]) {
        let times = [size, 2 * size, 4 * size].map { size in
            let texts = texts(shape, size)
            return ContinuousClock().measure { takeIn(texts) } / .milliseconds(1)
        }
        let ratio = max(times[1] / times[0], times[2] / times[1])
        print(String(format: "%6.2f %9.1f %9.1f %9.1f ms  ", ratio, times[0], times[1], times[2]) + shape.name)
    }
} else if arguments.count == 4, let size = Int(arguments[1]), let first = Int(arguments[2]),
    let step = Int(arguments[3])
{
    for index in stride(from: first, to: HostileText.all.count, by: step) {
        let shape = HostileText.all[index]
        for size in [size, 2 * size, 4 * size] {
            let texts = texts(shape, size)
            counted { takeIn(texts) }
            finished(shape.name)
        }
    }
}
