// What happens in the pipeline, in words for the journal: a sentence each, with its MESSAGE_ID.

internal import Files
internal import Inbox
internal import Logging
internal import Pipeline
internal import Store
internal import Supervision

/// Tells the journal what happens.
struct EventLog: Sendable {
    let logger: Logger
    /// Folds what is told of many files at once.
    let reporter: Reporter

    /// Records what happened to the pipeline. What it costs besides (a notification, the end) is the daemon's.
    func record(_ event: PipelineEvent) {
        switch event {
        case .inbox(let event): record(event)
        case .recovering: break
        case .recovered(let finished, let again):
            logger.record(
                .recoveryDone,
                "the last run was interrupted: \(finished) files were finished as their ledger rows say, \(again) were read again"
            )
        case .claimsRecounted:
            logger.record(
                .recoveryDone, level: .warning,
                "the end of the claims journal is lost, as after a power cut; the claims were counted anew from the ledger"
            )
        case .claimLost(let claim, let name):
            logger.record(
                .claimLost,
                "claim \(claim) (\(name)) has no row in the ledger, and its file is not in work/ any more: if nobody removed it, report this",
                metadata: Self.fields(name))
        case .probation(let ends):
            logger.record(
                .interrupted,
                "the service ended \(ends) times in five minutes without being stopped; until a thousand files in a row went well, each is first read in a process of its own"
            )
        case .probationOver:
            logger.record(
                .interrupted, level: .notice, "a thousand files in a row went well; files are read here again")
        case .probationFailed(let why):
            logger.record(.interrupted, "files are read here again, since no other process can be had: \(why)")
        case .changedInWork(let name):
            logger.record(
                .fileChanged, "\(name) was written to while it was read; it counts as a new delivery",
                metadata: Self.fields(name))
        case .unreadable(let name, let error):
            logger.record(
                .cannotWrite, "\(name) could not be read (\(error)); it is back in the inbox",
                metadata: Self.fields(name, error.description))
        case .stuckInWork(let name, let error):
            logger.record(
                .cannotWrite,
                "what the last run left as work/\(name) cannot be looked at (\(error)); it stays there, and the next start tries again",
                metadata: Self.fields(name, error.description))
        case .noRoom(let error):
            logger.record(.diskFull, "\(error.message); nothing is lost: \(error.hint)")
        case .storeHeld(let error):
            logger.record(.storeHeld, "\(error.message); nothing is lost: \(error.hint)")
        case .storeFreed: logger.record(.storeFreed, "the store can be written to again; going on")
        case .erasureWaits(let ids, let why):
            logger.record(
                .erasureWaits,
                "the redacted text of \(ids.map(String.init).joined(separator: ", ")) is not erased everywhere yet: \(why)"
            )
        case .erased(let ids):
            logger.record(
                .erased, "the redacted text of \(ids.map(String.init).joined(separator: ", ")) is erased everywhere")
        case .roomAgain: logger.record(.diskFree, "there is room again; going on")
        case .unfinished(let name, let error):
            logger.record(
                .cannotWrite, "\(name) is stored, but cannot be moved out of work/ (\(error)); trying again",
                metadata: Self.fields(name, error.description))
        case .searchFailed(let error):
            logger.record(
                .searchFailed, "the search index lags: \(error.message) (\(error.hint)); the store is unharmed")
        case .searchRemade(let error):
            logger.record(.rebuilt, level: .warning, "\(error.message): it is being made again; the store is unharmed")
        case .trainingFailed(let error):
            logger.record(
                .cannotWrite,
                "documents take more room than they could: no dictionary was made: \(error.message) (\(error.hint))")
        case .failed(let error):
            let after = error.kind == .damaged ? "ending, nothing more is written" : "ending, the next start recovers"
            logger.record(
                .storeFailed, "\(error.message); \(after) (\(error.hint))",
                metadata: ["reason": .string(error.message)])
        }
    }

    /// The journal's fields for a record about one file.
    static func fields(_ name: RelativePath, _ reason: String? = nil) -> Logger.Metadata {
        var fields: Logger.Metadata = ["file": .stringConvertible(RawBytes(name.bytes))]
        fields["reason"] = reason.map { .string($0) }
        return fields
    }

    private func record(_ event: FeederEvent) {
        switch event {
        case .watching: break
        case .overflow:
            logger.record(.watchOverflow, "more arrived at once than the kernel remembers; reading the whole inbox")
        case .inboxLost(let path):
            logger.record(
                .inboxGone,
                "the inbox \(path) was moved, removed or unmounted; waiting for it to come back: move or mount it there, or make a new one with systemd-tmpfiles --create"
            )
        case .inboxBack(let path): logger.record(.inboxBack, "the inbox \(path) is back")
        case .polling(let reason, let hint):
            logger.record(.polling, "\(reason); reading the inbox every few seconds instead (\(hint))")
        case .overQuota(let sender, let files, let bytes):
            let most =
                bytes > 0
                ? "\(Terminal.grouped(files)) files or \(Terminal.grouped(bytes)) bytes"
                : "\(Terminal.grouped(files)) files"
            logger.record(
                .overQuota,
                "more than \(most) of \(sender) wait; the rest stays in the inbox until these are taken, and is then found"
            )
        case .silent(let source, let silence):
            logger.record(
                .sourceSilent, "nothing came from \(source)/ for \(silence / 1_000_000_000) s (inbox.quiet)",
                metadata: ["source": .stringConvertible(RawBytes(source.bytes))])
        case .heardAgain(let source, let silence):
            logger.record(
                .sourceBack, "\(source)/ delivers again, after \(silence / 1_000_000_000) s",
                metadata: ["source": .stringConvertible(RawBytes(source.bytes))])
        case .deferred(let path, let deferral, _) where deferral.cause == .tooDeep:
            logger.record(
                .tooDeep, "\(path)/ has to wait: \(deferral.sentence); \(deferral.hint ?? "")",
                metadata: Self.fields(path))
        case .deferred(let path, let deferral, let telling):
            // The inbox itself has no name below the inbox.
            let name = path == .root ? Array(".".utf8) : path.bytes
            reporter.report(
                FileReport(
                    name: name + (deferral.directory == nil ? [] : [RelativePath.separator]), verdict: "deferred",
                    reason: deferral.sentence + (deferral.hint.map { "; " + $0 } ?? ""),
                    level: telling == .stillWaiting ? .warning : nil))
        }
    }
}
