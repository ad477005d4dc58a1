// A small store with a row of every kind, and what becomes of it when its files are damaged.

import Foundation
import GRDB
import Resemblance
import Story
import TestSupport

@testable import Store

/// Whether every byte is tried (`make torture`) or a sample (CI).
enum Torture {
    static let isLong = ProcessInfo.processInfo.environment["COPYTASTER_TORTURE"] != nil
}

/// Files of a store, as bytes, to be damaged in memory.
struct DamagedStore {
    var database: [UInt8]
    var log: [UInt8] = []
    var headFile: [UInt8] = []
    /// Everything that the undamaged store says.
    let content: [String]

    /// A store with a row of every kind, in pages small enough that damage meets every kind of page.
    static func make(pageSize: Int = 512) throws -> DamagedStore {
        let scratch = Scratch()
        try fill(scratch.path)
        let path = scratch.path(StoreWriter.fileName)
        try setPageSize(pageSize, path)
        return DamagedStore(database: bytes(path), content: try read(path))
    }

    /// A store as a crash leaves it: rows in the log that are not in the database file yet.
    static func makeCrashed() throws -> DamagedStore {
        let scratch = Scratch()
        try fill(scratch.path)
        try setPageSize(512, scratch.path(StoreWriter.fileName))
        let store = try StoreWriter(directory: scratch.path)
        for id in 9...12 { try store.append([Make.entry(Int64(id), "Late story \(id)")]) }
        let path = scratch.path(StoreWriter.fileName)
        return DamagedStore(
            database: bytes(path), log: bytes(path + "-wal"), headFile: bytes(path + "-head"), content: try read(path))
    }

    private static func setPageSize(_ size: Int, _ path: String) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA page_size = \(size); VACUUM")
            try db.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try DatabaseQueue(path: path, configuration: configuration).close()
    }

    private static func fill(_ directory: String) throws {
        let store = try StoreWriter(directory: directory)
        let text = "The first story of the day\n\nTold by Ann Lee"
        let dictionary = CompressionDictionary(
            number: 1, bytes: Array("A long one. Word for word. Word for word.".utf8))
        try store.pool.write { try dictionary.insert(into: $0) }
        try store.append([
            Make.entry(1, text), Make.entry(2, text, .identical, of: 1), Make.entry(3, "", .rejected),
            Make.entry(
                4, text + ", again", .nearDuplicate, of: 1,
                relations: [
                    Relation(
                        .nearDuplicate, of: 1, resemblance: 0.75, containment: 0.8, containmentOf: 1, rule: "much"),
                    Relation(.related, of: 1, resemblance: 0.1, containment: 0.2, containmentOf: 0.3, rule: "little"),
                ]),
            Make.entry(5, "A long one. " + String(repeating: "Word for word. ", count: 1400), by: dictionary),
            Make.entry(6, "To be forgotten"), Make.entry(7, "KILL: The first story of the day"), Make.entry(8, "北京 洪森"),
        ])
        try store.redact(6, reason: "takedown")
        try store.append([NewReading(story: 7, fields: Reading(of: Array("x".utf8)).encoded(), parser: 9, change: "x")])
        try store.setCheckpoint(finished: 8, isClean: true)
        try store.emptyLog()
        store.close()
    }

    private static func bytes(_ path: String) -> [UInt8] {
        FileManager.default.contents(atPath: path).map { Array($0) } ?? []
    }

    /// All that a store's file says, past the program.
    static func read(_ path: String) throws -> [String] {
        try DatabaseQueue(path: path, configuration: Schema.configuration(readonly: true)).read { db in
            try [
                "ledger", "document", "reading", "relation", "sketch", "audit", "checkpoint", "dictionary",
                "dictionarycopy",
            ].flatMap { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY id").map { "\(table) \($0)" }
            }
        }
    }

    /// Puts the files into a directory.
    func write(to scratch: Scratch) {
        scratch.write(database, to: StoreWriter.fileName)
        for (bytes, suffix) in [(log, "-wal"), (headFile, "-head")] {
            unlink(scratch.path(StoreWriter.fileName + suffix))
            if !bytes.isEmpty { scratch.write(bytes, to: StoreWriter.fileName + suffix) }
        }
        unlink(scratch.path(StoreWriter.fileName + "-shm"))
    }

    enum Outcome { case named, unchanged, silent }

    /// Whether `verify` names the damage; if it does not, whether there is any.
    func verify(in scratch: Scratch) -> Outcome {
        write(to: scratch)
        do {
            let reader = try StoreReader(directory: scratch.path)
            guard try reader.verify().isSound else { return .named }
        } catch { return .named }
        guard let read = try? Self.read(scratch.path(StoreWriter.fileName)) else { return .silent }
        return read == content ? .unchanged : .silent
    }

    /// Reads and writes all there is, as the program does. It may throw, but only ``StoreError``; it must not trap.
    func use(in scratch: Scratch) -> [any Error] {
        write(to: scratch)
        var errors: [any Error] = []
        func attempt(_ body: () throws -> Void) {
            do { try body() } catch { if !(error is StoreError) { errors.append(error) } }
        }
        attempt {
            let reader = try StoreReader(directory: scratch.path)
            attempt { _ = try reader.counts() }
            attempt { _ = try reader.auditLog() }
            attempt { _ = try reader.lastID() }
            attempt { _ = try reader.withdrawals { try reader.families() } }
            attempt { try reader.forEachRow(StoreReader.Filter()) { _ in true } }
            for id in 1...12 as ClosedRange<Int64> {
                attempt { _ = try reader.row(id) }
                attempt { _ = try reader.document(id)?.reading() }
                attempt { try reader.forEachRelation(of: id) { _ in } }
            }
        }
        attempt {
            let store = try StoreWriter(directory: scratch.path)
            defer { store.close() }
            attempt { _ = try store.lastCheckpoint() }
            attempt { _ = try store.rows(after: 0) }
            attempt { try store.forEachSketch { _ = try? Fingerprint(encoded: $0.fingerprint) } }
            for id in 1...12 as ClosedRange<Int64> { attempt { _ = try store.earlierVersion(of: id) } }
            attempt { try store.append([Make.entry(store.lastID + 1, "One more story")]) }
            attempt { try store.setCheckpoint(finished: store.lastID, isClean: true) }
            attempt { try store.redact(4, reason: "x") }
        }
        return errors
    }
}

/// Runs `body` for each number, on every core, with a scratch directory of its own.
func inParallel(_ count: Int, _ body: @Sendable (Int, Scratch) -> Void) {
    let lanes = max(2, ProcessInfo.processInfo.activeProcessorCount)
    DispatchQueue.concurrentPerform(iterations: lanes) { lane in
        let scratch = Scratch()
        for number in stride(from: lane, to: count, by: lanes) { body(number, scratch) }
    }
}
