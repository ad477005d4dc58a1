// Which stories were withdrawn: a kill or a hold counts for the whole family of the story that it names.
// Derived from readings and relations; the archive keeps every text.

internal import GRDB
internal import Story

/// The publication status (ninjs: `pubstatus`) of every story that is not simply usable.
public struct Withdrawals: Sendable {
    private let families: Families
    private var byFamily: [Int64: String] = [:]

    /// `members` are the stories whose own text states a status, with the status, in the order of ids.
    init(families: Families, stated: [(story: Int64, status: String)], newest: (Int64) -> Int64) {
        self.families = families
        for (story, status) in stated {
            let family = families.family(of: story)
            // A kill is final; a hold lasts until a later version comes.
            if status == "canceled" || status == "withheld" && newest(family) <= story {
                if byFamily[family] != "canceled" { byFamily[family] = status }
            }
        }
    }

    /// `usable`, `withheld` or `canceled`.
    public func status(of story: Int64) -> String { byFamily[families.family(of: story)] ?? "usable" }
}

extension StoreReader {
    /// Which families were withdrawn; `families` is asked for only if some story says so.
    ///
    /// The search index keeps a list of the stories that state a status; only readings that it has not reached
    /// are looked through.
    public func withdrawals(_ families: () throws -> Families) throws -> Withdrawals {
        var (known, reached) = (try? statusesInIndex()) ?? ([], 0)
        known += try read("reading the statuses") { db in
            try Int64.fetchAll(
                db, sql: "SELECT id FROM reading WHERE id >= ? AND instr(fields, '\"pubstatus\"') > 0 ORDER BY id",
                arguments: [(reached + 1) * Schema.revisions])
        }.map { $0 / Schema.revisions }
        var stated: [(Int64, String)] = []
        for story in known where stated.last?.0 != story {
            // The latest reading counts, and a redacted story says nothing any more.
            guard let status = try document(story)?.reading().pubStatus, status != "usable" else { continue }
            stated.append((story, status))
        }
        guard !stated.isEmpty else { return Withdrawals(families: Families(), stated: []) { $0 } }
        let families = try families()
        let members = families.members()
        return Withdrawals(families: families, stated: stated) { members[$0]?.last ?? $0 }
    }
}
