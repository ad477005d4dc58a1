// Where the pipeline is in its life: one state, asked and changed in one place.

internal import Foundation

extension Pipeline {
    /// Where a pipeline is in its life.
    public enum State: Sendable, Equatable {
        /// It has the store and the spool; nothing moves yet.
        case starting
        case running
        /// It claims nothing more, and finishes what is claimed.
        case stopping
        case stopped
        /// The store failed. What was in flight is in work/, for the next start.
        case failed
    }
}

/// The state of a pipeline, which only goes forward: starting, running, stopping, stopped; failed from any but the last.
///
/// `@unchecked`: every access to `current` is under `condition`.
final class Lifecycle: @unchecked Sendable {
    private let condition = NSCondition()
    private var current = Pipeline.State.starting

    var state: Pipeline.State { condition.withLock { current } }

    /// Whether what can wait should end.
    var isEnding: Bool { !Self.goesOn(state) }

    private static func goesOn(_ state: Pipeline.State) -> Bool { state == .starting || state == .running }

    /// Goes on to a state; false if that is not what comes after the present one.
    @discardableResult
    func advance(to next: Pipeline.State) -> Bool {
        condition.withLock {
            switch (current, next) {
            case (.starting, .running), (.starting, .stopping), (.running, .stopping), (.stopping, .stopped),
                (.starting, .failed), (.running, .failed), (.stopping, .failed):
                current = next
                condition.broadcast()
                return true
            default: return false
            }
        }
    }

    /// Waits so long, or until the pipeline is to end.
    func sleep(for time: Duration) {
        let deadline = Date(timeIntervalSinceNow: time.seconds)
        condition.withLock {
            while Self.goesOn(current), condition.wait(until: deadline) {}
        }
    }
}

extension Duration {
    /// For Foundation's calls.
    var seconds: TimeInterval { self / .seconds(1) }
}
