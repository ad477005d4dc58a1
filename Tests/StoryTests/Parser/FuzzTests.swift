// Random damage to real copy: nothing traps, and every reading keeps its promises. The generator is seeded, so
// a failure comes again.

import Story
import TestSupport
import Testing

@Suite struct FuzzTests {
    static let scraps: [[UInt8]] =
        [
            "(Xinhua/", "BEIJING, Dec. 3 (", " -- ", "\n\n", "By ", "Foto: ", "date 2024-12-03 ", "北京12月3日电（记者 ", "【",
            "=", "©",
            "NNNN\n", "&#x41;", "UPDATE 2-", "12/11/2024", "\u{2028}", "(Reporting by ", "\t", "ភ្នំពេញ៖", "/", ")",
            "Von ",
        ].map { Array($0.utf8) } + [
            [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0], [0xE5, 0x8C], [0xC3], [0xF0, 0x9F], [0xED, 0xA0, 0x80],
        ]

    static func damaged(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            guard !result.isEmpty else { return result }
            let at = Int.random(in: 0..<result.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: result[at] = UInt8.random(in: 0...255, using: &random)
            case 1: result.removeSubrange(at..<min(result.count, at + Int.random(in: 1...200, using: &random)))
            case 2: result.insert(contentsOf: scraps.randomElement(using: &random) ?? [], at: at)
            case 3:
                let end = min(result.count, at + Int.random(in: 1...300, using: &random))
                result.insert(contentsOf: result[at..<end], at: Int.random(in: 0...result.count, using: &random))
            case 4: result.removeSubrange(at...)
            default: result = Array(result[at...])
            }
        }
        return result
    }

    @Test(arguments: Golden.seeds)
    func readingsKeepTheirPromises(name: String) throws {
        var random = SplitMix64(seed: 20_241_203)
        let seed = Golden.seed(name)
        for _ in 0..<400 {
            let bytes = Self.damaged(seed, &random)
            let reading = Reading(of: bytes)
            try checkPromises(of: reading, raw: bytes)
        }
    }

    /// A web page and datelines of many agencies, in many scripts.
    static let shapes: [[UInt8]] = [
        Array(ShapeTests.page.utf8), Array(DatelineTests.cases.map(\.text).joined(separator: "\n\n").utf8),
        Array(EncodingTests.cases.map(\.text).joined(separator: "\n").utf8),
    ]

    @Test(arguments: shapes.indices)
    func readingsOfOtherShapesKeepTheirPromises(index: Int) throws {
        var random = SplitMix64(seed: 20_180_729 + UInt64(index))
        for _ in 0..<400 {
            let bytes = Self.damaged(Self.shapes[index], &random)
            try checkPromises(of: Reading(of: bytes), raw: bytes)
        }
    }

    @Test func randomBytesAreRead() throws {
        var random = SplitMix64(seed: 7)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            try checkPromises(of: Reading(of: bytes), raw: bytes)
        }
    }

    private func checkPromises(of reading: Reading, raw: [UInt8]) throws {
        #expect(Array(String(decoding: reading.text, as: UTF8.self).utf8) == reading.text)
        var previous = 0
        for field in reading.fields {
            #expect(field.range.upperBound <= reading.text.count)
            #expect(field.range.lowerBound >= previous)
            previous = field.range.lowerBound
            #expect(!field.rule.isEmpty)
            let part = Array(reading.text[field.range])
            #expect(Array(String(decoding: part, as: UTF8.self).utf8) == part)
        }
        let taken = reading.fields.filter {
            [.paragraph, .headline, .dateline, .caption, .boilerplate].contains($0.kind)
        }
        for (field, next) in zip(taken, taken.dropFirst()) { #expect(field.range.upperBound <= next.range.lowerBound) }
        _ = (reading.body, reading.pictures, reading.displayTitle, reading.wordCount, reading.characterCount)
        #expect(try Reading(encoded: reading.encoded(), raw: raw) == reading)
    }
}
