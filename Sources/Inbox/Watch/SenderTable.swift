// What each sender delivered and what of it waits, for `status` and for metrics. Pure bookkeeping, and bounded: a sender
// is a row of its own while there is room, and whoever makes more directories shares one row with all who come late.

internal import Files

/// What is known of one sender since the service started.
public struct SenderFigures: Sendable, Equatable {
    /// Nil: all who came when the table was full.
    public let sender: Sender?
    /// Files that have a row in the ledger, and their bytes.
    public var deliveries: Int64 = 0
    public var bytes: Int64 = 0
    /// How many of them were rejected.
    public var rejected: Int64 = 0
    /// When the last one got its row, in microseconds since 1970; 0 if none has.
    public var last: Int64 = 0
    /// Files that wait for their turn, as far as they are known, and their bytes.
    public var waiting = 0
    public var waitingBytes: Int64 = 0
    /// Files that have to wait for something: a writer, leave to read them.
    public var deferred = 0
    /// Whether, within the last minute, something was left in the inbox because of its quota
    /// (``Feeder/Options/waitingFilesOfSender``, ``Feeder/Options/waitingBytesOfSender``).
    public var isOverQuota = false

    init(_ sender: Sender?) { self.sender = sender }
}

/// The figures of all senders.
struct SenderTable {
    static let mostSenders = 256
    /// So that one user's directories leave room for others.
    static let mostOfOwner = 32

    private var places: [Sender: Int] = [:]
    private var ofOwner: [UInt32: Int] = [:]
    private(set) var all: [SenderFigures] = []
    private var other: Int?

    mutating func update(_ sender: Sender, _ change: (inout SenderFigures) -> Void) { change(&all[place(of: sender)]) }

    /// Forgets what waited, before it is counted anew.
    mutating func clearWaiting() {
        for place in all.indices {
            (all[place].waiting, all[place].waitingBytes, all[place].deferred) = (0, 0, 0)
            all[place].isOverQuota = false
        }
    }

    private mutating func place(of sender: Sender) -> Int {
        if let place = places[sender] { return place }
        guard places.count < Self.mostSenders, ofOwner[sender.owner, default: 0] < Self.mostOfOwner else {
            if let other { return other }
            all.append(SenderFigures(nil))
            other = all.count - 1
            return all.count - 1
        }
        ofOwner[sender.owner, default: 0] += 1
        places[sender] = all.count
        all.append(SenderFigures(sender))
        return all.count - 1
    }
}
