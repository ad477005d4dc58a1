// Shingles to sketch: FracMinHash (every hash below a fixed fraction of the range; Irber et al. 2022) with a
// bottom-k floor (Broder 1997), so that a flash of forty words is as findable as a feature of four thousand,
// and a ceiling, so that a book does not fill the index.

enum Sketch {
    /// Of a long text, one shingle in this many is sampled.
    static let scale: UInt64 = 22
    /// A sketch holds at least this many shingles, if the text has them.
    static let floor = 22
    /// A sketch holds at most this many shingles.
    static let ceiling = 512

    /// The sketch of the given shingles and the largest hash that it would hold.
    static func make(of shingles: [UInt64]) -> (sketch: [UInt64], limit: UInt64) {
        let range: UInt64 = 1 << UInt64(Shingles.bits)
        let fixed = range / scale
        // A little more than the floor is expected below the first cut, so that one pass is nearly always enough.
        let wanted = UInt64(floor + floor / 2 + 8)
        var cut = shingles.isEmpty ? range : max(fixed, min(range, wanted * (range / UInt64(shingles.count))))
        while true {
            let sample = below(cut, shingles)
            if sample.count < floor && cut < range {
                cut = min(range, cut * 2)
                continue
            }
            return trim(sample, cut: cut, fixed: fixed)
        }
    }

    /// The distinct hashes below `cut`, ascending.
    private static func below(_ cut: UInt64, _ shingles: [UInt64]) -> [UInt64] {
        var sample: [UInt64] = []
        sample.reserveCapacity(64)
        for hash in shingles where hash < cut { sample.append(hash) }
        sample.sort()
        var kept = 0
        for index in sample.indices where index == 0 || sample[index] != sample[kept - 1] {
            sample[kept] = sample[index]
            kept += 1
        }
        sample.removeLast(sample.count - kept)
        return sample
    }

    private static func trim(_ sample: [UInt64], cut: UInt64, fixed: UInt64) -> (sketch: [UInt64], limit: UInt64) {
        let sampled = sample.firstIndex { $0 >= fixed } ?? sample.count
        if sampled > ceiling { return (Array(sample[..<ceiling]), sample[ceiling - 1]) }
        if sampled >= floor { return (Array(sample[..<sampled]), fixed - 1) }
        if sample.count >= floor { return (Array(sample[..<floor]), sample[floor - 1]) }
        return (sample, cut - 1)
    }
}
