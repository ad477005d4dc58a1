// What documents are compressed by: phrases that many stories share, and zstd's statistics of them (RFC 8878, 5).
// A dictionary is made once, from the archive's own documents, and never changed: every document that is
// compressed by it needs it to be read. So it is kept twice, in two tables, each copy with its digest.

internal import CZstd
internal import Files
internal import Foundation
package import GRDB
internal import Synchronization

/// A dictionary that is ready for use.
///
/// `@unchecked`: zstd's prepared dictionaries are read-only once made, and shared between threads by design; the
/// context for decompressing is used under `decompressing` alone.
@safe public final class CompressionDictionary: @unchecked Sendable {
    /// Its row.
    let number: Int
    let bytes: [UInt8]
    let digest: SHA256Digest
    /// Owned, all three.
    let forCompressing: OpaquePointer?
    private let forDecompressing: OpaquePointer?
    private let context: OpaquePointer?
    private let decompressing = Mutex(())

    package init(number: Int, bytes: [UInt8]) {
        self.number = number
        self.bytes = bytes
        digest = SHA256Digest(of: bytes)
        let made = unsafe bytes.withUnsafeBytes {
            unsafe (
                ZSTD_createCDict($0.baseAddress, $0.count, Compression.level),
                ZSTD_createDDict($0.baseAddress, $0.count)
            )
        }
        unsafe (forCompressing, forDecompressing) = unsafe made
        unsafe context = ZSTD_createDCtx()
    }

    deinit {
        unsafe ZSTD_freeCDict(forCompressing)
        unsafe ZSTD_freeDDict(forDecompressing)
        unsafe ZSTD_freeDCtx(context)
    }

    /// Decompresses one frame; what zstd says: the size, or an error.
    func decompress(_ frame: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer) -> Int {
        decompressing.withLock { _ in
            unsafe ZSTD_decompress_usingDDict(
                context, out.baseAddress, out.count, frame.baseAddress, frame.count, forDecompressing)
        }
    }

    // MARK: In the store

    package static let tables = ["dictionary", "dictionarycopy"]

    /// Those that were loaded, by their digests: whatever store they came from, the bytes are the same. Few, since
    /// a store has one or two.
    private static let loaded = Mutex<[SHA256Digest: CompressionDictionary]>([:])

    /// The dictionary of a row, from whichever copy is sound.
    ///
    /// - Throws: ``StoreError/Kind/damaged`` if neither is.
    static func load(_ number: Int, _ db: Database) throws -> CompressionDictionary {
        for table in tables {
            guard
                let sha = try? Data.fetchOne(
                    db.cachedStatement(sql: "SELECT sha256 FROM \(table) WHERE id = ?"), arguments: [number]),
                let digest = SHA256Digest(bytes: Array(sha))
            else { continue }
            if let known = loaded.withLock({ $0[digest] }), known.number == number { return known }
            guard let dictionary = copy(number, in: table, db), dictionary.digest == digest else { continue }
            loaded.withLock { $0[digest] = dictionary }
            return dictionary
        }
        throw StoreError(
            damaged: "both copies of dictionary \(number) are damaged: documents compressed by it cannot be read")
    }

    /// One copy as it is on the disk; nil if it cannot be read.
    private static func copy(_ number: Int, in table: String, _ db: Database) -> CompressionDictionary? {
        let bytes = try? Data.fetchOne(db, sql: "SELECT bytes FROM \(table) WHERE id = ?", arguments: [number])
        return bytes.map { CompressionDictionary(number: number, bytes: Array($0)) }
    }

    /// The newest one; nil if there is none, or none that can be read.
    static func newest(_ db: Database) throws -> CompressionDictionary? {
        let numbers = tables.compactMap { try? Int.fetchOne(db, sql: "SELECT max(id) FROM \($0)") }
        return numbers.max().flatMap { try? load($0, db) }
    }

    /// Adds it to the store, twice.
    package func insert(into db: Database) throws {
        try StoredDictionary(id: Int64(number), made: Process.wallMicroseconds, bytes: bytes).insert(into: db)
    }

    /// What is wrong with the dictionaries of a store; nothing, in one that has none.
    static func faults(_ db: Database) throws -> [String] {
        let copies = try tables.map { table in
            try Row.fetchAll(db, sql: "SELECT id, made, sha256, bytes FROM \(table) ORDER BY id")
        }
        var faults: [String] = []
        for (table, rows) in zip(tables, copies) {
            for row in rows {
                let checked = try CheckedRow(row, table)
                if (try? StoredDictionary(checked)) == nil {
                    faults.append("a copy of dictionary \(checked.id) is damaged (table \(table))")
                }
            }
        }
        if faults.isEmpty, copies[0] != copies[1] { faults.append("the two copies of a dictionary differ") }
        return faults
    }
}

extension StoreWriter {
    /// Makes a dictionary of the phrases that many of these documents share, keeps it, and compresses by it from now on.
    ///
    /// Slow (a second or so); only the short commit at its end is in the way of others.
    ///
    /// - Returns: false if they share too little for it to be worth keeping.
    public func trainDictionary(from documents: [[UInt8]]) throws(StoreError) -> Bool {
        guard let bytes = DictionaryBuilder.dictionary(of: documents) else { return false }
        do {
            let dictionary = try pool.write { db in
                let last = try Int.fetchOne(db, sql: "SELECT max(id) FROM dictionary") ?? 0
                let dictionary = CompressionDictionary(number: last + 1, bytes: bytes)
                try dictionary.insert(into: db)
                return dictionary
            }
            // After its COMMIT: nothing is compressed by a dictionary that might not be there.
            compression.withLock { $0 = dictionary }
            return true
        } catch { throw StoreError(error, doing: "keeping a dictionary") }
    }
}
