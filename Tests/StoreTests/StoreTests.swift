import Files
import Foundation
import GRDB
import Resemblance
import Story
import TestSupport
import Testing

@testable import Store

/// Rows as the pipeline makes them.
enum Make {
    static func row(_ id: Int64, _ text: String, _ verdict: Verdict = .new, of: Int64? = nil) -> LedgerRow {
        LedgerRow(
            id: id, received: 1_700_000_000_000_000 + id, name: Array("src/\(id).txt".utf8),
            size: Int64(text.utf8.count),
            sha256: verdict == .rejected ? nil : SHA256Digest(of: Array(text.utf8)), verdict: verdict, of: of,
            reason: verdict == .rejected
                ? RejectionReason(code: "fifo", sentence: "a FIFO holds no file", hint: "deliver a regular file") : nil,
            identity: FileIdentity(claim: id, inode: UInt64(id), born: id * 10, modified: id * 100))
    }

    static func entry(
        _ id: Int64, _ text: String, _ verdict: Verdict = .new, of: Int64? = nil, relations: [Relation] = [],
        by dictionary: CompressionDictionary? = nil
    ) -> StoreEntry {
        let row = row(id, text, verdict, of: of)
        guard row.isStory else { return StoreEntry(row: row, content: nil) }
        let reading = Reading(of: Array(text.utf8))
        return StoreEntry(
            row: row,
            content: StoryContent(
                compressed: Compressor().compress(Array(text.utf8), by: dictionary), fields: reading.encoded(),
                parser: Reading.parserVersion,
                fingerprint: ComparableText(of: reading).fingerprint.encoded(), version: reading.versionKey,
                relations: relations))
    }
}

struct StoreTests {
    let scratch = Scratch()
    private var directory: String { scratch.path }

    private func filled() throws -> StoreWriter {
        let store = try StoreWriter(directory: directory)
        try store.append([
            Make.entry(1, "The first story of the day"), Make.entry(2, "The first story of the day", .identical, of: 1),
            Make.entry(3, "", .rejected),
        ])
        let relation = Relation(
            .nearDuplicate, of: 1, resemblance: 0.75, containment: 0.8, containmentOf: 0.9, rule: "much the same")
        try store.append([
            Make.entry(4, "The first story of the day, again", .nearDuplicate, of: 1, relations: [relation])
        ])
        return store
    }

    @Test func commitsAreDurableBeforeTheyReturn() throws {
        #expect(try filled().synchronousLevel() == 2, "FULL, although GRDB sets NORMAL")
    }

    @Test func whatIsCommittedIsReadBackExactly() throws {
        let store = try filled()
        let reader = try StoreReader(directory: directory)
        var rows: [LedgerRow] = []
        try reader.forEachRow(StoreReader.Filter()) {
            rows.append($0)
            return true
        }
        #expect(rows.map(\.id) == [1, 2, 3, 4])
        #expect(rows[2].reason?.code == "fifo" && rows[2].reason?.hint == "deliver a regular file")
        #expect(rows[1] == Make.row(2, "The first story of the day", .identical, of: 1))
        #expect(try reader.document(1)?.bytes == Array("The first story of the day".utf8))
        #expect(try reader.document(2) == nil, "identical bytes get no second copy")
        #expect(try reader.counts() == [.new: 1, .identical: 1, .rejected: 1, .nearDuplicate: 1])
        #expect(try store.digest(1) == SHA256Digest(of: Array("The first story of the day".utf8)))
        #expect(store.lastID == 4)
    }

    @Test func readersWorkWhileTheWriterWrites() throws {
        let store = try filled()
        let reader = try StoreReader(directory: directory)
        var seen: [Int64] = []
        try reader.forEachRow(StoreReader.Filter()) { row in
            if row.id == 1 { try store.append([Make.entry(5, "a late one")]) }
            seen.append(row.id)
            return true
        }
        #expect(seen.prefix(4) == [1, 2, 3, 4])
        #expect(try reader.lastID() == 5)
    }

    @Test func filtersAndTheNewest() throws {
        _ = try filled()
        let reader = try StoreReader(directory: directory)
        func ids(_ change: (inout StoreReader.Filter) -> Void) throws -> [Int64] {
            var filter = StoreReader.Filter()
            change(&filter)
            var ids: [Int64] = []
            try reader.forEachRow(filter) {
                ids.append($0.id)
                return true
            }
            return ids
        }
        #expect(try ids { $0.newest = 2 } == [4, 3])
        #expect(try ids { $0.verdict = .identical } == [2])
        #expect(try ids { $0.since = 2 } == [3, 4])
        #expect(try ids { $0.source = Array("src".utf8) } == [1, 2, 3, 4])
        #expect(try ids { $0.source = Array("other".utf8) } == [])
        #expect(try ids { $0.name = Array("4.t".utf8) } == [4])
        #expect(try ids { $0.storiesOnly = true } == [1, 4])
    }

