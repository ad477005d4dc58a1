// A followed backup: that all of it arrives, once, whatever happens in between, and comes back as it was.

import Files
import Foundation
import GRDB
import Store
import Story
import TestSupport
import Testing

@testable import Backup

struct FollowerTests {
    private func filled(_ count: Int = 20) throws -> Archive {
        let archive = try Archive()
        for number in 0..<count {
            try archive.add("Story \(number)\n\nTold by number \(number).", of: number % 5 == 4 ? 1 : nil)
        }
        try archive.store.note(action: "requeue", story: 3, detail: "3.txt")
        return archive
    }

    private func expectSame(_ archive: Archive, _ restored: String) throws {
        #expect(try Archive.content(restored) == Archive.content(archive.state))
        let (old, new) = (try StoreReader(directory: archive.state), try StoreReader(directory: restored))
        #expect(try new.head().chain == old.head().chain)
        let proof = try new.verify()
        #expect(proof.isSound, "\(proof.checks)")
        #expect(try new.epoch() != old.epoch())
        let ended = try #require(try new.endedEpochs().last)
        #expect(try ended.epoch == old.epoch() && ended.last == old.lastID())
    }

    @Test func whatIsRestoredIsTheStoreWithItsHeadAndANewEpoch() throws {
        let archive = try filled()
        #expect(try archive.store.trainDictionary(from: []) == false)
        try archive.ship()
        try expectSame(archive, try archive.restore())
    }

    @Test func manyShipmentsAndFollowersAreOneStream() throws {
        let archive = try filled(0)
        var limits = Follower.Limits()
        limits.shipment = 700
        for number in 0..<60 {
            try archive.add("Story \(number) has its own words \(number * 7919)")
            // Each time another process.
            try archive.ship(limits: limits)
        }
        let names = try archive.target().list()
        _ = try SegmentList(names, epoch: archive.store.lastCheckpoint().epoch)
        try expectSame(archive, try archive.restore())
    }

    @Test func segmentsAreMergedAndStayFew() throws {
        let archive = try filled(0)
        let follower = try Follower(source: archive.source(), target: archive.target())
        for number in 0..<200 {
            try archive.add("Story \(number)")
            try archive.ship(by: follower)
        }
        #expect(try archive.target().list().count <= 12, "a few, of doubling sizes")
        var limits = Follower.Limits()
        limits.segment = 4096
        let other = Scratch()
        try archive.ship(to: DirectoryTarget(path: other.path), limits: limits)
        try expectSame(archive, try archive.restore())
    }

    @Test func nothingNewShipsNothing() throws {
        let archive = try filled()
        let follower = try archive.ship()
        let names = try archive.target().list()
        #expect(try follower.step().records == 0)
        #expect(try follower.step(isPointWanted: true).records == 2, "the checkpoint, and the point")
        try archive.ship()
        #expect(try archive.target().list().count <= names.count + 1)
    }

    /// The target is switched off at each of its calls in turn, before and after it is done. What is there can be restored
    /// at any time, and the next follower goes on without a gap.
    @Test(arguments: [false, true]) func aTargetThatFailsAtAnyCallCostsNothing(isDone: Bool) throws {
        let archive = try filled(6)
        var limits = Follower.Limits()
        limits.shipment = 600
        try archive.ship(limits: limits)
        var fails = 1
        var rounds = 0
        while fails < 60 {
            rounds += 1
            let id = try archive.add(
                "Late story number \(rounds) speaks of word\(rounds)zyx", of: 1, rule: "quotes word\(rounds)zyx")
            if rounds % 3 == 0 { try archive.store.redact(id - 1, reason: "takedown") }
            let target = FailingTarget(try archive.target(), at: fails, isDone: isDone)
            do {
                try archive.ship(to: target, limits: limits)
                #expect(target.calls < fails)
                fails = 100
            } catch is BackupError {}
            #expect(try StoreReader(directory: archive.restore()).verify().isSound, "after call \(fails)")
            fails += 1
        }
        #expect(fails == 101, "it went through once nothing failed")
        try archive.ship(limits: limits)
        try expectSame(archive, try archive.restore())
        for round in stride(from: 3, through: rounds, by: 3) {
            #expect(!archive.targetHolds("word\(round - 1)zyx"), "redacted")
        }
    }

