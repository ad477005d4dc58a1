// The format of copytaster.sqlite, in one place.
//
// Every table only grows at its end, in rowid order, and has no other index: such a commit costs the same
// with ten stories and with ten million. What needs looking up otherwise is derived: in memory, or in
// search.sqlite. Rows are never changed; only a redaction blanks rows of `document`, `reading` and `relation`.
//
//   ledger      one row for each delivered file, in the order of commits: what became of it
//   part        one row for each part of a delivery that holds several stories; numbered with the ledger's rows
//   document    the bytes of each stored story, under the number of its ledger row or part
//   reading     what the parser read; id = document * 256 + revision, the highest revision counts
//   relation    relations to earlier stories; id = story * 256 + place, the deciding one first
//   sketch      what the tables in memory are rebuilt from at start: a narrow scan
//   dictionary, dictionarycopy   what documents are compressed by, twice (CompressionDictionary.swift)
//   audit       what a person did (requeue, redaction, reparse), and what became of the store (recover, epoch)
//   checkpoint  where the service was when it last made the spool durable, how it stopped, and the store's epoch
//
// Ledger rows and parts share one sequence of numbers: the parts of a delivery, then its row. So a number is one story's
// wherever it stands, and parts beyond the newest row belong to a delivery that is not committed yet.
//
// Each row proves itself, or damage could pass for truth: a ledger row by the chain (RowEncoding.swift), a document by
// the digest in its ledger row, all others by a checksum (RowChecksum.swift).

internal import Foundation
package import GRDB
internal import GRDBSQLite

