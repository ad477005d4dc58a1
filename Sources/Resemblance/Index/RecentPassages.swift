// The stories inserted last, kept ready for comparison. A cache: it never changes an answer.

/// A ring of the last stories and their passages. Ids ascend, so that a story is found by halving.
struct RecentPassages {
    private struct Entry {
        var id: Int64
        var text: ComparableText?
        var passage: Passage?
    }

    /// Passages are dropped when the bytes exceed this: they can be made again.
    private static let mostBytes = 24 << 20
    /// The oldest texts are dropped when all of them take more than this: they can be fetched again.
    private static let mostTextBytes = 16 << 20

    private let capacity: Int
    private var ring: [Entry] = []
    /// Where the oldest entry is, once the ring is full.
    private var oldest = 0
    private var bytes = 0
    private var textBytes = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Bytes of memory in use, about.
    var memoryBytes: Int { bytes + ring.capacity * MemoryLayout<Entry>.stride }

    mutating func add(_ text: ComparableText, id: Int64) {
        let entry = Entry(id: id, text: text, passage: nil)
        if ring.count < capacity {
            ring.append(entry)
        } else {
            drop(at: oldest)
            ring[oldest] = entry
            oldest = oldest + 1 == capacity ? 0 : oldest + 1
        }
        bytes += Self.size(text)
        textBytes += Self.size(text)
        var index = 0
        while textBytes > Self.mostTextBytes, index < ring.count - 1 {
            drop(at: wrap(index))
            index += 1
        }
    }

    mutating func remove(_ id: Int64) {
        if let place = place(id) { drop(at: place) }
    }

    private mutating func drop(at place: Int) {
        bytes -= Self.size(ring[place])
        textBytes -= ring[place].text.map(Self.size) ?? 0
        ring[place].text = nil
        ring[place].passage = nil
    }

    /// Forgets a story and all that came after it. What they had pushed out stays out.
    mutating func takeBack(from id: Int64) {
        if oldest > 0 {
            ring = Array(ring[oldest...] + ring[..<oldest])
            oldest = 0
        }
        while let last = ring.last, last.id >= id {
            remove(last.id)
            ring.removeLast()
        }
    }

    /// The text of a story, from here or fetched; nil when it is gone.
    func text(_ id: Int64, _ fetch: (Int64) throws -> ComparableText?) rethrows -> ComparableText? {
        if let place = place(id), let text = ring[place].text { return text }
        return try fetch(id)
    }

    /// The passage of a story, from here or made from what is fetched; nil when it is gone.
    mutating func passage(_ id: Int64, _ fetch: (Int64) throws -> ComparableText?) rethrows -> Passage? {
        guard let place = place(id), let text = ring[place].text else { return try fetch(id).map(Passage.init) }
        if let passage = ring[place].passage { return passage }
        let passage = Passage(text)
        if bytes + Self.size(passage) > Self.mostBytes { dropPassages() }
        if Self.size(passage) < Self.mostBytes / 8 {
            ring[place].passage = passage
            bytes += Self.size(passage)
        }
        return passage
    }

    private mutating func dropPassages() {
        for place in ring.indices {
            bytes -= ring[place].passage.map(Self.size) ?? 0
            ring[place].passage = nil
        }
    }

    private func place(_ id: Int64) -> Int? {
        var (low, high) = (0, ring.count)
        while low < high {
            let middle = (low + high) / 2
            if ring[wrap(middle)].id < id { low = middle + 1 } else { high = middle }
        }
        return low < ring.count && ring[wrap(low)].id == id ? wrap(low) : nil
    }

    private func wrap(_ index: Int) -> Int {
        let place = oldest + index
        return place < ring.count ? place : place - ring.count
    }

    private static func size(_ entry: Entry) -> Int {
        (entry.text.map(size) ?? 0) + (entry.passage.map(size) ?? 0)
    }

    private static func size(_ text: ComparableText) -> Int {
        text.text.count + text.headline.count + text.fingerprint.sketch.count * 8 + text.body.count * 16 + 300
    }

    private static func size(_ passage: Passage) -> Int {
        passage.words.count * 17 + passage.set.count * 8 + passage.once.count * 16 + 200
    }
}
