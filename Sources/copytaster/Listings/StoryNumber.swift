// How a story is named on the command line: by its number, or as a part of its delivery.

internal import ArgumentParser
internal import Foundation
internal import Store

/// `49`, or `12.3`: part 3 of delivery 12.
struct StoryNumber: ExpressibleByArgument, Equatable, Sendable {
    var number: Int64
    var part: Int64?

    init?(argument: String) {
        let words = argument.split(separator: ".", omittingEmptySubsequences: false)
        guard words.count <= 2, let number = Int64(words[0]) else { return nil }
        self.number = number
        if words.count == 2 {
            guard let part = Int64(words[1]) else { return nil }
            self.part = part
        }
    }

    /// The story's number in a store.
    func id(in reader: StoreReader) throws -> Int64 { try id { try reader.story(part: $0, of: $1) } }

    func id(_ find: (Int64, Int64) throws -> Int64?) throws -> Int64 {
        guard let part else { return number }
        guard let id = try find(part, number) else {
            throw CommandError(
                "delivery \(number) has no part \(part)", hint: "`copytaster show \(number)` lists its parts",
                code: EX_NOINPUT)
        }
        return id
    }
}
