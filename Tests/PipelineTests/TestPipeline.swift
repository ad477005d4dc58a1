// The whole pipeline in one process: real files, a real store, no daemon around it.

import Foundation
import Resemblance
import Store
import Synchronization
import TestSupport
import Testing

@testable import Files
@testable import Inbox
@testable import Pipeline

/// A pipeline in a scratch directory, and what it told.
final class TestPipeline: Sendable {
    let scratch: Scratch
    private let told = Mutex(Told())

    struct Told {
        var outcomes: [Outcome] = []
        var events: [PipelineEvent] = []
    }

    init(_ scratch: Scratch = Scratch()) { self.scratch = scratch }

    var options: Pipeline.Options {
        var filter = NameFilter.none
        if let usual = try? NameFilter(NameFilter.defaultPatterns) { filter = usual }
        return Pipeline.Options(
            state: scratch.path("state"), spool: Spool.Options(path: scratch.path("spool")),
            feeder: Feeder.Options(filter: filter))
    }

    var observer: PipelineObserver {
        var observer = PipelineObserver()
        observer.committed = { [self] outcomes in told.withLock { $0.outcomes += outcomes } }
        observer.happened = { [self] event in told.withLock { $0.events.append(event) } }
        return observer
    }

    var outcomes: [Outcome] { told.withLock { $0.outcomes } }
    var events: [PipelineEvent] { told.withLock { $0.events } }

    /// What could not be looked at in work/ at a start.
    var stuck: [String] {
        events.compactMap { if case .stuckInWork(let name, _) = $0 { name.description } else { nil } }
    }

    func start(_ change: (inout Pipeline.Options) -> Void = { _ in }) throws -> Pipeline {
        var options = options
        change(&options)
        let pipeline = try Pipeline(options, observer: observer)
        try pipeline.start()
        return pipeline
    }

    func drop(_ text: String, as name: String) {
        let hidden = scratch.write(text, to: "spool/inbox/.\(UUID().uuidString)")
        let target = scratch.path("spool/inbox/" + name)
        try? FileManager.default.createDirectory(
            atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        rename(hidden, target)
    }

    func await(_ count: Int) -> Bool { eventually { outcomes.count >= count } }

    func rows() throws -> [LedgerRow] {
        var rows: [LedgerRow] = []
        try StoreReader(directory: scratch.path("state")).forEachRow(StoreReader.Filter()) {
            rows.append($0)
            return true
        }
        return rows
    }

    func isSound() throws -> Bool { try StoreReader(directory: scratch.path("state")).verify().isSound }

    /// Nothing is left in the inbox or in work/.
    var isEmpty: Bool {
        guard let count = try? SpoolCount(options.spool, filter: .none) else { return false }
        return count.waiting + count.ignored + count.claimed == 0
    }
}

func story(_ number: Int) -> String {
    let words = (0..<80).map { "word\((number &* 7919 &+ $0 &* 104_729) % 5000)" }
    return "Headline number \(number)\n\n" + words.joined(separator: " ")
}

/// A story that no compression makes small.
func largeStory(_ number: Int) -> String {
    var random = SystemRandomNumberGenerator()
    return "Large \(number)\n\n"
        + (0..<20_000).map { _ in String(random.next() as UInt64, radix: 36) }.joined(separator: " ")
}
