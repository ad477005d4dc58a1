// From a hash to the story that has it, in sixteen bytes a story: half of what a dictionary takes, which at a
// million stories is felt.

/// A hash table that grows, and takes back what was put in last. Open addressing with linear steps; it grows by a quarter, so that little is empty.
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

    /// Sets a key to what it was before it was set: to another story, or to none.
    mutating func restore(_ key: UInt64, to earlier: Int64?) {
        guard earlier == nil else {
            self[key] = earlier
            return
        }
        var hole = place(key)
        if ids[hole] == 0 { return }
        count -= 1
        // What stands behind it because of it moves up: a place between its own and the hole must not be empty.
        var next = hole
        while true {
            next = next + 1 == ids.count ? 0 : next + 1
            if ids[next] == 0 { break }
            let home = home(keys[next])
            if next >= hole ? home > hole && home <= next : home > hole || home <= next { continue }
            (keys[hole], ids[hole]) = (keys[next], ids[next])
            hole = next
        }
        (keys[hole], ids[hole]) = (0, 0)
    }

    /// Where the key would be, if nothing were in its way.
    private func home(_ key: UInt64) -> Int {
        // Spread, then scaled to the size (D. Lemire, "Fast random integer generation in an interval", 2019).
        Int((key &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: UInt64(ids.count)).high)
    }

    /// Where the key is, or would be.
    private func place(_ key: UInt64) -> Int {
        var place = home(key)
        while ids[place] != 0, keys[place] != key { place = place + 1 == ids.count ? 0 : place + 1 }
        return place
    }

    private mutating func grow() {
        var larger = StoryTable(expecting: ids.count)
        for index in ids.indices where ids[index] != 0 { larger[keys[index]] = Int64(ids[index]) }
        self = larger
    }
}
