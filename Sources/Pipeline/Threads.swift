// The pipeline's own threads and what they hand each other. Blocking file I/O never runs on Swift's
// cooperative pool: these are plain threads, and these queues block. Who waits is woken after the lock is
// given back: woken before, it would at once wait for the lock, two switches of threads for one.

internal import Files
internal import Foundation

/// A named thread that can be waited for.
final class StageThread: Sendable {
    private let ended = DispatchSemaphore(value: 0)

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let ended = ended
        let thread = Thread {
            Files.Process.nameThread(name)
            body()
            ended.signal()
        }
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Waits until the thread's body has returned. Once.
    func join() { ended.wait() }
}

/// A queue between threads: takers wait while it is empty, until it is closed.
///
/// `@unchecked`: every access to `items` and `isClosed` is under `condition`.
final class BlockingQueue<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var items: [Element] = []
    private var first = 0
    private var isClosed = false

    func put(_ element: Element) {
        condition.lock()
        items.append(element)
        condition.unlock()
        condition.signal()
    }

    func put(contentsOf elements: [Element]) {
        condition.lock()
        items += elements
        condition.unlock()
        condition.broadcast()
    }

    /// The next element; nil once the queue is closed and empty.
    func take() -> Element? {
        condition.lock()
        defer { condition.unlock() }
        while first == items.count && !isClosed { condition.wait() }
        guard first < items.count else { return nil }
        let element = items[first]
        first += 1
        if first == items.count || first > 4096 {
            items.removeFirst(first)
            first = 0
        }
        return element
    }

    /// What waits now, waiting for it up to a date (nil: for ever); nil once closed and empty.
    func takeAll(until deadline: Date?) -> [Element]? {
        condition.lock()
        defer { condition.unlock() }
        while first == items.count && !isClosed {
            guard let deadline else {
                condition.wait()
                continue
            }
            if !condition.wait(until: deadline) { return [] }
        }
        guard first < items.count else { return nil }
        let all = Array(items[first...])
        items.removeAll(keepingCapacity: true)
        first = 0
        return all
    }

    /// No more elements will come; takers get what is left.
    func close() {
        condition.lock()
        isClosed = true
        condition.unlock()
        condition.broadcast()
    }
}

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

    /// Waits until there is room for one more file, or the time (seconds) is up: then false. A file larger than the whole
    /// budget goes alone.
    func take(_ size: Int64, within seconds: TimeInterval = .infinity) -> Bool {
        let deadline = seconds.isFinite ? Date(timeIntervalSinceNow: seconds) : .distantFuture
        condition.lock()
        defer { condition.unlock() }
        while !isClosed && filesTaken > 0 && (filesTaken >= files || bytesTaken + size > bytes) {
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

/// Puts what the workers finish in any order back into the order of claims.
///
/// `@unchecked`: every access to the variables is under `condition`.
final class OrderedBuffer<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    /// A ring: what is ready from `next` on, and nil where a worker is still at it. The budget bounds it.
    private var ready: [Element?] = Array(repeating: nil, count: 4096)
    private var next: UInt64
    private var errands: [Errand] = []
    private var isClosed = false

    /// Something that only the classifier can do.
    typealias Errand = @Sendable (Classifier) -> Void

    init(first: UInt64) { next = first }

    func put(_ element: Element, at sequence: UInt64) {
        condition.lock()
        while sequence - next >= UInt64(ready.count) { grow() }
        ready[place(sequence)] = element
        let isNext = sequence == next
        condition.unlock()
        if isNext { condition.signal() }
    }

    private func place(_ sequence: UInt64) -> Int { Int(sequence & UInt64(ready.count - 1)) }

    private func grow() {
        var larger = [Element?](repeating: nil, count: ready.count * 2)
        for offset in 0..<UInt64(ready.count) {
            larger[Int((next + offset) & UInt64(larger.count - 1))] = ready[place(next + offset)]
        }
        ready = larger
    }

    /// Something else for the classifier to do between batches.
    func put(errand: @escaping Errand) {
        condition.lock()
        errands.append(errand)
        condition.unlock()
        condition.signal()
    }

    /// Whatever is ready now, in order: natural batching. Waits for at least one; nil once closed and empty.
    func take(atMost limit: Int) -> (batch: [Element], errands: [Errand])? {
        condition.lock()
        defer { condition.unlock() }
        while ready[place(next)] == nil && errands.isEmpty && !isClosed { condition.wait() }
        if ready[place(next)] == nil && errands.isEmpty { return nil }
        var batch: [Element] = []
        while batch.count < limit, let element = ready[place(next)].take() {
            batch.append(element)
            next += 1
        }
        let waiting = errands
        errands = []
        return (batch, waiting)
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.unlock()
        condition.broadcast()
    }
}
