// Bringing rejected files back to the inbox.

public import Files

extension Spool {
    /// Moves a rejected file back into the inbox, as a new delivery.
    ///
    /// - Throws: EEXIST if the inbox holds a file of that name, ENOENT if there is no such rejection.
    public func requeue(row id: Int64, name: RelativePath) throws(FileError) {
        try Spool.requeue(row: id, name: name, from: rejected, to: inbox)
    }

    static func requeue(
        row id: Int64, name: RelativePath, from rejected: Directory, to inbox: Directory
    ) throws(FileError) {
        let home = try inbox.makeDirectories(name.directory, mode: 0o770)
        try rejected.move(FileName(id), to: home, as: name.last ?? FileName(id))
        try? rejected.unlink(explanationName(row: id))
    }
}
