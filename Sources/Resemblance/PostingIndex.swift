// The inverted index in memory: shingle hash -> the stories whose sketch holds it.

/// Which stories hold a shingle. Stories are numbered from 0 in the order of insertion.
struct PostingIndex {
    /// Of a shingle that more stories than this share, only the first are kept: it is boilerplate.
    static let common = 64

    private var postings: [UInt64: [UInt32]] = [:]

    /// The stories that hold the shingle, oldest first.
    func stories(with hash: UInt64) -> [UInt32] {
        postings[hash] ?? []
    }

    mutating func insert(_ hash: UInt64, story: UInt32) {
        var found = postings.removeValue(forKey: hash) ?? []
        if found.count < Self.common { found.append(story) }
        postings[hash] = found
    }

    var memoryBytes: Int { postings.values.reduce(postings.capacity * 17) { $0 + $1.capacity * 4 + 32 } }
}
