// What the feeder does with the kernel's events. They are hints: whatever is missed or misread here is
// found by the next scan.

internal import Files
internal import Synchronization

extension FeederLoop {
    /// Watches the inbox itself; sub-directories are watched as the first scan meets them.
    func startWatching() {
        watches = WatchTable()
        isPolling = false
        do throws(FileError) {
            inotify = try INotify()
        } catch {
            startPolling(
                "inotify cannot be had (\(error.reason))",
                hint: "raise fs.inotify.max_user_instances with sysctl(8)")
        }
        nextScan = 0
        watch(.root, feeder.spool.inbox)
        feeder.report(.watching(path: feeder.spool.options.inboxPath))
    }

    /// Watches one directory, or says why it has to be polled.
    private func watch(_ path: RelativePath, _ directory: Directory) {
        if let magic = try? directory.descriptor.fileSystem() {
            let traits = FileSystemTraits(magic: magic)
            if !traits.reportsEvents {
                startPolling(
                    "\(directory.path) lies on \(traits.name), where inotify does not see what others write",
                    hint: "nothing to do; a local inbox would be seen at once")
            }
        }
        guard let inotify else { return }
        do throws(FileError) {
            watches.add(try inotify.watch(directory), at: path)
        } catch  where error.isOutOfWatches {
            startPolling(
                "there are no inotify watches left after \(watches.count)",
                hint: "raise fs.inotify.max_user_watches with sysctl(8), then restart")
        } catch  where error.isMissing {
        } catch { meet(feeder.spool.deferral(error, directory: path), path) }
    }

    private func startPolling(_ reason: String, hint: String) {
        guard !isPolling else { return }
        isPolling = true
        nextScan = min(nextScan, now + options.poll)
        feeder.report(.polling(reason: reason, hint: hint))
    }

    /// What a walk tells about directories.
    func see(_ sight: Scan.Sight) {
        door.pulse(true)
        switch sight {
        case .directory(let path, let directory):
            if !watches.isWatched(path) { watch(path, directory) }
            if path.depth == 0, let name = path.last, let status = try? directory.descriptor.status() {
                owners[name] = status.owner
            }
        case .tooDeep(let path): meet(.tooDeep(path), path)
        case .unreadable(let path, let error): meet(feeder.spool.deferral(error, directory: path), path)
        case .sender: break
        }
    }

    /// A directory keeps all that is in it from being taken.
    private func meet(_ deferral: Deferral, _ path: RelativePath) {
        let path = deferral.directory ?? path
        countedWaiting = -1  // To be counted in any case.
        if let telling = obstacles.meet(deferral, at: path, isClosed: true, now: now) {
            feeder.report(.deferred(path, deferral, telling))
        }
    }

    /// Reads and follows what the kernel has to say now.
    func readEvents() {
        let end = now + Self.turn
        while now < end {
            guard let inotify else { return }
            let events: [INotify.Event]
            do throws(FileError) {
                events = try inotify.events(&buffer)
            } catch {
                return startPolling("inotify cannot be read (\(error.reason))", hint: "restart the service")
            }
            if events.isEmpty { return }
            for event in events where !isLost { follow(event) }
        }
    }

    private func follow(_ event: INotify.Event) {
        if event.kind == .overflow {
            feeder.report(.overflow)
            nextScan = 0
            return
        }
        guard let directory = watches.path(of: event.watch) else { return }
        let isRoot = directory == .root
        switch event.kind {
        case .lost where isRoot, .ended where isRoot: loseInbox()
        case .lost: leave(directory, event.watch)
        case .ended: watches.remove(event.watch)
        case .overflow: break
        case .changed: reconsider(event.name.map { directory.appending($0) } ?? directory, event.isDirectory)
        case .arrived, .created:
            guard let entry = event.name else { break }
            let name = directory.appending(entry)
            if event.isDirectory {
                enter(name)
            } else if event.kind == .arrived {
                propose(name)
            } else {
                consider(name)
            }
        }
    }

    /// A name appeared without having been closed or moved. A link is complete (as is what is not a
    /// regular file); a file is being written: its closing will tell, and if that hint is lost, a second
    /// look soon.
    private func consider(_ name: RelativePath) {
        guard let last = name.last, !options.filter.ignores(last),
            let status = try? feeder.spool.inbox.directory(beneath: name.directory).status(last)
        else { return }
        if status.kind != .regular || status.links > 1 {
            propose(name, seen: status)
        } else if deferrals[name] == nil {
            deferrals.postpone(name, now: now)
        }
    }

    /// Mode, owner or access list of something changed: perhaps what kept a file from being taken is mended.
    private func reconsider(_ path: RelativePath, _ isDirectory: Bool) {
        if !isDirectory {
            if deferrals[path] != nil { propose(path) }
            return
        }
        if let name = path.last, path.depth == 0 { owners[name] = nil }
        // With too many of them a walk is cheaper.
        if changed.count < 1000 { changed.insert(path) } else { nextScan = 0 }
        nextChange = min(nextChange, now + Self.changePause)
    }

    /// How long changes of directories are gathered, in nanoseconds.
    private static let changePause: Int64 = 500_000_000

    /// Tries again what lies in directories that changed.
    func lookAtChanged() {
        nextChange = .max
        let directories = changed
        changed = []
        for directory in directories {
            for name in deferrals.names.filter({ $0.isBelow(directory) }) { propose(name) }
            for path in obstacles.closed(in: directory)
            where (try? feeder.spool.inbox.directory(beneath: path)) != nil {
                obstacles.remove(path)
                countedWaiting = -1  // To be counted in any case.
                scans.begin(path)
            }
        }
    }

    /// A directory appeared, perhaps with files already inside.
    private func enter(_ path: RelativePath) {
        guard let last = path.last, !options.filter.ignores(last) else { return }
        // It may be known under this path from an earlier directory of the name.
        forget(path)
        if path.depth >= options.maximumDepth {
            see(.tooDeep(path))
        } else {
            scans.begin(path)
        }
    }

    /// A directory was removed or moved. If it was moved within the inbox, its new place was told before, and
    /// has the same watch by now.
    private func leave(_ path: RelativePath, _ watch: INotify.Watch) {
        if let directory = try? feeder.spool.inbox.directory(beneath: path), (try? inotify?.watch(directory)) == watch {
            return
        }
        forget(path)
    }

    private func forget(_ path: RelativePath) {
        for watch in watches.removeTree(path) { inotify?.end(watch) }
        if let name = path.last, path.depth == 0 { owners[name] = nil }
    }

    private func loseInbox() {
        isLost = true
        scans.removeAll()
        let quota = queue.quota
        queue = ClaimQueue()
        queue.quota = quota
        owners = [:]
        obstacles = Obstacles()
        inotify = nil
        watches = WatchTable()
        feeder.report(.inboxLost(path: feeder.spool.options.inboxPath))
    }

    /// Looks whether the inbox is back.
    func lookForInbox() {
        guard (try? feeder.spool.reopenInbox()) != nil else { return }
        isLost = false
        feeder.report(.inboxBack(path: feeder.spool.options.inboxPath))
        startWatching()
    }
}
