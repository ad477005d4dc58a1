import TestSupport
import Testing

@testable import Resemblance

@Suite struct FingerprintTests {
    @Test func encodedFormComesBack() throws {
        for count in [0, 1, 2, 5, 40, 300] {
            let fingerprint = story("Headline", inventedParagraphs(count, seed: UInt64(count))).fingerprint
            #expect(try Fingerprint(encoded: fingerprint.encoded()) == fingerprint)
        }
    }

    @Test func threeKilobytesFitInABriefRow() {
        let text = story("Headline", (0..<5).flatMap { _ in inventedParagraphs(4, seed: UInt64.random(in: 0...9)) })
        #expect(text.fingerprint.shingleCount > 400)
        #expect(text.fingerprint.encoded().count <= 200)
    }

    @Test func damagedBytesAreRefusedOrHarmless() {
        let bytes = story("Mole closed", harbour).fingerprint.encoded()
        #expect(throws: FingerprintError.malformed) { try Fingerprint(encoded: Array(bytes.dropLast())) }
        #expect(throws: FingerprintError.malformed) { try Fingerprint(encoded: bytes + [0]) }
        #expect(throws: FingerprintError.malformed) { try Fingerprint(encoded: []) }
        #expect(throws: FingerprintError.otherVersion(99)) { try Fingerprint(encoded: [99] + bytes.dropFirst()) }
        var random = SplitMix64(seed: 1)
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0...Int.random(in: 0...3, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let read = try? Fingerprint(encoded: damaged) {
                #expect(read.sketch == Array(Set(read.sketch)).sorted())
                #expect(read.sketch.allSatisfy { $0 <= read.limit })
            }
        }
    }

    /// The sketch is every shingle up to its limit and no other, whatever the length of the text.
    @Test func sketchIsAFairSample() {
        for count in [1, 2, 8, 40, 400] {
            let text = story("", inventedParagraphs(count, seed: 77 + UInt64(count)))
            let fingerprint = text.fingerprint
            let all = Passage(text).set
            #expect(fingerprint.sketch == all.filter { $0 <= fingerprint.limit })
            #expect(fingerprint.sketch.count >= min(Sketch.floor, all.count))
            #expect(fingerprint.sketch.count <= Sketch.ceiling)
        }
    }

    /// Fingerprints are stored: if this changes, `formatVersion` must rise.
    @Test func hashesAreAFileFormat() {
        let fingerprint = story("Mole closed", harbour[0], "\u{5317}\u{4EAC} Caf\u{E9} \u{DF}").fingerprint
        #expect(Fingerprint.formatVersion == 1)
        #expect(fingerprint.textHash == 4_652_481_483_445_602_051)
        #expect(fingerprint.sketch.first == 11_722_010_336)
    }

    @Test func limitsAreRoundedDown() {
        var random = SplitMix64(seed: 3)
        for shift in 0..<40 {
            let value = random.next() >> UInt64(24 + shift % 40)
            let small = SmallFloat(value).value
            #expect(small <= value)
            #expect(Double(small) >= Double(value) * 0.999)
        }
        #expect(SmallFloat(0).value == 0)
        #expect(SmallFloat(1 << 40 - 1).value > 1 << 39)
    }
}
