import Formats
import Foundation
import Parts
import Story
import TestSupport

/// The samples in `Samples/`, written for these tests, and what the registry makes of them.
enum Samples {
    static let folder = Checkout.root.appendingPathComponent("Tests/FormatsTests/Samples")

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static let names: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).sorted()
    }()

    /// The parts of a delivery, and why it could not be read to its end.
    static func parts(
        _ bytes: [UInt8], limits: ReadLimits = ReadLimits(), off: Set<Format> = []
    ) -> (parts: [Part], rejection: PartRejection?) {
        var parts: [Part] = []
        let request = ReadRequest(
            size: bytes.count, format: Recognizer.format(of: Array(bytes.prefix(Recognizer.length))), limits: limits,
            switchedOff: off)
        let rejection = FormatRegistry.read(bytes, request) { parts.append($0) }
        return (parts, rejection)
    }

    static func parts(of name: String) throws -> [Part] { parts(try bytes(name)).parts }

    static func text(_ text: String) -> [Part] { parts(Array(text.utf8)).parts }
}

extension Part {
    var reading: Reading? {
        switch content {
        case .story(let reading), .kept(let reading): reading
        case .rejected: nil
        }
    }

    var rejection: PartRejection? { if case .rejected(let rejection) = content { rejection } else { nil } }

    /// The values of a field.
    subscript(kind: Field.Kind) -> [String] {
        guard let reading else { return [] }
        return reading.fields.filter { $0.kind == kind }.map { reading.string(of: $0) }
    }
}

extension [Part] {
    /// A part; an empty one where there are not so many, for which the test then fails.
    func at(_ index: Int) -> Part {
        index < count
            ? self[index]
            : Part(
                name: "missing", format: .unknown, mediaType: "", bytes: .own([]),
                content: .rejected(PartRejection(code: "missing", sentence: "", hint: "")))
    }
}
