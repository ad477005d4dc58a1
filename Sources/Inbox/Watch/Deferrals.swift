// Files that stay in the inbox for now, and when each is tried again. Pure: time is handed in.

internal import Files

/// The waiting list of what could not be claimed: names in the inbox, or numbers in work/. Bounded: what does not fit is
/// found again by the next scan.
struct Deferrals<Key: Hashable & Comparable> {
    struct Entry {
        var due: Int64
        var delay: Int64
        /// Whether a person was told.
        var isReported: Bool
        /// What was seen last, where leases do not work.
        var settling: FileStatus?
    }

    /// How many names are remembered.
    static var limit: Int { 65_536 }
    static var firstDelay: Int64 { 1_000_000_000 }
    static var longestDelay: Int64 { 300_000_000_000 }

    private var entries: [Key: Entry] = [:]
    /// The earliest time at which something may be due.
    private(set) var nextDue: Int64 = .max

    var count: Int { entries.count }
    var names: Dictionary<Key, Entry>.Keys { entries.keys }

    subscript(name: Key) -> Entry? { entries[name] }

    /// Puts a name on the list, or back on it after another attempt; delays double up to five minutes.
    ///
    /// - Parameter fixedDelay: waits this long instead, and the next delay does not grow.
    /// - Returns: true if a person should be told now: the first time that there is something to tell.
    mutating func postpone(
        _ name: Key, now: Int64, fixedDelay: Int64? = nil, isNews: Bool, settling: FileStatus? = nil
    ) -> Bool {
        var entry =
            entries[name]
            ?? Entry(due: 0, delay: Self.firstDelay / 2, isReported: false, settling: nil)
        guard entries[name] != nil || entries.count < Self.limit else { return false }
        if let fixedDelay {
            entry.due = now + fixedDelay
        } else {
            entry.delay = min(entry.delay * 2, Self.longestDelay)
            entry.due = now + entry.delay
        }
        entry.settling = settling
        let tell = isNews && !entry.isReported
        entry.isReported = entry.isReported || isNews
        entries[name] = entry
        nextDue = min(nextDue, entry.due)
        return tell
    }

    mutating func remove(_ name: Key) { entries[name] = nil }

    /// Whether a scan should leave the name alone until its time comes.
    func isWaiting(_ name: Key, now: Int64) -> Bool { entries[name].map { $0.due > now } ?? false }

    /// The names whose time has come, in the order of their times; they stay on the list until claimed.
    mutating func due(now: Int64) -> [Key] {
        guard nextDue <= now else { return [] }
        let ready = entries.filter { $0.value.due <= now }
        nextDue = entries.values.lazy.map(\.due).filter { $0 > now }.min() ?? .max
        return ready.sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }.map(\.key)
    }
}
