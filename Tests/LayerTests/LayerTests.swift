// The layer table of ARCHITECTURE.md, held against the imports: SwiftPM lets a target import whatever was
// built before it, so a test has to look.

import Foundation
import TestSupport
import Testing

struct LayerTests {
    /// Who may import what, as ARCHITECTURE.md says.
    static let allowed: [String: Set<String>] = {
        let document = try? String(contentsOf: Checkout.root.appendingPathComponent("ARCHITECTURE.md"), encoding: .utf8)
        let section =
            document?.components(separatedBy: "## Layers\n").last?.components(separatedBy: "\n## ").first ?? ""
        var table: [String: Set<String>] = [:]
        for line in section.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4 else { continue }
            let names = cells[2...].flatMap { $0.components(separatedBy: ", ") }.filter { $0 != "-" }
            table[cells[0].trimmingCharacters(in: ["`"])] = Set(names)
        }
        // C has no imports.
        table["inotify-shim"] = nil
        table["sandbox-shim"] = nil
        return table
    }()

    @Test func theTableIsRead() {
        #expect(Self.allowed.count >= 10)
        #expect(Self.allowed["Inbox"] == ["Files", "Synchronization"])
    }

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

    /// "One file's way" names functions that exist, in the files that it names, and no more than twenty.
    @Test func theWayOfOneFileIsTrue() throws {
        let document = try String(
            contentsOf: Checkout.root.appendingPathComponent("ARCHITECTURE.md"), encoding: .utf8)
        let section = try #require(document.components(separatedBy: "## One file's way\n").last)
            .components(separatedBy: "\n## ")[0]
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        #expect((10...20).contains(rows.count))
        for row in rows {
            let names =
                row[1].components(separatedBy: ":")[0].contains("init(")
                ? [row[1].components(separatedBy: "`")[1]]
                : row[1].components(separatedBy: ": ")[0].components(separatedBy: ", ")
                    .map { $0.trimmingCharacters(in: ["`"]) }
            let source = try Self.text(of: "Sources/\(row[2])")
            for name in names {
                let last = name.split(separator: ".").last.map(String.init) ?? name
                let isThere =
                    last.hasPrefix("init(")
                    ? source.contains(last.dropLast(2)) : source.contains("func \(last)(")
                #expect(isThere, "\(name) is not in \(row[2])")
            }
        }
    }

    /// The text of a file, or of all files of a folder.
    private static func text(of path: String) throws -> String {
        let place = Checkout.root.appendingPathComponent(path)
        if place.pathExtension == "swift" { return try String(contentsOf: place, encoding: .utf8) }
        return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "swift" }.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
    }

    @Test func everyModuleIsInTheTable() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Checkout.root.appendingPathComponent("Sources").path)
        let libraries: Set = ["inotify-shim", "sandbox-shim", "CSystemd", "CZstd", "CCrypto", "CLibXML2", "CArchive"]
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
