// Where a followed backup lies. Four verbs are all that is asked of a target, so that a few lines of shell make anything one:
// a directory, a machine that is reached by ssh, a bucket. A `put` must be atomic: nobody ever sees a part of a segment
// under its name.

package import Files
internal import Foundation

/// A place for segments.
package protocol BackupTarget: Sendable {
    /// What it is called in messages.
    var description: String { get }
    func list() throws(BackupError) -> [SegmentName]
    /// The bytes of a segment, or its first ones.
    func get(_ name: SegmentName, first count: Int?) throws(BackupError) -> [UInt8]
    func put(_ name: SegmentName, _ bytes: [UInt8]) throws(BackupError)
    func remove(_ name: SegmentName) throws(BackupError)
    /// Keeps other writers out as long as the value lives; nil where the target has no locks.
    func lock() throws(BackupError) -> ProcessLock?
}

extension BackupTarget {
    package func segment(_ name: SegmentName) throws(BackupError) -> Segment {
        try Segment(get(name, first: nil), name: name)
    }

    package func header(_ name: SegmentName) throws(BackupError) -> Segment.Header {
        try Segment.header(get(name, first: Envelope.longestHeader), name: name)
    }
}

/// A directory of this machine, or one that is mounted.
package struct DirectoryTarget: BackupTarget {
    package let description: String
    private let directory: Directory

    /// Opens the directory, which must be there: a disk that is not mounted is not to be mistaken for an empty one.
    package init(path: String) throws(BackupError) {
        description = path
        do throws(FileError) { directory = try Directory(path: path) } catch {
            throw BackupError(
                error.isMissing ? .missing : .unreachable, "the backup's directory cannot be opened: \(error)",
                hint: "is its disk mounted? If it is new, make it: install -d -o copytaster-backup -m 700 \(path)")
        }
    }

    private func attempt<T>(_ body: () throws(FileError) -> T) throws(BackupError) -> T {
        do throws(FileError) { return try body() } catch {
            throw BackupError(
                .unreachable, "the backup's directory refuses: \(error)",
                hint: error.isNoRoom
                    ? "free space there, or name another target; the rows wait in the store meanwhile"
                    : "look whether it is mounted, and whether this user may write there")
        }
    }

    package func list() throws(BackupError) -> [SegmentName] {
        try attempt { () throws(FileError) in
            var names: [SegmentName] = []
            for epoch in try entries(directory) where epoch.kind == .directory || epoch.kind == .unknown {
                for file in try entries(try directory.directory(epoch.name)) {
                    if let name = SegmentName("\(epoch.name)/\(file.name)") { names.append(name) }
                }
            }
            return names
        }
    }

    private func entries(_ directory: Directory) throws(FileError) -> [DirectoryEntry] {
        var reader = try DirectoryReader(directory)
        var all: [DirectoryEntry] = []
        while let entries = try reader.next() { all += entries }
        return all
    }

    private static func file(_ name: SegmentName) -> (epoch: FileName, file: FileName) {
        (FileName(ofPath: name.epoch) ?? "0", FileName(ofPath: name.file) ?? "0")
    }

    package func get(_ name: SegmentName, first count: Int?) throws(BackupError) -> [UInt8] {
        let (epoch, file) = Self.file(name)
        return try attempt { () throws(FileError) in
            let file = try directory.directory(epoch).open(file)
            if let count { return try file.read(at: 0, count: count) }
            return try file.readAll(expected: Int(try file.status().size), limit: .max - 1)
        }
    }

    package func put(_ name: SegmentName, _ bytes: [UInt8]) throws(BackupError) {
        let (epoch, file) = Self.file(name)
        try attempt { () throws(FileError) in
            let folder = try directory.makeDirectory(epoch, mode: 0o700)
            // The one name of the one writer: what a crash left under it, redacted words perhaps, goes with the next put.
            let hidden: FileName = ".put.part"
            let new = try folder.create(hidden, mode: 0o600, reuse: true)
            try new.truncate(to: 0)
            try new.write(bytes)
            try new.sync()
            try folder.replace(hidden, to: folder, as: file)
            try folder.sync()
            try directory.sync()
        }
    }

    package func remove(_ name: SegmentName) throws(BackupError) {
        let (epoch, file) = Self.file(name)
        try attempt { () throws(FileError) in
            do throws(FileError) { try directory.directory(epoch).unlink(file) } catch  where error.isMissing {}
        }
    }

    package func lock() throws(BackupError) -> ProcessLock? {
        do throws(LockError) { return try ProcessLock(directory) } catch {
            throw BackupError(.busy, error.description, hint: "a backup has one writer: stop that process first")
        }
    }
}

/// A command that the operator named: `COMMAND list`, `COMMAND get NAME [BYTES]`, `COMMAND put NAME`, `COMMAND remove NAME`.
package struct CommandTarget: BackupTarget {
    private let command: String
    package var description: String { command }
    /// How long one call may take, in seconds.
    private static let patience = 900.0

    package init(_ command: String) { self.command = command }

    package func list() throws(BackupError) -> [SegmentName] {
        String(decoding: try run(["list"]), as: UTF8.self).split(whereSeparator: \.isNewline)
            .compactMap { SegmentName(String($0)) }
    }

    package func get(_ name: SegmentName, first count: Int?) throws(BackupError) -> [UInt8] {
        let bytes = try run(["get", "\(name)"] + (count.map { ["\($0)"] } ?? []))
        return count.map { Array(bytes.prefix($0)) } ?? bytes
    }

    package func put(_ name: SegmentName, _ bytes: [UInt8]) throws(BackupError) {
        _ = try run(["put", "\(name)"], input: bytes)
    }

    package func remove(_ name: SegmentName) throws(BackupError) { _ = try run(["remove", "\(name)"]) }

    package func lock() throws(BackupError) -> ProcessLock? { nil }

    private func run(_ arguments: [String], input: [UInt8] = []) throws(BackupError) -> [UInt8] {
        let outcome = ShellCommand(command).run(arguments, input: input, patience: Self.patience)
        guard outcome.status == 0 else {
            throw BackupError(
                .unreachable, "`\(command) \(arguments.joined(separator: " "))` \(outcome.words)",
                hint: "run it by hand as the same user; the rows wait in the store meanwhile")
        }
        return outcome.output
    }
}
