// The claims journal, and the account that is made from it.

import Foundation
import TestSupport
import Testing

@testable import Files
@testable import Inbox

/// A ledger of the rows that a test says there are.
struct FakeLedger {
    var store = "store"
    var claims: Set<Int64> = []
    var recent: Set<Int64> = []
    var names: [Int64: RelativePath] { Dictionary(uniqueKeysWithValues: recent.map { ($0, "row") }) }

    var value: LedgerClaims {
        LedgerClaims(
            store: store, recent: names, count: { (claims.max() ?? 0, Int64(claims.count)) },
            rows: { $0.intersection(claims) })
    }
}

struct ClaimsJournalTests {
    let scratch = Scratch()

    private func open() throws -> ClaimsJournal { try ClaimsJournal(work: Directory(path: scratch.path)) }

    private func record() throws -> ClaimsRecord { try ClaimsRecord(work: Directory(path: scratch.path)) }

    private func claim(_ journal: ClaimsJournal, _ name: RelativePath) throws -> Int64 {
        let number = try journal.begin(name)
        journal.made(number, name)
        return number
    }

    @Test func namesOfAnyBytesSurviveTheEndOfTheProcess() throws {
        let names = try [Array("a b%.txt".utf8), [0xFF, 0x0A, 0x20], Array("故事/1".utf8)].map {
            try #require(RelativePath($0))
        }
        let journal = try open()
        _ = journal.reconcile(with: FakeLedger().value, filesInWork: [])
        let numbers = try names.map { try claim(journal, $0) }
        #expect(numbers == [1, 2, 3])
        let again = try open()
        #expect(numbers.map(again.name(of:)) == names)
        let report = again.reconcile(with: FakeLedger().value, filesInWork: [1, 2, 3])
        #expect(report == ClaimsReport())
        #expect(try claim(again, "next") == 4)
    }

    @Test func theNumberOfAClaimThatWasNotMadeIsUsedForTheNext() throws {
        let journal = try open()
        _ = journal.reconcile(with: FakeLedger().value, filesInWork: [])
        let first = try journal.begin("fails")
        let second = try claim(journal, "a")
        #expect(first == 1 && second == 1)
        #expect(try record().names == [1: "a"])
        _ = try journal.begin("is under way at the crash")
        let report = try open().reconcile(with: FakeLedger().value, filesInWork: [1])
        #expect(report == ClaimsReport(), "nothing is missing")
        #expect(try record().last == 1)
    }

    @Test func aClaimWithoutRowAndFileIsLost() throws {
        let journal = try open()
        _ = journal.reconcile(with: FakeLedger().value, filesInWork: [])
        for name in ["row", "file", "gone", "back", "last"] as [RelativePath] { _ = try claim(journal, name) }
        try journal.returning(4)
        journal.left(4, hasRow: false)
        let ledger = FakeLedger(claims: [1], recent: [1])
        let report = try open().reconcile(with: ledger.value, filesInWork: [2, 5])
        #expect(report.recount == nil)
        #expect(report.lost == [3: "gone"])
        let written = try record()
        #expect(written.last == 5 && written.settled == 1)
        #expect(written.names == [2: "file", 3: "gone", 5: "last"], "what is lost stays on the list")
    }

    @Test func whatShouldGoBackAndGotARowAllTheSameIsCounted() throws {
        let journal = try open()
        _ = journal.reconcile(with: FakeLedger().value, filesInWork: [])
        for name in ["a", "b"] as [RelativePath] { _ = try claim(journal, name) }
        try journal.returning(1)
        _ = try open().reconcile(with: FakeLedger(claims: [1], recent: [1]).value, filesInWork: [2])
        #expect(try record().settled == 1)
    }

    @Test func anOldRowIsLookedForBeforeAClaimCountsAsLost() throws {
        let journal = try open()
        _ = journal.reconcile(with: FakeLedger().value, filesInWork: [])
        for name in ["a", "b"] as [RelativePath] { _ = try claim(journal, name) }
        let report = try open().reconcile(with: FakeLedger(claims: [1, 2]).value, filesInWork: [])
        #expect(report.lost.isEmpty)
        #expect(try record().settled == 2)
        #expect(try record().last == 2, "the last claim has a row: its number is used up")
    }

    @Test func whatAPowerCutLeavesIsCountedAnewAndNumbersNeverComeAgain() throws {
        let journal = try open()
        _ = journal.reconcile(with: FakeLedger().value, filesInWork: [])
        for name in ["a", "b", "c"] as [RelativePath] { _ = try claim(journal, name) }
        var whole = try Data(contentsOf: URL(fileURLWithPath: scratch.path(".claims")))
        whole = whole.prefix { $0 != 0 }
        for kept in [0, 20, whole.count - 30, whole.count - 1] {
            for tail in [0, 64] {
                try (whole.prefix(kept) + Data(count: tail)).write(to: URL(fileURLWithPath: scratch.path(".claims")))
                let again = try open()
                let ledger = FakeLedger(claims: [1, 2], recent: [1, 2])
                let report = again.reconcile(with: ledger.value, filesInWork: [3])
                #expect(report.recount != nil, "\(kept) bytes and \(tail) zeros")
                #expect(try claim(again, "next") == 4)
                #expect(try record().settled == 2)
                #expect(["recovered/3", "c"].contains(again.name(of: 3).description))
            }
        }
    }

