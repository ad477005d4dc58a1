internal import Foundation

/// How many files, and how many of their bytes, may be in the pipeline at once: this bounds memory and open
/// files whatever the backlog.
///
/// `@unchecked`: every access to the counters is under `condition`.
final class Budget: @unchecked Sendable {
    private let condition = NSCondition()
    private let files: Int
    private let bytes: Int64
    private var filesTaken = 0
    private var filesStuck = 0
    private var bytesTaken: Int64 = 0
    private var isClosed = false

    init(files: Int, bytes: Int64) {
        self.files = files
        self.bytes = bytes
    }

    /// Waits until there is room for one more file, or the time (nil: none) is up: then false. A file larger than the
    /// whole budget goes alone.
    func take(_ size: Int64, within time: Duration? = nil) -> Bool {
        let deadline = time.map { Date(timeIntervalSinceNow: $0.seconds) }
        condition.lock()
        defer { condition.unlock() }
        while !isClosed && filesTaken > 0 && (filesTaken >= files || bytesTaken + size > bytes) {
            // Foundation counts the wait in nanoseconds, of which 64 bits hold 292 years: `.distantFuture` would trap.
            guard let deadline else {
                condition.wait()
                continue
            }
            if !condition.wait(until: deadline) { return false }
        }
        filesTaken += 1
        bytesTaken += size
        return true
    }

    func give(back size: Int64) {
        condition.lock()
        filesTaken -= 1
        bytesTaken -= size
        condition.unlock()
        condition.broadcast()
    }

    var inUse: Int {
        condition.lock()
        defer { condition.unlock() }
        return filesTaken
    }

    /// Waits until everything was given back, but for what is stuck.
    func waitUntilEmpty() {
        condition.lock()
        while filesTaken > filesStuck && !isClosed { condition.wait() }
        condition.unlock()
    }

    /// So many files are recorded but cannot be moved out of work/: nobody has to wait for them.
    func setStuck(_ files: Int) {
        condition.lock()
        filesStuck = files
        condition.unlock()
        condition.broadcast()
    }

    /// Nothing will be given back any more: nobody waits from now on.
    func close() {
        condition.lock()
        isClosed = true
        condition.unlock()
        condition.broadcast()
    }
}
