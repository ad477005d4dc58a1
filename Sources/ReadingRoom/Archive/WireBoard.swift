// The newest families, read once for all readers.

internal import Foundation

/// The newest families of the archive.
actor WireBoard {
    /// One line of the wire: a family by its newest story.
    struct Line: Sendable, Equatable {
        var story: Record
        var versions: Int
    }

    /// How many of the newest stories are looked at, and how many families shown.
    static let stories = 200
    static let families = 60

    private let archive: Archive
    private let live: LiveWire
    private var lines: [Line] = []
    private var generation: UInt64?
    private var reading: Task<[Line], any Error>?

    init(_ archive: Archive, _ live: LiveWire) {
        self.archive = archive
        self.live = live
    }

    /// The newest families; asks the archive only if something came since the last time, and once for all who ask meanwhile.
    func newest() async throws -> [Line] {
        let now = live.generation
        if generation == now, live.trouble == nil { return lines }
        if let reading { return try await reading.value }
        let task = Task { try await Self.read(archive) }
        reading = task
        defer { reading = nil }
        lines = try await task.value
        generation = now
        return lines
    }

    private static func read(_ archive: Archive) async throws -> [Line] {
        let stories = try await archive.records(Record.self, ["list", "--json", "--limit", "\(Self.stories)"])
        var seen: Set<Int64> = []
        return stories.filter { seen.insert($0.family ?? $0.id).inserted }.prefix(families)
            .map { Line(story: $0, versions: $0.versions?.count ?? 1) }
    }
}
