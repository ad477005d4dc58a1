// One row of the ledger: what became of one delivered file. And the hash chain over the rows, which
// makes a changed, removed or inserted row show.

internal import Foundation
package import GRDB
public import Resemblance

/// The file's identity on disk: recovery knows a file again by it, never by name or content alone.
public struct FileIdentity: Sendable, Hashable {
    /// The number of the claim, as the spool counts them; 0 for a file that was read where it lay, and never was in the
    /// spool.
    public var claim: Int64
    public var inode: UInt64
    /// Birth time in nanoseconds since 1970; nil where the file system keeps none.
    public var born: Int64?
    /// Modification time at reading, in nanoseconds since 1970.
    public var modified: Int64

    public init(claim: Int64, inode: UInt64, born: Int64?, modified: Int64) {
        self.claim = claim
        self.inode = inode
        self.born = born
        self.modified = modified
    }
}

/// Why a file was rejected.
public struct RejectionReason: Sendable, Equatable {
    /// A short name that scripts can match.
    public var code: String
    public var sentence: String
    public var hint: String

    public init(code: String, sentence: String, hint: String) {
        self.code = code
        self.sentence = sentence
        self.hint = hint
    }

    var stored: String { [code, sentence, hint].joined(separator: "\n") }

    init(stored: String) {
        let lines = stored.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        self.init(code: lines[0], sentence: lines.count > 1 ? lines[1] : "", hint: lines.count > 2 ? lines[2] : "")
    }
}

/// One row of the ledger.
public struct LedgerRow: Sendable, Equatable {
    /// The row's number, from 1, in the order of commits; also the id of the story, if one was stored.
    public var id: Int64
    /// When the file was claimed, in microseconds since 1970.
    public var received: Int64
    /// The path below the inbox, as bytes.
    public var name: [UInt8]
    /// The file's size in bytes.
    public var size: Int64
    /// The digest of the bytes; nil if they were never read.
    public var sha256: SHA256Digest?
    public var verdict: Verdict
    /// The story that the verdict refers to.
    public var of: Int64?
    public var reason: RejectionReason?
    public var identity: FileIdentity
    /// Which desk took the file; nil in an archive of one desk.
    public var desk: Int64?
    /// The key of the bytes where that is not the row's number.
    public var content: Int64?
    /// What the story shares with earlier ones, encoded.
    public var passages: [UInt8]?
    /// How many parts the delivery has, and their digest; nil if it is one story.
    public var parts: PartsSeal?
    /// What this row is a part of; nil for a delivery. A part is shown as a row of its own, with what its delivery's row says
    /// of the file.
    public var part: PartPlace?

    public init(
        id: Int64, received: Int64, name: [UInt8], size: Int64, sha256: SHA256Digest?, verdict: Verdict,
        of: Int64?, reason: RejectionReason?, identity: FileIdentity
    ) {
        self.id = id
        self.received = received
        self.name = name
        self.size = size
        self.sha256 = sha256
        self.verdict = verdict
        self.of = of
        self.reason = reason
        self.identity = identity
    }

    /// Whether the row is a story with a document of its own.
    public var isStory: Bool { hasDocument && part?.isKept != true }

    /// Whether there must be a document under the row's number.
    public var hasDocument: Bool { verdict != .identical && verdict != .rejected && verdict != .parts }

    /// Whether the file is kept in rejected/: it, or one of its parts, was rejected.
    public var isSetAside: Bool { verdict == .rejected || reason != nil }

    /// The numbers of the delivery's parts, which come before its own.
    public var partIDs: Range<Int64> { id - (parts?.count ?? 0)..<id }

    /// The first directory of the file's name, if there is one.
    public var source: [UInt8]? {
        let file = part.map { name.prefix($0.deliveryName) } ?? name[...]
        return file.firstIndex(of: UInt8(ascii: "/")).map { Array(file[..<$0]) }
    }

    /// The hash that the chain has after this row (docs/format.md).
    package func chain(after previous: [UInt8]) -> [UInt8] { encoding(after: previous).digest.bytes }

    /// What the chain is hashed over.
    package func encoding(after previous: [UInt8]) -> RowEncoding {
        var encoding = RowEncoding(after: previous)
        encoding.add(.id, id)
        encoding.add(.desk, desk)
        encoding.add(.content, content)
        encoding.add(.received, received)
        encoding.add(.name, name)
        encoding.add(.size, size)
        encoding.add(.sha256, sha256?.bytes)
        encoding.add(.verdict, Array(verdict.rawValue.utf8))
        encoding.add(.of, of)
        encoding.add(.reason, reason.map { Array($0.stored.utf8) })
        encoding.add(.passages, passages)
        encoding.add(.parts, parts?.bytes)
        encoding.add(.claim, identity.claim)
        encoding.add(.inode, Int64(bitPattern: identity.inode))
        encoding.add(.born, identity.born)
        encoding.add(.modified, identity.modified)
        return encoding
    }

    /// The chain before the first row.
    package static let chainStart = [UInt8](repeating: 0, count: 32)

    package static let columns =
        "id, received, name, size, sha256, verdict, of, reason, claim, inode, born, modified, chain, desk, content, passages, parts"

    package init(_ row: Row) throws(StoreError) { try self.init(CheckedRow(row, "ledger")) }

    package init(_ checked: CheckedRow) throws(StoreError) {
        guard let verdict = Verdict(rawValue: try checked.text(5)), checked.id <= CheckedRow.largestID else {
            throw checked.damaged
        }
        let sha256 = try checked.blobOrNull(4).map { SHA256Digest(bytes: $0) }
        if let sha256, sha256 == nil { throw checked.damaged }
        let of = try checked.integerOrNull(6)
        // The earlier story of a repeat is earlier, or walking up a family would never end.
        let isRepeat = verdict != .new && verdict != .rejected && verdict != .parts
        guard isRepeat == (of != nil), of ?? 1 > 0, of ?? 0 < checked.id else { throw checked.damaged }
        self.init(
            id: checked.id, received: try checked.integer(1), name: try checked.blob(2), size: try checked.integer(3),
            sha256: sha256 ?? nil, verdict: verdict, of: of,
            reason: try checked.textOrNull(7).map(RejectionReason.init(stored:)),
            identity: FileIdentity(
                claim: try checked.integer(8), inode: UInt64(bitPattern: try checked.integer(9)),
                born: try checked.integerOrNull(10), modified: try checked.integer(11)))
        desk = try checked.integerOrNull(13)
        content = try checked.integerOrNull(14)
        passages = try checked.blobOrNull(15)
        parts = try checked.blobOrNull(16).map { bytes throws(StoreError) in
            guard let seal = PartsSeal(bytes: bytes), seal.count < checked.id else { throw checked.damaged }
            return seal
        }
        guard (parts != nil) == (verdict == .parts) else { throw checked.damaged }
    }

    /// The hash that was stored with a row.
    package static func storedChain(_ checked: CheckedRow) throws(StoreError) -> [UInt8] {
        let chain = try checked.blob(12)
        guard chain.count == 32 else { throw checked.damaged }
        return chain
    }
}
