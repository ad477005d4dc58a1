// What would become of a file, without a store: for people who set up a sender, or wonder about a rejection.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Parts
internal import Readers
internal import Story
internal import Text

/// `copytaster read FILE`.
struct Read: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what would become of a file: its format, its parts, their fields.",
        discussion: "Nothing is stored, and neither a service nor a store is needed.")

    @Argument(help: "The files.", completion: .file())
    var files: [String]

    @Flag(name: .long, help: "One JSON object a part (JSON Lines).")
    var json = false

    @Flag(name: .long, help: "Say where each field stands in the file, too.")
    var evidence = false

    func run() throws {
        let pool = ReaderPool(ReaderPool.Options())
        defer { pool.close() }
        for (index, path) in files.enumerated() {
            if index > 0, !json { Output.line("") }
            if files.count > 1, !json { Output.line(Terminal.paint(path, .bold)) }
            try read(path, pool)
        }
    }

    private func read(_ path: String, _ pool: ReaderPool) throws {
        let url = URL(filePath: path)
        guard let name = FileName(Array(url.lastPathComponent.utf8)) else {
            throw CommandError("\(path) is no name of a file", hint: "name a readable file", code: EX_NOINPUT)
        }
        let file = try Directory(path: url.deletingLastPathComponent().path).open(name)
        let status = try file.status()
        guard status.kind == .regular else {
            throw CommandError("\(path) is no regular file", hint: "name a readable file", code: EX_NOINPUT)
        }
        var count = 0
        let rejection = try DeliveryParts.read(file, size: Int(status.size), pool) { part in
            count += 1
            show(part, number: count, of: path)
        }
        if let rejection {
            if json {
                Output.line(PartRecord(rejection, of: path).jsonLine)
            } else {
                Output.line("rejected: \(rejection.sentence); \(rejection.hint)")
            }
        } else if count == 0, !json {
            Output.line("no part is found in it")
        }
    }

    private func show(_ part: Part, number: Int, of path: String) {
        if json { return Output.line(PartRecord(part, of: path, evidence: evidence).jsonLine) }
        if number > 1 { Output.line("") }
        let name = part.name.isEmpty ? "" : "  \(part.name)"
        Output.line("\(number)\(name)  \(part.format.name), \(part.bytes.count) bytes")
        switch part.content {
        case .rejected(let rejection): Output.line("    rejected: \(rejection.sentence); \(rejection.hint)")
        case .kept(let reading): show(reading, "kept, not read")
        case .story(let reading): show(reading, nil)
        }
    }

    private func show(_ reading: Reading, _ title: String?) {
        if let title { Output.line("    \(title)") }
        for field in reading.fields where evidence || field.kind != .paragraph {
            let value = reading.string(of: field)
            let kind = field.kind.rawValue.padding(toLength: 15, withPad: " ", startingAt: 0)
            Output.line("    \(kind) \(value)" + (evidence ? "  [\(field.rule)]" : ""))
        }
        if !evidence, !reading.body.isEmpty {
            Output.line("    body            \(reading.body.count) paragraphs, \(reading.wordCount) words")
        }
        for note in reading.notes { Output.line("    note            \(note)") }
    }
}

/// A delivery's parts as the service would find them.
enum DeliveryParts {
    static func read(
        _ file: Descriptor, size: Int, _ pool: ReaderPool, each: (Part) -> Void
    ) throws(FileError) -> PartRejection? {
        let format = Recognizer.format(of: try file.read(at: 0, count: Recognizer.length))
        switch format {
        case .text:
            let bytes = try file.readAll(expected: size, limit: size)
            if let kind = NotText.kind(of: bytes) { return .notText(kind) }
            for (number, range) in Reading.stories(in: bytes).enumerated() {
                let isWhole = range.count == bytes.count
                each(
                    Part(
                        name: isWhole ? "" : "#\(number + 1)", format: .text, mediaType: "text/plain",
                        bytes: .range(range),
                        content: .story(Reading(of: isWhole ? bytes : Array(bytes[range])))))
            }
            return nil
        case .iptc7901, .anpa:
            for part in Telegraph.parts(of: try file.readAll(expected: size, limit: size), format: format) {
                each(part)
            }
            return nil
        case .media:
            each(
                Part(
                    name: "", format: .media,
                    mediaType: Media.type(of: try file.read(at: 0, count: 64)) ?? "application/octet-stream",
                    bytes: .range(0..<size), content: .kept(Reading(text: [], encoding: .utf8))))
            return nil
        default:
            return switch pool.read(file, size: size, format: format, each: each) {
            case .read: nil
            case .rejected(let rejection), .failed(let rejection): rejection
            }
        }
    }
}

extension PartRejection {
    static func notText(_ kind: String) -> PartRejection {
        PartRejection(
            code: "not-text", sentence: "this is \(kind), not text",
            hint: "deliver the copy as text or in one of the formats that `copytaster formats` lists")
    }
}
