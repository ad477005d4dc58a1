// Reads documents from standard input, each framed as `LENGTH\n` and that many bytes, and prints one JSON
// line for each: its fields with their texts. With `--time N` it reads every document N times and prints
// the nanoseconds for each document and each byte instead.

import Formats
import Glibc
import Story

/// All of standard input.
func readInput() -> [UInt8] {
    var input: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = read(0, &chunk, chunk.count)
        guard count > 0 else { return input }
        input.append(contentsOf: chunk[..<count])
    }
}

/// The documents in `input`; a frame that is cut short ends the list.
func frames(of input: [UInt8]) -> [[UInt8]] {
    var documents: [[UInt8]] = []
    var at = 0
    while let newline = input[at...].firstIndex(of: 10),
        let length = Int(String(decoding: input[at..<newline], as: UTF8.self))
    {
        let end = newline + 1 + length
        guard end <= input.count else { break }
        documents.append(Array(input[newline + 1..<end]))
        at = end
    }
    return documents
}

func quoted(_ text: String) -> String {
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

func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

func printReading(of bytes: [UInt8]) {
    let reading = WebPage.reading(of: bytes) ?? Reading(text: [], encoding: .utf8)
    let fields = reading.fields.map { field in
        "[\(quoted(field.kind.rawValue)),\(quoted(field.rule)),\(quoted(reading.string(of: field)))]"
    }
    print("{\"encoding\":\(quoted(reading.encoding.rawValue)),\"fields\":[\(fields.joined(separator: ","))]}")
}

func time(_ documents: [[UInt8]], rounds: Int) {
    var best = UInt64.max
    var fields = 0
    for _ in 0..<rounds {
        let start = now()
        for document in documents { fields += (WebPage.reading(of: document)?.fields.count ?? 0) }
        best = min(best, now() - start)
    }
    let bytes = documents.reduce(0) { $0 + $1.count }
    let each = Double(best) / Double(max(1, documents.count))
    let rate = Double(best) / Double(max(1, bytes))
    print(
        "{\"documents\":\(documents.count),\"bytes\":\(bytes),\"ns\":\(each),\"nsperbyte\":\(rate),\"fields\":\(fields)}"
    )
}

let documents = frames(of: readInput())
if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--time" {
    time(documents, rounds: Int(CommandLine.arguments[2]) ?? 5)
} else if CommandLine.arguments.contains("--outline") {
    for document in documents { print(WebPage.outline(of: document)) }
} else {
    for document in documents { printReading(of: document) }
}
