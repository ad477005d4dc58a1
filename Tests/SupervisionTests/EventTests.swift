import Foundation
import Testing

@testable import Supervision

@Suite("The kinds of record")
struct EventTests {
    @Test("each kind has an id of its own, as sd_id128_to_string(3) writes it")
    func idsAreUniqueAndWellFormed() {
        for event in Event.allCases {
            #expect(event.messageID.utf8.count == 32)
            #expect(event.messageID.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) })
            // A version 4 UUID (RFC 9562), which is what `systemd-id128 new` draws.
            #expect(Array(event.messageID)[12] == "4")
        }
        #expect(Set(Event.allCases.map(\.messageID)).count == Event.allCases.count)
    }

    @Test("the catalog explains each kind, and nothing else")
    func catalogMatches() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "deploy/copytaster.catalog"), encoding: .utf8)
        let entries = Catalog(text).entries
        #expect(Set(entries.keys) == Set(Event.allCases.map(\.messageID)))
        for event in Event.allCases {
            let entry = try #require(entries[event.messageID])
            #expect(entry.subject.count > 10, "\(event)")
            #expect(entry.defects.isEmpty, "\(event): \(entry.defects)")
            #expect(entry.body.contains("What to do:"), "\(event) does not say what to do")
        }
    }
}

/// The format of journald's message catalogs (systemd's developer documentation, "Journal Message Catalogs").
struct Catalog {
    struct Entry {
        var subject = ""
        var definedBy = ""
        var body = ""

        /// What is not as it should be.
        var defects: [String] {
            var defects: [String] = []
            if subject.isEmpty { defects.append("no Subject:") }
            if definedBy != "copytaster" { defects.append("Defined-By: is not copytaster") }
            if body.isEmpty { defects.append("no explanation") }
            // A reference to a field that is never written would be shown as it stands.
            for field in Self.references(in: body + subject) where !Self.known.contains(field) {
                defects.append("@\(field)@ is not a field of ours")
            }
            return defects
        }

        static let known: Set<String> = Set(
            [
                "VERDICT", "STORY", "OF", "FAMILY", "FILE", "SHA256", "RESEMBLANCE", "CONTAINMENT", "REASON",
                "HEADLINE",
                "FILES", "ERROR",
            ].map { "COPYTASTER_" + $0 } + ["MESSAGE", "CODE_FILE"])

        private static func references(in text: String) -> [String] {
            text.split(separator: "@", omittingEmptySubsequences: false)
                .filter { !$0.isEmpty && $0.allSatisfy { $0.isASCII && ($0.isUppercase || $0 == "_" || $0.isNumber) } }
                .map(String.init)
        }
    }

    var entries: [String: Entry] = [:]

    init(_ text: String) {
        var id: String?
        var inHeader = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("#") {
            if line.hasPrefix("-- ") {
                id = String(line.dropFirst(3))
                inHeader = true
                id.map { entries[$0] = Entry() }
            } else if let id, inHeader, let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                if line.hasPrefix("Subject:") { entries[id]?.subject = value }
                if line.hasPrefix("Defined-By:") { entries[id]?.definedBy = value }
            } else if let id {
                inHeader = inHeader && !line.isEmpty
                entries[id]?.body += line + "\n"
            }
        }
        for (id, entry) in entries {
            entries[id]?.body = entry.body.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
