// One claimed file: state S1 of the state table. It lies in work/, nobody else will take it, and it is
// held open (with a read lease, where leases work) until it is finished.

public import Files

/// A file that was moved from inbox/ to work/ and now waits for its ledger row.
public final class Claim: Sendable {
    /// The place in the order of claims, from 0; commits happen in this order.
    public let sequence: UInt64
    /// The file's name: its path below the inbox.
    public let name: RelativePath
    /// Its path below work/.
    public let workName: RelativePath
    /// The open file; nil for what is refused without opening it.
    public let file: Descriptor?
    /// What the kernel said of it once it lay in work/.
    public let status: FileStatus
    /// Whether a read lease is held: no writer can open the file until it is finished.
    public let isLeased: Bool
    /// Why it can never be read; nil for a file that is worth reading.
    public let refusal: Refusal?
    /// Set if it is not in work/, but only read where it lies: nothing is to be done with it afterwards.
    public let loan: Loan?
    /// When it was claimed, in microseconds since 1970.
    public let received: Int64

    init(
        sequence: UInt64, name: RelativePath, workName: RelativePath, file: Descriptor?, status: FileStatus,
        isLeased: Bool, refusal: Refusal?, loan: Loan? = nil, received: Int64 = Process.wallMicroseconds
    ) {
        self.sequence = sequence
        self.name = name
        self.workName = workName
        self.file = file
        self.status = status
        self.isLeased = isLeased
        self.refusal = refusal
        self.loan = loan
        self.received = received
    }

    /// A loan's place in the order of claims.
    convenience init(_ loan: Loan, sequence: UInt64) {
        self.init(
            sequence: sequence, name: loan.name, workName: loan.name, file: loan.file, status: loan.status,
            isLeased: loan.isLeased, refusal: nil, loan: loan)
    }

    /// The same claim, with a reason not to read it.
    public func refused(_ refusal: Refusal) -> Claim {
        Claim(
            sequence: sequence, name: name, workName: workName, file: file, status: status, isLeased: isLeased,
            refusal: refusal, loan: loan, received: received)
    }
}

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

    static func tooLarge(_ size: Int64, limit: Int64) -> Refusal {
        Refusal(
            code: "too-large", sentence: "the file has \(size) bytes, more than the limit of \(limit)",
            hint: "raise inbox.maxsize in the configuration and requeue it, or split it")
    }
}

/// Why a file stays in the inbox for now.
public struct Deferral: Sendable, Equatable {
    public enum Cause: Sendable, Equatable {
        /// A writer has it open, or it changed a moment ago.
        case beingWritten
        /// Another file of the same name is on its way.
        case nameInFlight
        /// The service may not open or move it.
        case forbidden
        /// The kernel said something else.
        case failed
    }

    public var cause: Cause
    /// What happened, as a sentence.
    public var sentence: String
    /// What to do about it; nil when waiting is enough.
    public var hint: String?

    init(_ cause: Cause, _ sentence: String, hint: String? = nil) {
        self.cause = cause
        self.sentence = sentence
        self.hint = hint
    }

    init(_ error: FileError) {
        self.init(
            error.isForbidden ? .forbidden : .failed, error.description,
            hint: error.hint ?? "see whether the file can be read; it is tried again by itself")
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
