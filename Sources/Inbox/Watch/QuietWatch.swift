// Sources that have to deliver now and then, and of which nothing came for too long. Pure: time is handed in.

internal import Files

/// Which sources have gone silent.
struct QuietWatch {
    private struct Entry {
        var limit: Int64
        var last: Int64
        var isTold = false
    }

    private var entries: [FileName: Entry] = [:]

    /// Watches these sources, each with the longest silence that is normal, in nanoseconds. A new one has been heard now.
    mutating func use(_ limits: [FileName: Int64], now: Int64) {
        entries = Dictionary(
            uniqueKeysWithValues: limits.map { source, limit in
                var entry = entries[source] ?? Entry(limit: limit, last: now)
                entry.limit = limit
                return (source, entry)
            })
    }

    /// A file came from a source: how long nothing had come, if somebody was told of that.
    mutating func heard(_ source: FileName, now: Int64) -> Int64? {
        guard let entry = entries[source] else { return nil }
        entries[source] = Entry(limit: entry.limit, last: now)
        return entry.isTold ? now - entry.last : nil
    }

    /// Those of whom somebody has to be told now, once, with the time of their silence.
    mutating func takeSilent(now: Int64) -> [(source: FileName, silence: Int64)] {
        var silent: [(source: FileName, silence: Int64)] = []
        for (source, entry) in entries where !entry.isTold && now - entry.last >= entry.limit {
            entries[source]?.isTold = true
            silent.append((source, now - entry.last))
        }
        return silent.sorted { $0.source < $1.source }
    }

    /// When the next one may have to be told of.
    var nextDue: Int64 { entries.values.filter { !$0.isTold }.map { $0.last + $0.limit }.min() ?? .max }
}
