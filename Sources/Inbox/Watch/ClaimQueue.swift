// Names that wait to be claimed, in a line for each sender: the lines take turns, so that a sender with a million files
// delays another one's only by the files that are on their way already. Pure bookkeeping.
//
// Turns go round the owners, and for each owner round the directories: nobody gains by spreading files over many
// directories. What a line has no room for is found again by a scan once it is shorter.

internal import Files

/// The names that wait, by sender.
struct ClaimQueue {
    struct Candidate: Equatable {
        var name: RelativePath
        /// What a look at it showed, if there was one.
        var seen: FileStatus?
        /// Whether an event named it; what a scan finds does not shorten the wait of a deferred file.
        var isNews: Bool
    }

    /// The most names that wait for one owner.
    static let mostNames = 65_536
    /// What each directory of an owner may have all the same when the others took the owner's room.
    static let leastNames = 64

    /// What may wait for one sender, an owner's directory; the rest stays in the inbox, and is found again later.
    struct Quota: Equatable {
        var files = ClaimQueue.mostNames
        /// 0 for no limit.
        var bytes: Int64 = 0
    }

    fileprivate struct Line {
        var names: [Candidate] = []
        var first = 0
        /// Of those whose size is known.
        var bytes: Int64 = 0
        var count: Int { names.count - first }
    }

    /// The lines of one owner, and whose turn is next.
    fileprivate struct Lines {
        var byDirectory: [FileName?: Line] = [:]
        var turns: [FileName?] = []
        var next = 0
        var count = 0
    }

    private var owners: [UInt32: Lines] = [:]
    private var turns: [UInt32] = []
    private var next = 0
    private(set) var count = 0
    /// Senders of whom names were left out.
    private(set) var incomplete: Set<Sender> = []

    var quota = Quota()

    var isEmpty: Bool { count == 0 }

    /// How many names more the sender's line takes.
    func room(for sender: Sender) -> Int {
        guard let lines = owners[sender.owner] else { return quota.files }
        let line = lines.byDirectory[sender.directory]
        let count = line?.count ?? 0
        if isOverQuota(line) { return 0 }
        return min(max(Self.mostNames - lines.count, Self.leastNames - count, 0), quota.files - count)
    }

    private func isOverQuota(_ line: Line?) -> Bool {
        guard let line else { return false }
        return line.count >= quota.files || quota.bytes > 0 && line.bytes >= quota.bytes
    }

    /// Whether the sender's own quota is used up.
    func isOverQuota(_ sender: Sender) -> Bool { isOverQuota(owners[sender.owner]?.byDirectory[sender.directory]) }

    /// Whether so much of a sender's line has gone that it is worth looking for more.
    func hasDrained(_ sender: Sender) -> Bool {
        if quota.bytes > 0, let line = owners[sender.owner]?.byDirectory[sender.directory], line.bytes > quota.bytes / 2
        {
            return false
        }
        return room(for: sender) >= quota.files / 2
    }

    /// Tells of each sender of whom something waits.
    func forEachSender(_ body: (Sender, _ files: Int, _ bytes: Int64) -> Void) {
        for (owner, lines) in owners {
            for (directory, line) in lines.byDirectory {
                body(Sender(owner: owner, directory: directory), line.count, line.bytes)
            }
        }
    }

    /// Adds a name to the end of its sender's line; false, and noted as incomplete, if there is no room.
    @discardableResult
    mutating func add(_ candidate: Candidate, from sender: Sender) -> Bool {
        guard room(for: sender) > 0 else {
            incomplete.insert(sender)
            return false
        }
        if owners[sender.owner] == nil { turns.append(sender.owner) }
        if owners[sender.owner, default: Lines()].byDirectory[sender.directory] == nil {
            owners[sender.owner, default: Lines()].turns.append(sender.directory)
        }
        owners[sender.owner, default: Lines()].byDirectory[sender.directory, default: Line()].add(candidate)
        owners[sender.owner, default: Lines()].count += 1
        count += 1
        return true
    }

    /// The next name, by turns.
    ///
    /// - Parameter mayGo: whether an owner's files may go on now; told whether other owners' files wait.
    mutating func take(where mayGo: (UInt32, _ hasOthers: Bool) -> Bool) -> (sender: Sender, candidate: Candidate)? {
        for _ in turns.indices {
            if next >= turns.count { next = 0 }
            let owner = turns[next]
            guard mayGo(owner, owners.count > 1) else {
                next += 1
                continue
            }
            guard let (directory, candidate, isLast) = owners[owner, default: Lines()].take() else { return nil }
            count -= 1
            if isLast {
                owners[owner] = nil
                turns.remove(at: next)
            } else {
                next += 1
            }
            return (Sender(owner: owner, directory: directory), candidate)
        }
        return nil
    }

    /// The senders of whom names were left out and whose lines have room again, once.
    mutating func takeIncomplete() -> [Sender] {
        if incomplete.isEmpty { return [] }
        let ready = incomplete.filter(hasDrained)
        incomplete.subtract(ready)
        return Array(ready)
    }

}

extension ClaimQueue.Line {
    fileprivate mutating func add(_ candidate: ClaimQueue.Candidate) {
        names.append(candidate)
        bytes += candidate.seen?.size ?? 0
    }
}

extension ClaimQueue.Lines {
    /// The next name of the directory whose turn it is, and whether it was the owner's last.
    fileprivate mutating func take() -> (FileName?, ClaimQueue.Candidate, isLast: Bool)? {
        guard !turns.isEmpty else { return nil }
        if next >= turns.count { next = 0 }
        let directory = turns[next]
        guard var line = byDirectory.removeValue(forKey: directory) else { return nil }
        let candidate = line.names[line.first]
        line.first += 1
        line.bytes -= candidate.seen?.size ?? 0
        count -= 1
        if line.first == line.names.count {
            turns.remove(at: next)
        } else {
            if line.first > 1024, line.first * 2 > line.names.count {
                line.names.removeFirst(line.first)
                line.first = 0
            }
            byDirectory[directory] = line
            next += 1
        }
        return (directory, candidate, count == 0)
    }
}
