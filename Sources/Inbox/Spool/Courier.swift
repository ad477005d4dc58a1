// Delivers files of this machine: what `ingest` brings.

public import Files

/// Delivers files of this machine into an inbox the way senders should: under a hidden name first, renamed
/// when complete.
public struct Courier: Sendable {
    let inbox: Directory

    public init(_ options: Spool.Options) throws(FileError) {
        inbox = try Directory(making: options.inboxPath, mode: 0o770)
    }

    /// The path of the inbox.
    public var path: String { inbox.path }

    /// What was delivered: the identity to find it by in the ledger.
    public struct Parcel: Sendable {
        public var name: RelativePath
        public var status: FileStatus
        /// Whether it was copied although it should be moved: remove the original once it is in the ledger.
        public var leavesOriginal: Bool
    }

    /// A file that is ready to be delivered, under a hidden name or in its old place.
    public struct Prepared: Sendable {
        public let name: RelativePath
        fileprivate let place: Directory
        fileprivate let file: FileName
        fileprivate let home: Directory
        fileprivate let status: FileStatus
        /// Whether it is a copy, and the original should go.
        fileprivate let leavesOriginal: Bool
        fileprivate let isOriginal: Bool
    }

    /// Copies a file to a hidden name in the inbox, or takes note of one that shall be moved; what is prepared by the
    /// dozen is committed by the dozen.
    public func prepare(
        _ file: FileName, from source: Directory, as name: RelativePath, moving: Bool
    ) throws(FileError) -> Prepared {
        let home = try inbox.makeDirectories(name.directory, mode: 0o770)
        if moving {
            return Prepared(
                name: name, place: source, file: file, home: home, status: try source.status(file),
                leavesOriginal: false, isOriginal: true)
        }
        return try prepareCopy(file, from: source, to: home, as: name, leavesOriginal: false)
    }

    private func prepareCopy(
        _ file: FileName, from source: Directory, to home: Directory, as name: RelativePath, leavesOriginal: Bool
    ) throws(FileError) -> Prepared {
        let (hidden, status) = try copy(source.open(file), to: home)
        return Prepared(
            name: name, place: home, file: hidden, home: home, status: status, leavesOriginal: leavesOriginal,
            isOriginal: false)
    }

    /// Delivers what was prepared; throws EEXIST while the name is taken.
    public func deliver(_ prepared: Prepared) throws(FileError) -> Parcel {
        var prepared = prepared
        let last = prepared.name.last ?? prepared.file
        do throws(FileError) {
            try prepared.place.move(prepared.file, to: prepared.home, as: last)
        } catch  where prepared.isOriginal && !error.isExisting {
            // Another file system, or not ours to move: copy.
            prepared = try prepareCopy(
                prepared.file, from: prepared.place, to: prepared.home, as: prepared.name, leavesOriginal: true)
            do throws(FileError) {
                try prepared.place.move(prepared.file, to: prepared.home, as: last)
            } catch {
                // Tried again with a new copy.
                try? prepared.place.unlink(prepared.file)
                throw error
            }
        }
        return Parcel(name: prepared.name, status: prepared.status, leavesOriginal: prepared.leavesOriginal)
    }

    /// Takes back what was prepared and is not delivered.
    public func discard(_ prepared: Prepared) {
        if !prepared.isOriginal { try? prepared.place.unlink(prepared.file) }
    }

    private static func hiddenName() -> FileName {
        FileName(stringLiteral: ".copytaster-\(Process.number)-\(Process.monotonicNanoseconds)")
    }

    /// The copy is not synced: the original stays until the store has the bytes.
    private func copy(_ file: Descriptor, to home: Directory) throws(FileError) -> (FileName, FileStatus) {
        let original = try file.status()
        guard original.kind == .regular else { throw FileError(.open, notAFile, path: file.path) }
        let hidden = Courier.hiddenName()
        let copy = try home.create(hidden, mode: 0o640)
        do throws(FileError) {
            let most = 1 << 18
            var offset: Int64 = 0
            while true {
                // One more than there should be, so that the end shows in the same call.
                let wanted = Int(clamping: max(0, original.size - offset) + 1)
                let chunk = try file.read(at: offset, count: min(wanted, most))
                try copy.write(chunk)
                offset += Int64(chunk.count)
                if chunk.isEmpty || chunk.count < min(wanted, most) { break }
            }
            return (hidden, try copy.status())
        } catch {
            try? home.unlink(hidden)
            throw error
        }
    }
}

/// EINVAL: what should be delivered is no regular file.
private let notAFile: Int32 = 22
