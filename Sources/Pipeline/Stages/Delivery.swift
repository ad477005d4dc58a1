// One file on its way from its claim to its row.

internal import Files
internal import Inbox
internal import Resemblance
internal import Store

/// A claimed file with what the workers found in it.
struct Delivery: Sendable {
    let claim: Claim
    var content: Content

    enum Content: Sendable {
        /// A story, ready to be judged.
        case story(ReadStory)
        /// It can never be read.
        case refused(RejectionReason, sha256: SHA256Digest?)
        /// It could not be read now: back to the inbox, no ledger row.
        case unreadable(FileError)
    }
}

/// A document and what was read in it.
struct ReadStory: Sendable {
    let sha256: SHA256Digest
    let headline: String?
    let text: ComparableText
    /// What it calls itself (`update 2`, `kill`), if that makes it a version of an earlier story.
    let updateKind: String?
    let content: StoryContent
    let size: Int64
}
