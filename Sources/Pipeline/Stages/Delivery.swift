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
        /// Several of them, and what else the file holds.
        case parts(ReadParts)
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
    /// Whether it is compared by its words; a picture and a container are only known by their bytes.
    var isCompared = true
    /// What ties its versions surely; nil in plain text.
    var identifier: StoryIdentifier?
}

/// The identifier that a format states, the same for all versions of a story.
struct StoryIdentifier: Sendable {
    /// With the sender in front, where it is not one for all the world.
    var guid: String
    /// The sender: the first directory of the file's name.
    var source: String?
    var version: String?
    /// `update`, `correct`, `cancel` ..., as the format's signals have it.
    var signal: String?
}

/// A file that holds several stories.
struct ReadParts: Sendable {
    /// The file as a whole: its digest, and its bytes if containers are kept.
    let whole: ReadStory
    let parts: [ReadPart]
    /// Why the rest of the file could not be read.
    var rejection: RejectionReason?
}

/// One of them.
struct ReadPart: Sendable {
    /// A member's path, or `#` and what the file calls the item.
    var name: [UInt8]
    let format: String
    let mediaType: String
    var isKept = false
    /// Where it stands in the file, if its bytes are there as they are.
    let start: Int64?
    let size: Int64
    /// ``Delivery/Content/story(_:)`` or ``Delivery/Content/refused(_:sha256:)``.
    let content: Delivery.Content
}