    @Test func theChainGoesOnAfterARestart() throws {
        let head = try filled().chainHead
        let store = try StoreWriter(directory: directory)
        #expect(store.chainHead == head)
        try store.append([Make.entry(5, "another day")])
        let result = try StoreReader(directory: directory).verify(expectedHead: head)
        #expect(result.isSound, "\(result.checks)")
        #expect(result.rows == 5)
    }

    /// Changes the file as a stranger would, past the program.
    private func tamper(_ sql: String) throws {
        let database = try DatabaseQueue(path: directory + "/" + StoreWriter.fileName)
        try database.write { try $0.execute(sql: sql) }
    }

    @Test(arguments: [
        "UPDATE ledger SET name = 'other' WHERE id = 2", "UPDATE ledger SET verdict = 'new' WHERE id = 2",
        "UPDATE ledger SET received = 0 WHERE id = 1", "DELETE FROM ledger WHERE id = 3",
        "DELETE FROM document WHERE id = 1",
        "DELETE FROM reading WHERE id = 256", "UPDATE document SET bytes = 'forged' WHERE id = 4",
        "UPDATE ledger SET of = 4 WHERE id = 2", "INSERT INTO document VALUES (99, 0, 'x')",
        "UPDATE reading SET fields = '{' WHERE id = 256", "UPDATE ledger SET sha256 = NULL WHERE id = 1",
        "UPDATE ledger SET reason = NULL WHERE id = 3", "UPDATE reading SET parser = 99 WHERE id = 1024",
        "UPDATE reading SET made = 1 WHERE id = 1024", "UPDATE reading SET checksum = 1 WHERE id = 1024",
        "UPDATE checkpoint SET epoch = 'other'", "UPDATE ledger SET desk = 1 WHERE id = 2",
        "UPDATE ledger SET passages = x'00' WHERE id = 4",
        "UPDATE relation SET rule = 'other'", "UPDATE relation SET resemblance = 1", "DELETE FROM relation",
        "UPDATE sketch SET version = 1 WHERE id = 1", "DELETE FROM sketch WHERE id = 1",
        "UPDATE checkpoint SET finished = 7", "ALTER TABLE audit ADD COLUMN other", "DROP TABLE audit",
        "PRAGMA user_version = 0", "PRAGMA application_id = 0", "UPDATE ledger SET of = 0 WHERE id = 1",
    ])
    func everyForgeryShows(sql: String) throws {
        do { try filled().close() }
        #expect(try StoreReader(directory: directory).verify().isSound)
        try tamper(sql)
        #expect(!isSound)
    }

    /// What a reader that cannot even be opened says is no proof either.
    private var isSound: Bool { (try? StoreReader(directory: directory).verify().isSound) ?? false }

    @Test func deliveriesGoOnAfterAReparse() throws {
        let store = try filled()
        let again = NewReading(story: 1, fields: Reading(of: Array("x".utf8)).encoded(), parser: 9, change: nil)
        try store.append([again])
        try store.append([Make.entry(5, "the next delivery")])
        #expect(store.lastID == 5)
    }

