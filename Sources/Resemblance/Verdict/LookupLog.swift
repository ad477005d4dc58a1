// What the judgement of one story rests on: what was asked of the archive, and which stories the answers named. Where
// several desks write one archive, each judges before it knows what the others have just committed; the log says whether
// that changes anything. Keys are compared as the index compares them, so what it cannot tell apart counts as the same.

/// What was asked of the archive for one story.
public struct LookupLog: Sendable, Equatable {
    /// Shingles and the hash of the whole text: shared with the story's own fingerprint until more is asked.
    private var ownKeys: [UInt64] = []
    private var otherKeys: [UInt64] = []
    private var textKey: UInt64?
    /// The first eight bytes of the digest that was looked for.
    public private(set) var digest: UInt64?
    /// The key of a story's versions that was looked for.
    public private(set) var version: UInt64?
    /// The earlier stories that were looked at: the answers.
    public private(set) var stories: [Int64] = []

    /// Nothing has been asked yet.
    public init() {}

    mutating func asked(_ fingerprint: Fingerprint) {
        ownKeys = fingerprint.sketch
        textKey = Judge.key(textHash: fingerprint.textHash)
    }

    mutating func asked(shingles: [UInt64]) { otherKeys += shingles }

    /// The story with some bytes was looked for.
    public mutating func asked(digest: UInt64) { self.digest = digest }

    /// The latest version of a story was looked for.
    public mutating func asked(version: UInt64) { self.version = version }

    /// An earlier story was looked at.
    public mutating func asked(story: Int64) { stories.append(story) }

    /// Whether the same questions could have other answers after these changes.
    public func isTouched(by changes: ArchiveChanges) -> Bool {
        if let digest, changes.digests.contains(digest) { return true }
        if let version, changes.versions.contains(version) { return true }
        if let textKey, changes.contains(key: textKey) { return true }
        return stories.contains { changes.stories.contains($0) } || ownKeys.contains { changes.contains(key: $0) }
            || otherKeys.contains { changes.contains(key: $0) }
    }
}

/// What stories that came or went change in the archive.
public struct ArchiveChanges: Sendable {
    private var slots: Set<UInt64> = []
    fileprivate private(set) var digests: Set<UInt64> = []
    fileprivate private(set) var versions: Set<UInt64> = []
    fileprivate private(set) var stories: Set<Int64> = []

    /// Nothing has changed yet.
    public init() {}

    /// A story came or went.
    public mutating func add(_ fingerprint: Fingerprint, digest: UInt64, version: UInt64?) {
        slots.insert(PostingIndex.slot(Judge.key(textHash: fingerprint.textHash)))
        for key in fingerprint.sketch { slots.insert(PostingIndex.slot(key)) }
        digests.insert(digest)
        if let version { versions.insert(version) }
    }

    /// Something came that is known by its bytes alone.
    public mutating func add(digest: UInt64) { digests.insert(digest) }

    /// What is known of one story is no longer the same: its text is gone, its family is another one.
    public mutating func add(story: Int64) { stories.insert(story) }

    fileprivate func contains(key: UInt64) -> Bool { slots.contains(PostingIndex.slot(key)) }
}
