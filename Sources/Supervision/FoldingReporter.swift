// One record for each file while a person can read along; above that rate, one record a second.
//
// Promise: every report is either passed on or counted in a summary, exactly once; rejected and deferred files are
// always passed on. A second that brought more than the limit is folded from there on, and so is each following second
// until one brings no more than the limit. A pure state machine: the caller brings the time and asks again by
// `deadline`.

/// Many files in one record.
public struct FoldedSummary: Sendable, Equatable {
    /// How many files of each verdict.
    public var counts: [String: Int] = [:]
    /// The smallest and the largest new story among them.
    public var stories: ClosedRange<Int64>?
    /// How long a time they cover.
    public var span: Duration = .zero

    public var total: Int { counts.values.reduce(0, +) }

    /// One sentence.
    public var sentence: String {
        let verdicts = counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        let parts = verdicts.map { "\(StatusLine.grouped(Int64($0.value))) \(PrintableText.line($0.key))" }.joined(
            separator: ", ")
        let range = stories.map {
            $0.count == 1 ? " (story \($0.lowerBound))" : " (stories \($0.lowerBound) to \($0.upperBound))"
        }
        return
            "\(StatusLine.grouped(Int64(total))) more \(total == 1 ? "file" : "files") in \(Self.seconds(span)): \(parts)"
            + (range ?? "")
    }

    /// "1.0 s"
    private static func seconds(_ span: Duration) -> String {
        let tenths = Int((span.inSeconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    mutating func add(_ report: FileReport) {
        counts[report.verdict, default: 0] += 1
        guard report.verdict == "new", let story = report.story else { return }
        stories = min(stories?.lowerBound ?? story, story)...max(stories?.upperBound ?? story, story)
    }
}

/// Decides which reports become records of their own.
public struct FoldingReporter: Sendable {
    /// What is to be written, in this order.
    public enum Output: Sendable, Equatable {
        case single(FileReport)
        case summary(FoldedSummary)
    }

    /// Files a second above which reports are folded.
    public var limit: Int
    private static let second: Duration = .seconds(1)
    /// The second under way: when it began and how many foldable reports it brought.
    private var began: MonotonicTime?
    private var count = 0
    /// Whether this second began folding, because the one before was above the limit.
    private var foldsFromStart = false
    private var summary = FoldedSummary()

    public init(limit: Int) { self.limit = max(0, limit) }

    /// When ``tick(now:)`` must be called at the latest; nil while nothing is held back.
    public var deadline: MonotonicTime? { summary.counts.isEmpty ? nil : began.map { $0 + Self.second } }

    /// A file was finished.
    public mutating func report(_ report: FileReport, now: MonotonicTime) -> [Output] {
        if report.standsAlone { return close(ifOverAt: now) + [.single(report)] }
        let closed = close(ifOverAt: now)
        if began == nil { began = now }
        count += 1
        if foldsFromStart || count > limit {
            summary.add(report)
            return closed
        }
        return closed + [.single(report)]
    }

    /// Time has passed.
    public mutating func tick(now: MonotonicTime) -> [Output] { close(ifOverAt: now) }

    /// The service stops: what is held back comes out now.
    public mutating func flush(now: MonotonicTime) -> [Output] {
        defer {
            began = nil
            count = 0
            foldsFromStart = false
        }
        return take(at: now)
    }

    /// Ends the second under way when it is over.
    private mutating func close(ifOverAt now: MonotonicTime) -> [Output] {
        guard let began, now - began >= Self.second else { return [] }
        let output = take(at: now)
        // A pause as long as a whole second ends the folding too.
        foldsFromStart = count > limit && now - began < Self.second * 2
        self.began = foldsFromStart ? now : nil
        count = 0
        return output
    }

    private mutating func take(at now: MonotonicTime) -> [Output] {
        guard !summary.counts.isEmpty, let began else { return [] }
        summary.span = now - began
        defer { summary = FoldedSummary() }
        return [.summary(summary)]
    }
}
