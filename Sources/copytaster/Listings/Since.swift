// Where a listing begins or ends: a ledger row, a cursor (a row with the store's epoch), or a time as people write it.

internal import ArgumentParser
internal import Foundation
internal import Query
internal import ReadProtocol
internal import Store

extension Cursor {
    /// Throws if the row is one of another life of the store: the same number may be another file now.
    func check(_ reader: StoreReader) throws {
        let now = try reader.epoch()
        guard let epoch, epoch != now else { return }
        // How far the rows are the same, over every restore since.
        let ended = try reader.endedEpochs()
        guard let first = ended.firstIndex(where: { $0.epoch == epoch }) else {
            throw CommandError(
                "the cursor \(self) is of another store: this one has the epoch \(now)",
                hint:
                    "its rows may be other ones: read them from the beginning (--since \(now):0), and match what you have "
                    + "by sha256", code: EX_PROTOCOL)
        }
        let same = ended[first...].map(\.last).min() ?? 0
        throw CommandError(
            "the cursor \(self) is of an epoch that ended: a backup was put in place of the store, whose epoch is now \(now)",
            hint: (row > same ? "the rows after \(same) that you have are not in it any more; " : "")
                + "go on with --since \(now):\(min(row, same))", code: EX_PROTOCOL)
    }
}

/// What `--since` and `--until` take.
enum ListingEdge: Equatable {
    case cursor(Cursor)
    /// Microseconds since 1970.
    case time(Int64)

    /// - Parameters:
    ///   - text: a cursor; or `today`, `yesterday`, `2h`, `3d`, `45m`, `2026-11-20`, `2026-11-20 14:00`.
    ///   - isEnd: a day then means its end.
    init?(_ text: String, isEnd: Bool, now: Date = Date(), zone: TimeZone = Console.now.timeZone) {
        if !isEnd, let cursor = Cursor(text) {
            self = .cursor(cursor)
            return
        }
        guard let time = TimeSpan.edge(text, isEnd: isEnd, QueryMoment(now: now, zone: zone)) else { return nil }
        self = .time(time)
    }
}
