internal import Foundation

/// Puts what the workers finish in any order back into the order of claims.
///
/// `@unchecked`: every access to the variables is under `condition`.
final class OrderedBuffer<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    /// A ring: what is ready from `next` on, and nil where a worker is still at it. The budget bounds it.
    private var ready: [Place?] = Array(repeating: nil, count: 4096)
    private var next: UInt64
    /// What takes its place now that it is there: nobody has waited for it.
    private var late: [Element] = []
    private var isLatesTurn = false
    private var errands: [Errand] = []
    private var waiting: [DispatchSemaphore] = []
    private var isClosed = false
    private var isAbandoned = false

    private enum Place {
        case taken(Element)
        /// What had this place takes another one, later.
        case passed
    }

    /// Something that only the classifier can do.
    typealias Errand = @Sendable (Classifier) -> Void

    /// What there is to do now.
    struct Work {
        /// Done before the batch.
        var errands: [Errand]
        var batch: [Element]
        /// Told after the batch.
        var waiting: [DispatchSemaphore]
    }

    init(first: UInt64) { next = first }

    func put(_ element: Element, at sequence: UInt64) { put(.taken(element), at: sequence) }

    /// Nothing comes at this place: it will come late.
    func pass(_ sequence: UInt64) { put(.passed, at: sequence) }

    private func put(_ element: Place, at sequence: UInt64) {
        condition.lock()
        while sequence - next >= UInt64(ready.count) { grow() }
        ready[place(sequence)] = element
        let isNext = sequence == next
        condition.unlock()
        if isNext { condition.signal() }
    }

    /// Something that had no place in the order: it comes after all that is ready by now.
    func put(late element: Element) {
        condition.lock()
        late.append(element)
        condition.unlock()
        condition.signal()
    }

    private func place(_ sequence: UInt64) -> Int { Int(sequence & UInt64(ready.count - 1)) }

    private func grow() {
        var larger = [Place?](repeating: nil, count: ready.count * 2)
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

    /// Waits until everything that was put before is judged; comes back at once when nothing will be any more.
    func waitUntilJudged() {
        let judged = DispatchSemaphore(value: 0)
        condition.lock()
        if isAbandoned {
            condition.unlock()
            return
        }
        waiting.append(judged)
        condition.unlock()
        condition.signal()
        judged.wait()
    }

    private var hasWork: Bool {
        ready[place(next)] != nil || !late.isEmpty || !errands.isEmpty || !waiting.isEmpty
    }

    /// Whatever is ready now, in order: natural batching. Waits for something; nil once closed and empty.
    func take(atMost limit: Int) -> Work? {
        condition.lock()
        defer { condition.unlock() }
        while !hasWork && !isClosed { condition.wait() }
        if !hasWork { return nil }
        var work = Work(errands: errands, batch: [], waiting: waiting)
        // By turns, and one late one at a time: who is ready does not wait until several large files are judged.
        if !late.isEmpty, isLatesTurn || ready[place(next)] == nil {
            work.batch.append(late.removeFirst())
            isLatesTurn = false
        } else {
            while work.batch.count < limit, let place = ready[place(next)].take() {
                if case .taken(let element) = place { work.batch.append(element) }
                next += 1
            }
            isLatesTurn = true
        }
        (errands, waiting) = ([], [])
        return work
    }

    /// Nothing is judged any more: nobody waits for it from now on.
    func abandon() {
        condition.lock()
        isAbandoned = true
        let all = waiting
        waiting = []
        condition.unlock()
        for judged in all { judged.signal() }
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.unlock()
        condition.broadcast()
    }
}
