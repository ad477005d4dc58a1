// What can come of a claim, and why.

public import Files

/// Why a file can never become a story, and what its sender can do.
public struct Refusal: Sendable, Equatable, Error {
    /// A short name that scripts can match: `symbolic-link`, `too-large` ...
    public var code: String
    /// What is wrong, as a sentence.
    public var sentence: String
    /// What to do about it.
    public var hint: String

    public init(code: String, sentence: String, hint: String) {
        self.code = code
        self.sentence = sentence
        self.hint = hint
    }

    /// What can never be read as a story, by what the kernel says of it; nil for a file that is worth reading.
    public static func of(_ status: FileStatus, limit: Int64) -> Refusal? {
        kind(status.kind) ?? (status.size > limit ? tooLarge(status.size, limit: limit) : nil)
    }

    static func kind(_ kind: FileStatus.Kind) -> Refusal? {
        switch kind {
        case .regular: nil
        case .directory:
            Refusal(
                code: "directory", sentence: "a directory took the place of a file",
                hint: "deliver the files in it one by one")
        case .symbolicLink:
            Refusal(
                code: "symbolic-link", sentence: "a symbolic link is not a delivery: it is never followed",
                hint: "deliver the file itself, or a hard link to it")
        case .fifo:
            Refusal(code: "fifo", sentence: "a FIFO holds no file", hint: "deliver a regular file")
        case .socket:
            Refusal(code: "socket", sentence: "a socket holds no file", hint: "deliver a regular file")
        case .device:
            Refusal(code: "device", sentence: "a device holds no file", hint: "deliver a regular file")
        case .other:
            Refusal(code: "not-a-file", sentence: "this is not a regular file", hint: "deliver a regular file")
        }
    }

    /// The file was alone in flight when the reader crashed, again and again.
    public static func crashedTheReader(_ times: Int) -> Refusal {
        Refusal(
            code: "crashed-the-reader", sentence: "the reader crashed \(times) times in a row on this file alone",
            hint: "report it with the file; requeue it after an upgrade")
    }

    /// The process that read the file before everybody else's ended.
    public static func crashedTheReader(_ how: String) -> Refusal {
        Refusal(
            code: "crashed-the-reader", sentence: "the reader cannot read this file: \(how)",
            hint: "report it with the file; requeue it after an upgrade")
    }

    static func tooLarge(_ size: Int64, limit: Int64) -> Refusal {
        Refusal(
            code: "too-large", sentence: "the file has \(size) bytes, more than the limit of \(limit)",
            hint: "raise inbox.maxsize in the configuration, reload, and requeue it; or split it")
    }
}

/// What came of an attempt to claim.
public enum ClaimOutcome: Sendable {
    case claimed(Claim)
    case deferred(Deferral)
    /// Leases do not work on it: take it once size and times stay as they are here.
    case unsettled(FileStatus)
    /// There is no such file (any more), or it is a directory.
    case gone
}
