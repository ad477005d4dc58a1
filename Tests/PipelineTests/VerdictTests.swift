// What the pipeline promises of verdicts: they are those of the order of delivery, whatever happens between.

import Foundation
import Resemblance
import Store
import Synchronization
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

struct VerdictTests {
    @Test func verdictsOfRepeatsInOrder() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        test.drop(story(1), as: "a.txt")
        #expect(test.await(1))
        test.drop(story(1), as: "b.txt")
        #expect(test.await(2))
        test.drop(story(1).replacing(" ", with: "  ").uppercased(), as: "c.txt")
        #expect(test.await(3))
        test.drop(story(2), as: "sub/a.txt")
        #expect(test.await(4))
        #expect(pipeline.stop())
        let rows = try test.rows()
        #expect(rows.map(\.verdict) == [.new, .identical, .sameText, .new])
        #expect(rows.map(\.of) == [nil, 1, 1, nil])
        #expect(test.isEmpty)
        #expect(try test.isSound())
    }

    @Test func aVersionJoinsTheFamilyOfTheStoryThatItUpdatesAndAKillWithdrawsIt() throws {
        let test = TestPipeline()
        let pipeline = try test.start()
        let headline = "Fire in London market hall destroys stalls"
        test.drop("\(headline)\n\nFire crews were called to the old hall this morning.", as: "a.txt")
        #expect(test.await(1))
        test.drop(
            "UPDATE 2-\(headline)\n\nNobody was hurt, said police on Monday, and the cause is unknown.", as: "b.txt")
        #expect(test.await(2))
        test.drop("Another headline altogether here\n\nIt has nothing to do with it.", as: "c.txt")
        #expect(test.await(3))
        let reader = try StoreReader(directory: test.scratch.path("state"))
        #expect(try reader.families().family(of: 2) == 1)
        #expect(try reader.withdrawals { try reader.families() }.status(of: 1) == "usable")
        test.drop("KILL: \(headline)\n\nEditors: please kill this story. It is wrong.", as: "d.txt")
        #expect(test.await(4))
        pipeline.stop()
        let families = try reader.families()
        #expect([1, 2, 3, 4].map { families.family(of: $0) } == [1, 1, 3, 1])
        let withdrawals = try reader.withdrawals { families }
        #expect([1, 2, 3, 4].map { withdrawals.status(of: $0) } == ["canceled", "canceled", "usable", "canceled"])
        #expect(test.outcomes.map(\.family) == [nil, 1, nil, 1])
        // What another process judged is looked up in the store.
        let again = try test.start()
        test.drop("KILL: \(headline)\n\nEditors: please kill this story. It is wrong.", as: "e.txt")
        #expect(test.await(5))
        test.drop("UPDATE 3-\(headline)\n\nFour people were treated for smoke, doctors at the ward say.", as: "f.txt")
        #expect(test.await(6))
        test.drop("UPDATE 3-\(headline)\n\nFour people were treated for smoke, doctors at the ward say.", as: "g.txt")
        #expect(test.await(7))
        again.stop()
        #expect(test.outcomes.suffix(3).map(\.family) == [1, 1, 1])
        #expect(test.outcomes.suffix(3).map(\.row.of) == [4, nil, 6])
    }

    @Test func theSameFilesGiveTheSameAnswersWhateverTheNumberOfWorkers() throws {
        var ledgers: [[String]] = []
        for workers in [1, 2, 5] {
            let test = TestPipeline()
            for i in 0..<60 {
                let path = test.scratch.write(story(i % 40), to: "spool/inbox/\(String(format: "%03d", i)).txt")
                var times = [timeval(tv_sec: 1000 + i, tv_usec: 0), timeval(tv_sec: 1000 + i, tv_usec: 0)]
                utimes(path, &times)
            }
            let pipeline = try test.start { $0.workers = workers }
            #expect(test.await(60))
            pipeline.stop()
            ledgers.append(
                try test.rows().map {
                    "\($0.id) \($0.verdict) \($0.of ?? 0) \(String(decoding: $0.name, as: UTF8.self))"
                })
        }
        #expect(ledgers[0] == ledgers[1] && ledgers[1] == ledgers[2])
    }

    @Test func verdictsAreTheSameAfterARestart() throws {
        let test = TestPipeline()
        var pipeline = try test.start()
        test.drop(story(1), as: "a.txt")
        #expect(test.await(1))
        pipeline.stop()
        pipeline = try test.start()
        test.drop(story(1), as: "b.txt")
        test.drop(story(1).lowercased() + " ", as: "c.txt")
        #expect(test.await(3))
        pipeline.stop()
        #expect(try test.rows().map(\.verdict) == [.new, .identical, .sameText])
    }
}
