internal import Files
internal import Inbox

/// Reads what a crash left, then brings what arrives, as long as there is room.
struct FeederStage: Stage {
    let feeder: Feeder
    let leftovers: Leftovers
    let budget: Budget
    /// Room for passed files that the feeder has not taken yet.
    let offers: Budget
    let observer: PipelineObserver
    let pulse: Pulse
    let output: BlockingQueue<Claim>
    /// What takes long to read.
    let large: BlockingQueue<Claim>

    /// How long it waits for room before it looks at what has arrived meanwhile.
    private static let admission = Duration.milliseconds(10)

    func run() {
        defer {
            output.close()
            large.close()
        }
        let door = Feeder.Door(
            pulse: { [pulse] in $0 ? pulse.busy() : pulse.idle() }, admit: { self.admit($0) },
            submit: { self.submit($0) })
        feeder.run(firstSequence: leftovers.run(), door: door)
        pulse.idle()
    }

    private func admit(_ size: Int64) -> Bool {
        // While it waits for room, the others answer for their own pace.
        pulse.idle()
        defer { pulse.busy() }
        return budget.take(size, within: Self.admission)
    }

    private func submit(_ claim: Claim) {
        observer.claimed(1)
        if case .passed = claim.source { offers.give(back: 0) }
        if claim.isLarge { large.put(claim) } else { output.put(claim) }
    }
}
