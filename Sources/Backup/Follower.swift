// Ships a store to a target, segment by segment (ARCHITECTURE.md, "Off the machine").
//
// Promise: what is under a segment's name is whole, and the segments that lie at the target, up to the last point in them,
// are the store as it was at one moment. A crash at any moment costs nothing: what is at the target says where to go on. A
// redacted text is gone from all segments before the step that ships the redaction returns; should that step be cut short,
// the next start finishes it.
// Never waits in the way of the service: it reads by short transactions, and if the target is away the rows simply wait in
// the store.

internal import Foundation

/// One follower; used by one thread.
package final class Follower {
    /// How large segments get.
    package struct Limits: Sendable {
        /// About how many bytes are read from the store at once.
        package var shipment = 4 << 20
        /// Segments are merged up to this many bytes.
        package var segment = 16 << 20

        package init() {}
    }

    /// What a step did.
    package struct Step: Sendable, Equatable {
        /// The newest ledger row at the target.
        package var row: Int64
        /// Records that were shipped; 0 if there was nothing new.
        package var records = 0
        /// Whether the target has all that the store had.
        package var isComplete: Bool
        /// Records at the target that were erased, since their text was redacted.
        package var erased = 0
        /// Whether the store has begun a new epoch: then everything is shipped anew, beside what is there.
        package var isNewEpoch = false
    }

    private let source: any ShipmentSource
    private let target: any BackupTarget
    private let limits: Limits
    private var state: State?

    /// What is known of the target.
    private struct State {
        var list: SegmentList
        var cursor: ShippingCursor?
        /// The place of the last record, and the chain after it.
        var last: Int64 = 0
        var chain = Segment.chainStart
        var isComplete = false
        /// The newest segments, as far as they may still be merged.
        var tail: [Segment] = []
    }

    package init(source: any ShipmentSource, target: any BackupTarget, limits: Limits = Limits()) {
        (self.source, self.target, self.limits) = (source, target, limits)
    }

    /// The epoch that is shipped; nil before the first step.
    package var epoch: String? { state?.list.epoch }
    /// The newest ledger row at the target.
    package var row: Int64 { state?.cursor?.lastID ?? 0 }

    /// Epochs of which the target has something, but for the one that is shipped: redactions do not reach them.
    package func otherEpochs() throws -> [String] {
        Set(try target.list().map(\.epoch)).subtracting([epoch ?? ""]).sorted()
    }

    /// Ships what came since the last step, at most one segment. After an error the next step looks at the target anew.
    ///
    /// - Parameter isPointWanted: whether to say that the backup is complete even if nothing came.
    package func step(isPointWanted: Bool = false) throws -> Step {
        var current = try state ?? resume()
        state = nil
        let shipment = try source.next(
            after: current.cursor, limit: limits.shipment, isPointWanted: isPointWanted || !current.isComplete)
        guard shipment.header.cursor.epoch == current.list.epoch else {
            return Step(row: 0, isComplete: false, isNewEpoch: true)
        }
        var step = Step(row: shipment.header.cursor.lastID, isComplete: current.isComplete)
        if !shipment.records.isEmpty {
            step.records = shipment.records.count
            step.erased = try ship(shipment, &current)
            step.isComplete = shipment.isComplete
        }
        current.isComplete = step.isComplete
        state = current
        return step
    }

    private func ship(_ shipment: Shipment, _ current: inout State) throws -> Int {
        var segment = Segment(shipment, first: current.last + 1, before: current.chain)
        current.cursor = segment.header.shipment.cursor
        (current.last, current.chain) = (segment.header.last, segment.header.after)
        // Each merge at least doubles a segment, so a record is written a few times, however small the shipments are.
        var merged: [SegmentName] = []
        while let last = current.tail.last, last.bytes <= segment.bytes, last.bytes + segment.bytes <= limits.segment {
            segment = last.merged(with: segment)
            merged.append(last.name)
            current.tail.removeLast()
        }
        let replacements = Replacements(in: segment)
        var erased = segment.erase(replacements)
        try target.put(segment.name, segment.encoded)
        current.list.replace(merged, with: segment.name)
        for name in merged { try target.remove(name) }
        current.tail.append(segment)
        erased += try erase(replacements, &current)
        // What is too large to be merged parts those before it from the end.
        if let large = current.tail.lastIndex(where: { $0.bytes > limits.segment / 2 }) {
            current.tail.removeFirst(large + 1)
        }
        return erased
    }

    /// Erases what was replaced from all earlier segments.
    private func erase(_ replacements: Replacements, _ current: inout State) throws -> Int {
        guard !replacements.isEmpty else { return 0 }
        var erased = 0
        for name in current.list.names.dropLast() {
            guard replacements.mayConcern(try target.header(name)) else { continue }
            var segment = try target.segment(name)
            let count = segment.erase(replacements)
            guard count > 0 else { continue }
            try target.put(name, segment.encoded)
            erased += count
            if let place = current.tail.firstIndex(where: { $0.name == name }) { current.tail[place] = segment }
        }
        return erased
    }

    /// Looks at the target: where to go on.
    private func resume() throws -> State {
        let epoch = try source.next(after: nil, limit: 0, isPointWanted: false).header.cursor.epoch
        var state = State(list: try SegmentList(try target.list(), epoch: epoch))
        for name in state.list.superseded { try target.remove(name) }
        guard let name = state.list.last else { return state }
        let last = try target.segment(name)
        state.cursor = last.header.shipment.cursor
        (state.last, state.chain) = (last.header.last, last.header.after)
        state.isComplete = last.records.last?.kind == .point
        state.tail = [last]
        // A redaction that was shipped, and whose erasure may have been cut short.
        _ = try erase(Replacements(in: last), &state)
        return state
    }
}
