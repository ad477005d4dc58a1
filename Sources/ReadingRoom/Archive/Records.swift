// The lines of `--json` (docs/json.md), as far as pages need them.

internal import Foundation

/// A ledger row, with its story where it has one.
struct Record: Codable, Sendable, Equatable {
    var id: Int64
    var cursor: String
    var verdict: String
    var of: Int64?
    var family: Int64?
    var versions: [Int64]?
    var name: String
    var size: Int64?
    var sha256: String?
    var received: String
    var reason: String?
    var reasoncode: String?
    var hint: String?
    var headline: String?
    var displaytitle: String?
    var byline: String?
    var dateline: String?
    var located: String?
    var infosource: [Source]?
    var contentcreated: String?
    var notbefore: String?
    var notafter: String?
    var slugline: String?
    var urgency: Int?
    var urgencystated: String?
    var ednote: String?
    var embargoed: String?
    var usageterms: String?
    var copyrightholder: String?
    var language: String?
    var updatekind: String?
    var pubstatus: String?
    var encoding: String?
    var notes: [String]?
    var wordcount: Int?
    var charcount: Int?
    var pictures: [Picture]?
    var body: [String]?
    var evidence: [Evidence]?
    var relations: [Tie]?
    var redacted: String?
    var text: String?
    /// Of a search: a piece of the text, with `<mark>` around what matched, and its own `&`, `<` and `>` written as HTML does.
    var snippet: String?

    struct Source: Codable, Sendable, Equatable {
        var name: String
    }

    struct Picture: Codable, Sendable, Equatable {
        var caption: String?
        var credit: String?
        var agency: String?
    }

    struct Evidence: Codable, Sendable, Equatable {
        var field: String
        var start: Int
        var end: Int
        var rule: String
        var value: String?
    }

    /// The headline, or what stands for it.
    var title: String { headline ?? displaytitle ?? (redacted != nil ? "(text removed)" : name) }

    /// The agency.
    var agency: String? { infosource?.first?.name }

    /// Withdrawn, or not to be published yet.
    var isWithdrawn: Bool { pubstatus != nil && pubstatus != "usable" }
}

/// A relation between two stories.
struct Tie: Codable, Sendable, Equatable {
    var id: Int64
    var of: Int64
    var kind: String
    var resemblance: Double
    var containment: Double
    var containmentof: Double
    var rule: String
}

/// Two stories, word by word.
struct Difference: Codable, Sendable, Equatable {
    var first: Int64
    var second: Int64
    var fields: [Field]
    var body: [Run]

    struct Field: Codable, Sendable, Equatable {
        var field: String
        var runs: [Run]
    }

    /// Words that both have, or only one of them.
    struct Run: Codable, Sendable, Equatable {
        var both: String?
        var first: String?
        var second: String?
    }
}

/// What `status` says.
struct Status: Codable, Sendable, Equatable {
    var running: Bool
    var rows: Int64
    var waiting: Int64?
    var claimed: Int64?
    var rejections: Int64?
    var searchbehind: Int64?
    var storebytes: Int64?
    var verdicts: [String: Int64]
}
