// What commands ask of a running service.

internal import Foundation
internal import Logging
internal import Pipeline
internal import Supervision
internal import Synchronization

/// Answers the requests that come over the control socket.
final class ControlHandler: Sendable {
    private let pipeline: Pipeline
    private let logger: Logger
    private let live: @Sendable () -> LiveFigures
    private let reload: @Sendable () -> ControlReply
    /// What changes something comes one after another.
    private let turn = Mutex(())

    init(
        _ pipeline: Pipeline, logger: Logger, live: @escaping @Sendable () -> LiveFigures,
        reload: @escaping @Sendable () -> ControlReply
    ) {
        self.pipeline = pipeline
        self.logger = logger
        self.live = live
        self.reload = reload
    }

    func answer(_ request: ControlRequest) -> ControlReply {
        do {
            switch request.action {
            case .status:
                var reply = ControlReply()
                reply.live = live()
                return reply
            case .pass: return ControlReply()
            default: return try turn.withLock { _ in try act(request) }
            }
        } catch { return ControlReply(error) }
    }

    private func act(_ request: ControlRequest) throws -> ControlReply {
        switch request.action {
        case .status, .pass: break
        case .reload: return reload()
        case .redact:
            guard let id = request.id else { break }
            let trouble = try pipeline.redact(id, reason: request.reason ?? "")
            logger.record(
                .redacted, "the text of \(id) was removed: \(request.reason ?? "")",
                metadata: ["story": .stringConvertible(id), "reason": .string(request.reason ?? "")])
            if let trouble { return ControlReply(Redact.unfinished(id, trouble)) }
            return ControlReply(Redact.done(id))
        case .requeue:
            guard let id = request.id else { break }
            let name = try Requeuing.requeue(id, store: pipeline.store, spool: pipeline.spool)
            logger.record(
                .requeued, "\(name) (rejected as \(id)) is back in the inbox", metadata: EventLog.fields(name))
            return ControlReply("\(name) is back in the inbox")
        case .reparse:
            var changed = 0
            try Rereading.carryOut(request.ids ?? [], store: pipeline.store) {
                changed += 1
                try pipeline.reindex($0, old: $1, new: $2)
            }
            if changed > 0 {
                logger.record(.reparsed, "\(changed) stories read differently by this version's parser")
            }
            return ControlReply()
        }
        return ControlReply(CommandError("the request lacks an id", code: EX_USAGE))
    }
}
