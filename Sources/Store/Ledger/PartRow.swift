// A delivery that holds several stories has parts: one row each in the table `part`, under a number of the ledger's own
// sequence. The delivery's row seals them: it says how many there are, and their digest is in the chain.
//
// Each part's row has a checksum besides, so that it proves itself without the thousands beside it.

internal import GRDB
public import Resemblance

/// How many parts a delivery has, and the digest over their encodings (docs/format.md).
public struct PartsSeal: Sendable, Equatable {
    public var count: Int64
    public var digest: SHA256Digest

    public init(_ parts: [PartRow]) {
        count = Int64(parts.count)
        digest = SHA256Digest(of: parts.flatMap { $0.encoding.bytes })
    }

    /// The number in eight bytes, then the digest.
    var bytes: [UInt8] { (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + digest.bytes }

    init?(bytes: [UInt8]) {
        guard bytes.count == 40, let digest = SHA256Digest(bytes: Array(bytes[8...])) else { return nil }
        count = bytes[..<8].reduce(0) { $0 << 8 | Int64($1) }
        guard count > 0 else { return nil }
        self.digest = digest
    }
}

/// Which part of which delivery a row is.
public struct PartPlace: Sendable, Equatable {
    /// The delivery's row.
    public var delivery: Int64
    /// Which part of it, from 1.
    public var number: Int64
    /// What it was read as: `text`, `nitf`, `rss` ...
    public var format: String
    public var mediaType: String
    /// Whether it is stored as it is, and not read: a picture.
    public var isKept: Bool
    /// The length of the delivery's name, with which the row's name begins.
    public var deliveryName: Int
}

/// One part of a delivery.
public struct PartRow: Sendable, Equatable {
    /// The story's number, in the sequence of the ledger's rows.
    public var id: Int64
    /// The delivery's row, which comes after its parts.
    public var delivery: Int64
    /// Which part of it, from 1.
    public var number: Int64
    /// Its name in the delivery: a member's path (`dir/a.xml`), or `#` and what the file calls the item.
    public var name: [UInt8]
    public var format: String
    public var mediaType: String
    public var isKept: Bool
    /// Where it begins in the file's bytes; nil if its bytes do not stand there as they are.
    public var start: Int64?
    public var size: Int64
    public var sha256: SHA256Digest?
    public var verdict: Verdict
    public var of: Int64?
    public var reason: RejectionReason?
    public var passages: [UInt8]?

    public init(
        id: Int64, delivery: Int64, number: Int64, name: [UInt8], format: String, mediaType: String,
        isKept: Bool = false, start: Int64?, size: Int64, sha256: SHA256Digest?, verdict: Verdict, of: Int64? = nil,
        reason: RejectionReason? = nil
    ) {
        self.id = id
        self.delivery = delivery
        self.number = number
        self.name = name
        self.format = format
        self.mediaType = mediaType
        self.isKept = isKept
        self.start = start
        self.size = size
        self.sha256 = sha256
        self.verdict = verdict
        self.of = of
        self.reason = reason
    }

    /// What the delivery's digest of its parts is taken over.
    package var encoding: RowEncoding {
        var encoding = RowEncoding.part()
        encoding.add(part: .id, id)
        encoding.add(part: .delivery, delivery)
        encoding.add(part: .number, number)
        encoding.add(part: .name, name)
        encoding.add(part: .format, Array(format.utf8))
        encoding.add(part: .mediaType, Array(mediaType.utf8))
        encoding.add(part: .kept, isKept ? 1 : nil)
        encoding.add(part: .start, start)
        encoding.add(part: .size, size)
        encoding.add(part: .sha256, sha256?.bytes)
        encoding.add(part: .verdict, Array(verdict.rawValue.utf8))
        encoding.add(part: .of, of)
        encoding.add(part: .reason, reason.map { Array($0.stored.utf8) })
        encoding.add(part: .passages, passages)
        return encoding
    }

    /// Whether a document is stored under its number.
    public var hasDocument: Bool { verdict != .identical && verdict != .rejected }
}

extension PartRow: StoredRow {
    package static let table = "part"
    package static let columns = """
        id, delivery, number, name, format, mediatype, kept, start, size, sha256, verdict, of, reason, passages, checksum
        """

    package init(_ checked: CheckedRow) throws(StoreError) {
        guard let verdict = Verdict(rawValue: try checked.text(10)), verdict != .parts,
            checked.id <= CheckedRow.largestID
        else { throw checked.damaged }
        let sha256 = try checked.blobOrNull(9).map { SHA256Digest(bytes: $0) }
        if let sha256, sha256 == nil { throw checked.damaged }
        self.init(
            id: checked.id, delivery: try checked.story(1), number: try checked.integer(2), name: try checked.blob(3),
            format: try checked.text(4), mediaType: try checked.text(5), isKept: try checked.integer(6) != 0,
            start: try checked.integerOrNull(7), size: try checked.integer(8), sha256: sha256 ?? nil,
            verdict: verdict, of: try checked.integerOrNull(11),
            reason: try checked.textOrNull(12).map(RejectionReason.init(stored:)))
        passages = try checked.blobOrNull(13)
        try checked.check(14, checksum)
        let isRepeat = verdict != .new && verdict != .rejected
        guard isRepeat == (of != nil), of ?? 1 > 0, of ?? 0 < id, id < delivery, number > 0 else {
            throw checked.damaged
        }
    }

    package var checksum: Int64 {
        var sum = RowChecksum(.part, id: id)
        sum.add(encoding.bytes)
        return sum.value
    }

    package func bind(to statement: InsertStatement) {
        statement.bind(id)
        statement.bind(delivery)
        statement.bind(number)
        statement.bind(name)
        statement.bind(format)
        statement.bind(mediaType)
        statement.bind(Int64(isKept ? 1 : 0))
        statement.bind(start)
        statement.bind(size)
        statement.bind(sha256?.bytes)
        statement.bind(verdict.rawValue)
        statement.bind(of)
        statement.bind(reason?.stored)
        statement.bind(passages)
        statement.bind(checksum)
    }
}

extension LedgerRow {
    /// A part as a row of its own: what its own row says, and of the file what the delivery's says.
    public init(_ part: PartRow, of delivery: LedgerRow) {
        self.init(
            id: part.id, received: delivery.received,
            name: delivery.name + (part.name.first == UInt8(ascii: "#") ? [] : [UInt8(ascii: "!")]) + part.name,
            size: part.size, sha256: part.sha256, verdict: part.verdict, of: part.of, reason: part.reason,
            identity: delivery.identity)
        desk = delivery.desk
        passages = part.passages
        self.part = PartPlace(
            delivery: delivery.id, number: part.number, format: part.format, mediaType: part.mediaType,
            isKept: part.isKept, deliveryName: delivery.name.count)
    }
}
