// The format of copytaster.sqlite, in one place.
//
// Every table only grows at its end, in rowid order, and has no other index: such a commit costs the same
// with ten stories and with ten million. What needs looking up otherwise is derived: in memory, or in
// search.sqlite. Rows are never changed; only a redaction removes rows, from `document` and `reading`, and
// blanks what `relation` may quote.
//
//   ledger    one row for each delivered file, in the order of commits: what became of it
//   document  the bytes of each stored story, under the id of its ledger row
//   reading   what the parser read; id = document * 256 + revision, the highest revision counts
//   relation  relations to earlier stories; id = story * 256 + place, the deciding one first
//   sketch    what the tables in memory are rebuilt from at start: a narrow scan
//   dictionary, dictionarycopy   what documents are compressed by, twice (CompressionDictionary.swift)
//   audit       what a person did: requeue, redaction, reparse
//   checkpoint      where the service was when it last made the spool durable, and how it stopped
//
// Each row proves itself, or damage could pass for truth: a ledger row by the chain, a document by the digest in its
// ledger row, all others by a checksum (RowChecksum.swift).

internal import GRDB
internal import GRDBSQLite

enum Schema {
    /// Revisions (and relations) that one story can have.
    static let revisions: Int64 = 256

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: ledger, documents, readings") { db in
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
                        chain BLOB NOT NULL          -- SHA-256 over the row before and this one
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
                        fields BLOB NOT NULL         -- JSON: every field with its range and rule
                    );
                    CREATE TABLE relation (
                        id INTEGER PRIMARY KEY,      -- story * 256 + place
                        of INTEGER NOT NULL,
                        kind TEXT NOT NULL,
                        resemblance REAL NOT NULL,
                        containment REAL NOT NULL,
                        containmentof REAL NOT NULL,
                        rule TEXT NOT NULL
                    );
                    CREATE TABLE sketch (
                        id INTEGER PRIMARY KEY,      -- the ledger row of a stored story
                        sha INTEGER NOT NULL,        -- the first eight bytes of its SHA-256
                        version INTEGER,             -- a hash of its headline, the same for all its versions
                        fingerprint BLOB NOT NULL
                    );
                    CREATE TABLE audit (
                        id INTEGER PRIMARY KEY,
                        at INTEGER NOT NULL,         -- microseconds since 1970
                        kind TEXT NOT NULL,          -- redact, requeue, reparse
                        story INTEGER,               -- the ledger row it is about
                        detail TEXT NOT NULL
                    );
                    CREATE TABLE checkpoint (
                        id INTEGER PRIMARY KEY,      -- always 1
                        finished INTEGER NOT NULL,   -- all files of rows up to here are durably out of the spool
                        clean INTEGER NOT NULL,      -- 1 after a clean stop
                        store TEXT NOT NULL          -- this store's random name
                    );
                    INSERT INTO checkpoint VALUES (1, 0, 1, lower(hex(randomblob(16))));
                    """)
        }
        CompressionDictionary.registerMigration(&migrator)
        RowChecksum.registerMigration(&migrator)
        return migrator
    }

    static func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(10)
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

    /// Keeps the -wal file after the last connection closes: without it, a reader that may not write
    /// cannot open the store (https://www.sqlite.org/wal.html#readonly).
    private static func persistLog(_ db: Database) {
        var on: CInt = 1
        guard let connection = unsafe db.sqliteConnection else { return }
        unsafe _ = sqlite3_file_control(connection, "main", SQLITE_FCNTL_PERSIST_WAL, &on)
    }
}
