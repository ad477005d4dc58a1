// Files that stay in the inbox for now, and when each is tried again. Pure: time is handed in.

internal import Files

/// What a person is told of something that has to wait: once at the beginning, and louder if it lasts.
public enum Telling: Sendable, Equatable {
    case first
    case stillWaiting

    /// How long something that only a person can mend may last before it is told of again, in nanoseconds.
    public static let patience: Int64 = 60_000_000_000
    /// A writer may take its time: how long before it is told of at all.
    static let writersPatience: Int64 = 120_000_000_000

    /// What to tell now.
    static func next(_ cause: Deferral.Cause, since: Int64, now: Int64, told: inout UInt8) -> Telling? {
        switch told {
        case 0 where cause.needsPerson || now - since >= writersPatience:
            told = 1
            return .first
        // A tree that is too deep is told of loudly at once.
        case 1 where cause.needsPerson && cause != .tooDeep && now - since >= patience:
            told = 2
            return .stillWaiting
        default: return nil
        }
    }
}

/// The waiting list of what could not be claimed: names in the inbox, or numbers in work/. Bounded: what does not fit is
/// found again by the next scan.
struct Deferrals<Key: Hashable & Comparable> {
    struct Entry {
        var due: Int64
        var delay: Int64
        /// When it was put on the list.
        var since: Int64
        var cause: Deferral.Cause
        /// How often a person was told.
        var told: UInt8 = 0
        /// What was seen last, where leases do not work.
        var settling: FileStatus?
    }

    /// How many names are remembered.
    static var limit: Int { 65_536 }
    static var firstDelay: Int64 { 1_000_000_000 }
    static var longestDelay: Int64 { 60_000_000_000 }

    private var entries: [Key: Entry] = [:]
    /// The earliest time at which something may be due.
    private(set) var nextDue: Int64 = .max

    var count: Int { entries.count }
    var names: Dictionary<Key, Entry>.Keys { entries.keys }
    var all: [Key: Entry] { entries }

    subscript(name: Key) -> Entry? { entries[name] }

    /// Puts a name on the list, or back on it after another attempt; delays double up to a minute.
    ///
    /// - Parameters:
    ///   - fixedDelay: waits this long instead, and the next delay does not grow.
    ///   - isNews: whether there is something to tell a person of this name.
    /// - Returns: what a person should be told now.
    @discardableResult
    mutating func postpone(
        _ name: Key, now: Int64, fixedDelay: Int64? = nil, cause: Deferral.Cause = .beingWritten, isNews: Bool = false,
        settling: FileStatus? = nil
    ) -> Telling? {
        var entry = entries[name] ?? Entry(due: 0, delay: Self.firstDelay / 2, since: now, cause: cause)
        guard entries[name] != nil || entries.count < Self.limit else { return nil }
        if let fixedDelay {
            entry.due = now + fixedDelay
        } else {
            entry.delay = min(entry.delay * 2, Self.longestDelay)
            entry.due = now + entry.delay
        }
        entry.cause = cause
        entry.settling = settling
        let telling = isNews ? Telling.next(cause, since: entry.since, now: now, told: &entry.told) : nil
        entries[name] = entry
        nextDue = min(nextDue, entry.due)
        return telling
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