package enum Schema {
    /// Revisions (and relations) that one story can have.
    package static let revisions: Int64 = 256

    /// "Copy", in the file's header (https://www.sqlite.org/pragma.html#pragma_application_id).
    static let applicationID: Int32 = 0x436F_7079
    /// The version of the format, in the file's header.
    package static let format: Int32 = 1

    /// Makes the tables of a new store.
    static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE ledger (
                    id INTEGER PRIMARY KEY,
                    received INTEGER NOT NULL,   -- microseconds since 1970
                    name BLOB NOT NULL,          -- the path below the inbox; bytes, not always UTF-8
                    size INTEGER NOT NULL,       -- bytes
                    sha256 BLOB,                 -- of the bytes; NULL if they were never read
                    verdict TEXT NOT NULL,       -- new, identical, same-text ... rejected
                    of INTEGER,                  -- the story that the verdict refers to
                    reason TEXT,                 -- rejected: code, sentence and hint, a line each
                    claim INTEGER NOT NULL,      -- the file's identity on disk, for recovery: its number in work/,
                    inode INTEGER NOT NULL,      --   or 0 if it was read where it lay;
                    born INTEGER,                --   birth time, nanoseconds since 1970
                    modified INTEGER NOT NULL,   --   modification time at reading
                    chain BLOB NOT NULL,         -- SHA-256 over the row before and this one
                    desk INTEGER,                -- which desk took it; NULL in an archive of one desk
                    content INTEGER,             -- the key of its bytes where that is not the id
                    passages BLOB,               -- what it shares with earlier stories (docs/format.md)
                    parts BLOB                   -- how many parts it has, and their digest; NULL if it is one story
                );
                CREATE TABLE part (
                    id INTEGER PRIMARY KEY,      -- in the sequence of the ledger's ids, before that of the delivery
                    delivery INTEGER NOT NULL,   -- the ledger row
                    number INTEGER NOT NULL,     -- which part of it, from 1
                    name BLOB NOT NULL,          -- its name in the delivery, such as dir/a.xml or #guid
                    format TEXT NOT NULL,        -- text, nitf, rss ...
                    mediatype TEXT NOT NULL,
                    kept INTEGER NOT NULL,       -- 1: stored as it is, and not read (a picture)
                    start INTEGER,               -- where it stands in the file, if its bytes are there as they are
                    size INTEGER NOT NULL,       -- bytes
                    sha256 BLOB,                 -- of the bytes; NULL if they were never read
                    verdict TEXT NOT NULL,
                    of INTEGER,                  -- the story that the verdict refers to
                    reason TEXT,                 -- rejected: code, sentence and hint, a line each
                    passages BLOB,               -- what it shares with earlier stories
                    checksum INTEGER NOT NULL
                );
                CREATE TABLE document (
                    id INTEGER PRIMARY KEY,      -- the ledger row
                    coding INTEGER NOT NULL,     -- 0: verbatim, 1: zstd, n: zstd by dictionary n - 1
                    bytes BLOB NOT NULL
                );
                CREATE TABLE reading (
                    id INTEGER PRIMARY KEY,      -- document * 256 + revision
                    parser INTEGER NOT NULL,     -- the parser's version
                    made INTEGER NOT NULL,       -- microseconds since 1970
                    fields BLOB NOT NULL,        -- JSON: every field with its range and rule
                    text BLOB,                   -- what was taken out of the bytes, where they are not text themselves
                    checksum INTEGER NOT NULL
                );
                CREATE TABLE relation (
                    id INTEGER PRIMARY KEY,      -- story * 256 + place
                    of INTEGER NOT NULL,
                    kind TEXT NOT NULL,
                    resemblance REAL NOT NULL,
                    containment REAL NOT NULL,
                    containmentof REAL NOT NULL,
                    rule TEXT NOT NULL,
                    checksum INTEGER NOT NULL
                );
                CREATE TABLE sketch (
                    id INTEGER PRIMARY KEY,      -- the ledger row of a stored story
                    sha INTEGER NOT NULL,        -- the first eight bytes of its SHA-256
                    version INTEGER,             -- a hash of its headline, the same for all its versions
                    fingerprint BLOB NOT NULL,
                    checksum INTEGER NOT NULL
                );
                CREATE TABLE audit (
                    id INTEGER PRIMARY KEY,
                    at INTEGER NOT NULL,         -- microseconds since 1970
                    kind TEXT NOT NULL,          -- redact, requeue, reparse ...
                    story INTEGER,               -- the ledger row it is about
                    detail TEXT NOT NULL,
                    checksum INTEGER NOT NULL
                );
                CREATE TABLE checkpoint (
                    id INTEGER PRIMARY KEY,      -- always 1
                    finished INTEGER NOT NULL,   -- all files of rows up to here are durably out of the spool
                    clean INTEGER NOT NULL,      -- 1 after a clean stop
                    epoch TEXT NOT NULL,         -- random: which life of the store its row numbers belong to
                    checksum INTEGER NOT NULL
                );
                """)
        for table in CompressionDictionary.tables {
            try db.execute(
                sql: """
                    CREATE TABLE \(table) (
                        id INTEGER PRIMARY KEY,
                        made INTEGER NOT NULL,   -- microseconds since 1970
                        sha256 BLOB NOT NULL,    -- of the bytes
                        bytes BLOB NOT NULL
                    )
                    """)
        }
        try StoredCheckpoint(finished: 0, isClean: true, epoch: newEpoch()).insert(into: db)
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(format)")
    }

    /// 16 hexadecimal digits that no other store has.
    static func newEpoch() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    package static func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(busyTimeout)
        configuration.maximumReaderCount = 4
        configuration.label = "copytaster"
        configuration.prepareDatabase { db in
            if !readonly { try db.execute(sql: "PRAGMA page_size = 16384") }
            // A commit's pages fit into 8 MB. Readers leave it to the kernel to keep what they have read.
            try db.execute(sql: "PRAGMA cache_size = \(db.configuration.readonly ? -2048 : -8192)")
            if !readonly { persistLog(db) }
        }
        return configuration
    }

    /// How long, in seconds, another process may keep a lock before it is told of.
    static let busyTimeout: TimeInterval = 10

    /// Keeps the -wal file after the last connection closes: without it, a reader that may not write
    /// cannot open the store (https://www.sqlite.org/wal.html#readonly).
    private static func persistLog(_ db: Database) {
        var on: CInt = 1
        guard let connection = unsafe db.sqliteConnection else { return }
        unsafe _ = sqlite3_file_control(connection, "main", SQLITE_FCNTL_PERSIST_WAL, &on)
    }
}
