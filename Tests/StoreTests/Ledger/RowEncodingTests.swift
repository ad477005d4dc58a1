// The canonical encoding of a row, held against the test vectors of docs/format.md, which were computed by another program.

import Foundation
import Resemblance
import TestSupport
import Testing

@testable import Store

struct RowEncodingTests {
    /// The vectors: `row 1 encoding` and the like, with their bytes in hexadecimal digits.
    private static func vectors() throws -> [String: String] {
        let text = try String(contentsOf: Checkout.root.appendingPathComponent("docs/format.md"), encoding: .utf8)
        var vectors: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("    row ") || line.hasPrefix("    part ") {
            let words = line.split(separator: " ")
            guard words.count == 4 else { continue }
            vectors[words[..<3].joined(separator: " ")] = String(words[3])
        }
        return vectors
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static let passages = SharedPassage.encoded([SharedPassage(range: 0..<120, of: 1, ofStart: 40)])

    private static func parts() -> [RowEncoding] {
        var first = RowEncoding.part()
        first.add(part: .delivery, 3)
        first.add(part: .part, 1)
        first.add(part: .start, 0)
        first.add(part: .length, 2)
        first.add(part: .verdict, Array("new".utf8))
        var second = RowEncoding.part()
        second.add(part: .delivery, 3)
        second.add(part: .part, 2)
        second.add(part: .start, 2)
        second.add(part: .length, 1)
        second.add(part: .verdict, Array("near-duplicate".utf8))
        second.add(part: .of, 1)
        second.add(part: .ofPart, 1)
        second.add(part: .passages, passages)
        return [first, second]
    }

    private static func row(
        _ id: Int64, name: [UInt8], size: Int64, _ verdict: Verdict, of: Int64? = nil, reason: RejectionReason?,
        inode: UInt64, born: Int64?
    ) -> LedgerRow {
        LedgerRow(
            id: id, received: 1_700_000_000_000_000 + id, name: name, size: size,
            sha256: verdict == .rejected ? nil : SHA256Digest(of: Array("abc".utf8)), verdict: verdict, of: of,
            reason: reason, identity: FileIdentity(claim: id, inode: inode, born: born, modified: id * 10 + 3))
    }

    private static func rows() -> [LedgerRow] {
        let first = row(1, name: Array("src/1.txt".utf8), size: 3, .new, reason: nil, inode: 11, born: 12)
        var second = row(
            2, name: Array("src/".utf8) + [0xFF] + Array(".txt".utf8), size: 0, .rejected,
            reason: RejectionReason(code: "fifo", sentence: "a FIFO holds no file", hint: "deliver a regular file"),
            inode: .max, born: nil)
        second.desk = 3
        var third = row(
            3, name: Array("src/3.txt".utf8), size: 3, .nearDuplicate, of: 1,
            reason: RejectionReason(code: "x", sentence: "y", hint: "z"), inode: 31, born: 32)
        third.desk = 3
        third.content = 3 << 48 | 7
        third.passages = passages
        third.parts = SHA256Digest(of: parts().flatMap(\.bytes)).bytes
        return [first, second, third]
    }

    @Test func rowsAreEncodedAndChainedAsDocumented() throws {
        let vectors = try Self.vectors()
        #expect(vectors.count == 8)
        var chain = LedgerRow.chainStart
        for row in Self.rows() {
            #expect(Self.hexadecimal(row.encoding(after: chain).bytes) == vectors["row \(row.id) encoding"])
            chain = row.chain(after: chain)
            #expect(Self.hexadecimal(chain) == vectors["row \(row.id) chain"])
        }
        for (index, part) in Self.parts().enumerated() {
            #expect(Self.hexadecimal(part.bytes) == vectors["part \(index + 1) encoding"])
        }
    }

    @Test func theStoreKeepsEveryFieldThatIsChained() throws {
        let scratch = Scratch()
        let store = try StoreWriter(directory: scratch.path)
        try store.append(Self.rows().map { StoreEntry(row: $0, content: nil) })
        #expect(try store.rows(after: 0) == Self.rows())
        #expect(store.chainHead == (try Self.vectors()["row 3 chain"]))
    }
    @Test func passagesReadBack() {
        let passages = [
            SharedPassage(range: 5..<120, of: 1, ofStart: 40), SharedPassage(range: 300..<310, of: 7, ofStart: 0),
        ]
        #expect(SharedPassage.decoded(SharedPassage.encoded(passages)) == passages)
        #expect(SharedPassage.decoded([]) == [])
        #expect(SharedPassage.decoded([1, 2, 3]) == nil)
        #expect(SharedPassage.decoded([UInt8](repeating: 0xFF, count: 32)) == nil)
    }
}
