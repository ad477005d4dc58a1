// What has to wait in the inbox, in `status`: for people, as JSON, and as OpenMetrics.

internal import Files
internal import Foundation
internal import Inbox

/// Files that wait for the same reason in the same place.
struct DeferralRecord: Codable {
    /// How many places are told of.
    static let most = 200

    /// A ``Deferral/Cause``.
    var reason: String
    /// The directory that is in the way, with a `/` at its end, or one of the files.
    var name: String
    /// Absent for a directory that cannot be looked into.
    var files: Int?
    /// Since when the first of them waits.
    var since: String
    /// For how many seconds.
    var seconds: Int64
    var sentence: String?
    var hint: String?

    init(_ waiting: WaitingFiles) {
        reason = waiting.cause.rawValue
        name = waiting.isDirectory ? waiting.name == .root ? "./" : "\(waiting.name)/" : "\(waiting.name)"
        files = waiting.files
        seconds = max(0, Files.Process.monotonicNanoseconds - waiting.since) / 1_000_000_000
        since = Date(timeIntervalSinceNow: -Double(seconds)).formatted(.iso8601)
        sentence = waiting.deferral?.sentence
        hint = waiting.deferral?.hint
    }

    private var cause: Deferral.Cause? { Deferral.Cause(rawValue: reason) }

    /// Whether a person has had the time to mend it, and has not.
    var isHeldUp: Bool { cause?.needsPerson == true && seconds >= Telling.patience / 1_000_000_000 }

    func print() {
        let count = files.map { "\(Terminal.grouped($0)) \($0 == 1 ? "waits" : "wait")" } ?? "not looked into"
        let place = name.hasSuffix("/") || files == 1 ? name : "such as \(name)"
        let why =
            cause == .beingWritten ? "being written" : sentence.map(Terminal.safe) ?? reason.replacing("-", with: " ")
        let line = "            \(count): \(Terminal.safe(place)): \(why)"
        guard cause?.needsPerson == true else { return Output.line(line) }
        Output.line(Terminal.paint(line, .yellow))
        if let hint { Output.line("              " + Terminal.safe(hint)) }
    }

    /// The gauges of all reasons, those that nothing waits for, too.
    static func openMetrics(_ records: [DeferralRecord]) -> [String] {
        func family(_ name: String, _ help: String, _ value: ([DeferralRecord]) -> Int64) -> [String] {
            ["# TYPE copytaster_\(name) gauge", "# HELP copytaster_\(name) \(help)"]
                + Deferral.Cause.allCases.map { cause in
                    let sum = value(records.filter { $0.reason == cause.rawValue })
                    return "copytaster_\(name){reason=\"\(cause.rawValue)\"} \(sum)"
                }
        }
        return family(
            "inbox_deferred",
            "Files of the inbox that cannot be taken yet; a directory that cannot be looked into counts as one."
        ) { $0.reduce(0) { $0 + Int64($1.files ?? 1) } }
            + family("inbox_deferred_seconds", "For how long the first of them waits.") {
                $0.map(\.seconds).max() ?? 0
            }
    }
}
