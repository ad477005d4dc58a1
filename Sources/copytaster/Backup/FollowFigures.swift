// What `status` says of the backup that follows.

internal import Foundation
internal import Store

struct FollowFigures: Encodable {
    var target: String
    /// The newest ledger row at the target.
    var row: Int64
    /// Rows that it lacks; nil if it is of another epoch of the store.
    var behind: Int64?
    /// When it had all that the store had, in UTC.
    var complete: String?
    var trouble: String?
    /// Seconds since the follower was last heard of.
    var silent: Int

    /// A follower that lives writes its file every ten seconds, and after a call of the target at the latest.
    private static let longestSilence = 60
    private var completed: Date?

    enum CodingKeys: String, CodingKey { case target, row, behind, complete, trouble, silent }

    /// Nil if this store is not followed.
    init?(_ settings: Settings) {
        guard let status = FollowStatus(settings), let head = try? StoreReader(directory: settings.state).head() else {
            return nil
        }
        (target, row, trouble, completed) = (status.target, status.row, status.trouble, status.complete)
        if status.epoch == head.epoch { behind = max(0, head.row - status.row) }
        complete = status.complete?.formatted(.iso8601)
        silent = max(0, Int(-status.at.timeIntervalSinceNow))
    }

    func print() {
        var line = "  backup    up to row \(Terminal.grouped(row))"
        if let behind { line += behind == 0 ? ", nothing behind" : ", \(Terminal.grouped(behind)) rows behind" }
        if let completed {
            line += "; complete \(Terminal.grouped(max(0, Int(-completed.timeIntervalSinceNow)))) s ago"
        }
        Output.line(line + "  (\(Terminal.line(target)))")
        if let trouble {
            Output.line(Terminal.paint("            it stands still: \(Terminal.line(trouble))", .yellow))
        }
        if silent > Self.longestSilence {
            Output.line(
                Terminal.paint(
                    "            nothing heard of it for \(Terminal.grouped(silent)) s: systemctl status copytaster-backup",
                    .yellow))
        }
    }

    var gauges: [(name: String, help: String, value: Int64)] {
        var gauges: [(name: String, help: String, value: Int64)] = [
            ("backup_row", "The newest ledger row at the target of the backup that follows.", row),
            ("backup_trouble", "Whether the backup that follows stands still.", trouble == nil ? 0 : 1),
            ("backup_silent_seconds", "Seconds since the follower was last heard of.", Int64(silent)),
        ]
        if let behind { gauges.append(("backup_behind", "Ledger rows that the backup lacks.", behind)) }
        if let completed {
            gauges.append(
                (
                    "backup_complete_timestamp_seconds", "When the backup had all that the store had.",
                    Int64(completed.timeIntervalSince1970)
                ))
        }
        return gauges
    }
}
