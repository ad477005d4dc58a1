// What a delivery may cost. The reader process keeps to these, and the pool that asked it checks them again: a process that was
// taken over by what it read may send anything.

/// Bounds of reading one delivery.
public struct ReadLimits: Sendable, Equatable {
    /// Parts of one delivery.
    public var parts = 100_000
    /// The bytes of one part, unpacked.
    public var partBytes = 64 << 20
    /// All that is unpacked from one delivery.
    public var totalBytes = 1 << 30
    /// How many times larger a part may be than what it was packed in, from a megabyte on.
    public var ratio = 500
    /// Containers within containers.
    public var depth = 5
    /// The text of one reading.
    public var textBytes = 16 << 20
    /// The fields of one reading.
    public var fields = 200_000
    /// How long the reading of one delivery may take, in seconds.
    public var seconds = 60

    public init() {}

    /// The longest name of a part, in bytes.
    public static let nameBytes = 4096
    /// The longest rule and the longest value of a field.
    public static let ruleBytes = 2048
    public static let valueBytes = 64 << 10
    /// The longest sentence or hint of a rejection, and the longest note.
    public static let sentenceBytes = 4096
    /// Notes of one reading.
    public static let notes = 64
}
