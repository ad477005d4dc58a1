// The budget bounds what is in the pipeline: who finds it used up waits, for a time or until there is room.

import Foundation
import Testing

@testable import Pipeline

struct BudgetTests {
    @Test func whoHasNoDeadlineWaitsUntilThereIsRoom() {
        let budget = Budget(files: 1, bytes: 100)
        #expect(budget.take(60))
        // Later, so that the other one waits by then; nothing fails if it does not.
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { budget.give(back: 60) }
        #expect(budget.take(60))
        #expect(budget.inUse == 1)
    }

    @Test func whoHasADeadlineIsToldThatThereWasNoRoom() {
        let budget = Budget(files: 1, bytes: 100)
        #expect(budget.take(60))
        #expect(!budget.take(1, within: .zero))
        budget.close()
        #expect(budget.take(1), "nobody waits any more")
    }
}
