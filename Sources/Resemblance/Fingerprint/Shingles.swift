// Words to shingles: Broder's w-shingling (A. Broder, "On the resemblance and containment of documents",
// 1997). A shingle is the hash of w words in a row; a text shorter than w words is one shingle.

enum Shingles {
    /// Words in a shingle.
    static let width = 5
    /// Shingle hashes are numbers below 2^40: wide enough that chance never makes two stories alike,
    /// narrow enough to be stored in few bytes.
    static let bits = 40

    /// The shingles of words in a row, in order, repeats included.
    static func hashes(of words: Span<Word>) -> [UInt64] {
        guard words.count >= width else {
            if words.isEmpty { return [] }
            var state: UInt64 = 0
            for index in words.indices { state = roll(state, words[index].hash) }
            return [finish(state)]
        }
        let count = words.count - width + 1
        return [UInt64](capacity: count) { output in
            // Cyclic polynomial (buzhash; J. D. Cohen, "Recursive hashing functions for n-grams", 1997):
            // a word leaves the window by the same rotation that its stay gave it.
            var state: UInt64 = 0
            for index in 0..<(width - 1) { state = roll(state, words[index].hash) }
            for index in 0..<count {
                state = roll(state, words[index &+ (width - 1)].hash)
                output.append(finish(state))
                state ^= rotate(words[index].hash, 13 * (width - 1))
            }
        }
    }

    @inline(__always)
    private static func rotate(_ value: UInt64, _ by: Int) -> UInt64 {
        let shift = UInt64(truncatingIfNeeded: by & 63)
        return value &<< shift | value &>> (64 &- shift)
    }

    @inline(__always)
    private static func roll(_ state: UInt64, _ word: UInt64) -> UInt64 {
        rotate(state, 13) ^ word
    }

    @inline(__always)
    private static func finish(_ state: UInt64) -> UInt64 {
        Hash.fold(state ^ Hash.seed, Hash.third) &>> UInt64(64 - bits)
    }
}
