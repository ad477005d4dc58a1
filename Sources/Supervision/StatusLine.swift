// The one line that `systemctl status` shows, and the ticker that keeps it fresh.
//
// Promise: figures that a person wants, most important first; a line that did not change is not sent again, so an idle
// service stays silent. The ticker knows nothing of the pipeline: it asks a closure.

internal import Dispatch
internal import Synchronization

/// The figures behind STATUS=.
public struct StatusLine: Sendable, Equatable {
    /// Stories in the store.
    public var stories: Int64 = 0
    /// Files in the inbox and in the pipeline.
    public var waiting: Int = 0
    /// Files that cannot be read yet.
    public var deferred: Int = 0
    /// Files in rejected/.
    public var rejected: Int64 = 0
    public var filesPerSecond: Double = 0
    /// What became of the last file, as ``FileReport/sentence`` says it.
    public var last: String?
    /// Why nothing moves, such as "no space on the disk"; said first.
    public var trouble: String?

    public init() {}

    /// "Trouble. 12,431 stories, 3 waiting, 1 deferred, 41 files/s; last: story.txt repeats story 12 (same bytes)"
    public var text: String {
        var figures = [Self.count(stories, "story", "stories")]
        if waiting > 0 { figures.append("\(Self.grouped(Int64(waiting))) waiting") }
        if deferred > 0 { figures.append("\(Self.grouped(Int64(deferred))) deferred") }
        if rejected > 0 { figures.append("\(Self.grouped(rejected)) rejected") }
        if filesPerSecond >= 0.05 { figures.append("\(Self.rate(filesPerSecond)) files/s") }
        var text = trouble.map { $0 + ". " } ?? ""
        text += figures.joined(separator: ", ")
        if let last { text += "; last: \(last)" }
        return PrintableText.line(text)
    }

    private static func count(_ number: Int64, _ one: String, _ many: String) -> String {
        "\(grouped(number)) \(number == 1 ? one : many)"
    }

    /// 12431 as "12,431".
    static func grouped(_ number: Int64) -> String {
        var digits = String(number.magnitude)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = String(digits.dropLast(3))
        }
        return (number < 0 ? "-" : "") + ([digits[...]] + groups).joined(separator: ",")
    }

    private static func rate(_ value: Double) -> String {
        value >= 10 ? grouped(Int64(value.rounded())) : "\((value * 10).rounded() / 10)"
    }
}

/// Asks for the status line now and then, and sends it when it changed.
public final class StatusTicker: Sendable {
    private let notifier: Notifier
    private let period: Duration
    private let line: @Sendable () -> String
    private let queue = DispatchQueue(label: "copytaster.status")
    private let state = Mutex(State())

    private struct State {
        var isRunning = false
        var last: String?
    }

    public init(notifier: Notifier, every period: Duration = .seconds(4), line: @escaping @Sendable () -> String) {
        self.notifier = notifier
        self.period = period
        self.line = line
    }

    /// Does nothing when systemd does not listen.
    public func start() {
        guard notifier.isListening else { return }
        let wasRunning = state.withLock { state in
            defer { state.isRunning = true }
            return state.isRunning
        }
        if !wasRunning { schedule() }
    }

    /// No more lines; the last one stays.
    public func stop() { state.withLock { $0.isRunning = false } }

    private func schedule() {
        queue.asyncAfter(deadline: .now() + .nanoseconds(Int(clamping: period.nanoseconds))) { [weak self] in
            guard let self, self.state.withLock({ $0.isRunning }) else { return }
            self.tick()
            self.schedule()
        }
    }

    /// Asks once.
    func tick() {
        let text = line()
        let isNews = state.withLock { state in
            defer { state.last = text }
            return state.last != text
        }
        if isNews { notifier.status(text) }
    }
}
