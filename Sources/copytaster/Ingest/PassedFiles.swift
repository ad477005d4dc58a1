// The files of an `ingest`: passed one after another to a pipeline, and read where they lie, since copying them into the inbox
// first would take longer than all the rest. The pipeline is that of this process, or, through its socket, of the service.

internal import Files
internal import Foundation
internal import Inbox
internal import Pipeline
internal import Store
internal import Synchronization

/// What is passed, what came back, and what became of it.
final class PassedFiles: Sendable {
    private let items: [SourceList.Item]
    private let state = Mutex(State())

    private struct State {
        /// Not yet passed, or passed and not answered.
        var open = 0
        var rest: [SourceList.Item] = []
        var failures = 0
        var rows: [LedgerRow] = []
        var trouble: (any Error)?
    }

    init(_ items: [SourceList.Item]) {
        self.items = items
        state.withLock { $0.open = items.count }
    }

    /// What has to be delivered instead: it is too large, or being written, or nobody takes passed files.
    var rest: [SourceList.Item] { state.withLock { $0.rest } }

    /// How many could not be opened or read.
    var failures: Int { state.withLock { $0.failures } }

    /// Whether all were passed, and are in the ledger or failed.
    ///
    /// - Throws: what ended the lending.
    func areReturned() throws -> Bool {
        try state.withLock { state in
            if let trouble = state.trouble { throw trouble }
            return state.open == 0
        }
    }

    /// The ledger rows since the last call.
    func news() -> [LedgerRow] {
        state.withLock { state in
            defer { state.rows = [] }
            return state.rows
        }
    }

    private func fail(_ error: FileError) {
        CommandError(error)?.print()
        state.withLock { state in
            state.failures += 1
            state.open -= 1
        }
    }

    private func leave(_ items: some Collection<SourceList.Item>) {
        state.withLock { state in
            state.rest += items
            state.open -= items.count
        }
    }

    private func inBackground(_ body: @escaping @Sendable () throws -> Void) {
        let thread = Thread { [self] in
            do { try body() } catch { state.withLock { $0.trouble = error } }
        }
        thread.name = "passed-files"
        thread.start()
    }

    // MARK: To the pipeline of this process

    /// Begins to pass them; the pipeline's observer has to be ``observer``.
    func pass(to pipeline: Pipeline) {
        inBackground { [self] in
            for item in items {
                do throws(FileError) {
                    let isTaken = try pipeline.pass(item.directory.open(item.file), as: item.name) { [self] end in
                        switch end {
                        case .recorded: state.withLock { $0.open -= 1 }
                        case .unreadable(let error): fail(error)
                        case .abandoned: leave([item])
                        }
                    }
                    if !isTaken { leave([item]) }
                } catch {
                    fail(error)
                }
            }
        }
    }

    /// What a one-shot run wants to know of its pipeline, and tells: only what needs a person.
    var observer: PipelineObserver {
        var observer = PipelineObserver()
        observer.committed = { [self] outcomes in
            state.withLock { $0.rows += outcomes.map(\.row) }
        }
        observer.happened = { event in
            switch event {
            case .noRoom(let error), .searchFailed(let error), .searchRemade(let error):
                CommandError(error.message, hint: error.hint, code: EX_IOERR).print()
            case .failed(let error):
                CommandError(error.message, hint: error.hint, code: EX_IOERR).print()
                Foundation._exit(EX_IOERR)
            case .inbox(.deferred(let name, let deferral, _)):
                CommandError("\(name) has to wait: \(deferral.sentence)", hint: deferral.hint, code: EX_TEMPFAIL)
                    .print()
            default: break
            }
        }
        return observer
    }

    // MARK: To a service

    /// Begins to pass them to the service of a state directory. What it does not take, because it lets only root lend, or
    /// because it ended meanwhile, is left to be delivered; there a file on which the reader crashes is found out.
    func pass(toServiceOf directory: String, _ ledger: StoreReader) {
        inBackground { [self] in
            let request = ControlRequest(action: .pass)
            guard let (reply, lines) = try? Control.converse(request, state: directory), reply.ok else {
                return leave(items)
            }
            let before = try ledger.lastID()
            var exchange = LoanExchange(lines)
            var next = items[...]
            while !next.isEmpty || !exchange.isEmpty {
                if !next.isEmpty, exchange.hasRoom {
                    let batch = open(next.prefix(PassedFileNames.most))
                    next = next.dropFirst(PassedFileNames.most)
                    exchange.send(batch)
                } else {
                    guard let (batch, ends) = exchange.receive() else { break }
                    for (item, end) in zip(batch, ends) { try settle(item, end, ledger) }
                }
            }
            try settleUnanswered(exchange.unanswered, ledger, after: before)
            leave(next)
        }
    }

    private func open(_ items: some Collection<SourceList.Item>) -> [(SourceList.Item, Descriptor)] {
        items.compactMap { item in
            do throws(FileError) {
                return (item, try item.directory.open(item.file))
            } catch {
                fail(error)
                return nil
            }
        }
    }

    private func settle(_ item: SourceList.Item, _ end: PassedFileAnswer, _ ledger: StoreReader) throws {
        if let error = end.error {
            CommandError(error, hint: end.hint, code: EX_IOERR).print()
            state.withLock { state in
                state.failures += 1
                state.open -= 1
            }
        } else if let id = end.row, let row = try ledger.row(id) {
            settle(row)
        } else {
            leave([item])
        }
    }

    private func settle(_ row: LedgerRow) {
        state.withLock { state in
            state.rows.append(row)
            state.open -= 1
        }
    }

    /// The service went away: what it had committed by then has a row.
    private func settleUnanswered(
        _ items: [SourceList.Item], _ ledger: StoreReader, after before: Int64
    ) throws {
        guard !items.isEmpty else { return }
        var passed = Dictionary(grouping: items) { $0.name.bytes }
        var filter = StoreReader.Filter()
        filter.since = before
        try ledger.forEachRow(filter) { row in
            guard row.identity.claim == 0, let item = passed[row.name]?.last,
                let status = try? item.directory.status(item.file),
                status.modified == row.identity.modified, status.size == row.size
            else { return true }
            passed[row.name]?.removeLast()
            settle(row)
            return true
        }
        leave(passed.values.joined().map { $0 })
    }
}

/// What goes back and forth between `ingest` and a service: lines of files, each answered in its turn.
private struct LoanExchange {
    private var lines: SocketLines
    private var waiting: [[SourceList.Item]] = []

    init(_ lines: SocketLines) { self.lines = lines }

    var isEmpty: Bool { waiting.isEmpty }
    var hasRoom: Bool { waiting.count < PassedFileNames.linesAhead }
    /// What was sent and never answered.
    var unanswered: [SourceList.Item] { waiting.flatMap { $0 } }

    mutating func send(_ batch: [(item: SourceList.Item, file: Descriptor)]) {
        guard !batch.isEmpty else { return }
        waiting.append(batch.map(\.item))
        let line = PassedFileNames(names: batch.map { Data($0.item.name.bytes) })
        do {
            try lines.socket.writeLine(Array(JSONEncoder().encode(line)), passing: batch.map(\.file))
        } catch {
            // The other side is gone; so says the next answer.
        }
    }

    /// The files of the oldest line and their answers; nil if the service went away.
    mutating func receive() -> ([SourceList.Item], [PassedFileAnswer])? {
        guard let line = try? lines.next(limit: PassedFileNames.longestLine),
            let ends = try? JSONDecoder().decode([PassedFileAnswer].self, from: Data(line)),
            ends.count == waiting.first?.count
        else { return nil }
        return (waiting.removeFirst(), ends)
    }
}
