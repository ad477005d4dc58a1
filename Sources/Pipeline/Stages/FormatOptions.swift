// What is made of files that are not one plain text.

public import Parts
public import Readers

/// Which formats are read, within which limits, and what is kept of their files.
public struct FormatOptions: Sendable, Equatable {
    /// Whether a file with several stories is kept beside its parts; then redacting one of these removes it, too.
    public var keepsContainers = false
    /// A file with more parts is rejected.
    public var mostParts = 50_000
    /// The program that reads formats.
    public var reader = ReaderPool.program
    public var limits = ReadLimits()
    /// Formats that are not read.
    public var switchedOff: Set<Format> = []
    /// How many files are read by such programs at once.
    public var workers = 2

    public init() {
        // A fifth of what the service may have, by its unit.
        limits.totalBytes = 256 << 20
    }

    /// A pool of such programs.
    public func pool() -> ReaderPool {
        var pool = ReaderPool.Options(program: reader)
        pool.idle = workers
        pool.limits = limits
        pool.limits.parts = mostParts
        pool.switchedOff = switchedOff
        return ReaderPool(pool)
    }
}
