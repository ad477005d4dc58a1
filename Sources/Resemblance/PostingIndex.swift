// The inverted index in memory: a sampled shingle -> the stories that hold it. Six bytes a posting.
//
// Linear hashing (W. Litwin, 1980): the table grows by one leaf at a time, so that no insertion ever pays for
// moving the whole. A leaf is a small sorted run in memory of its own; the place of a key in it is guessed from
// the key (the keys are uniform) and is off by a few entries. Of a key, 36 of 40 bits are kept: at a hundred
// million postings one look-up in seven hundred finds a stranger, which the exact comparison then refuses.
//
// Limits: 2^26 stories; what comes later is not indexed. Not for use by several threads at once.

/// Which stories hold a key. Stories are numbered from 0 in the order of insertion.
@safe final class PostingIndex {
    /// Of a key that more stories than this share, only the first are kept: it is boilerplate.
    static let common = 64
    /// The largest number of stories that can be told apart.
    static let mostStories = 1 << storyBits

    /// Entries are tag and story in 48 bits. The low 14 bits of a key choose the leaf and are not stored; when
    /// there are more leaves, further bits are taken from the tag.
    private static let storyBits = 26
    private static let tagBits = 22
    private static let fewestLeafBits = 14
    /// Entries in a leaf, on average, when the table grows.
    private static let fullLeaf = 128
    /// Entries by which a leaf's memory grows.
    private static let step = 8
    private static let entrySize = 6
    /// An entry is read as eight bytes, so that many may be read beyond the last.
    private static let padding = 2

    /// A sorted run of entries. `unsafe` because the memory is managed by hand: an array of arrays would cost a
    /// third more. The index owns every `entries`; each is `capacity` entries and the padding, `count` of them in use.
    @unsafe private struct Leaf {
        var entries: UnsafeMutableRawPointer?
        var count: UInt32 = 0
        var capacity: UInt32 = 0
    }

    private var leaves: [Leaf]
    /// Leaves below this number have been split in the current round.
    private var split = 0
    private var leafBits: Int
    private var postings = 0
    private var capacity = 0

    /// Makes an empty index with room for the given number of postings.
    init(expecting postings: Int = 0) {
        var bits = Self.fewestLeafBits
        while (1 << (bits + 1)) * Self.fullLeaf <= postings && bits + 1 < Self.fewestLeafBits + Self.tagBits {
            bits += 1
        }
        leafBits = bits
        unsafe leaves = [Leaf](repeating: Leaf(), count: 1 << bits)
    }

    deinit {
        for index in unsafe leaves.indices { unsafe leaves[index].entries?.deallocate() }
    }

    /// Bytes of memory in use.
    var memoryBytes: Int {
        // The allocator adds about 16 bytes to each block.
        unsafe capacity * Self.entrySize + leaves.capacity * MemoryLayout<Leaf>.stride + leaves.count * 18
    }

    /// Appends the stories that hold `key`, oldest first, to `stories`.
    func find(_ key: UInt64, into stories: inout [UInt32]) {
        let leaf = unsafe leaves[leafNumber(key)]
        guard let entries = unsafe leaf.entries else { return }
        let count = unsafe Int(leaf.count)
        let wanted = Self.tag(key)
        var index = unsafe Self.firstEntry(entries, count, from: wanted << UInt64(Self.storyBits), tag: wanted)
        while index < count {
            let entry = unsafe Self.entry(entries, index)
            guard entry >> UInt64(Self.storyBits) == wanted else { break }
            stories.append(UInt32(truncatingIfNeeded: entry) & UInt32(Self.mostStories - 1))
            index += 1
        }
    }

    /// Adds a posting. Stories must be inserted in ascending order.
    func insert(_ key: UInt64, story: Int) {
        guard story < Self.mostStories else { return }
        let number = leafNumber(key)
        let tag = Self.tag(key)
        let entry = tag << UInt64(Self.storyBits) | UInt64(story)
        let count = unsafe Int(leaves[number].count)
        var place = 0
        if let entries = unsafe leaves[number].entries {
            place = unsafe Self.firstEntry(entries, count, from: entry, tag: tag)
            if place >= Self.common {
                let earlier = unsafe Self.entry(entries, place - Self.common)
                if earlier >> UInt64(Self.storyBits) == tag { return }
            }
        }
        unsafe makeRoom(&leaves[number], count + 1)
        if let entries = unsafe leaves[number].entries {
            let from = unsafe entries + place * Self.entrySize
            unsafe (from + Self.entrySize).copyMemory(from: from, byteCount: (count - place) * Self.entrySize)
            unsafe Self.store(entry, entries, place)
        }
        unsafe leaves[number].count += 1
        postings += 1
        if unsafe postings > leaves.count * Self.fullLeaf && leafBits + 1 < Self.fewestLeafBits + Self.tagBits {
            splitOne()
        }
    }

