// Which directory each inotify watch stands for. Pure bookkeeping: the kernel is elsewhere.

internal import Files

/// Watches and the directories (paths below the inbox) that they stand for.
struct WatchTable {
    private var paths: [INotify.Watch: RelativePath] = [:]
    private var watches: [RelativePath: INotify.Watch] = [:]

    var count: Int { paths.count }

    func path(of watch: INotify.Watch) -> RelativePath? { paths[watch] }
    func isWatched(_ path: RelativePath) -> Bool { watches[path] != nil }

    /// Records a watch. The kernel gives the same watch for the same directory, so a directory that was
    /// moved only changes its path, and so does what is watched below it.
    mutating func add(_ watch: INotify.Watch, at path: RelativePath) {
        if let old = paths[watch], old != path {
            for (below, moved) in watches.filter({ $0.key.isBelow(old) && $0.key != old }) {
                let rest = below.components.dropFirst(old.depth + 1)
                set(moved, at: RelativePath(components: path.components + rest))
            }
        }
        set(watch, at: path)
    }

    private mutating func set(_ watch: INotify.Watch, at path: RelativePath) {
        if let old = paths[watch] { watches[old] = nil }
        if let old = watches[path] { paths[old] = nil }
        paths[watch] = path
        watches[path] = watch
    }

    /// Forgets one watch that the kernel ended.
    mutating func remove(_ watch: INotify.Watch) {
        guard let path = paths.removeValue(forKey: watch) else { return }
        if watches[path] == watch { watches[path] = nil }
    }

    /// Forgets a directory and all below it; returns the watches to end.
    mutating func removeTree(_ root: RelativePath) -> [INotify.Watch] {
        // What is below a directory is watched only if it is itself. Most that arrive are new: no search for each.
        guard watches[root] != nil else { return [] }
        let gone = watches.filter { $0.key == root || $0.key.isBelow(root) }
        for (path, watch) in gone {
            watches[path] = nil
            paths[watch] = nil
        }
        return Array(gone.values)
    }
}
