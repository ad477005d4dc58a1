// `copytaster compare A B`: the verdict for any two files, explained, without a store.

internal import ArgumentParser
internal import Foundation
internal import Resemblance
internal import Story

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two files and explain what the second would be to the first.")

    @Argument(help: "The earlier story.", completion: .file())
    var earlier: String
    @Argument(help: "The later story.", completion: .file())
    var later: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    struct Result: Encodable {
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

    private func text(_ path: String) throws -> (bytes: [UInt8], text: ComparableText) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError("\(path) cannot be read", hint: "name two readable files", code: EX_NOINPUT)
        }
        let bytes = Array(data)
        return (bytes, ComparableText(of: Reading(of: bytes)))
    }
}
