// The stories inserted last, kept ready for comparison. A cache: it never changes an answer.

/// A ring of the last stories and their passages.
struct RecentPassages {
    private struct Entry {
        var text: ComparableText
        var passage: Passage?
    }

    private let capacity: Int
    private var entries: [Int64: Entry] = [:]
    private var ring: [Int64] = []
    private var next = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    var memoryBytes: Int {
        entries.values.reduce(0) { $0 + $1.text.text.count + ($1.passage.map { $0.words.count * 32 } ?? 0) }
    }

    mutating func add(_ text: ComparableText, id: Int64) {
        if ring.count < capacity {
            ring.append(id)
        } else {
            entries[ring[next]] = nil
            ring[next] = id
            next = (next + 1) % capacity
        }
        entries[id] = Entry(text: text, passage: nil)
    }

    mutating func remove(_ id: Int64) {
        entries[id] = nil
    }

    func text(_ id: Int64, _ fetch: (Int64) throws -> ComparableText?) rethrows -> ComparableText? {
        if let entry = entries[id] { return entry.text }
        return try fetch(id)
    }

    mutating func passage(_ id: Int64, _ fetch: (Int64) throws -> ComparableText?) rethrows -> Passage? {
        guard let entry = entries[id] else { return try fetch(id).map(Passage.init) }
        if let passage = entry.passage { return passage }
        let passage = Passage(entry.text)
        entries[id]?.passage = passage
        return passage
    }
}
