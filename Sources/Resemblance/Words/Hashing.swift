// The hash functions of this module. Fingerprints are stored, so these functions are a file format:
// changing any of them means a new `Fingerprint.formatVersion`. They never depend on the process,
// the machine or a random seed.

/// 64-bit hashes of words and of runs of words.
enum Hash {
    // Odd constants with no structure: the first digits of the fractional parts of sqrt(2), sqrt(3),
    // sqrt(5), sqrt(7) (the same numbers that SHA-512 starts from).
    static let seed: UInt64 = 0x6a09_e667_f3bc_c909
    static let first: UInt64 = 0xbb67_ae85_84ca_a73b
    static let second: UInt64 = 0x3c6e_f372_fe94_f82b
    static let third: UInt64 = 0xa54f_f53a_5f1d_36f1

    /// Multiplies to 128 bits and folds the halves together: the mixing step of wyhash (Wang Yi, 2019).
    @inline(__always)
    static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    /// The hash of a word of at most 16 folded bytes, given as two little-endian halves padded with zeros.
    @inline(__always)
    static func word(_ low: UInt64, _ high: UInt64, length: Int) -> UInt64 {
        fold(low ^ first, high ^ second ^ (UInt64(truncatingIfNeeded: length) &* third))
    }

    /// Adds sixteen bytes of a longer word.
    @inline(__always)
    static func block(_ state: UInt64, _ low: UInt64, _ high: UInt64) -> UInt64 {
        fold(low ^ state, high ^ second)
    }

    /// The hash of a word of more than 16 bytes, from the state after its last block.
    @inline(__always)
    static func long(_ state: UInt64, length: Int) -> UInt64 {
        fold(state ^ first, UInt64(truncatingIfNeeded: length) &* third)
    }

    /// The hash of any bytes.
    static func bytes(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(seed) { append($0, UInt64($1)) }
    }

    /// Adds one word to the hash of the words before it.
    @inline(__always)
    static func append(_ state: UInt64, _ word: UInt64) -> UInt64 {
        fold(state ^ word, second) &+ word
    }
}
