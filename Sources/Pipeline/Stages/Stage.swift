// Blocking file I/O never runs on Swift's cooperative pool: each stage has a thread of its own, and the queues between
// them block.

internal import Files
internal import Foundation

/// One thread's part of the pipeline.
protocol Stage: SendableMetatype {
    /// Works until its input is closed or nothing can go on, then closes its output.
    func run()
}

/// A named thread that can be waited for.
final class StageThread: Sendable {
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter stage: made in the thread, and used there alone.
    init(_ name: String, _ stage: @escaping @Sendable () -> some Stage) {
        let ended = ended
        let thread = Thread {
            Files.Process.nameThread(name)
            stage().run()
            ended.signal()
        }
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Waits until the stage has ended, but not longer; false if it has not.
    func join(within time: Duration) -> Bool {
        guard ended.wait(timeout: .now() + time.seconds) == .success else { return false }
        ended.signal()
        return true
    }

    /// Waits until the stage has ended.
    func join() {
        ended.wait()
        ended.signal()
    }
}
