// Why a file stays in the inbox for now: in words for the person who can mend it, with whose the file or directory is that
// stands in the way, and the command that gives leave.

public import Files

/// Why a file stays in the inbox for now.
public struct Deferral: Sendable, Equatable {
    public enum Cause: String, Sendable, CaseIterable, Comparable {
        /// A writer has it open, or it changed a moment ago.
        case beingWritten = "being-written"
        /// The service may not read the file.
        case fileForbidden = "file-forbidden"
        /// The service may not look into its directory, or may not move files out of it.
        case directoryForbidden = "directory-forbidden"
        /// A directory lies deeper than directories are followed.
        case tooDeep = "too-deep"
        /// The kernel said something else.
        case failed

        /// Whether it stays so until somebody does something.
        public var needsPerson: Bool { self != .beingWritten }

        public static func < (a: Cause, b: Cause) -> Bool { a.rawValue < b.rawValue }
    }

    public var cause: Cause
    /// The directory that keeps all files in it from being taken; nil where it is the file itself.
    public var directory: RelativePath?
    private var what: What

    fileprivate enum What: Sendable, Equatable {
        case writing(String)
        case obstacle(Obstacle)
        case error(FileError)
        case deep
    }

    /// What may not be read, entered or emptied.
    fileprivate struct Obstacle: Sendable, Equatable {
        enum Wish: Sendable { case read, enter, empty }

        var wish: Wish
        /// The file or directory itself.
        var name: RelativePath
        var owner: UInt32
        var permissions: UInt32
        /// The sticky bit is what keeps files in the directory.
        var isSticky: Bool
        /// What the command should be about, in full.
        var path: [UInt8]
    }

    init(_ error: FileError, directory: RelativePath? = nil) {
        self.init(.failed, .error(error), directory: directory)
    }

    fileprivate init(_ cause: Cause, _ what: What, directory: RelativePath? = nil) {
        self.cause = cause
        self.what = what
        self.directory = directory
    }

    /// Its writer is not done.
    static func beingWritten(_ sentence: String) -> Deferral { Deferral(.beingWritten, .writing(sentence)) }

    /// A directory lies deeper than directories are followed.
    static func tooDeep(_ path: RelativePath) -> Deferral { Deferral(.tooDeep, .deep, directory: path) }

    /// What happened, as a sentence.
    public var sentence: String {
        switch what {
        case .writing(let sentence): return sentence
        case .deep: return "it lies deeper than inbox.maxdepth, so what is in it stays there"
        case .error(let error): return error.description
        case .obstacle(let obstacle):
            let place = obstacle.name == .root ? "the inbox" : "\(obstacle.name)/"
            let wish =
                switch obstacle.wish {
                case .read: "read it"
                case .enter: "look into \(place)"
                case .empty: "move files out of \(place)"
                }
            let mode = String(obstacle.permissions, radix: 8)
            return "the service (user \(UserNames.name(of: Process.user))) may not \(wish)"
                + (obstacle.wish == .read ? ": it belongs to " : ", which belongs to ")
                + "\(UserNames.name(of: obstacle.owner)) and has mode \(mode)"
                + (obstacle.isSticky ? ", whose sticky bit leaves that to owners" : "")
        }
    }

    /// What to do about it; nil when waiting is enough.
    public var hint: String? {
        switch what {
        case .writing: return nil
        case .deep: return "raise inbox.maxdepth and reload, or move it higher"
        case .error(let error): return error.hint ?? "see whether it can be read; it is tried again by itself"
        case .obstacle(let obstacle):
            let path = PrintableName.shellWord(obstacle.path)
            let who = obstacle.owner == 0 ? "root" : "\(UserNames.name(of: obstacle.owner)) or root"
            // -P: a link that takes the place of a stranger's file leads nowhere.
            let leave = "setfacl -R -P -m u:\(UserNames.name(of: Process.user))"
            switch obstacle.wish {
            case .read: return "\(who) can run: \(leave):r \(path)"
            case .enter, .empty:
                let command = obstacle.isSticky ? "chmod -t \(path)" : "\(leave):rwX \(path)"
                return
                    "\(who) can run: \(command)"
            }
        }
    }
}

extension Spool {
    /// Why a file could not be claimed.
    ///
    /// - Parameter directory: the opened directory that holds it.
    func deferral(_ error: FileError, _ name: RelativePath, in directory: Directory) -> Deferral {
        guard error.isForbidden, let last = name.last else { return Deferral(error) }
        let status: FileStatus
        do throws(FileError) { status = try directory.status(last) } catch {
            return error.isForbidden ? deferral(error, directory: name.directory) : Deferral(error)
        }
        switch error.call {
        case .openat2: return .forbidden(.read, name, status, path: path(of: name))
        case .renameat2: return forbidden(.empty, name.directory, error) ?? Deferral(error)
        default: return Deferral(error)
        }
    }

    /// Why a directory cannot be looked into.
    func deferral(_ error: FileError, directory: RelativePath) -> Deferral {
        (error.isForbidden ? forbidden(.enter, directory, error) : nil) ?? Deferral(error, directory: directory)
    }

    private func forbidden(_ wish: Deferral.Obstacle.Wish, _ directory: RelativePath, _ error: FileError) -> Deferral? {
        guard let status = try? status(of: directory) else { return nil }
        let isSticky = wish == .empty && status.isSticky && status.owner != Process.user && Process.user != 0
        // Without the sticky bit it is something rarer, such as chattr(1)'s immutable files.
        guard isSticky || !error.isNotPermitted else { return nil }
        // Senders make whole trees: one command for all of it, where it is one owner's.
        var whole = directory
        if !isSticky, let top = directory.source.map({ RelativePath($0) }),
            (try? self.status(of: top))?.owner == status.owner
        {
            whole = top
        }
        return .forbidden(wish, directory, status, isSticky: isSticky, path: path(of: whole), directory: whole)
    }

    private func status(of directory: RelativePath) throws(FileError) -> FileStatus {
        guard let last = directory.last else { return try inbox.descriptor.status() }
        return try inbox.directory(beneath: directory.directory).status(last)
    }

    private func path(of name: RelativePath) -> [UInt8] {
        let inbox = Array(options.inboxPath.utf8)
        return name == .root ? inbox : inbox + [RelativePath.separator] + name.bytes
    }
}

extension Deferral {
    fileprivate static func forbidden(
        _ wish: Obstacle.Wish, _ name: RelativePath, _ status: FileStatus, isSticky: Bool = false, path: [UInt8],
        directory: RelativePath? = nil
    ) -> Deferral {
        let obstacle = Obstacle(
            wish: wish, name: name, owner: status.owner, permissions: status.permissions, isSticky: isSticky, path: path
        )
        return Deferral(wish == .read ? .fileForbidden : .directoryForbidden, .obstacle(obstacle), directory: directory)
    }
}

extension FileStatus {
    fileprivate var isSticky: Bool { permissions & 0o1000 != 0 }
}
