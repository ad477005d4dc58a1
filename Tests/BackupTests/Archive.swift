// A store to be shipped, and targets that play tricks.

import Files
import Foundation
import GRDB
import Resemblance
import Store
import Story
import TestSupport

@testable import Backup

/// A store with its directory, and a place for its backup.
final class Archive {
    let scratch = Scratch()
    let store: StoreWriter
    var state: String { scratch.path("state") }
    var place: String { scratch.path("target") }

    init() throws {
        for name in ["state", "target"] { _ = try Directory(making: scratch.path(name), mode: 0o700) }
        store = try StoreWriter(directory: scratch.path("state"))
    }

    deinit { store.close() }

    /// Commits a story.
    @discardableResult
    func add(_ text: String, of earlier: Int64? = nil, rule: String = "much the same") throws -> Int64 {
        let bytes = Array(text.utf8)
        let id = store.lastID + 1
        let row = LedgerRow(
            id: id, received: 1_700_000_000_000_000 + id, name: Array("\(id).txt".utf8), size: Int64(bytes.count),
            sha256: SHA256Digest(of: bytes), verdict: earlier == nil ? .new : .nearDuplicate, of: earlier, reason: nil,
            identity: FileIdentity(claim: id, inode: UInt64(id), born: nil, modified: id))
        let reading = Reading(of: bytes)
        let relations = earlier.map {
            [Relation(.nearDuplicate, of: $0, resemblance: 0.5, containment: 0.5, containmentOf: 1, rule: rule)]
        }
        let content = StoryContent(
            compressed: Compressor().compress(bytes, by: nil), fields: reading.encoded(), parser: 1,
            fingerprint: ComparableText(of: reading).fingerprint.encoded(), version: nil, relations: relations ?? [])
        try store.append([StoreEntry(row: row, content: content)])
        return id
    }

    func source() throws -> StoreShipping { StoreShipping(try StoreReader(directory: state)) }

    func target() throws -> DirectoryTarget { try DirectoryTarget(path: place) }

    /// Ships until the target has everything.
    @discardableResult
    func ship(to target: (any BackupTarget)? = nil, limits: Follower.Limits = Follower.Limits()) throws -> Follower {
        let follower = try Follower(source: source(), target: target ?? self.target(), limits: limits)
        try ship(by: follower)
        return follower
    }

    func ship(by follower: Follower) throws {
        while true {
            let step = try follower.step()
            if step.isComplete && step.records == 0 { return }
        }
    }

    /// What a store says, but for what a new life of it changes: the checkpoint, and the entry that tells of it.
    static func content(_ directory: String) throws -> [String] {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: directory + "/" + StoreWriter.fileName, configuration: configuration).read {
            db in
            let tables = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'checkpoint' ORDER BY name")
            return try tables.flatMap { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY id").map { "\(table) \($0)" }
                    .filter { !$0.contains("\"epoch\"") }
            }
        }
    }

    /// Restores what is at the target; the new store's directory.
    func restore(_ target: (any BackupTarget)? = nil) throws -> String {
        let directory = scratch.path("restored-\(UUID().uuidString)")
        _ = try Directory(making: directory, mode: 0o700)
        _ = try Restoration(target ?? self.target()).run(into: directory) { _, _ in }
        return directory
    }

    /// Whether any file at the target holds a word.
    func targetHolds(_ word: String) -> Bool {
        let files = FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String } ?? []
        return files.contains { file in
            FileManager.default.contents(atPath: place + "/" + file)?.range(of: Data(word.utf8)) != nil
        }
    }
}

/// A target that fails at one of its calls, before or after it is done, as a machine does that is switched off.
final class FailingTarget: BackupTarget, @unchecked Sendable {
    private let inner: any BackupTarget
    private let at: Int
    private let isDone: Bool
    private(set) var calls = 0

    init(_ inner: any BackupTarget, at: Int, isDone: Bool) { (self.inner, self.at, self.isDone) = (inner, at, isDone) }

    private func call<T>(_ body: () throws(BackupError) -> T) throws(BackupError) -> T {
        calls += 1
        let off = BackupError(.unreachable, "switched off", hint: "")
        if calls > at { throw off }
        guard calls == at else { return try body() }
        if isDone { _ = try body() }
        throw off
    }

    var description: String { "a target that fails" }
    func list() throws(BackupError) -> [SegmentName] { try call { () throws(BackupError) in try inner.list() } }
    func get(_ name: SegmentName, first count: Int?) throws(BackupError) -> [UInt8] {
        try call { () throws(BackupError) in try inner.get(name, first: count) }
    }
    func put(_ name: SegmentName, _ bytes: [UInt8]) throws(BackupError) {
        try call { () throws(BackupError) in try inner.put(name, bytes) }
    }
    func remove(_ name: SegmentName) throws(BackupError) {
        try call { () throws(BackupError) in try inner.remove(name) }
    }
    func lock() throws(BackupError) -> ProcessLock? { nil }
}
