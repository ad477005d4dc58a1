// A store's epoch: which life of it a row's number belongs to. A restored backup gives numbers again that the lost rows had,
// so a consumer that goes on after number 49 would pass over another row 49. With the epoch beside the number that shows.

internal import Foundation
package import GRDB

extension StoreWriter {
    /// Begins a new epoch after a backup was put in place, and notes how far the rows are those of the epoch before.
    package static func beginEpoch(_ db: Database, after last: Int64) throws {
        try db.inTransaction {
            var checkpoint = try StoredCheckpoint.fetch(db)
            let ended = EndedEpoch(epoch: checkpoint.epoch, last: last)
            checkpoint.epoch = Schema.newEpoch()
            try checkpoint.save(db)
            try note(action: EndedEpoch.kind, story: last, detail: ended.detail, db)
            return .commit
        }
    }
}

/// An epoch that ended, as the audit log tells.
public struct EndedEpoch: Sendable, Codable, Equatable {
    static let kind = "epoch"

    public var epoch: String
    /// Rows up to this one are the same in the next epoch.
    public var last: Int64

    var detail: String {
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension StoreReader {
    /// The store's epoch.
    public func epoch() throws(StoreError) -> String {
        try read("reading the store's epoch") { try StoredCheckpoint.fetch($0).epoch }
    }

    /// The epochs that ended when backups were put in place, the oldest first.
    public func endedEpochs() throws(StoreError) -> [EndedEpoch] {
        try auditLog().filter { $0.kind == EndedEpoch.kind }.compactMap {
            try? JSONDecoder().decode(EndedEpoch.self, from: Data($0.detail.utf8))
        }
    }
}
