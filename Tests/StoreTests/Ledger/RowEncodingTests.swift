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

    private static func parts() -> [PartRow] {
        let first = PartRow(
            id: 4, delivery: 6, number: 1, name: Array("#1".utf8), format: "text", mediaType: "text/plain", start: 0,
            size: 2, sha256: SHA256Digest(of: Array("ab".utf8)), verdict: .new)
        var second = PartRow(
            id: 5, delivery: 6, number: 2, name: Array("dir/a.jpg".utf8), format: "media", mediaType: "image/jpeg",
            isKept: true, start: nil, size: 3, sha256: SHA256Digest(of: Array("abc".utf8)), verdict: .identical,
            of: 1, reason: RejectionReason(code: "x", sentence: "y", hint: "z"))
        second.passages = passages
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
        var sixth = row(6, name: Array("src/6.txt".utf8), size: 3, .parts, reason: nil, inode: 61, born: 62)
        sixth.parts = PartsSeal(parts())
        return [first, second, third, sixth]
    }

    @Test func rowsAreEncodedAndChainedAsDocumented() throws {
        let vectors = try Self.vectors()
        #expect(vectors.count == 10)
        var chain = LedgerRow.chainStart
        for row in Self.rows() {
            #expect(Self.hexadecimal(row.encoding(after: chain).bytes) == vectors["row \(row.id) encoding"])
            chain = row.chain(after: chain)
            #expect(Self.hexadecimal(chain) == vectors["row \(row.id) chain"])
        }
        for part in Self.parts() {
            #expect(Self.hexadecimal(part.encoding.bytes) == vectors["part \(part.id) encoding"])
        }
    }

    @Test func theStoreKeepsEveryFieldThatIsChained() throws {
        let scratch = Scratch()
        let store = try StoreWriter(directory: scratch.path)
        let parts = Self.parts().map { PartEntry(row: $0, content: nil) }
        try store.append(Self.rows().map { StoreEntry(row: $0, content: nil, parts: $0.id == 6 ? parts : []) })
        #expect(try store.rows(after: 0) == Self.rows())
        let reader = try StoreReader(directory: scratch.path)
        #expect(try reader.parts(of: Self.rows()[3]) == Self.parts())
        #expect(store.chainHead == (try Self.vectors()["row 6 chain"]))
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
