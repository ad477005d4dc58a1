// What can go wrong with a backup that is elsewhere: told as what happened, to which part of it, and what to do.

/// A failure of a followed backup, of its target, or of a signed head.
package struct BackupError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The target does not answer, or refuses: the same can be tried again.
        case unreachable
        /// What lies at the target is not what was shipped.
        case damaged
        /// There is no backup.
        case missing
        /// Another process has the target.
        case busy
    }

    package var kind: Kind
    package var message: String
    package var hint: String

    package init(_ kind: Kind, _ message: String, hint: String) {
        (self.kind, self.message, self.hint) = (kind, message, hint)
    }

    package var description: String { message }

    static let unknownRecord = BackupError(
        .damaged, "a record of the backup cannot be read", hint: "it is damaged, or a newer copytaster made it")

    /// A segment that is damaged. Whatever comes after it hangs on it, so shipping begins again there.
    static func damaged(_ name: String, _ why: String) -> BackupError {
        BackupError(
            .damaged, "the segment \(name) of the backup is damaged: \(why)",
            hint: "while the archive itself is sound, remove this segment and all after it from the target: what they "
                + "held is shipped again")
    }
}
