import Files
import Foundation
import Parts
import Readers
import TestSupport
import Testing

/// The samples, damaged at random, through the real reader process: whatever they are, it neither crashes nor hangs. A few
/// seconds, or COPYTASTER_FUZZ_SECONDS.
struct ReaderFuzzTests {
    private struct Mutator {
        var random: SplitMix64
        let seeds: [[UInt8]]

        mutating func next() -> [UInt8] {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            guard !bytes.isEmpty else { return bytes }
            for _ in 0...(random.next() % 6) {
                let at = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 6 {
                case 0: bytes[at] ^= 1 << UInt8(random.next() % 8)
                case 1: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int(random.next() % 40)))
                case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + Int(random.next() % 200))], at: at)
                case 4: bytes.insert(contentsOf: signs[Int(random.next() % UInt64(signs.count))], at: at)
                default: splice(&bytes, at)
                }
                if bytes.isEmpty { break }
            }
            return bytes
        }

        /// The rest of another sample.
        private mutating func splice(_ bytes: inout [UInt8], _ at: Int) {
            let other = seeds[Int(random.next() % UInt64(seeds.count))]
            guard !other.isEmpty else { return }
            bytes = Array(bytes[..<at] + other[Int(random.next() % UInt64(other.count))...])
        }

        private let signs: [[UInt8]] =
            ["<", ">", "&", "]]>", "<![CDATA[", "{", "[", "\\u", "\r\n\r\n", "--", "=?utf-8?Q?", "\0", "\u{1}"]
            .map { Array($0.utf8) } + [[0xFF, 0xFE], [0xC0], [0xED, 0xA0, 0x80]]
    }

    @Test func nothingEndsAReader() throws {
        let seconds = ProcessInfo.processInfo.environment["COPYTASTER_FUZZ_SECONDS"].flatMap(Double.init) ?? 4
        let seed = ProcessInfo.processInfo.environment["COPYTASTER_FUZZ_SEED"].flatMap(UInt64.init) ?? 7
        let names = try FileManager.default.contentsOfDirectory(atPath: PoolTests.samples.path).sorted()
        let seeds = try names.map { Array(try Data(contentsOf: PoolTests.samples.appendingPathComponent($0))) }
        var mutator = Mutator(random: SplitMix64(seed: seed), seeds: seeds)
        let scratch = Scratch()
        let pool = PoolTests.pool(seconds: 20)
        defer { pool.close() }
        let end = ContinuousClock.now + .seconds(seconds)
        var count = 0
        while ContinuousClock.now < end {
            let bytes = mutator.next()
            count += 1
            guard !Recognizer.format(of: Array(bytes.prefix(Recognizer.length))).isInProcess else { continue }
            let (_, outcome) = try PoolTests.read(pool, scratch.write(bytes, to: "fuzz"))
            guard case .failed(let rejection) = outcome else { continue }
            let kept = FileManager.default.temporaryDirectory.appendingPathComponent("copytaster-fuzz-\(seed)-\(count)")
            try Data(bytes).write(to: kept)
            Issue.record("file \(count) of seed \(seed) (\(kept.path)): \(rejection.sentence)")
            return
        }
        #expect(count > 0)
    }
}
