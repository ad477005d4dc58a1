// The files of an `ingest` without a service: lent to the road of this process one after another, and read where they
// lie, since copying them into the inbox first would take longer than all the rest.

internal import Files
internal import Foundation
internal import Inbox
internal import Pipeline
internal import Store
internal import Synchronization

/// What is lent, what came back, and what became of it.
final class Loans: Sendable {
    private let items: [SourceList.Item]
    private let state = Mutex(State())

    private struct State {
        /// The next file to be lent.
        var next = 0
        /// What is on the road.
        var lent = 0
        var rest: [SourceList.Item] = []
        var failures = 0
        var rows: [LedgerRow] = []
    }

    init(_ items: [SourceList.Item]) { self.items = items }

    /// What has to be delivered instead: it is too large, or being written.
    var rest: [SourceList.Item] { state.withLock { $0.rest } }

    /// How many could not be opened or read.
    var failures: Int { state.withLock { $0.failures } }

    /// Whether all were lent, and are in the ledger or failed.
    var areReturned: Bool { state.withLock { $0.next == items.count && $0.lent == 0 } }

    /// The ledger rows since the last call.
    func news() -> [LedgerRow] {
        state.withLock { state in
            defer { state.rows = [] }
            return state.rows
        }
    }

    /// The next file that can be lent; nil when there are no more.
    func next(_ sequence: UInt64, _ spool: Spool) -> Claim? {
        while let item = state.withLock({ $0.next < items.count ? items[$0.next] : nil }) {
            var claim: Claim?
            var failure: FileError?
            do throws(FileError) {
                claim = try spool.borrow(item.file, from: item.directory, as: item.name, sequence: sequence)
            } catch {
                failure = error
            }
            state.withLock { state in
                state.next += 1
                if claim != nil { state.lent += 1 } else if failure == nil { state.rest.append(item) }
            }
            if let claim { return claim }
            if let failure { fail(failure) }
        }
        return nil
    }

    private func fail(_ error: FileError) {
        CommandError(error)?.print()
        state.withLock { $0.failures += 1 }
    }

    /// What a one-shot run wants to know of its road, and tells: only what needs a person.
    var observer: RoadObserver {
        var observer = RoadObserver()
        observer.committed = { [self] outcomes in
            state.withLock { state in
                for outcome in outcomes {
                    state.rows.append(outcome.row)
                    if outcome.row.identity.inode == 0 { state.lent -= 1 }
                }
            }
        }
        observer.happened = { [self] event in
            switch event {
            case .noRoom(let error), .searchFailed(let error), .searchRemade(let error):
                CommandError(error.message, hint: error.hint, code: EX_IOERR).print()
            case .failed(let error):
                CommandError(error.message, hint: error.hint, code: EX_IOERR).print()
                Foundation._exit(EX_IOERR)
            case .unreadableLoan(_, let error):
                fail(error)
                state.withLock { $0.lent -= 1 }
            case .inbox(.deferred(let name, let deferral)):
                CommandError("\(name) has to wait: \(deferral.sentence)", hint: deferral.hint, code: EX_TEMPFAIL)
                    .print()
            default: break
            }
        }
        return observer
    }
}
