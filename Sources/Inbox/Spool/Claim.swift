// One claimed file: it lies in work/ under its number, nobody else will take it, and it is held open (with a read lease,
// where leases work) until it is finished.

public import Files

/// A file on its way to its ledger row.
public final class Claim: Sendable {
    /// Where the file is, and what is to be done with it once its row is durable.
    public enum Source: Sendable {
        /// In work/, under this number.
        case spool(number: Int64)
        /// Where its owner keeps it: nothing is done to it.
        case passed(PassedFile)
    }

    /// The place in the order of this process's claims, from 0; commits happen in this order.
    public let sequence: UInt64
    public let source: Source
    /// What the sender calls the file: its path below the inbox.
    public let name: RelativePath
    /// The open file; nil for what is refused without opening it.
    public let file: Descriptor?
    /// What the kernel said of it once it was claimed.
    public let status: FileStatus
    /// Whether a read lease is held: no writer can open the file until it is finished.
    public let isLeased: Bool
    /// Why it can never be read; nil for a file that is worth reading.
    public let refusal: Refusal?
    /// When it was claimed, in microseconds since 1970.
    public let received: Int64

    init(
        sequence: UInt64, source: Source, name: RelativePath, file: Descriptor?, status: FileStatus,
        isLeased: Bool, refusal: Refusal?, received: Int64 = Process.wallMicroseconds
    ) {
        self.sequence = sequence
        self.source = source
        self.name = name
        self.file = file
        self.status = status
        self.isLeased = isLeased
        self.refusal = refusal
        self.received = received
    }

    /// A passed file's place in the order of claims.
    convenience init(_ passed: PassedFile, sequence: UInt64) {
        self.init(
            sequence: sequence, source: .passed(passed), name: passed.name, file: passed.file, status: passed.status,
            isLeased: passed.isLeased, refusal: nil)
    }

    /// The claim's number; 0 for what was never in the spool.
    public var number: Int64 {
        switch source {
        case .spool(let number): number
        case .passed: 0
        }
    }

    /// From this size on, in bytes, a file takes its place in the order when it is read, not when it is claimed, so that
    /// nobody waits for it.
    public static let large: Int64 = 256 << 10

    /// Whether reading it may take longer than others want to wait. A leftover of the last run has its place already.
    public var isLarge: Bool { refusal == nil && status.size > Self.large }

    /// The same claim, with a reason not to read it.
    public func refused(_ refusal: Refusal) -> Claim {
        Claim(
            sequence: sequence, source: source, name: name, file: file, status: status, isLeased: isLeased,
            refusal: refusal, received: received)
    }
}

/// Who sends files, as far as the spool can tell: the user who owns the first directory of the name, or the file at the
/// inbox's top; and that directory.
public struct Sender: Hashable, Sendable, CustomStringConvertible {
    public let owner: UInt32
    public let directory: FileName?

    public init(owner: UInt32, directory: FileName?) {
        self.owner = owner
        self.directory = directory
    }

    /// Of a file that a crash left: its own owner stands for that of its directory.
    init(_ claim: Claim) { self.init(owner: claim.status.owner, directory: claim.name.source) }

    public var description: String { directory.map { "\($0)/" } ?? "user \(owner)" }
}
