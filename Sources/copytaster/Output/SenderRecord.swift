// One sender in `status`: for people, as JSON, and as OpenMetrics.

internal import Files
internal import Foundation
internal import Inbox

/// What one sender delivered since the service started, and what of it waits.
struct SenderRecord: Codable {
    /// The user's number; "other" for all who came when the table was full.
    var owner = "other"
    /// The directory at the inbox's top, "." for the top itself.
    var directory = "other"
    var deliveries: Int64
    var bytes: Int64
    var rejected: Int64
    var deferred: Int
    var waiting: Int
    var waitingbytes: Int64
    var overquota: Bool
    /// When the last one got its row, in seconds since 1970.
    var last: Double?

    init(_ figures: SenderFigures) {
        if let sender = figures.sender {
            owner = String(sender.owner)
            directory = sender.directory.map { PrintableName($0.bytes).text } ?? "."
        }
        (deliveries, bytes, rejected) = (figures.deliveries, figures.bytes, figures.rejected)
        (deferred, waiting, waitingbytes) = (figures.deferred, figures.waiting, figures.waitingBytes)
        overquota = figures.isOverQuota
        last = figures.last > 0 ? Double(figures.last) / 1_000_000 : nil
    }

    var name: String { directory == "." ? "user \(owner)" : owner == "other" ? "other senders" : "\(directory)/" }

    private var labels: String { "owner=\"\(Self.escaped(owner))\",directory=\"\(Self.escaped(directory))\"" }

    /// The value of a label: https://prometheus.io/docs/specs/om/open_metrics_spec/#escaping
    static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// The metric families of all senders.
    static func openMetrics(_ senders: [SenderRecord]) -> [String] {
        var lines: [String] = []
        func family(_ name: String, _ type: String, _ help: String, _ value: (SenderRecord) -> String?) {
            lines += ["# TYPE copytaster_sender_\(name) \(type)", "# HELP copytaster_sender_\(name) \(help)"]
            let suffix = type == "counter" ? "_total" : ""
            for sender in senders {
                guard let value = value(sender) else { continue }
                lines.append("copytaster_sender_\(name)\(suffix){\(sender.labels)} \(value)")
            }
        }
        family("deliveries", "counter", "Files that got a row since the service started.") { "\($0.deliveries)" }
        family("bytes", "counter", "Bytes of these files.") { "\($0.bytes)" }
        family("rejected", "counter", "How many of them were rejected.") { "\($0.rejected)" }
        family("waiting", "gauge", "Files that wait for their turn.") { "\($0.waiting)" }
        family("waiting_bytes", "gauge", "Bytes of these files, as far as they are known.") { "\($0.waitingbytes)" }
        family("deferred", "gauge", "Files that wait for their writer, or for leave to be read.") { "\($0.deferred)" }
        family(
            "over_quota", "gauge",
            "Whether more waited, within a minute, than inbox.maxwaiting and inbox.maxwaitingbytes allow."
        ) {
            $0.overquota ? "1" : "0"
        }
        family("last_delivery_timestamp_seconds", "gauge", "When the last file got its row.") {
            $0.last.map { "\($0)" }
        }
        return lines
    }
}
