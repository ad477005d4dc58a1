// All of Unicode through the folder of words: no scalar, however many words it folds to and however it is mixed with
// ASCII, takes more room than there is, and none is lost.

import Story
import Testing

@testable import Resemblance

@Suite struct EveryScalarTests {
    private static func utf8(_ scalars: some Sequence<UInt32>) -> [UInt8] {
        var text = String.UnicodeScalarView()
        for value in scalars { if let scalar = Unicode.Scalar(value) { text.append(scalar) } }
        return Array(String(text).utf8)
    }

    private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        Array((0..<count).map { _ in bytes }.joined())
    }

    private static func hashes(_ bytes: [UInt8]) -> [UInt64] { WordScanner.words(of: bytes).map(\.hash) }

    /// What folds to several words takes the room that was meant for the words behind it.
    @Test(arguments: [(0xFDFA as UInt32, 16, 60), (0x3322, 40, 80), (0xFDFB, 200, 1_000), (0x3307, 5_000, 20_000)])
    func oneScalarOfManyWordsAndThenASCII(scalar: UInt32, times: Int, words: Int) {
        let one = Self.utf8([scalar])
        let bytes = Self.repeated(one, times) + Self.repeated(Array(" x".utf8), words)
        let found = Self.hashes(bytes)
        #expect(
            found.count > times && Array(found.suffix(words)) == Self.hashes(Self.repeated(Array("x ".utf8), words)))
    }

    /// Each scalar of 256 in a row, often, among ASCII words: as many words as it has alone, and the same.
    @Test func everyScalarAmongWords() {
        for block in 0..<UInt32(0x1100) where !(0xD8..<0xE0).contains(block) {
            var bytes: [UInt8] = []
            var wanted: [UInt64] = []
            for value in block << 8..<(block + 1) << 8 {
                let part = Self.utf8([value]) + Array(" x ".utf8)
                bytes += part + part
                let words = Self.hashes(part)
                wanted += words + words
            }
            #expect(Self.hashes(bytes) == wanted, "scalars from \(String(block << 8, radix: 16))")
        }
    }

    /// Each scalar that folds to several, forty times in a row with ASCII behind it; and the whole pipeline.
    @Test func scalarsThatFoldToSeveral() {
        let table = FoldingTable.shared
        let several = (UInt32(0x80)..<0x11_0000).filter { table[$0].isMapped && !table[$0].mapsToOne }
        #expect(several.count > 2_000)
        let tail = Self.repeated(Array(" x".utf8), 80)
        for value in several {
            let run = Self.repeated(Self.utf8([value]), 40)
            let found = Self.hashes(run + tail)
            #expect(found.suffix(80).count == 80)
            #expect(Self.hashes(run + [0x20]) == Array(found.dropLast(80)), "\(String(value, radix: 16))")
        }
    }

    /// Scalars of every block and all their neighbours, as a whole story.
    @Test func everyBlockAsAStory() throws {
        for block in 0..<UInt32(0x110) where !(0xD..<0xE).contains(block) {
            // Every 16th scalar of 4,096, at another offset in each block.
            let scalars = (0..<256).map { block << 12 | $0 << 4 | block & 15 }
            let bytes = Array("A headline\n\n".utf8) + Self.repeated(Self.utf8(scalars), 3) + Array(" x y z.".utf8)
            let reading = Reading(of: bytes)
            let text = ComparableText(of: reading)
            #expect(try Fingerprint(encoded: text.fingerprint.encoded()) == text.fingerprint)
            #expect(try Reading(encoded: reading.encoded(), raw: bytes) == reading)
            #expect(compare(text, text).kind == .sameText)
        }
    }

    /// Marks count in canonical order, whatever order they were typed in and however many there are.
    @Test func marksAreOrdered() {
        let (above, below): (UInt32, UInt32) = (0x301, 0x316)
        #expect(Self.hashes(Self.utf8([0x61, above, below])) == Self.hashes(Self.utf8([0x61, below, above])))
        // A mark of class 0 (a spacing vowel sign) is passed by none.
        let apart = Self.hashes(Self.utf8([0x61, above, 0x903, below]))
        #expect(apart != Self.hashes(Self.utf8([0x61, below, 0x903, above])))
        let many = 3_000
        let mixed = (0..<many).flatMap { _ in [above, below] }
        let sorted = Array(repeating: below, count: many) + Array(repeating: above, count: many)
        #expect(Self.hashes(Self.utf8([0x61] + mixed)) == Self.hashes(Self.utf8([0x61] + sorted)))
    }

    /// The classes are the generated table's, not the runtime's; for what both know they are the same.
    @Test func combiningClassesAreUnicodes() {
        for value in UInt32(0x300)..<0x2_0000 where FoldingTable.shared[value].scalarClass == .mark {
            guard let scalar = Unicode.Scalar(value), !FoldingTable.shared[value].isMapped else { continue }
            #expect(FoldingTable.shared.combiningClass(value) == scalar.properties.canonicalCombiningClass.rawValue)
        }
    }
}
