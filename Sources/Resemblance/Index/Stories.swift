// What the judge remembers of each story besides its postings: 20 bytes.

/// The stories in the order of insertion, in blocks, so that growing never moves what is there.
struct Stories {
    private struct Block {
        var ids: [Int64] = []
        var textHashes: [UInt64] = []
        var sizes: [UInt32] = []
    }

    private static let blockBits = 14
    private var blocks: [Block] = []
    private(set) var count = 0

    var memoryBytes: Int { blocks.count << Self.blockBits * 20 }

    mutating func append(id: Int64, _ fingerprint: Fingerprint) {
        if count >> Self.blockBits == blocks.count {
            var block = Block()
            block.ids.reserveCapacity(1 << Self.blockBits)
            block.textHashes.reserveCapacity(1 << Self.blockBits)
            block.sizes.reserveCapacity(1 << Self.blockBits)
            blocks.append(block)
        }
        let last = blocks.count - 1
        blocks[last].ids.append(id)
        blocks[last].textHashes.append(fingerprint.textHash)
        // The limit is rounded down: then the sketch still holds every hash up to it.
        let limit = UInt32(SmallFloat(fingerprint.limit).raw)
        let shingles = UInt32(SmallFloat(UInt64(fingerprint.shingleCount)).raw)
        blocks[last].sizes.append(limit << 16 | shingles)
        count += 1
    }

    mutating func removeLast() {
        count -= 1
        let block = count >> Self.blockBits
        blocks[block].ids.removeLast()
        blocks[block].textHashes.removeLast()
        blocks[block].sizes.removeLast()
        if block < blocks.count - 1 { blocks.removeLast() }
    }

    func id(_ story: Int) -> Int64 {
        blocks[story >> Self.blockBits].ids[story & (1 << Self.blockBits - 1)]
    }

    func textHash(_ story: Int) -> UInt64 {
        blocks[story >> Self.blockBits].textHashes[story & (1 << Self.blockBits - 1)]
    }

    /// The limit of the story's sketch and the number of its shingles, both to three digits, rounded down.
    func size(_ story: Int) -> (limit: UInt64, shingles: Int) {
        let size = blocks[story >> Self.blockBits].sizes[story & (1 << Self.blockBits - 1)]
        return (
            SmallFloat(raw: UInt16(size >> 16)).value, Int(SmallFloat(raw: UInt16(truncatingIfNeeded: size)).value)
        )
    }

    /// The story with the given id; a binary search, since ids ascend.
    func story(id wanted: Int64) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if id(middle) < wanted { low = middle + 1 } else { high = middle }
        }
        return low < count && id(low) == wanted ? low : nil
    }
}

/// A number in 16 bits: the first ten bits after its leading one, and its length. Rounds down.
struct SmallFloat {
    var raw: UInt16

    init(raw: UInt16) { self.raw = raw }

    init(_ value: UInt64) {
        let length = 64 - value.leadingZeroBitCount
        guard length > 11 else {
            raw = UInt16(value)
            return
        }
        let shift = length - 11
        raw = UInt16(shift + 1) << 10 | UInt16(truncatingIfNeeded: value >> UInt64(shift)) & 0x3FF
    }

    var value: UInt64 {
        let shift = Int(raw >> 10) - 1
        return shift < 1 ? UInt64(raw) : UInt64(raw & 0x3FF | 0x400) << UInt64(shift)
    }
}
