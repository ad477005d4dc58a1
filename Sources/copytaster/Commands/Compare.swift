// `copytaster compare A B`: the verdict for any two files or stories, explained.

internal import ArgumentParser
internal import Foundation
internal import Resemblance
internal import Store
internal import Story

struct Compare: ServedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two files or stories and explain what the second would be to the first.",
        discussion: "A number is a story of the archive; a file whose name is a number is given as ./NAME.")

    @Argument(help: "The earlier story: a file, or its number in the archive.", completion: .file())
    var earlier: String
    @Argument(help: "The later story.", completion: .file())
    var later: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    struct Result: Encodable {
        var version = Record.version
        var name: String
        var ofname: String
        var kind: String
        var resemblance: Double
        var containment: Double
        var containmentof: Double
        var rule: String
    }

    func run() throws {
        let thresholds = try shared.settings().thresholds
        let (first, second) = (try text(earlier), try text(later))
        let comparison = compare(second.text, first.text, thresholds: thresholds)
        let isIdentical = first.bytes == second.bytes
        let result = Result(
            name: later, ofname: earlier, kind: isIdentical ? "identical" : comparison.kind?.rawValue ?? "new",
            resemblance: comparison.resemblance, containment: comparison.containment,
            containmentof: comparison.containmentOf, rule: isIdentical ? "The same bytes." : comparison.rule)
        if output.json { return Output.line(result.jsonLine) }
        func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
        Output.line("\(later) would be \(Terminal.paint(result.kind, .bold)) to \(earlier)")
        Output.line("  \(result.rule)")
        Output.line(
            "  resemblance \(percent(result.resemblance)); \(percent(result.containment)) of \(later) stands in \(earlier), "
                + "\(percent(result.containmentof)) the other way round")
    }

    /// Whoever names a file can read it, and nobody for him.
    var isLocal: Bool { Int64(earlier) == nil || Int64(later) == nil }

    private func text(_ place: String) throws -> (bytes: [UInt8], text: ComparableText) {
        let bytes = try Int64(place).map(story) ?? file(place)
        return (bytes, ComparableText(of: Reading(of: bytes)))
    }

    private func file(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError(
                "\(path) cannot be read", hint: "name readable files, or stories by their numbers", code: EX_NOINPUT)
        }
        return Array(data)
    }

    private func story(_ id: Int64) throws -> [UInt8] {
        if case .service(let path) = try shared.access() {
            let answer = try ReadClient(path: path).collect(["show", "--raw", "\(id)"])
            guard answer.code == 0 else { throw ExitCode(answer.code) }
            return answer.output
        }
        let reader = try shared.reader()
        guard let row = try reader.row(id), let document = try reader.text(of: row) else {
            throw CommandError(
                "story \(id) has no text", hint: "`copytaster list` shows those that have", code: EX_NOINPUT)
        }
        return document.bytes
    }
}
