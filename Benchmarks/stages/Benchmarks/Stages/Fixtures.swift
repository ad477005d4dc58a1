// What the stages work on: stories made by Benchmarks/pipeline/stories.c, and a spool and a store in a scratch directory.

import Files
import Foundation
import Inbox
import Resemblance
import Store
import Story

/// The stories in the file that STAGES_STORIES names: frames, each a line with a size and then as many bytes.
enum Stories {
    static let perIteration = 1024
    static let size = 4096

    static let all: [[UInt8]] = {
        let path = ProcessInfo.processInfo.environment["STAGES_STORIES"] ?? ""
        guard let input = FileManager.default.contents(atPath: path).map({ [UInt8]($0) }) else {
            fatalError("STAGES_STORIES names no file with stories: run Benchmarks/stages/run")
        }
        var stories: [[UInt8]] = []
        var at = 0
        while let end = input[at...].firstIndex(of: 10),
            let size = Int(String(decoding: input[at..<end], as: UTF8.self))
        {
            stories.append(Array(input[end + 1..<end + 1 + size]))
            at = end + 1 + size
        }
        return stories
    }()

    static var first: [[UInt8]] { Array(all.prefix(perIteration)) }
}

/// A directory that is made anew for each use, below the one that STAGES_SCRATCH names.
func scratchDirectory(_ name: String) throws -> String {
    let path = (ProcessInfo.processInfo.environment["STAGES_SCRATCH"] ?? "/var/tmp/copytaster-stages") + "/" + name
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
}

/// A spool with delivered files.
final class Scratch {
    let spool: Spool
    let names: [RelativePath]
    var claimed: [Claim] = []

    private init() throws {
        spool = try Spool(Spool.Options(path: scratchDirectory("spool")))
        names = (0..<Stories.perIteration).map { RelativePath("s\($0).txt") }
    }

    static func delivered() throws -> Scratch {
        let scratch = try Scratch()
        _ = Files.Process.raiseDescriptorLimit()
        for (name, bytes) in zip(scratch.names, Stories.all) {
            try scratch.spool.inbox.create(name, mode: 0o644).write(bytes)
        }
        return scratch
    }

    static func claimed() throws -> Scratch {
        let scratch = try delivered()
        scratch.claimed = scratch.claims()
        return scratch
    }

    func claims() -> [Claim] {
        names.enumerated().compactMap { number, name in
            guard case .claimed(let claim) = spool.claim(name, in: spool.inbox, sequence: UInt64(number)) else {
                fatalError("\(name) cannot be claimed")
            }
            return claim
        }
    }

    func finish() throws {
        for (number, claim) in claimed.enumerated() {
            let outcome = try spool.finish(
                claim.workName, row: Int64(number), as: .stored, readAt: claim.status,
                leasedBy: claim.isLeased ? claim.file : nil)
            guard outcome == .done else { fatalError("\(claim.name) cannot be finished") }
        }
    }
}

/// An archive of 20,000 stories in memory, and those that come next.
final class Archive {
    static let known = 20_000
    static let iterations = 8
    private let judge = Judge()
    private var texts: [ComparableText] = []

    init() {
        take(read(Stories.all.prefix(Self.known)))
    }

    private func read(_ stories: some Collection<[UInt8]>) -> [ComparableText] {
        stories.map { ComparableText(of: Reading(of: $0)) }
    }

    /// Stories that the archive has not seen.
    func next() -> [ComparableText] {
        let rest = Stories.all.dropFirst(texts.count).prefix(Stories.perIteration)
        precondition(rest.count == Stories.perIteration, "not enough stories")
        return read(rest)
    }

    /// Judges and remembers stories. Earlier ones are in memory: what the pipeline reads from the store is not counted.
    func take(_ new: [ComparableText]) {
        for text in new {
            _ = judge.judge(text) { texts[Int($0)] }
            judge.insert(text, id: Int64(texts.count))
            texts.append(text)
        }
    }
}

/// A store that has learned its dictionary, as one does when it has some thousands of stories, and its search index.
final class Books {
    let store: StoreWriter
    let search: SearchIndex
    private let compressor = Compressor()

    init() throws {
        let directory = try scratchDirectory("state")
        store = try StoreWriter(directory: directory)
        search = try SearchIndex(directory: directory, store: store.lastCheckpoint().epoch)
        guard try store.trainDictionary(from: Array(Stories.all.prefix(4096))) else {
            fatalError("no dictionary is learned")
        }
    }

    func pack(_ bytes: [UInt8]) -> CompressedDocument { compressor.compress(bytes, by: store.dictionary) }

    func entries(_ stories: some Collection<[UInt8]>) -> [StoreEntry] {
        stories.enumerated().map { number, bytes in
            let reading = Reading(of: bytes)
            let row = LedgerRow(
                id: store.lastID + Int64(number) + 1, received: 1, name: Array("s\(number).txt".utf8),
                size: Int64(bytes.count), sha256: SHA256Digest(of: bytes), verdict: .new, of: nil, reason: nil,
                identity: FileIdentity(inode: UInt64(number), born: 1, modified: 1, token: nil))
            let content = StoryContent(
                compressed: pack(bytes), fields: reading.encoded(), parser: Reading.parserVersion,
                fingerprint: ComparableText(of: reading).fingerprint.encoded(), version: reading.versionKey,
                relations: [])
            return StoreEntry(row: row, content: content)
        }
    }

    /// Commits in batches of 512, as a busy pipeline does.
    func commit(_ entries: [StoreEntry]) throws {
        for first in stride(from: 0, to: entries.count, by: 512) {
            try store.append(Array(entries[first..<min(first + 512, entries.count)]))
        }
    }

    func fill(_ count: Int) throws {
        let rest = Stories.all.dropFirst(Int(store.lastID)).prefix(count)
        precondition(rest.count == count, "not enough stories")
        try commit(entries(rest))
    }
}