    @Test func aRedactedTextIsErasedFromWhatWasShipped() throws {
        let archive = try filled()
        let secret = try archive.add("The xylophonquartz was seen")
        try archive.add("The xylophonquartz was seen again", of: secret, rule: "both have xylophonquartz")
        try archive.store.append([
            NewReading(
                story: secret, fields: Reading(of: Array("x".utf8)).encoded(), parser: 2, change: "xylophonquartz")
        ])
        let follower = try archive.ship()
        #expect(archive.targetHolds("xylophonquartz"))
        let epoch = try #require(follower.epoch)
        archive.scratch.write("xylophonquartz, as a crash leaves it", to: "target/\(epoch)/.put.part")
        try archive.store.redact(secret, reason: "court order")
        try archive.store.redact(secret + 1, reason: "court order")
        for number in 0..<5 { try archive.add("After it \(number)") }
        try archive.ship(by: follower)
        #expect(!archive.targetHolds("xylophonquartz"))
        try expectSame(archive, try archive.restore())
        #expect(try follower.step().records == 0)
    }

    @Test func whatAReparseReadsAgainArrives() throws {
        let archive = try filled()
        let follower = try archive.ship()
        let again = Reading(of: Array("Another headline".utf8)).encoded()
        try archive.store.append([
            NewReading(story: 2, fields: again, parser: 2, change: nil),
            NewReading(story: 7, fields: again, parser: 2, change: "headline: (none) → Another headline"),
        ])
        try archive.ship(by: follower)
        try expectSame(archive, try archive.restore())
    }

    /// Whatever tables a store has: what is in them comes back.
    @Test func everyTableIsShipped() throws {
        let archive = try filled(2)
        let documents = (0..<400).map {
            Array("Word for word for word, the same phrase again and again \($0 % 7)".utf8)
        }
        _ = try archive.store.trainDictionary(from: documents)
        try archive.ship()
        try expectSame(archive, try archive.restore())
        let tables = Set(try Archive.content(archive.state).compactMap { $0.split(separator: " ").first })
        #expect(tables.isSuperset(of: ["ledger", "document", "reading", "sketch", "audit"]))
    }

    @Test func aStoreThatWasRewrittenIsNotShipped() throws {
        let archive = try filled()
        let follower = try archive.ship()
        let names = try archive.target().list()
        try archive.store.pool.write { try $0.execute(sql: "UPDATE ledger SET chain = zeroblob(32) WHERE id = 20") }
        try archive.add("One more")
        let error = #expect(throws: StoreError.self) { try follower.step() }
        #expect(error?.kind == .damaged)
        #expect(error?.message.contains("row 20 of the store is not the one that was shipped") == true)
        #expect(try archive.target().list() == names)
    }

    @Test func aStoreThatWasCutShortIsNotShipped() throws {
        let archive = try filled()
        try archive.ship()
        try archive.store.pool.write { try $0.execute(sql: "DELETE FROM ledger WHERE id > 15") }
        let error = #expect(throws: StoreError.self) { try archive.ship() }
        #expect(error?.kind == .damaged)
    }

    @Test func aDamagedRowIsNotShipped() throws {
        let archive = try filled()
        try archive.ship()
        try archive.add("One more")
        try archive.store.pool.write { try $0.execute(sql: "UPDATE reading SET parser = 9 WHERE id = 21 * 256") }
        let error = #expect(throws: StoreError.self) { try archive.ship() }
        #expect(error?.kind == .damaged)
    }

    @Test func aNewEpochIsShippedBesideTheOldOne() throws {
        let archive = try filled()
        let follower = try archive.ship()
        let old = try #require(follower.epoch)
        try archive.store.pool.writeWithoutTransaction { try StoreWriter.beginEpoch($0, after: 20) }
        #expect(try follower.step().isNewEpoch)
        try archive.add("In the new epoch")
        try archive.ship(by: follower)
        #expect(try follower.otherEpochs() == [old])
        let directory = try archive.restore()
        #expect(try StoreReader(directory: directory).lastID() == 21, "the newest is restored")
        #expect(try Restoration(archive.target(), epoch: old).epoch == old)
    }

