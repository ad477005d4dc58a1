// Signed heads: what the owner of a store cannot hide.

import Files
import Foundation
import GRDB
import Resemblance
import Store
import TestSupport
import Testing

@testable import Backup

struct SignedHeadTests {
    private let scratch = Scratch()

    /// Makes a key; the line that allows it.
    private func key(_ name: String, principal: String = "desk") -> (path: String, allowed: String) {
        let path = scratch.path(name)
        let made = ShellCommand.run(
            "/usr/bin/env", ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path])
        #expect(made.status == 0, "\(made.words)")
        let text = FileManager.default.contents(atPath: path + ".pub").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return (path, "\(principal) \(text)")
    }

    private func filled() throws -> Archive {
        let archive = try Archive()
        for number in 0..<10 { try archive.add("Story \(number)") }
        return archive
    }

    private func head(_ archive: Archive) throws -> StoreReader.Head {
        try StoreReader(directory: archive.state).head()
    }

    private func check(_ archive: Archive, _ lines: [String], _ allowed: String) throws -> Verification.Check {
        let anchors = scratch.write(lines.joined(separator: "\n") + "\n", to: "anchors")
        let signers = scratch.write(allowed, to: "signers")
        return try AnchorsProof(path: anchors, signers: signers)
            .check(StoreReader(directory: archive.state)) { _, _ in }
    }

    /// Makes all hashes anew from a row on, as the owner of a store can.
    private func rewrite(_ archive: Archive, from first: Int64) throws {
        try archive.store.pool.write { db in
            var chain = LedgerRow.chainStart
            for raw in try Row.fetchAll(db, sql: "SELECT \(LedgerRow.columns) FROM ledger ORDER BY id") {
                var row = try LedgerRow(raw)
                if row.id == first { row.name = Array("another.txt".utf8) }
                chain = row.chain(after: chain)
                try db.execute(
                    sql: "UPDATE ledger SET name = ?, chain = ? WHERE id = ?",
                    arguments: [Data(row.name), Data(chain), row.id])
            }
        }
        archive.scratch.write([], to: "state/copytaster.sqlite-head")
    }

    @Test func signedHeadsAreFoundInTheChain() throws {
        let archive = try filled()
        let (path, allowed) = key("key")
        let first = try SignedHead(head(archive), at: Date(), key: path)
        try archive.add("One more")
        let second = try SignedHead(head(archive), at: Date(), key: path)
        // As they come from a file, or from a journal's text.
        let check = try check(archive, [first.line, "", "the head of row 11, signed: \(second.line)"], allowed)
        #expect(check.isSound, "\(check.faults)")
        #expect(check.finding.hasPrefix("2 signed heads, the newest of row 11"))
    }

    @Test func aStoreWithAllHashesMadeAnewIsCaught() throws {
        let archive = try filled()
        let (path, allowed) = key("key")
        let signed = try SignedHead(head(archive), at: Date(), key: path)
        try rewrite(archive, from: 4)
        #expect(try StoreReader(directory: archive.state).verify().isSound, "its own proof cannot know")
        let check = try check(archive, [signed.line], allowed)
        #expect(check.faults.count == 1)
        #expect(check.faults.first?.contains("the rows up to there were changed") == true)
    }

    @Test func aStoreThatWasCutShortIsCaught() throws {
        let archive = try filled()
        let (path, allowed) = key("key")
        let signed = try SignedHead(head(archive), at: Date(), key: path)
        try archive.store.pool.write { try $0.execute(sql: "DELETE FROM ledger WHERE id > 8") }
        let check = try check(archive, [signed.line], allowed)
        #expect(check.faults.first?.contains("the ledger ends with row 8") == true)
    }

    @Test func aRestoreInBetweenIsNamedAndStillAFault() throws {
        let archive = try filled()
        let (path, allowed) = key("key")
        let signed = try SignedHead(head(archive), at: Date(), key: path)
        try archive.store.pool.write { try $0.execute(sql: "DELETE FROM ledger WHERE id > 8") }
        try archive.store.pool.writeWithoutTransaction { try StoreWriter.beginEpoch($0, after: 8) }
        let check = try check(archive, [signed.line], allowed)
        #expect(check.faults.first?.contains("a backup was put in place then, with rows up to 8") == true)
    }

    @Test func aWrongKeyIsRefused() throws {
        let archive = try filled()
        let (path, _) = key("key")
        let (_, other) = key("other")
        let signed = try SignedHead(head(archive), at: Date(), key: path)
        let check = try check(archive, [signed.line], other)
        #expect(check.faults.first?.contains("is signed by no key of") == true)
    }

    @Test func aSignatureOfSomethingElseIsRefused() throws {
        let archive = try filled()
        let (path, allowed) = key("key")
        var moved = try SignedHead(head(archive), at: Date(), key: path)
        moved.row -= 1
        moved.chain = try #require(try StoreReader(directory: archive.state).chain(of: moved.row))
        var foreign = try SignedHead(head(archive), at: Date(), key: path)
        // The same key, for another purpose.
        foreign.signature = String(
            decoding: ShellCommand.run(
                "/usr/bin/env", ["ssh-keygen", "-q", "-Y", "sign", "-f", path, "-n", "git"], input: Array("x".utf8)
            ).output, as: UTF8.self)
        let check = try check(archive, [moved.line, foreign.line], allowed)
        #expect(check.faults.count == 2)
        #expect(check.faults.allSatisfy { $0.contains("its signature is wrong") })
    }

    @Test func aFileWithoutSignedHeadsProvesNothing() throws {
        let archive = try filled()
        let (_, allowed) = key("key")
        #expect(try check(archive, ["nothing here"], allowed).faults.first?.contains("no signed head") == true)
        #expect(try check(archive, ["{\"row\":1}"], allowed).faults.first?.contains("line 1") == true)
        #expect(throws: BackupError.self) { try AnchorsProof(path: "/nonexistent", signers: "/nonexistent") }
    }

    @Test func aKeyThatCannotSignIsTold() throws {
        let archive = try filled()
        let error = #expect(throws: BackupError.self) {
            try SignedHead(head(archive), at: Date(), key: "/nonexistent/key")
        }
        #expect(error?.message.contains("ssh-keygen") == true)
    }
}
