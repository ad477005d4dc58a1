// Large texts that are all alike: what each costs the one thread that judges.

import Foundation
import Resemblance
import Story

func measureLarge(_ items: [Item], megabytes: Int) {
    var text = "Large text\n\n"
    for item in items where text.utf8.count < megabytes << 20 { text += item.body + "\n\n" }
    let whole = text
    func bytes(_ number: Int) -> [UInt8] { Array("Number \(number)\n\n".utf8) + Array(whole.utf8) }
    let judge = Judge()
    var stored: [(raw: [UInt8], fields: [UInt8])] = []
    var slowest = 0.0
    for id in 0..<8 {
        let raw = bytes(id)
        let reading = Reading(of: raw)
        let text = ComparableText(of: reading)
        let start = cpuTime()
        _ = judge.judge(text) { earlier in
            let story = stored[Int(earlier)]
            return (try? Reading(encoded: story.fields, raw: story.raw)).map { ComparableText(earlier: $0) }
        }
        slowest = max(slowest, cpuTime() - start)
        judge.insert(text, id: Int64(id))
        stored.append((raw, reading.encoded()))
    }
    print(
        String(
            format: "texts of %d MB that are all alike: %.0f ms to judge one, %d MB kept", megabytes, slowest / 1e6,
            judge.memoryBytes >> 20))
}
