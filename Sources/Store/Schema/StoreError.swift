// What can go wrong with the store, sorted by what the caller can do about it.

internal import Foundation
internal import GRDB

/// A failure of the store.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// No store is there.
        case missing
        /// The disk (or a limit) has no room; the same batch may be committed again once there is some.
        case noRoom
        /// The store was made by a newer program.
        case tooNew
        /// The store is of an older format, and a reader does not change it.
        case tooOld
        /// Another process has it.
        case held
        /// Another process has locked a part of it, or reads what is to go: the same can be tried again.
        case busy
        /// Nothing that was not yet on the disk can be relied on: exit, and recover at the next start.
        case fatal
        /// The store is damaged.
        case damaged
        /// Something that is derived from the store is damaged: it can be made again.
        case derived
        /// Reading failed for another reason.
        case unreadable
        /// There is no such story, or it has no text.
        case notFound
    }

    public var kind: Kind
    public var message: String
    public var hint: String

    public init(_ kind: Kind, _ message: String, hint: String) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    public var description: String { message }

    /// Sorts SQLite's result codes (https://www.sqlite.org/rescode.html).
    ///
    /// - Parameter systemError: the errno(3) behind it, where it is known. SQLite calls only ENOSPC "full"; a quota or
    ///   a limit on the size of files is no less a lack of room. (An error of fsync(2) never is: nothing can be known
    ///   of what was written.)
    init(_ error: any Error, doing what: String, systemError: Int32 = 0) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.fatal, "\(what): \(error)", hint: "see the log; the next start recovers by itself")
            return
        }
        let words = "\(what): \(error.message ?? "SQLite error") (code \(error.extendedResultCode.rawValue))"
        let hasNoRoom = error.extendedResultCode == .SQLITE_IOERR_WRITE && [EDQUOT, EFBIG].contains(systemError)
        switch error.resultCode {
        case _ where hasNoRoom:
            self.init(
                .noRoom, "\(words): \(systemError == EFBIG ? "a file reached its size limit" : "the quota is used up")",
                hint: "raise the quota or the limit on the size of files (LimitFSIZE=); the service goes on by itself")
        case .SQLITE_FULL:
            self.init(.noRoom, words, hint: "free space on the store's file system; the service goes on by itself")
        case .SQLITE_CORRUPT:
            self.init(damaged: words)
            // SQLite gives EIO while reading this code, too (SQLITE_IOERR_CORRUPTFS).
            hint = "if dmesg(1) shows disk errors, it may only have been unreadable: try `verify` again; else " + hint
        case .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
            // All statements are the program's own: a table or a column that is missing, or a row that is there
            // already, is the store's fault.
            self.init(damaged: words)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.unreadable, words, hint: "check the permissions of the store's directory and files")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy, "\(words): another process has locked the store, or reads it",
                hint: "it goes on once that ends; fuser -v on the store says which process it is")
        default:
            self.init(.fatal, words, hint: "look for disk errors with dmesg(1); the next start recovers by itself")
        }
    }

    /// The same failure, of something that is derived from the store.
    var ofDerived: StoreError {
        guard kind == .damaged else { return self }
        return StoreError(
            .derived, message,
            hint:
                "the service makes it again by itself; `copytaster verify --rebuild` does while the service is stopped")
    }
}
