// What a recovery brings out of a damaged store: all that can be read, nothing that is not true, and a new store whose
// proof tells what is missing.

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Recover
@testable import Store

@Suite(.serialized)
struct StoreRecoveryTests {
    /// Recovers a store into a new directory and proves that.
    private static func recover(
        _ store: DamagedStore, in scratch: Scratch
    ) throws -> (result: RecoveryResult, directory: String, proof: Verification) {
        store.write(to: scratch)
        let target = scratch.path("new")
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        let result = try StoreRecovery(directory: scratch.path).run(into: target) { _, _ in }
        return (result, target, try StoreReader(directory: target).verify())
    }

    /// What a store says of the stories that may not change: rows and bytes.
    private static func stories(_ directory: String) throws -> [Int64: (LedgerRow, [UInt8]?)] {
        let reader = try StoreReader(directory: directory)
        var stories: [Int64: (LedgerRow, [UInt8]?)] = [:]
        try reader.forEachRow(StoreReader.Filter()) {
            stories[$0.id] = ($0, try reader.document($0.id)?.bytes)
            return true
        }
        return stories
    }

    @Test func aSoundStoreComesOverWhole() throws {
        for store in [try DamagedStore.make(), try DamagedStore.makeCrashed(), try DamagedStore.make(pageSize: 65536)] {
            let scratch = Scratch()
            let (result, directory, proof) = try Self.recover(store, in: scratch)
            #expect(result.isComplete && result.unproven.isEmpty && result.reread.isEmpty, "\(result)")
            #expect(proof.isSound, "\(proof.checks)")
            // All but the audit that tells of it, and the empty rows of what was redacted.
            let content = try DamagedStore.read(directory + "/" + StoreWriter.fileName)
            let expected = store.content.filter { !$0.contains("coding:-1") && !$0.contains("fields:Data(0 bytes)") }
            // It is another store: what was counted or remembered of the old one is not about it.
            func unnamed(_ row: String) -> String { row.hasPrefix("checkpoint") ? "checkpoint" : row }
            #expect(content.filter { !$0.contains("kind:\"recover\"") }.map(unnamed) == expected.map(unnamed))
            #expect(content.filter { $0.hasPrefix("checkpoint") } != expected.filter { $0.hasPrefix("checkpoint") })
        }
    }

    @Test func whateverIsDamagedNothingUntrueComesOver() throws {
        let store = try DamagedStore.make()
        let original = try { () -> [Int64: (LedgerRow, [UInt8]?)] in
            let scratch = Scratch()
            store.write(to: scratch)
            return try Self.stories(scratch.path)
        }()
        let step = Torture.isLong ? 1 : 131
        let failures = Mutex([String]())
        let kept = Mutex(0)
        inParallel(store.database.count / step) { number, scratch in
            // The header says how large these small pages are; those of a real store are of the size that is assumed.
            let at = max(100, number * step)
            var damaged = store
            for byte in at..<min(at + (number % 4 == 0 ? 512 : 1), damaged.database.count) {
                damaged.database[byte] ^= 0xFF
            }
            do {
                let (result, directory, proof) = try Self.recover(damaged, in: scratch)
                if !proof.isSound { failures.withLock { $0.append("byte \(at): \(proof.checks)") } }
                let unsure = Set(result.remade + result.unproven)
                for (id, story) in try Self.stories(directory) {
                    if !unsure.contains(id), story.0 != original[id]?.0 {
                        failures.withLock { $0.append("byte \(at): row \(id) is another one") }
                    }
                    if let bytes = story.1, bytes != original[id]?.1 {
                        failures.withLock { $0.append("byte \(at): story \(id) has other bytes") }
                    }
                }
                kept.withLock { $0 += result.rows }
                // And it goes on: numbers are not given twice.
                let writer = try StoreWriter(directory: directory)
                try writer.append([Make.entry(writer.lastID + 1, "Life goes on")])
                writer.close()
                if writer.lastID < 9 { failures.withLock { $0.append("byte \(at): number \(writer.lastID) again") } }
                if try !StoreReader(directory: directory).verify().isSound {
                    failures.withLock { $0.append("byte \(at): not sound any more") }
                }
            } catch { failures.withLock { $0.append("byte \(at): \(error)") } }
        }
        let tried = store.database.count / step
        print("recoveries: \(tried), with \(kept.withLock { $0 }) of \(tried * original.count) rows")
        #expect(failures.withLock { $0 }.isEmpty, "\(failures.withLock { $0.prefix(5) })")
    }

    @Test func withoutItsFirstPageAStoreStillComesOver() throws {
        var store = try DamagedStore.make(pageSize: 16384)
        for byte in 0..<16384 { store.database[byte] = 0 }
        let (result, _, proof) = try Self.recover(store, in: Scratch())
        #expect(result.isComplete && result.rows == 8, "\(result)")
        #expect(proof.isSound)
    }

    @Test func whatIsLostIsToldAndStaysTold() throws {
        var store = try DamagedStore.make()
        // The document of story 5 is the longest: damage the middle of its bytes.
        let bytes = try #require(
            Data(store.database).range(of: Data("The first story of the day\n\nTold by Ann Lee, ag".utf8)))
        store.database[bytes.lowerBound + 3] ^= 1
        let scratch = Scratch()
        let (result, directory, proof) = try Self.recover(store, in: scratch)
        #expect(result.textless.map(\.id) == [4])
        #expect(result.textless.first.map { String(decoding: $0.name, as: UTF8.self) } == "src/4.txt")
        #expect(proof.isSound && proof.lost == 0, "\(proof.checks)")
        // A recovery of the recovered store tells the same.
        let again = scratch.path("again")
        try FileManager.default.createDirectory(atPath: again, withIntermediateDirectories: true)
        let second = try StoreRecovery(directory: directory).run(into: again) { _, _ in }
        #expect(second.isComplete)
        #expect(try StoreReader(directory: again).verify().isSound)
    }

    @Test func rowsThatOnlyTheHeadFileKnowsAreLostAndNotGivenAgain() throws {
        var store = try DamagedStore.makeCrashed()
        store.log = []
        let scratch = Scratch()
        let (result, directory, proof) = try Self.recover(store, in: scratch)
        #expect(result.lost == [9...12])
        #expect(proof.isSound && proof.lost == 4)
        #expect(try StoreWriter(directory: directory).lastID == 12)
    }

    @Test func whatADamagedLogStillHoldsComesOver() throws {
        var store = try DamagedStore.makeCrashed()
        // SQLite ends the log at the first frame that is wrong. What is behind it proves itself.
        store.log[40] ^= 0xFF
        let (result, _, proof) = try Self.recover(store, in: Scratch())
        #expect(result.isComplete && result.rows == 12, "\(result)")
        #expect(proof.isSound)
    }

    @Test func aRedactedTextDoesNotComeBack() throws {
        let store = try DamagedStore.make()
        let scratch = Scratch()
        let (_, directory, _) = try Self.recover(store, in: scratch)
        let bytes = FileManager.default.contents(atPath: directory + "/" + StoreWriter.fileName) ?? Data()
        #expect(bytes.range(of: Data("To be forgotten".utf8)) == nil)
        #expect(try StoreReader(directory: directory).auditLog(about: 6).map(\.detail) == ["takedown"])
    }
}
