// The store's files are the service's alone, whatever the umask: SQLite gives a log and its index the mode that the
// database has (https://www.sqlite.org/src/file/src/os_unix.c, findCreateFileMode), so the database is made first.

internal import Foundation

enum PrivateFile {
    /// Only its owner may read and write it.
    static let mode: UInt32 = 0o600

    /// Makes an empty file that only its owner may open, or takes leave from the others on one that is there, and on
    /// what SQLite keeps beside it. An error is left for SQLite to meet: it names it better.
    ///
    /// An existing file is never opened: closing it would drop this process's locks on it (fcntl(2)).
    static func make(_ path: String) {
        let made = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
        if made >= 0 {
            close(made)
            return
        }
        for name in [path, path + "-wal", path + "-shm"] {
            var status = stat()
            if unsafe lstat(name, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
                unsafe _ = chmod(name, mode_t(mode))
            }
        }
    }
}
