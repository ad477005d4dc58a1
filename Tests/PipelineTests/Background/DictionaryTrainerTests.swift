import Foundation
import Resemblance
import Store
import TestSupport
import Testing

@testable import Pipeline

struct DictionaryTrainerTests {
    /// Stories that share much, as an agency's do.
    private func deliver(_ count: Int, to pipeline: TestPipeline) {
        let phrases = (0..<120).map { "the phrase of the house number \($0) said " }
        for number in 0..<count {
            let text = phrases.map { $0 + "word\(number)x\($0.count * number) " }.joined()
            pipeline.drop("Headline \(number)\n\n" + text + "\n", as: "\(number).txt")
        }
    }

    @Test func theArchiveTeachesHowToPackItsStories() throws {
        let pipeline = TestPipeline()
        let running = try pipeline.start { $0.rowsBeforeTraining = 40 }
        deliver(60, to: pipeline)
        #expect(pipeline.await(60))
        #expect(eventually { running.store.dictionary != nil })
        // Long enough to be compressed at all.
        let text = (0..<40).map { "the phrase of the house number \($0) said " }.joined()
        pipeline.drop("One more\n\n" + text + "the last word of the day", as: "last.txt")
        #expect(pipeline.await(61))
        #expect(running.stop())
        let reader = try StoreReader(directory: pipeline.scratch.path("state"))
        #expect(try reader.coding(of: 61) == 2, "by the first dictionary")
        #expect(try reader.verify().isSound)
    }

    @Test func trainingWaitsWhileTheRoadIsBusy() throws {
        let pipeline = TestPipeline()
        let running = try pipeline.start { $0.rowsBeforeTraining = .max }
        deliver(60, to: pipeline)
        #expect(pipeline.await(60))
        let trainer = DictionaryTrainer(store: running.store, after: 40, observer: PipelineObserver())
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
        let pipeline = TestPipeline()
        let running = try pipeline.start { $0.rowsBeforeTraining = .max }
        deliver(30, to: pipeline)
        #expect(pipeline.await(30))
        let trainer = DictionaryTrainer(store: running.store, after: 20, observer: PipelineObserver())
        var looks = 0
        trainer.poke()
        trainer.run {
            looks += 1
            // Sixteen times as many are there when it looks again.
            if looks == 1 { deliver(480, to: pipeline) }
            #expect(looks > 1 || pipeline.await(510))
            return true
        }
        #expect(looks == 1)
        #expect(running.store.dictionary != nil)
        #expect(running.stop())
    }
}
