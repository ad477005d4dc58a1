// The expected readings of the seeds, as files that a person can read and a diff can show. Run the tests with
// COPYTASTER_UPDATE_READINGS=1 to write them anew, then look at the diff.

import Glibc
import Story
import Text

enum Golden {
    static let seeds = ["000_7844e40871c5aec3", "003_333a7b3f00cc0f31", "004_67d303dc5acc7f3a"]

    /// The root of the package, found from this file.
    static var root: String {
        String(#filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/"))
    }

    static func seed(_ name: String) -> [UInt8] { bytes("\(root)/seeds/\(name).txt") ?? [] }

    static func path(_ name: String) -> String { "\(root)/Tests/StoryTests/Readings/\(name).json" }

    static var isUpdating: Bool { unsafe getenv("COPYTASTER_UPDATE_READINGS") != nil }

    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen(path, "rb") else { return nil }
        defer { unsafe _ = fclose(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, file)
            if count == 0 { return content }
            content.append(contentsOf: chunk[..<count])
        }
    }

    static func write(_ text: String, to path: String) {
        guard let file = unsafe fopen(path, "wb") else { return }
        var bytes = Array(text.utf8)
        unsafe fwrite(&bytes, 1, bytes.count, file)
        unsafe fclose(file)
    }

    /// One field a line: kind, range, rule, and what it says.
    static func render(_ reading: Reading) -> String {
        var lines = ["{", "  \"encoding\": \(quoted(reading.encoding.rawValue)),"]
        lines.append("  \"notes\": [\(reading.notes.map(quoted).joined(separator: ", "))],")
        lines.append("  \"fields\": [")
        for (index, field) in reading.fields.enumerated() {
            var line = "    {\"field\": \"\(field.kind.rawValue)\", \"start\": \(field.range.lowerBound), "
            line += "\"end\": \(field.range.upperBound), \"rule\": \(quoted(field.rule)), "
            if field.kind == .caption || field.kind == .credit { line += "\"picture\": \(field.picture), " }
            if let value = field.value { line += "\"value\": \(quoted(value)), " }
            let text = String(decoding: reading.text[field.range], as: UTF8.self)
            line += "\"text\": \(quoted(text))}" + (index == reading.fields.count - 1 ? "" : ",")
            lines.append(line)
        }
        return (lines + ["  ]", "}", ""]).joined(separator: "\n")
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
