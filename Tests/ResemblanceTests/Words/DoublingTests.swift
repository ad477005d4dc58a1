// Eight times the text costs at most some eight times the work, whatever the text: decoding, reading, storing the
// reading, fingerprint and comparison. Processor time, not the clock on the wall, and with room for a machine that does
// other things; `Benchmarks/instructions/doubling` counts exactly.

import Foundation
import Story
import TestSupport
import Testing

@testable import Resemblance

@Suite struct DoublingTests {
    /// Seconds of processor time that the text costs, once more with other words in it.
    private func cost(_ bytes: [UInt8]) throws -> Double {
        var edited = bytes
        for at in stride(from: 1_000, to: bytes.count - 8, by: 4_000) {
            edited.replaceSubrange(at..<at + 8, with: Array(" edited ".utf8))
        }
        var start = timespec()
        var end = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
        _ = Reading.stories(in: bytes)
        let reading = Reading(of: bytes)
        let restored = try Reading(encoded: reading.encoded(), raw: bytes)
        let comparison = compare(ComparableText(of: reading), ComparableText(of: Reading(of: edited)))
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
        #expect(restored == reading)
        #expect(comparison.resemblance <= 1)
        return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
    }

    @Test(arguments: HostileText.all)
    func eightTimesTheTextCostsEightTimes(shape: HostileText) throws {
        let small = shape.bytes(10_000)
        let large = shape.bytes(80_000)
        var growth = 0.0
        // A second attempt, should the first have been disturbed.
        for _ in 0..<2 {
            growth = try cost(large) / max(0.005, cost(small))
            if growth < Self.most { return }
        }
        Issue.record("\(shape.name): eight times the text costs \(growth) times as much")
    }

    /// 2.5 a doubling, three times; the square would be 64.
    private static let most = 2.5 * 2.5 * 2.5
}
