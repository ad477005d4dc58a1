internal import Files

/// What runs behind the commits, in a thread that lets all others go first.
protocol BackgroundWork: Sendable {
    /// Works until it is stopped.
    func run(isPipelineBusy: () -> Bool)
}

/// Background work in a thread of its own.
struct BackgroundStage: Stage {
    let work: any BackgroundWork
    let budget: Budget

    func run() {
        Files.Process.yieldToOthers()
        work.run { budget.inUse > Classifier.batchLimit / 4 }
    }
}
