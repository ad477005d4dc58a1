internal import Resemblance

/// What is kept in memory about the stories before, rebuilt from the store at start.
struct DedupIndex {
    let judge: Judge
    let thresholds: Thresholds
    /// From the first eight bytes of a digest to the story that has it.
    var bySHA: StoryTable
    /// From the key that a story's versions share to the latest of them.
    var byVersion: StoryTable

    /// Empty, with room for so many stories.
    init(expecting stories: Int, thresholds: Thresholds) {
        self.thresholds = thresholds
        judge = Judge(thresholds: thresholds)
        judge.reserve(stories)
        (bySHA, byVersion) = (StoryTable(expecting: stories), StoryTable(expecting: stories))
    }

    /// What it takes, in bytes.
    var bytes: Int { judge.memoryBytes + bySHA.bytes + byVersion.bytes }
}
