// Which formats this machine reads.

internal import ArgumentParser
internal import Foundation
internal import Parts
internal import Readers

/// `copytaster formats`.
struct Formats: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the formats that are read.",
        discussion: """
            Plain text and the formats of telegraphic wires are read by copytaster itself, all others by copytaster-reader, a \
            program of the package copytaster-formats.
            """)

    @Flag(name: .long, help: "One JSON object a format (JSON Lines).")
    var json = false

    func run() throws {
        let pool = ReaderPool(ReaderPool.Options())
        let installed = pool.isInstalled ? pool.formats() : []
        for format in Format.allCases where format != .unknown {
            let isRead = format.isInProcess || installed.contains(format)
            let by = format.isInProcess ? "copytaster" : "copytaster-reader"
            if json {
                Output.line(FormatRecord(format: format.rawValue, name: format.name, read: isRead, by: by).jsonLine)
            } else {
                let name = format.rawValue.padding(toLength: 11, withPad: " ", startingAt: 0)
                Output.line("\(isRead ? "read    " : "not read") \(name) \(format.name)")
            }
        }
        if installed.isEmpty, !json {
            Output.line("copytaster-reader is not installed: install the package copytaster-formats for the others")
        }
    }
}

private struct FormatRecord: Encodable {
    var version = 1
    var format: String
    var name: String
    var read: Bool
    var by: String
}
