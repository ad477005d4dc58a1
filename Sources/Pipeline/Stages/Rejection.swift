// Whether a file that was rejected would be rejected again: asked before it is brought back into the inbox.

public import Files
internal import Inbox
internal import Parts
internal import Story
public import Store

public enum Rejection {
    /// What of the configuration decides over a file.
    public struct Rules: Sendable {
        public var maximumSize: Int64
        /// Whether bytes that were redacted are taken as a new story.
        public var storesRedacted: Bool

        public init(maximumSize: Int64, storesRedacted: Bool) {
            self.maximumSize = maximumSize
            self.storesRedacted = storesRedacted
        }
    }

    /// Why the file would be rejected again; nil if it may be taken now.
    ///
    /// - Parameter reason: why it was rejected.
    public static func isCertain(
        _ name: FileName, in directory: Directory, reason: RejectionReason?, _ rules: Rules
    ) throws(FileError) -> String? {
        if let refusal = Refusal.of(try directory.status(name), limit: rules.maximumSize) { return refusal.sentence }
        switch reason?.code {
        case "crashed-the-reader": return "the reader ended on it; bring it back by its number after an upgrade"
        case "redacted" where !rules.storesRedacted:
            return "its bytes were redacted, and inbox.redacted is not \"store\""
        default: break
        }
        let file = try directory.open(name)
        let bytes = try file.readAll(expected: Int(clamping: file.status().size), limit: Int(rules.maximumSize))
        // What other processes read may be read by others tomorrow.
        let format = Recognizer.format(of: Array(bytes.prefix(Recognizer.length)))
        return format.isInProcess || format == .media ? CopyReader.notText(bytes)?.sentence : nil
    }
}
