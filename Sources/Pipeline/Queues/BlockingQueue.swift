// What one stage hands the next. Who waits is woken after the lock is given back: woken before, it would at once wait for
// the lock, two switches of threads for one.

internal import Foundation

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

    /// What waits now, waiting for it so long (nil: for ever); nil once closed and empty.
    func takeAll(within time: Duration?) -> [Element]? {
        let deadline = time.map { Date(timeIntervalSinceNow: $0.seconds) }
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
