import Foundation
import Resemblance
import Store
import TestSupport
import Testing

@testable import Pipeline

struct DictionaryTrainerTests {
    /// Stories that share much, as an agency's do.
    private func deliver(_ count: Int, to road: TestRoad) {
        let phrases = (0..<120).map { "the phrase of the house number \($0) said " }
        for number in 0..<count {
            let text = phrases.map { $0 + "word\(number)x\($0.count * number) " }.joined()
            road.drop("Headline \(number)\n\n" + text + "\n", as: "\(number).txt")
        }
    }

    @Test func theArchiveTeachesHowToPackItsStories() throws {
        let road = TestRoad()
        let running = try road.start { $0.rowsBeforeTraining = 40 }
        deliver(60, to: road)
        #expect(road.await(60))
        #expect(eventually { running.store.dictionary != nil })
        // Long enough to be compressed at all.
        let text = (0..<40).map { "the phrase of the house number \($0) said " }.joined()
        road.drop("One more\n\n" + text + "the last word of the day", as: "last.txt")
        #expect(road.await(61))
        #expect(running.stop())
        let reader = try StoreReader(directory: road.scratch.path("state"))
        #expect(try reader.coding(of: 61) == 2, "by the first dictionary")
        #expect(try reader.verify().isSound)
    }

    @Test func trainingWaitsWhileTheRoadIsBusy() throws {
        let road = TestRoad()
        let running = try road.start { $0.rowsBeforeTraining = .max }
        deliver(60, to: road)
        #expect(road.await(60))
        let trainer = DictionaryTrainer(store: running.store, after: 40, observer: RoadObserver())
        var looks = 0
        trainer.poke()
        trainer.run {
            #expect(running.store.dictionary == nil)
            looks += 1
            return looks < 3
        }
        #expect(looks == 3)
        #expect(running.store.dictionary != nil)
        #expect(running.stop())
    }

    @Test func aRoadThatStaysBusyIsNotWaitedForForEver() throws {
        let road = TestRoad()
        let running = try road.start { $0.rowsBeforeTraining = .max }
        deliver(30, to: road)
        #expect(road.await(30))
        let trainer = DictionaryTrainer(store: running.store, after: 20, observer: RoadObserver())
        var looks = 0
        trainer.poke()
        trainer.run {
            looks += 1
            // Sixteen times as many are there when it looks again.
            if looks == 1 { deliver(480, to: road) }
            #expect(looks > 1 || road.await(510))
            return true
        }
        #expect(looks == 1)
        #expect(running.store.dictionary != nil)
        #expect(running.stop())
    }
}
