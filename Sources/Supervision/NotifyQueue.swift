// What still has to be told to systemd, as a pure state machine.
//
// Promise: it never grows beyond a few lines however long systemd does not listen. Turns of life (ready, stopping ...)
// are kept in order; of the figures in STATUS= only the newest matters, and of any number of pings one.

/// One thing to tell systemd.
enum NotifyMessage: Sendable, Equatable {
    /// A turn in the life of the service: the assignments of one sd_notify(3) message.
    case turn([String])
    /// STATUS= alone.
    case status(String)
    /// WATCHDOG=1 alone.
    case watchdog
}

/// The messages that wait to be sent.
struct NotifyQueue: Sendable {
    private var turns: [[String]] = []
    private var status: String?
    private var watchdog = false
    /// Turns are rare; this many unsent ones mean that nobody listens, and then the oldest is dropped.
    static let mostTurns = 32

    var isEmpty: Bool { turns.isEmpty && status == nil && !watchdog }

    mutating func add(_ message: NotifyMessage) {
        switch message {
        case .turn(let assignments):
            // A turn's own status is the newer one.
            if assignments.contains(where: { $0.hasPrefix("STATUS=") }) { status = nil }
            if turns.count == Self.mostTurns { turns.removeFirst() }
            turns.append(assignments)
        case .status(let text): status = text
        case .watchdog: watchdog = true
        }
    }

    /// The next message to send, as sd_notify(3) wants it: assignments separated by newlines.
    mutating func next() -> String? {
        if !turns.isEmpty { return turns.removeFirst().joined(separator: "\n") }
        var assignments: [String] = []
        if let status { assignments.append("STATUS=" + status) }
        if watchdog { assignments.append("WATCHDOG=1") }
        status = nil
        watchdog = false
        return assignments.isEmpty ? nil : assignments.joined(separator: "\n")
    }
}