    @Test func aCutTailShowsAgainstAnEarlierHead() throws {
        let store = try filled()
        let head = store.chainHead
        store.close()
        try tamper(
            """
            DELETE FROM document WHERE id = 4; DELETE FROM reading WHERE id = 1024; DELETE FROM ledger WHERE id = 4;
            DELETE FROM sketch WHERE id = 4; DELETE FROM relation WHERE id = 1024
            """)
        let reader = try StoreReader(directory: directory)
        #expect(try !reader.verify().isSound, "the head file knows")
        #expect { try StoreWriter(directory: directory) } throws: { error in
            let error = error as? StoreError
            return error?.kind == .damaged && error?.hint.contains("copytaster.sqlite-head") == true
        }
        unlink(scratch.path(StoreWriter.fileName + "-head"))
        #expect(try reader.verify().isSound, "alone, the rest is whole")
        #expect(try !reader.verify(expectedHead: head).isSound)
    }

    @Test func aRedactionRemovesTheTextAndKeepsTheProof() throws {
        let store = try filled()
        try store.redact(4, reason: "takedown")
        #expect { try store.redact(4, reason: "twice") } throws: { ($0 as? StoreError)?.kind == .busy }
        #expect(try store.unfinishedErasures() == [4])
        try store.emptyLog()
        try store.noteErased([4])
        #expect(try store.unfinishedErasures() == [])
        let reader = try StoreReader(directory: directory)
        #expect(try reader.document(4) == nil)
        #expect(try reader.row(4)?.verdict == .nearDuplicate)
        #expect(try reader.verify().isSound)
        #expect(try reader.auditLog(about: 4).map(\.detail) == ["takedown", ""])
        for name in scratch.names() {
            let bytes = FileManager.default.contents(atPath: scratch.path(name)) ?? Data()
            #expect(bytes.range(of: Data("of the day, again".utf8)) == nil, "\(name) still holds the text")
        }
        #expect { try store.redact(4, reason: "twice") } throws: { ($0 as? StoreError)?.kind == .notFound }
    }

    @Test func aStoreOfANewerProgramIsRefused() throws {
        do { try filled().close() }
        try tamper("PRAGMA user_version = 99")
        #expect { try StoreWriter(directory: directory) } throws: { ($0 as? StoreError)?.kind == .tooNew }
        #expect { try StoreReader(directory: directory) } throws: { ($0 as? StoreError)?.kind == .tooNew }
    }

    @Test func theLogFileStaysAfterACleanStop() throws {
        let store = try filled()
        try store.emptyLog()
        store.close()
        #expect(scratch.exists(StoreWriter.fileName + "-wal"), "a reader that may not write needs it")
        #expect(try StoreReader(directory: directory).lastID() == 4)
    }

    @Test func largeDocumentsAreCompressedAndComeBackWhole() throws {
        let store = try StoreWriter(directory: directory)
        let text = String(repeating: "The same sentence again. ", count: 4000)
        try store.append([Make.entry(1, text)])
        #expect(try store.document(1)?.bytes == Array(text.utf8))
        let stored = try store.pool.read { try Data.fetchOne($0, sql: "SELECT bytes FROM document") }
        #expect((stored?.count ?? .max) < text.utf8.count / 10)
    }

    @Test func aBackupPutInPlaceBeginsANewEpoch() throws {
        let backup = scratch.path("copy.sqlite")
        let first: String
        do {
            let store = try filled()
            first = try store.lastCheckpoint().epoch
            try StoreReader(directory: directory).backup(to: backup) { _, _ in }
            try store.append([Make.entry(5, "lost by the restore")])
            store.close()
        }
        do {
            let store = try StoreWriter(directory: directory)
            #expect(try store.lastCheckpoint().epoch == first, "a restart is the same epoch")
            store.close()
        }
        for name in ["", "-wal", "-shm", "-head"] { unlink(scratch.path(StoreWriter.fileName + name)) }
        try FileManager.default.moveItem(atPath: backup, toPath: scratch.path(StoreWriter.fileName))
        let store = try StoreWriter(directory: directory)
        let second = try store.lastCheckpoint().epoch
        #expect(second != first)
        let reader = try StoreReader(directory: directory)
        #expect(try reader.epoch() == second)
        #expect(try reader.endedEpochs() == [EndedEpoch(epoch: first, last: 4)])
        let proof = try reader.verify()
        #expect(proof.isSound && proof.epoch == second, "\(proof.checks)")
    }

    @Test(arguments: [SystemCall.openat2, .write, .fsync])
    func aHeadFileThatCannotBeMadeIsAnError(call: SystemCall) throws {
        do { try filled().close() }
        unlink(scratch.path(StoreWriter.fileName + "-head"))
        let fault = Fault(call, below: scratch.path, count: 1, code: ENOSPC)
        #expect { try StoreWriter(directory: directory) } throws: { error in
            guard let error = error as? StoreError else { return false }
            return error.kind == .noRoom && (error.cause as? FileError)?.call == call
                && error.location.file == "Store/HeadFile.swift"
        }
        fault.end()
        #expect(try StoreWriter(directory: directory).lastID == 4)
    }

    @Test func thereIsNothingToReadWithoutAStore() {
        #expect { try StoreReader(directory: directory) } throws: { ($0 as? StoreError)?.kind == .missing }
    }

    @Test func aBackupIsAStore() throws {
        _ = try filled()
        try StoreReader(directory: directory).backup(to: scratch.path("copy.sqlite")) { _, _ in }
        let result = try StoreReader(file: scratch.path("copy.sqlite")).verify()
        #expect(result.isSound && result.rows == 4)
    }

    @Test func familiesMergeUnderTheirEarliestMember() {
        var families = Families()
        families.join(2, 1)
        families.join(4, 3)
        families.join(5, 4)
        #expect(families.family(of: 5) == 3)
        families.join(5, 2)
        #expect([1, 2, 3, 4, 5].allSatisfy { families.family(of: $0) == 1 })
        #expect(families.members() == [1: [1, 2, 3, 4, 5]])
        #expect(families.family(of: 9) == 9)
    }

    @Test func digestsAreThoseOfTheStandard() {
        // FIPS 180-4's example.
        let digest = SHA256Digest(of: Array("abc".utf8))
        #expect(digest.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(SHA256Digest(hexadecimal: digest.description) == digest)
        #expect(SHA256Digest(hexadecimal: "xyz") == nil)
    }
}
