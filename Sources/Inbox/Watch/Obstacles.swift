// What keeps files in the inbox that only a person can mend, by directory, and what has to wait, counted by reason and place.
// Pure: time is handed in.

public import Files

/// Files of the inbox that have to wait for the same reason in the same place.
public struct WaitingFiles: Sendable, Equatable {
    public var cause: Deferral.Cause
    /// The directory that is in the way, or one of the files.
    public var name: RelativePath
    /// Whether ``name`` is a directory.
    public var isDirectory: Bool
    /// How many files; nil for a directory that nobody can look into.
    public var files: Int?
    /// Since when the first of them waits, in nanoseconds of ``Process/monotonicNanoseconds``.
    public var since: Int64
    /// Why, as a sentence, and what to do; nil until it was tried once more.
    public var deferral: Deferral?
}

/// Directories that keep files from being taken, and an example of each other reason.
struct Obstacles {
    /// How many directories, and how many other places, are remembered.
    static let most = 1000

    struct Entry {
        var deferral: Deferral
        var since: Int64
        var seen: Int64
        var told: UInt8 = 0
        /// Whether a walk met it: then files in it are not known.
        var isClosed: Bool
    }

    private(set) var directories: [RelativePath: Entry] = [:]
    private var examples: [Place: (name: RelativePath, deferral: Deferral)] = [:]

    private struct Place: Hashable {
        var cause: Deferral.Cause
        var source: FileName?
    }

    /// Takes note of a directory that is in the way.
    ///
    /// - Parameter isClosed: files in it cannot be listed.
    /// - Returns: what a person should be told now.
    mutating func meet(_ deferral: Deferral, at path: RelativePath, isClosed: Bool, now: Int64) -> Telling? {
        if directories[path] == nil, directories.count >= Self.most { return nil }
        var entry = directories[path] ?? Entry(deferral: deferral, since: now, seen: now, isClosed: isClosed)
        (entry.deferral, entry.seen, entry.isClosed) = (deferral, now, isClosed)
        let telling = Telling.next(deferral.cause, since: entry.since, now: now, told: &entry.told)
        directories[path] = entry
        return telling
    }

    /// Takes note of why one file has to wait.
    mutating func meet(_ deferral: Deferral, file name: RelativePath) {
        let place = Place(cause: deferral.cause, source: name.source)
        if examples[place] != nil || examples.count < Self.most { examples[place] = (name, deferral) }
    }

    /// Forgets the closed directories that a whole walk since then has not met again.
    mutating func forgetClosed(notSeenSince start: Int64) {
        directories = directories.filter { !$0.value.isClosed || $0.value.seen >= start }
    }

    mutating func remove(_ path: RelativePath) { directories[path] = nil }

    /// The closed directories at a path or below it.
    func closed(in path: RelativePath) -> [RelativePath] {
        directories.filter { $0.value.isClosed && ($0.key == path || $0.key.isBelow(path)) }.map(\.key)
    }

    /// Counts what has to wait; forgets the directories in which nothing waits any more.
    mutating func count(_ deferrals: Deferrals<RelativePath>) -> [WaitingFiles] {
        var inDirectories: [RelativePath: Int] = [:]
        var others: [Place: WaitingFiles] = [:]
        for (name, entry) in deferrals.all {
            if entry.cause == .directoryForbidden, let directory = obstacle(above: name) {
                inDirectories[directory, default: 0] += 1
                continue
            }
            let place = Place(cause: entry.cause, source: name.source)
            if others[place] == nil, others.count >= Self.most { continue }
            var sum =
                others[place]
                ?? WaitingFiles(cause: entry.cause, name: name, isDirectory: false, files: 0, since: entry.since)
            sum.files = (sum.files ?? 0) + 1
            sum.since = min(sum.since, entry.since)
            others[place] = sum
        }
        directories = directories.filter { $0.value.isClosed || inDirectories[$0.key] != nil }
        examples = examples.filter { others[$0.key] != nil && deferrals[$0.value.name] != nil }
        for (place, example) in examples {
            others[place]?.name = example.name
            others[place]?.deferral = example.deferral
        }
        let blocked = directories.map { path, entry in
            WaitingFiles(
                cause: entry.deferral.cause, name: path, isDirectory: true, files: inDirectories[path],
                since: entry.since, deferral: entry.deferral)
        }
        return (blocked + others.values).sorted {
            ($0.cause.needsPerson ? 0 : 1, $0.since, $0.name) < ($1.cause.needsPerson ? 0 : 1, $1.since, $1.name)
        }
    }

    /// The directory that keeps a file from being taken: its own, or the one at the top.
    private func obstacle(above name: RelativePath) -> RelativePath? {
        if directories[name.directory] != nil { return name.directory }
        guard let top = name.source.map({ RelativePath($0) }), directories[top] != nil else { return nil }
        return top
    }
}