    @Test func damageAtTheTargetIsTold() throws {
        let archive = try filled()
        try archive.ship()
        let name = try #require(try archive.target().list().first)
        let path = "\(archive.place)/\(name)"
        let whole = [UInt8](try #require(FileManager.default.contents(atPath: path)))
        for offset in stride(from: 0, to: whole.count, by: max(1, whole.count / 150)) {
            var bytes = whole
            bytes[offset] ^= 0x10
            _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
            let error = #expect(throws: BackupError.self, "byte \(offset)") { try archive.restore() }
            #expect(error?.kind == .damaged, "byte \(offset)")
        }
        _ = FileManager.default.createFile(atPath: path, contents: Data(whole.dropLast(9)))
        #expect(throws: BackupError.self) { try archive.ship() }
        // As the error says: what it held is shipped again.
        unlink(path)
        try archive.ship()
        try expectSame(archive, try archive.restore())
    }

    @Test func aMissingSegmentIsTold() throws {
        let archive = try filled()
        var limits = Follower.Limits()
        (limits.shipment, limits.segment) = (500, 500)
        try archive.ship(limits: limits)
        let names = try archive.target().list().sorted { $0.places.lowerBound < $1.places.lowerBound }
        #expect(names.count > 3)
        try archive.target().remove(names[1])
        let error = #expect(throws: BackupError.self) { try archive.restore() }
        #expect(error?.message.contains("are missing") == true)
        #expect(throws: BackupError.self) { try archive.ship() }
    }

    @Test func whatIsNotCompleteIsNotRestored() throws {
        let archive = try filled()
        var limits = Follower.Limits()
        limits.shipment = 100
        let follower = try Follower(source: archive.source(), target: archive.target(), limits: limits)
        _ = try follower.step()
        let error = #expect(throws: BackupError.self) { try archive.restore() }
        #expect(error?.kind == .missing && error?.message.contains("not complete yet") == true)
        #expect(throws: BackupError.self) { try Restoration(DirectoryTarget(path: archive.scratch.path("state"))) }
    }

    @Test func aTargetHasOneWriter() throws {
        let archive = try filled(1)
        let lock = try archive.target().lock()
        defer { withExtendedLifetime(lock) {} }
        let error = #expect(throws: BackupError.self) { try archive.target().lock() }
        #expect(error?.kind == .busy)
    }

    @Test func aDirectoryThatIsNotThereIsNoEmptyTarget() {
        let error = #expect(throws: BackupError.self) { try DirectoryTarget(path: "/nonexistent/backup") }
        #expect(error?.kind == .missing)
    }

    /// Targets that a few lines of shell make: one of the operator's own, and the installed one that goes over ssh.
    @Test(arguments: [false, true]) func aCommandIsATarget(isOverSSH: Bool) throws {
        let archive = try filled()
        let script = archive.scratch.write(
            """
            cd "$1" || exit 1
            case $2 in
            list) find . -name '*.segment' | sed 's|^\\./||' ;;
            get) if [ -n "$4" ]; then head -c "$4" "$3"; else cat "$3"; fi ;;
            put) mkdir -p "${3%/*}" && cat > "$3.part" && mv "$3.part" "$3" ;;
            remove) rm -f "$3" ;;
            esac
            """, to: "target.sh")
        // The other machine: what ssh(1) would run there.
        let remote = archive.scratch.write("for last; do :; done; exec sh -c \"$last\"\n", to: "ssh.sh")
        let overSSH = Checkout.root.appendingPathComponent("deploy/backup/over-ssh").path
        let target = CommandTarget(
            isOverSSH ? "SSH='sh \(remote)' \(overSSH) vault \(archive.place)" : "sh \(script) \(archive.place)")
        try archive.ship(to: target)
        let secret = try archive.add("xylophonquartz")
        try archive.ship(to: target)
        try archive.store.redact(secret, reason: "x")
        try archive.ship(to: target)
        #expect(!archive.targetHolds("xylophonquartz"))
        try expectSame(archive, try archive.restore(target))
        let error = #expect(throws: BackupError.self) { try CommandTarget("echo no line to it >&2; false").list() }
        #expect(error?.kind == .unreachable && error?.message.contains("no line to it") == true)
    }
}
