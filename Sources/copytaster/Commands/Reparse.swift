// `copytaster reparse`: reads stored documents again, with the parser of this version.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Store
internal import Story

struct Reparse: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read stored stories again with this version's parser.",
        discussion: """
            Shows which fields change, then adds the new readings in batches; the old ones stay in the store, and the \
            the audit log says what changed. Stories that were read by this version are passed over, so an interrupted run goes \
            on where it stopped. Verdicts stay as they were given.
            """)

    @Argument(help: "Only these stories, whatever read them last.")
    var ids: [Int64] = []
    @Option(
        name: .long,
        help: ArgumentHelp("Only stories that were last read by a parser older than this.", valueName: "version"))
    var olderThan: Int?
    @Flag(name: .long, help: "Show what would change, and change nothing.")
    var dryRun = false
    @OptionGroup var shared: SharedOptions

    private static let batch = 256

    func run() throws {
        let settings = try shared.settings()
        let reader = try StoreReader(directory: settings.state)
        let version = olderThan ?? Reading.parserVersion
        let last = try reader.lastID()
        var bar = ProgressBar(dryRun ? "comparing" : "reading again")
        var carrier = try dryRun ? nil : Carrier(settings)
        var (read, changed, passed) = (0, 0, 0)
        var waiting: [Int64] = []
        func flush() throws {
            try carrier?.carry(waiting)
            waiting = []
        }
        func look(_ id: Int64) throws {
            guard let document = try reader.document(id), !ids.isEmpty || document.parser < version else { return }
            guard document.extracted == nil else {
                passed += 1
                return
            }
            read += 1
            if let change = try Rereading(document).change {
                changed += 1
                bar.end()
                Output.line("\(id)  \(Terminal.line(change))")
                Output.flush()
            }
            waiting.append(id)
            if waiting.count == Self.batch { try flush() }
            bar.show(Int(id), of: Int(last))
        }
        if ids.isEmpty {
            var filter = StoreReader.Filter()
            filter.storiesOnly = true
            try reader.forEachRow(filter) {
                try look($0.id)
                return true
            }
        } else {
            for id in ids {
                guard try reader.document(id) != nil else {
                    throw CommandError(
                        "story \(id) has no text to read", hint: "`copytaster list` shows those that have",
                        code: EX_NOINPUT)
                }
                try look(id)
            }
        }
        try flush()
        bar.end()
        Output.line(
            "\(Terminal.grouped(read)) stories \(dryRun ? "would be" : "were") read again, \(Terminal.grouped(changed)) differently"
        )
        if passed > 0 {
            Output.line("\(Terminal.grouped(passed)) in other formats than plain text are left as they are")
        }
    }

    /// Has the batches carried out: by the daemon if one runs, else here.
    private struct Carrier {
        let state: String
        private var store: StoreWriter?
        private var lock: ProcessLock?

        init(_ settings: Settings) throws {
            state = settings.state
            if try Control.ask(ControlRequest(action: .status), state: state) == nil {
                lock = try ProcessLock(directory: state)
                store = try StoreWriter(directory: state)
            }
        }

        mutating func carry(_ ids: [Int64]) throws {
            guard !ids.isEmpty else { return }
            if let store {
                let index = try SearchIndex(directory: state, store: store.lastCheckpoint().epoch)
                return try Rereading.carryOut(ids, store: store) { try index.replace($0, old: $1, new: $2) }
            }
            _ = try Control.demand(ControlRequest(action: .reparse, ids: ids), state: state)
        }
    }
}

/// A document read again.
struct Rereading {
    let old: Reading
    let new: Reading
    let story: Int64

    init(_ document: StoredDocument) throws {
        story = document.id
        old = try document.reading()
        new = Reading(of: document.bytes)
    }

    /// What is different, in words; nil if nothing is.
    var change: String? {
        var parts = FieldDifference.between(old, new).map {
            "\($0.field): \($0.old ?? "(none)") → \($0.new ?? "(none)")"
        }
        if FieldDifference.bodyDiffers(old, new) {
            parts.append("body: \(old.body.count) → \(new.body.count) paragraphs")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// Reads stories again and commits the new readings; tells of each that reads differently.
    static func carryOut(
        _ ids: [Int64], store: StoreWriter, changed: (Int64, Reading, Reading) throws -> Void
    ) throws {
        var readings: [NewReading] = []
        for id in ids {
            guard let document = try store.document(id), document.extracted == nil else { continue }
            let again = try Rereading(document)
            readings.append(
                NewReading(
                    story: id, fields: again.new.encoded(), parser: Reading.parserVersion, change: again.change))
            if again.change != nil { try changed(id, again.old, again.new) }
        }
        try store.append(readings)
    }
}
