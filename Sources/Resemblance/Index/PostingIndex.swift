// The inverted index in memory: a sampled shingle -> the stories that hold it. Seven bytes a posting, all told.
//
// Linear hashing (W. Litwin, 1980): the table grows by one leaf at a time, so that no insertion ever pays for
// moving the whole. A leaf is a run of some 36 entries in the order of arrival: three or four cache lines to read,
// one to write. Of a key, 36 of 40 bits are kept: at a hundred million postings one look-up in seven hundred finds
// a stranger, which the exact comparison then refuses.
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
    private static let mostLeafBits = fewestLeafBits + tagBits
    private static let entrySize = 6
    /// An entry is read as eight bytes: the last may be read beyond the end.
    private static let padding = 2
    /// Entries by which a leaf's memory grows.
    private static let step = 4
    /// Entries in a leaf, on average, when the table grows.
    private static let fullLeaf = 36
    /// More entries than this a leaf does not take; only thousands of boilerplate shingles with the same low bits
    /// would fill it.
    private static let largestLeaf = 1 << 15
    private static let leafBlockBits = 12

    /// A run of entries: where it is and how many there are, in eight bytes. The memory is managed by hand because
    /// an array of arrays would take a third more; the index owns it. There is room for the next multiple of
    /// `step` entries and the padding.
    private struct Leaf {
        /// The address in the low 48 bits (Linux gives programs no higher ones unless they ask), the count above.
        private var raw: UInt64 = 0

        @inline(__always) var entries: UnsafeMutableRawPointer? {
            unsafe UnsafeMutableRawPointer(bitPattern: UInt(raw & 0xFFFF_FFFF_FFFF))
        }
        @inline(__always) var count: Int { Int(raw >> 48) }

        mutating func add() { raw += 1 << 48 }
        mutating func removeLast() { raw -= 1 << 48 }

        mutating func move(to entries: UnsafeMutableRawPointer) {
            let address = UInt64(UInt(bitPattern: entries))
            precondition(address >> 48 == 0, "an address of more than 48 bits")
            raw = raw & (0xFFFF << 48) | address
        }
    }

    /// In blocks of 4,096, so that growing never moves what is there. Owned.
    private var leaves: [UnsafeMutablePointer<Leaf>]
    private var leafCount = 0
    /// Leaves below this number have been split in the current round.
    private var split = 0
    private var leafBits: Int
    private var postings = 0
    /// Entries that there is room for.
    private var room = 0
    private var touched: UInt8 = 0
    /// What was loaded and waits: the key's 36 bits (and two more), then the story.
    private var pending: [UInt64] = []
    private static let mostPending = 1 << 21

    /// Makes an empty index that will hold about the given number of postings.
    init(expecting postings: Int = 0) {
        unsafe leaves = []
        leafBits = Self.fewestLeafBits
        while 2 << leafBits * Self.fullLeaf <= postings && leafBits + 1 < Self.mostLeafBits { leafBits += 1 }
        for _ in 0..<1 << leafBits { addLeaf(Leaf()) }
    }

    deinit {
        for number in 0..<leafCount { unsafe leaf(number).entries?.deallocate() }
        for block in unsafe leaves.indices { unsafe leaves[block].deallocate() }
    }

    /// Bytes of memory in use.
    var memoryBytes: Int {
        // The allocator adds about 16 bytes to each run.
        let table = unsafe leaves.count << Self.leafBlockBits * MemoryLayout<Leaf>.stride
        return room * Self.entrySize + leafCount * (16 + Self.padding) + table
    }

    /// Brings what the keys will need into the processor's caches, all at once: at a million stories nearly every
    /// key waits for memory, and one after another that would be most of the time.
    func touch(_ keys: [UInt64], and extra: UInt64, toInsert: Bool) {
        var sum = touch(extra, toInsert)
        for key in keys { sum ^= touch(key, toInsert) }
        // Kept, so that the loads are not left out.
        touched = sum
    }

    @inline(__always)
    private func touch(_ key: UInt64, _ toInsert: Bool) -> UInt8 {
        let leaf = leaf(leafNumber(Self.mix(key)))
        guard let entries = unsafe leaf.entries else { return 0 }
        let size = leaf.count * Self.entrySize
        if toInsert { return unsafe entries.load(fromByteOffset: size, as: UInt8.self) }
        // Four lines at least in one go: a loop that ends after one or two is guessed wrong too often.
        var sum = unsafe entries.load(as: UInt8.self)
        unsafe sum ^= entries.load(fromByteOffset: min(64, size), as: UInt8.self)
        unsafe sum ^= entries.load(fromByteOffset: min(128, size), as: UInt8.self)
        unsafe sum ^= entries.load(fromByteOffset: min(192, size), as: UInt8.self)
        return sum
    }

    /// Appends the stories that hold `key`, oldest first, to `stories`.
    func find(_ key: UInt64, into stories: inout [UInt32]) {
        if !pending.isEmpty { insertPending() }
        let mixed = Self.mix(key)
        let leaf = leaf(leafNumber(mixed))
        guard let entries = unsafe leaf.entries else { return }
        let tag = Self.tag(mixed)
        for index in 0..<leaf.count {
            let entry = unsafe Self.entry(entries, index)
            if entry &>> UInt64(Self.storyBits) == tag {
                stories.append(UInt32(truncatingIfNeeded: entry) & UInt32(Self.mostStories - 1))
            }
        }
    }

    /// Adds a posting. Stories must be inserted in ascending order.
    func insert(_ key: UInt64, story: Int) { insert([key], story: story) }

    /// Adds the postings of one story.
    func insert(_ keys: [UInt64], story: Int) {
        if !pending.isEmpty { insertPending() }
        guard story < Self.mostStories else { return }
        for key in keys { insert(mixed: Self.mix(key), story) }
    }

    /// Takes back the postings of the story that was inserted last: they are at the end of their leaves, wherever these
    /// were split meanwhile.
    func remove(_ keys: [UInt64], story: Int) {
        if !pending.isEmpty { insertPending() }
        for key in keys {
            let number = leafNumber(Self.mix(key))
            var leaf = leaf(number)
            while let entries = unsafe leaf.entries, leaf.count > 0,
                unsafe Self.entry(entries, leaf.count - 1) & UInt64(Self.mostStories - 1) == UInt64(story)
            {
                leaf.removeLast()
                postings -= 1
                // The next entry finds no room, and makes some.
                if leaf.count % Self.step == 0 { room -= Self.step }
            }
            setLeaf(number, leaf)
        }
    }

    /// What the index keeps of a key: those that have the same one are the same to it.
    static func slot(_ key: UInt64) -> UInt64 { mix(key) & (1 << UInt64(fewestLeafBits + tagBits) - 1) }

    private func insert(mixed: UInt64, _ story: Int) {
        let number = leafNumber(mixed)
        let tag = Self.tag(mixed)
        var leaf = leaf(number)
        if isCommon(tag, leaf) || leaf.count >= Self.largestLeaf { return }
        append(tag << UInt64(Self.storyBits) | UInt64(story), &leaf)
        setLeaf(number, leaf)
        postings += 1
        if postings > leafCount * Self.fullLeaf && leafBits + 1 < Self.mostLeafBits { splitOne() }
    }

    // MARK: - Many at once

    /// Adds a posting some time before the next look-up or `insert`: two million at a time are brought into the
    /// order of the leaves, so that memory is not visited at random.
    func load(_ key: UInt64, story: Int) {
        guard story < Self.mostStories else { return }
        pending.append(Self.mix(key) << UInt64(Self.storyBits) | UInt64(story))
        if pending.count == Self.mostPending { insertPending() }
    }

    /// Inserts what was loaded.
    func insertPending() {
        if pending.isEmpty { return }
        // Least digit first, so that the postings of a leaf stay in the order of their stories.
        var other = [UInt64](repeating: 0, count: pending.count)
        let middle = (leafBits + 1) / 2
        Self.sort(pending, into: &other, by: Self.storyBits..<Self.storyBits + middle)
        Self.sort(other, into: &pending, by: Self.storyBits + middle..<Self.storyBits + leafBits + 1)
        for record in pending {
            insert(mixed: record >> UInt64(Self.storyBits), Int(record & UInt64(Self.mostStories - 1)))
        }
        pending = []
    }

    /// One pass of a stable radix sort.
    private static func sort(_ records: [UInt64], into sorted: inout [UInt64], by bits: Range<Int>) {
        let (shift, mask) = (UInt64(bits.lowerBound), UInt64(1) << UInt64(bits.count) - 1)
        var places = [Int](repeating: 0, count: 1 << bits.count + 1)
        for record in records { places[Int(record &>> shift & mask) + 1] += 1 }
        for digit in 1..<places.count { places[digit] += places[digit - 1] }
        for record in records {
            let digit = Int(record &>> shift & mask)
            sorted[places[digit]] = record
            places[digit] += 1
        }
    }

    private func isCommon(_ tag: UInt64, _ leaf: Leaf) -> Bool {
        guard let entries = unsafe leaf.entries, leaf.count >= Self.common else { return false }
        var same = 0
        for index in 0..<leaf.count where unsafe Self.entry(entries, index) >> UInt64(Self.storyBits) == tag {
            same += 1
        }
        return same >= Self.common
    }

    // MARK: - Keys

    /// Spreads the keys: sampled shingles are small numbers.
    @inline(__always)
    private static func mix(_ key: UInt64) -> UInt64 {
        key &* Hash.first
    }

    @inline(__always)
    private static func tag(_ mixed: UInt64) -> UInt64 {
        mixed &>> UInt64(fewestLeafBits) & (1 << UInt64(tagBits) - 1)
    }

    @inline(__always)
    private func leafNumber(_ mixed: UInt64) -> Int {
        let bits = Int(truncatingIfNeeded: mixed)
        let number = bits & (1 &<< leafBits - 1)
        return number < split ? bits & (2 &<< leafBits - 1) : number
    }

    // MARK: - Leaves

    @inline(__always)
    private func leaf(_ number: Int) -> Leaf {
        unsafe leaves[number &>> Self.leafBlockBits][number & (1 << Self.leafBlockBits - 1)]
    }

    @inline(__always)
    private func setLeaf(_ number: Int, _ leaf: Leaf) {
        unsafe leaves[number &>> Self.leafBlockBits][number & (1 << Self.leafBlockBits - 1)] = leaf
    }

    private func addLeaf(_ leaf: Leaf) {
        if leafCount & (1 << Self.leafBlockBits - 1) == 0 {
            let block = UnsafeMutablePointer<Leaf>.allocate(capacity: 1 << Self.leafBlockBits)
            unsafe block.initialize(repeating: Leaf(), count: 1 << Self.leafBlockBits)
            unsafe leaves.append(block)
        }
        leafCount += 1
        setLeaf(leafCount - 1, leaf)
    }

    @inline(__always)
    private static func entry(_ entries: UnsafeMutableRawPointer, _ index: Int) -> UInt64 {
        let bytes = unsafe entries.loadUnaligned(fromByteOffset: index &* entrySize, as: UInt64.self)
        return UInt64(littleEndian: bytes) & 0xFFFF_FFFF_FFFF
    }

    private func append(_ entry: UInt64, _ leaf: inout Leaf) {
        let count = leaf.count
        if count % Self.step == 0 { grow(&leaf) }
        guard let entries = unsafe leaf.entries else { return }
        let place = unsafe entries + count * Self.entrySize
        unsafe place.storeBytes(of: UInt32(truncatingIfNeeded: entry).littleEndian, as: UInt32.self)
        unsafe place.storeBytes(
            of: UInt16(truncatingIfNeeded: entry >> 32).littleEndian, toByteOffset: 4, as: UInt16.self)
        leaf.add()
    }

    /// Makes room for `step` more entries in a full leaf.
    private func grow(_ leaf: inout Leaf) {
        let size = leaf.count * Self.entrySize
        let entries = UnsafeMutableRawPointer.allocate(
            byteCount: size + Self.step * Self.entrySize + Self.padding, alignment: 8)
        if let old = unsafe leaf.entries {
            unsafe entries.copyMemory(from: old, byteCount: size)
            unsafe old.deallocate()
        }
        unsafe leaf.move(to: entries)
        room += Self.step
    }

    /// Splits the next leaf of the round in two.
    private func splitOne() {
        let old = leaf(split)
        // The lowest bit of the tag that does not choose leaves yet.
        let bit = UInt64(leafBits - Self.fewestLeafBits + Self.storyBits)
        var (stay, go) = (Leaf(), Leaf())
        if let entries = unsafe old.entries {
            for index in 0..<old.count {
                let entry = unsafe Self.entry(entries, index)
                if entry >> bit & 1 == 1 { append(entry, &go) } else { append(entry, &stay) }
            }
            unsafe entries.deallocate()
            room -= (old.count + Self.step - 1) / Self.step * Self.step
        }
        setLeaf(split, stay)
        addLeaf(go)
        split += 1
        if split == 1 << leafBits {
            leafBits += 1
            split = 0
        }
    }
}
