// What the feeder tells of senders: who has more waiting than its quota, and the figures of each, about once a second.

internal import Files
internal import Synchronization

extension FeederLoop {
    /// How many files at the inbox's top are looked at to find out whose they are.
    private static let mostLooks = 1000

    /// So long a sender keeps within its quota before it is told of again, in nanoseconds.
    private static let calm: Int64 = 60_000_000_000

    /// A name of the sender was left out: if its own quota is why, a person is told, once.
    func noRoom(for sender: Sender) {
        guard queue.isOverQuota(sender) else { return }
        let isTold = overQuota[sender] != nil
        guard isTold || overQuota.count < SenderTable.mostSenders else { return }
        overQuota[sender] = now
        countedWaiting = -1  // To be counted in any case.
        if isTold { return }
        feeder.report(.overQuota(sender, files: queue.quota.files, bytes: queue.quota.bytes))
    }

    /// Counts what waits, by sender.
    func countSenders() {
        nextFigures = now + 1_000_000_000
        countedWaiting = queue.count + deferrals.count
        let now = now
        overQuota = overQuota.filter { now - $0.value < Self.calm }
        let deferred = deferredOfSenders()
        let waiting = obstacles.count(deferrals)
        feeder.waitingFiles.withLock { $0 = waiting }
        feeder.senderTable.withLock { table in
            table.clearWaiting()
            queue.forEachSender { sender, files, bytes in
                table.update(sender) {
                    $0.waiting += files
                    $0.waitingBytes += bytes
                }
            }
            for (sender, count) in deferred { table.update(sender) { $0.deferred += count } }
            for sender in overQuota.keys { table.update(sender) { $0.isOverQuota = true } }
        }
    }

    private func deferredOfSenders() -> [Sender: Int] {
        var counts: [Sender: Int] = [:]
        var looks = 0
        for name in deferrals.names {
            if let source = name.source {
                counts[Sender(owner: owner(of: source), directory: source), default: 0] += 1
            } else if looks < Self.mostLooks, let last = name.last,
                let status = try? feeder.spool.inbox.status(last)
            {
                looks += 1
                counts[Sender(owner: status.owner, directory: nil), default: 0] += 1
            }
        }
        return counts
    }
}
