// What became of one file, and the sentence that says so.
//
// Promise: a person who knows newspapers, not databases, understands the sentence; whatever stood in the file's name or
// headline, it is one harmless line.

public import Logging

/// What became of one file: plain values, so that the pipeline need not know who reads them.
public struct FileReport: Sendable, Equatable {
    /// The name relative to the inbox, byte for byte.
    public var name: [UInt8]
    /// The ledger's word: new, identical, same-text, near-duplicate, excerpt, expansion, rejected; or deferred.
    public var verdict: String
    /// The story that this file became or repeats.
    public var story: Int64?
    /// The earlier story that the verdict refers to.
    public var of: Int64?
    public var family: Int64?
    /// In lower-case hexadecimal.
    public var sha256: String?
    public var resemblance: Double?
    public var containment: Double?
    /// Why it was rejected or deferred, in words that tell what to do.
    public var reason: String?
    public var headline: String?
    /// Louder or softer than usual for this verdict.
    public var level: Logger.Level?

    public init(
        name: [UInt8], verdict: String, story: Int64? = nil, of: Int64? = nil, family: Int64? = nil,
        sha256: String? = nil, resemblance: Double? = nil, containment: Double? = nil, reason: String? = nil,
        headline: String? = nil, level: Logger.Level? = nil
    ) {
        self.name = name
        self.verdict = verdict
        self.story = story
        self.of = of
        self.family = family
        self.sha256 = sha256
        self.resemblance = resemblance
        self.containment = containment
        self.reason = reason
        self.headline = headline
        self.level = level
    }

    /// The kind of record.
    public var event: Event {
        switch verdict {
        case "new", "parts": .storyNew
        case "rejected": .fileRejected
        case "deferred": .fileDeferred
        default: .storyRepeat
        }
    }

    /// Whether it has a record of its own whatever the rate: somebody may have to do something.
    var standsAlone: Bool { event == .fileRejected || event == .fileDeferred || (level ?? event.level) >= .warning }

    /// One sentence.
    public var sentence: String {
        let file = PrintableText.name(name)
        let earlier = of.map { "story \($0)" } ?? "an earlier story"
        switch verdict {
        case "new": return "\(title(or: file)) is new" + (story.map { ": story \($0)" } ?? "")
        case "identical": return "\(file) repeats \(earlier) (same bytes)"
        case "same-text": return "\(file)\(itself) repeats \(earlier) (same words)"
        case "near-duplicate": return "\(file)\(itself) is nearly \(earlier)\(percent(resemblance, "alike"))"
        case "excerpt": return "\(file)\(itself) is an excerpt of \(earlier)\(percent(containment, "of it there"))"
        case "expansion": return "\(file)\(itself) expands \(earlier)"
        case "parts": return "\(file) holds \(plainReason)" + (story.map { " (delivery \($0))" } ?? "")
        case "rejected": return "\(file) is rejected: \(plainReason)"
        case "deferred": return "\(file) \(level == .warning ? "still has" : "has") to wait: \(plainReason)"
        default: return "\(file): \(PrintableText.line(verdict)) (\(earlier))"
        }
    }

    /// The fields for the journal.
    public var metadata: Logger.Metadata {
        var fields: Logger.Metadata = [
            "verdict": .string(verdict), "file": .stringConvertible(RawBytes(name)),
        ]
        fields["story"] = story.map { .stringConvertible($0) }
        fields["of"] = of.map { .stringConvertible($0) }
        fields["family"] = family.map { .stringConvertible($0) }
        fields["sha256"] = sha256.map { .string($0) }
        fields["resemblance"] = resemblance.map { .string(Self.threeDigits($0)) }
        fields["containment"] = containment.map { .string(Self.threeDigits($0)) }
        fields["reason"] = reason.map { .string($0) }
        fields["headline"] = headline.map { .string($0) }
        return fields
    }

    /// "“Chinese leaders send …” (story.txt)", or the name alone.
    private func title(or file: String) -> String {
        guard let headline, !headline.isEmpty else { return file }
        return "“\(PrintableText.shorten(PrintableText.line(headline), to: 60))” (\(file))"
    }

    /// " (story 7)" for a repeat that was kept as a story of its own.
    private var itself: String { story.map { $0 == of ? "" : " (story \($0))" } ?? "" }

    private var plainReason: String { reason.map(PrintableText.line) ?? "no reason was given" }

    private func percent(_ share: Double?, _ words: String) -> String {
        guard let share, share.isFinite else { return "" }
        // Never "100 %" for what is less than the whole.
        let percent = min(max(share, 0), 1) * 100
        let whole = share >= 1 ? 100 : min(99, Int(percent.rounded()))
        return " (\(whole) % \(words))"
    }

    /// Three digits behind the point, without a locale's opinion.
    static func threeDigits(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let thousandths = Int64((abs(value) * 1000).rounded())
        let sign = value < 0 && thousandths > 0 ? "-" : ""
        let fraction = String(thousandths % 1000)
        return "\(sign)\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
