/// What is made of files that hold several stories.
public struct FormatOptions: Sendable, Equatable {
    /// Whether such a file is kept beside its parts; then redacting one of these removes it, too.
    public var keepsContainers = false
    /// A file with more parts is rejected.
    public var mostParts = 50_000

    public init() {}
}
