// The layer table of ARCHITECTURE.md, held against the imports: SwiftPM lets a target import whatever was
// built before it, so a test has to look.

import Foundation
import TestSupport
import Testing

struct LayerTests {
    /// Who may import what; the C modules and libraries have one importer each.
    static let allowed: [String: Set<String>] = [
        "Files": ["inotify_shim", "Glibc", "Synchronization"],
        "Inbox": ["Files", "Synchronization"],
        "Text": ["Synchronization"],
        "Story": ["Text", "Glibc", "Synchronization"],
        "Resemblance": ["Text", "Story", "Glibc", "Synchronization"],
        "Store": [
            "Files", "Text", "Story", "Resemblance", "GRDB", "GRDBSQLite", "CCrypto", "CZstd", "Foundation",
            "Synchronization",
        ],
        "Recover": ["Files", "Text", "Story", "Resemblance", "Store", "GRDB", "Foundation"],
        "Pipeline": ["Files", "Inbox", "Story", "Resemblance", "Store", "Foundation", "Synchronization"],
        "Supervision": ["CSystemd", "Logging", "Dispatch", "Glibc", "Foundation", "Synchronization"],
        "copytaster": [
            "Files", "Inbox", "Text", "Story", "Resemblance", "Store", "Recover", "Pipeline", "Supervision",
            "ArgumentParser",
            "Configuration", "Logging", "UnixSignals", "Yams", "Foundation", "Glibc", "Dispatch", "Synchronization",
        ],
    ]

    static func imports(of module: String) throws -> [(file: String, module: String)] {
        let folder = Checkout.root.appendingPathComponent("Sources/\(module)")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var found: [(String, String)] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let index = words.firstIndex(of: "import"), index <= 2, !line.hasPrefix("//"),
                    index + 1 < words.count
                else { continue }
                guard
                    words[..<index].allSatisfy({
                        ["internal", "public", "private", "package", "@testable"].contains($0)
                    })
                else { continue }
                found.append((file.lastPathComponent, String(words[index + 1])))
            }
        }
        return found
    }

    @Test(arguments: allowed.keys.sorted())
    func importsOnlyWhatItsLayerMay(module: String) throws {
        for (file, imported) in try Self.imports(of: module) {
            #expect(Self.allowed[module]?.contains(imported) == true, "\(module)/\(file) imports \(imported)")
        }
    }

    @Test func everyModuleIsInTheTable() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Checkout.root.appendingPathComponent("Sources").path)
        let libraries: Set = ["inotify-shim", "CSystemd", "CZstd", "CCrypto"]
        #expect(Set(folders).subtracting(libraries) == Set(Self.allowed.keys))
    }

    @Test func everyImportIsInTheManifest() throws {
        let manifest = try String(contentsOf: Checkout.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        // Each target's call, cut at the next one.
        let targets = manifest.components(separatedBy: "arget(")
        for module in Self.allowed.keys.sorted() {
            let name = "name: \"\(module)\""
            let target = try #require(
                targets.first { $0.trimmingCharacters(in: .whitespacesAndNewlines).hasPrefix(name) }, "\(module)")
            for (file, imported) in try Self.imports(of: module) where Self.allowed[imported] != nil {
                #expect(
                    target.contains("\"\(imported)\""), "\(module)/\(file) imports \(imported), unknown to the manifest"
                )
            }
        }
    }
}
