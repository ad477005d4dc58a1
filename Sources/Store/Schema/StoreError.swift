// What can go wrong with the store, sorted by what the caller can do about it.

internal import Files
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
    /// The error behind it, as it was thrown.
    public var cause: (any Error)?
    /// Where in the program it was made.
    public var location: Location

    /// A place in the program.
    public struct Location: Sendable, Equatable, CustomStringConvertible {
        public var file: String
        public var line: UInt

        public var description: String { "\(file):\(line)" }
    }

    public init(
        _ kind: Kind, _ message: String, hint: String, cause: (any Error)? = nil, file: String = #fileID,
        line: UInt = #line
    ) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.cause = cause
        location = Location(file: file, line: line)
    }

    public var description: String { message }

    /// Sorts SQLite's result codes (https://www.sqlite.org/rescode.html).
    ///
    /// - Parameter systemError: the errno(3) behind it, where it is known. SQLite calls only ENOSPC "full"; a quota or
    ///   a limit on the size of files is no less a lack of room. (An error of fsync(2) never is: nothing can be known
    ///   of what was written.)
    package init(
        _ error: any Error, doing what: String, systemError: Int32 = 0, file: String = #fileID, line: UInt = #line
    ) {
        if let error = error as? StoreError {
            self = error
            return
        }
        self.init(sorting: error, what, systemError)
        cause = error
        location = Location(file: file, line: line)
    }

    private init(sorting error: any Error, _ what: String, _ systemError: Int32) {
        if let error = error as? FileError {
            self.init(
                error.isNoRoom ? .noRoom : error.isForbidden || error.isMissing ? .unreadable : .fatal,
                "\(what): \(error.reason)",
                hint: error.isForbidden || error.isMissing
                    ? "check the permissions of the store's directory and files"
                    : error.hint ?? "look for disk errors with dmesg(1); the next start recovers by itself")
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
        var error = self
        error.kind = .derived
        error.hint =
            "the service makes it again by itself; `copytaster verify --rebuild` does while the service is stopped"
        return error
    }
}