    @Test func aJournalOfAnotherStoreIsCountedAnew() throws {
        let journal = try open()
        _ = journal.reconcile(with: FakeLedger().value, filesInWork: [])
        for name in ["a", "b", "c"] as [RelativePath] { _ = try claim(journal, name) }
        let again = try open()
        let report = again.reconcile(
            with: FakeLedger(store: "other", claims: [1]).value, filesInWork: [])
        #expect(report.recount == .otherStore && report.lost.isEmpty)
        #expect(try claim(again, "next") == 4)
    }

    @Test func compactingKeepsWhatIsOnItsWay() throws {
        let journal = try open()
        _ = journal.reconcile(with: FakeLedger().value, filesInWork: [])
        for name in ["a", "b"] as [RelativePath] { _ = try claim(journal, name) }
        journal.left(1, hasRow: true)
        try journal.compact()
        #expect(try record().names == [2: "b"])
        #expect(try record().settled == 1)
        _ = try claim(journal, "c")
        #expect(try record().names == [2: "b", 3: "c"])
    }

    @Test func onAFullFileSystemClaimsAreStillWrittenDown() throws {
        let journal = try open()
        _ = journal.reconcile(with: FakeLedger().value, filesInWork: [])
        var before = stat()
        var after = stat()
        stat(scratch.path(".claims"), &before)
        for number in 0..<1000 { _ = try claim(journal, RelativePath(FileName(number: Int64(number), ending: ".txt"))) }
        stat(scratch.path(".claims"), &after)
        #expect(before.st_blocks == after.st_blocks, "the room was reserved")
        #expect(try record().names.count == 1000)
        #expect(try record().isWhole)
    }

    @Test func aLineThatCouldNotBeWrittenIsWrittenOver() throws {
        let journal = try open()
        _ = journal.reconcile(with: FakeLedger().value, filesInWork: [])
        do {
            let fault = Fault(.write, below: scratch.path, code: ENOSPC)
            defer { fault.end() }
            #expect(throws: FileError.self) { try journal.begin("a") }
        }
        _ = try claim(journal, "b")
        #expect(try record().names == [1: "b"])
        #expect(try record().isWhole)
    }
}

struct ClaimsAccountTests {
    private func record(_ change: (inout ClaimsRecord) -> Void = { _ in }) -> ClaimsRecord {
        var record = ClaimsRecord()
        (record.store, record.last, record.settled) = ("store", 5, 2)
        record.names = [3: "c", 4: "d", 5: "e"]
        change(&record)
        return record
    }

    private func faults(
        _ rows: [Int64], inWork: Set<Int64> = [4, 5], record: ClaimsRecord? = nil, later: ClaimsRecord? = nil
    ) -> [String] {
        let record = record ?? self.record()
        var account = ClaimsAccount(record, inWork: inWork)
        for row in rows { account.note(row: row) }
        return account.faults(store: "store", later: later ?? record)
    }

    @Test func anAccountThatIsRightHasNoFaults() {
        #expect(faults([1, 2, 0, 3, 0]) == [])
        #expect(faults([1, 2, 3, 6, 7]) == [], "claims that were made meanwhile")
        #expect(faults([1, 2, 3], inWork: [4]) == [], "the last claim may be under way")
    }

    @Test func aMissingRowADoubledOneAndAMissingFileAreNamed() {
        #expect(faults([1, 3]).first?.contains("counts 2 finished claims, the ledger has rows of 1") == true)
        #expect(faults([1, 2, 2, 3]).first?.contains("rows of 3") == true)
        #expect(faults([1, 2, 3, 3]) == ["claim 3 (c) has two rows"])
        #expect(faults([1, 2]) == ["claim 3 (c) has no row, no file in work/, and did not go back"])
        #expect(faults([1, 2, 3], inWork: [5]).count == 1)
    }

    @Test func whatWentBackIsNotMissing() {
        #expect(faults([1, 2], record: record { $0.returned = [3] }) == [])
        #expect(faults([1, 2], later: record { $0.returned = [3] }) == [])
        #expect(faults([1, 2], later: record { $0.names[3] = nil }) == [], "it went back meanwhile")
    }

    @Test func aJournalOfAnotherStoreIsNotComparedAndOneCutShortIsTold() {
        #expect(faults([1], record: record { $0.store = "other" }) == [], "it is not about this store")
        #expect(faults([1, 2, 3], record: record { $0.isWhole = false }).count == 1)
    }
}
