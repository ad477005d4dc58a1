// Bytes of the search index changed: the complete proof names it, or every search still finds the same; the index heals.

import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite(.serialized)
struct SearchDamageTests {
    private static let queries = [
        "story", "hun sen", "\"a long\"", "kill", "北京", "w*", "nothing", "verdict:new", "received:..2030",
    ]

    /// What each search finds, by both orders; nil if one fails.
    private static func found(_ reader: StoreReader) -> [[Int64]]? {
        try? queries.flatMap { query in
            try [SearchSort.newest, .best].map { try reader.found(query, limit: 10, by: $0) }
        } + [reader.statusesInIndex().stories]
    }

    @Test func aChangedByteIsNamedOrNothingIsFoundOtherwise() throws {
        let scratch = Scratch()
        let path = scratch.path(SearchIndex.fileName)
        do {
            try DamagedStore.make().write(to: scratch)
            let store = try StoreWriter(directory: scratch.path)
            let index = try SearchIndex(directory: scratch.path, store: store.lastCheckpoint().epoch)
            while try index.advance() > 0 {}
            try index.close()
            store.close()
            var configuration = Configuration()
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM")
                try db.execute(sql: "PRAGMA journal_mode = WAL")
            }
            try DatabaseQueue(path: path, configuration: configuration).close()
        }
        let reader = try StoreReader(directory: scratch.path)
        let expected = try #require(Self.found(reader))
        #expect(reader.verifyIndex(complete: true).isSound)
        let pristine = try #require(FileManager.default.contents(atPath: path))
        let store = try #require(FileManager.default.contents(atPath: reader.path))
        let name = try reader.read("name") { try StoredCheckpoint.fetch($0).epoch }
        let step = Torture.isLong ? 1 : 97
        let silent = Mutex([String]())
        let named = Mutex(0)
        inParallel(pristine.count / step) { number, scratch in
            let at = number * step
            var damaged = pristine
            damaged[at] ^= number % 3 == 0 ? 0xFF : 1 << UInt8(number % 8)
            scratch.write(Array(store), to: StoreWriter.fileName)
            for suffix in ["", "-wal", "-shm"] { unlink(scratch.path(SearchIndex.fileName + suffix)) }
            scratch.write(Array(damaged), to: SearchIndex.fileName)
            guard let reader = try? StoreReader(directory: scratch.path) else { return }
            if !reader.verifyIndex(complete: true).isSound {
                named.withLock { $0 += 1 }
            } else if Self.found(reader) != expected {
                silent.withLock { $0.append("byte \(at)") }
            }
            // What the service does at its start: it uses it, or makes it anew; or it finds out later, and says so.
            do {
                let index = try SearchIndex(directory: scratch.path, store: name)
                do { while try index.advance() > 0 {} } catch let error as StoreError where error.kind == .derived {
                    try index.remake()
                    while try index.advance() > 0 {}
                }
                try index.close()
            } catch { silent.withLock { $0.append("byte \(at): \(error)") } }
        }
        print(
            "bytes of the search index, \(pristine.count) in all: \(named.withLock { $0 }) of \(pristine.count / step) named"
        )
        #expect(silent.withLock { $0 }.isEmpty, "\(silent.withLock { $0.prefix(10) })")
    }
}
