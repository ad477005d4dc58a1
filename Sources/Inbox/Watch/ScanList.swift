// The walks that are under way: one over the inbox's top, one for each directory there, some of them at a time.

internal import Files

/// Walks, and what they found and could not yet hand on.
struct ScanList {
    /// How many walks are under way at a time: each holds a directory open, and up to 65,536 names.
    static let mostActive = 8
    static let mostOwners = 65_536

    private struct Active {
        var scan: Scan
        /// Found, and to be handed on from `first`.
        var found: [Scan.Found] = []
        var first = 0
        var isAtEnd = false

        var holds: Bool { first < found.count }
    }

    private var active: [Active] = []
    private var next = 0
    private var waiting: [RelativePath] = []
    private var isWaiting: Set<RelativePath> = []

    var isEmpty: Bool { active.isEmpty && waiting.isEmpty }

    /// Asks for a walk over a directory and all below it. One that is asked for already, and has not begun, is enough.
    mutating func begin(_ root: RelativePath) {
        if isWaiting.insert(root).inserted { waiting.append(root) }
    }

    /// Forgets all.
    mutating func removeAll() { self = ScanList() }

    /// Does one step of one walk.
    ///
    /// - Parameters:
    ///   - open: makes the walk over a directory.
    ///   - see: told what the walks meet.
    ///   - hand: takes one found file; false if it has to wait, which is allowed where the last parameter is true.
    /// - Returns: false if none can move on.
    mutating func step(
        open: (RelativePath) -> Scan, see: (Scan.Sight) -> Void, hand: (Scan.Found, RelativePath, Bool) -> Bool
    ) -> Bool {
        while active.count < Self.mostActive, !waiting.isEmpty {
            let roots = waiting.prefix(Self.mostActive - active.count)
            for root in roots {
                isWaiting.remove(root)
                active.append(Active(scan: open(root)))
            }
            waiting.removeFirst(roots.count)
        }
        for _ in active.indices {
            if next >= active.count { next = 0 }
            let hasMoved = advance(see: see, hand: hand)
            if active[next].isAtEnd, !active[next].holds {
                active.remove(at: next)
                return true
            }
            next += 1
            if hasMoved { return true }
        }
        return false
    }

    /// Moves the walk whose turn it is; false if it has to wait.
    private mutating func advance(
        see: (Scan.Sight) -> Void, hand: (Scan.Found, RelativePath, Bool) -> Bool
    ) -> Bool {
        let root = active[next].scan.root
        guard active[next].holds else {
            var found: [Scan.Found] = []
            var senders: [FileName] = []
            let hasMore = active[next].scan.step(
                see: { sight in
                    if case .sender(let name) = sight { senders.append(name) } else { see(sight) }
                },
                hand: { found = $0 })
            (active[next].found, active[next].first, active[next].isAtEnd) = (found, 0, !hasMore)
            for name in senders { begin(RelativePath(name)) }
            return true
        }
        // The walk over the top goes on whoever has no room, or it would not come to the others.
        var hasMoved = false
        while active[next].holds, hand(active[next].found[active[next].first], root, root != .root) {
            active[next].first += 1
            hasMoved = true
        }
        if !active[next].holds { (active[next].found, active[next].first) = ([], 0) }
        return hasMoved
    }
}