    // MARK: - Keys

    /// Spreads the keys: sampled shingles are small numbers.
    @inline(__always)
    private static func mix(_ key: UInt64) -> UInt64 {
        key &* (Hash.first | 1)
    }

    @inline(__always)
    private static func tag(_ key: UInt64) -> UInt64 {
        mix(key) >> UInt64(fewestLeafBits) & (1 << UInt64(tagBits) - 1)
    }

    @inline(__always)
    private func leafNumber(_ key: UInt64) -> Int {
        let mixed = Int(truncatingIfNeeded: Self.mix(key))
        let number = mixed & (1 << leafBits - 1)
        return number < split ? mixed & (2 << leafBits - 1) : number
    }

    // MARK: - Leaves

    /// The index of the first entry that is not below `bound`, whose tag is `tag`.
    @inline(__always)
    private static func firstEntry(_ entries: UnsafeMutableRawPointer, _ count: Int, from bound: UInt64, tag: UInt64)
        -> Int
    {
        var index = Int(truncatingIfNeeded: tag) * count >> tagBits
        while index > 0, unsafe entry(entries, index - 1) >= bound { index -= 1 }
        while index < count, unsafe entry(entries, index) < bound { index += 1 }
        return index
    }

    @inline(__always)
    private static func entry(_ entries: UnsafeMutableRawPointer, _ index: Int) -> UInt64 {
        let bytes = unsafe entries.loadUnaligned(fromByteOffset: index * entrySize, as: UInt64.self)
        return UInt64(littleEndian: bytes) & 0xFFFF_FFFF_FFFF
    }

    @inline(__always)
    private static func store(_ entry: UInt64, _ entries: UnsafeMutableRawPointer, _ index: Int) {
        let offset = index * entrySize
        unsafe entries.storeBytes(
            of: UInt32(truncatingIfNeeded: entry).littleEndian, toByteOffset: offset, as: UInt32.self)
        unsafe entries.storeBytes(
            of: UInt16(truncatingIfNeeded: entry >> 32).littleEndian, toByteOffset: offset + 4, as: UInt16.self)
    }

    private func makeRoom(_ leaf: inout Leaf, _ count: Int) {
        guard unsafe count > Int(leaf.capacity) else { return }
        let room = (count + Self.step - 1) / Self.step * Self.step
        let entries = UnsafeMutableRawPointer.allocate(byteCount: room * Self.entrySize + Self.padding, alignment: 8)
        if let old = unsafe leaf.entries {
            unsafe entries.copyMemory(from: old, byteCount: Int(leaf.count) * Self.entrySize)
            unsafe old.deallocate()
        }
        unsafe capacity += room - Int(leaf.capacity)
        unsafe leaf.entries = entries
        unsafe leaf.capacity = UInt32(room)
    }

    /// Splits the next leaf of the round in two.
    private func splitOne() {
        let old = unsafe leaves[split]
        let bit = UInt64(leafBits - Self.fewestLeafBits + Self.storyBits)
        var (stay, go) = unsafe (Leaf(), Leaf())
        if let entries = unsafe old.entries {
            let count = unsafe Int(old.count)
            let gone = (0..<count).count { unsafe Self.entry(entries, $0) >> bit & 1 == 1 }
            unsafe makeRoom(&stay, count - gone)
            unsafe makeRoom(&go, gone)
            for index in 0..<count {
                let entry = unsafe Self.entry(entries, index)
                if entry >> bit & 1 == 1 {
                    unsafe append(entry, &go)
                } else {
                    unsafe append(entry, &stay)
                }
            }
            unsafe entries.deallocate()
            unsafe capacity -= Int(old.capacity)
        }
        unsafe leaves[split] = stay
        unsafe leaves.append(go)
        split += 1
        if split == 1 << leafBits {
            leafBits += 1
            split = 0
        }
    }

    private func append(_ entry: UInt64, _ leaf: inout Leaf) {
        if let entries = unsafe leaf.entries {
            unsafe Self.store(entry, entries, Int(leaf.count))
            unsafe leaf.count += 1
        }
    }
}
