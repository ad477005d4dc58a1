// What the room asks the archive.

internal import Foundation
internal import Hummingbird

extension Room {
    static func number(_ name: String, _ context: some RequestContext) throws -> Int64 {
        guard let number = context.parameters.get(name, as: Int64.self), number > 0 else {
            throw ProblemError(.notFound, "There is no such story", "stories have numbers, from 1")
        }
        return number
    }

    func story(_ context: some RequestContext, _ options: String...) async throws -> Record {
        let id = try Self.number("id", context)
        guard let story = try await archive.records(Record.self, ["show", "\(id)", "--json"] + options).first else {
            throw ProblemError(.notFound, "There is no such story")
        }
        return story
    }

    /// The versions of a story; of a very large family the newest.
    func family(_ id: Int64) async throws -> Page {
        guard let story = try await archive.records(Record.self, ["show", "\(id)", "--json"]).first else {
            throw ProblemError(.notFound, "There is no such story")
        }
        let all = story.versions ?? [id]
        var members: [Record] = []
        for member in all.suffix(Self.mostVersions) {
            members += try await archive.records(Record.self, ["show", "\(member)", "--json"])
        }
        return FamilyPage.page(members, all: all.count)
    }

    /// More versions than that are not on one page.
    private static let mostVersions = 40

    func hits(_ search: Search) async throws -> [Record] {
        try await archive.records(
            Record.self,
            ["search", "--json", "--limit", "\(Search.perPage)", "--page", "\(search.page)", "--", search.query])
    }

    func search(_ search: Search) async -> Page {
        guard !search.isEmpty else { return SearchPage.page(search, hits: nil, error: nil) }
        do {
            return SearchPage.page(search, hits: try await hits(search), error: nil)
        } catch let error as ArchiveError where error.code == 1 {
            // It may say which word was perhaps meant.
            return SearchPage.page(search, hits: [], error: nil, hint: error.message)
        } catch let error as ArchiveError {
            return SearchPage.page(search, hits: nil, error: error.message)
        } catch {
            return SearchPage.page(search, hits: nil, error: "\(error)")
        }
    }

    func ledger(verdict: String?, source: String?) async throws -> [Record] {
        var arguments = ["ledger", "--json", "--limit", "\(LedgerPage.perPage)"]
        if let verdict, LedgerPage.verdicts.contains(verdict) { arguments += ["--verdict", verdict] }
        if let source, !source.isEmpty { arguments += ["--source=\(source)"] }
        return try await archive.records(Record.self, arguments).sorted { $0.id > $1.id }
    }

    func newest(_ request: Request) async throws -> [Record] {
        let limit = min(max(Int(request.query("limit") ?? "") ?? 50, 1), 200)
        return try await archive.records(Record.self, ["list", "--json", "--limit", "\(limit)"])
    }
}

extension Request {
    /// A value of the address; nil if it is absent or empty.
    func query(_ name: String) -> String? {
        uri.queryParameters.get(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The room's address, as whoever asks knows it. The guard has looked at the name.
    var base: String { "http://\(head.authority ?? "localhost")" }
}
