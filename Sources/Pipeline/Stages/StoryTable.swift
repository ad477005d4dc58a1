// From a hash to the story that has it, in sixteen bytes a story: half of what a dictionary takes, which at a
// million stories is felt.

/// A hash table that only grows. Open addressing with linear steps; it grows by a quarter, so that little is empty.
struct StoryTable {
    private var keys: [UInt64]
    /// 0 where nothing is.
    private var ids: [UInt32]
    private var count = 0

    /// - Parameter stories: how many it will hold without growing.
    init(expecting stories: Int = 0) {
        let size = max(1024, stories / 4 * 5)
        keys = [UInt64](repeating: 0, count: size)
        ids = [UInt32](repeating: 0, count: size)
    }

    var bytes: Int { keys.count * 12 }

    /// The story of a key. Setting it replaces the one before; ids beyond 32 bits are not kept.
    subscript(key: UInt64) -> Int64? {
        get {
            let id = ids[place(key)]
            return id == 0 ? nil : Int64(id)
        }
        set {
            guard let newValue, let id = UInt32(exactly: newValue), id > 0 else { return }
            if (count + 1) * 8 > ids.count * 7 { grow() }
            let place = place(key)
            if ids[place] == 0 { count += 1 }
            (keys[place], ids[place]) = (key, id)
        }
    }

    /// Where the key is, or would be.
    private func place(_ key: UInt64) -> Int {
        // Spread, then scaled to the size (D. Lemire, "Fast random integer generation in an interval", 2019).
        var place = Int((key &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: UInt64(ids.count)).high)
        while ids[place] != 0, keys[place] != key { place = place + 1 == ids.count ? 0 : place + 1 }
        return place
    }

    private mutating func grow() {
        var larger = StoryTable(expecting: ids.count)
        for index in ids.indices where ids[index] != 0 { larger[keys[index]] = Int64(ids[index]) }
        self = larger
    }
}
