// What a redaction takes out of the spool.

public import Files

extension Spool {
    /// Removes the file that was kept for a ledger row, if it was.
    public func eraseArchived(_ row: Int64) throws(FileError) {
        do throws(FileError) {
            try archive.directory(FileName(row / 1000)).unlink(FileName(row))
        } catch  where error.isMissing {}
    }

    /// Removes what was rejected as a ledger row; its explanation stays.
    public func eraseRejected(_ row: Int64) throws(FileError) {
        do throws(FileError) { try rejected.unlink(FileName(row)) } catch  where error.isMissing {}
    }
}
