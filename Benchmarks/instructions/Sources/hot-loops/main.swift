// Runs each hot loop over the stories on standard input: a sequence of frames, a line with a size and then as many
// bytes. The argument names the loop that is run inside `counted`.

import Foundation
import Resemblance
import Story

/// valgrind counts from here ...
@inline(never) func counted(_ body: () -> Void) { body() }
/// ... to here.
@inline(never) func finished() { print("counted") }

func judge(_ texts: [ComparableText]) -> Int {
    let judge = Judge()
    var copies = 0
    for (id, text) in texts.enumerated() {
        if judge.judge(text, fetch: { texts[Int($0)] }).of != nil { copies += 1 }
        judge.insert(text, id: Int64(id))
    }
    return copies
}

func documents(_ input: [UInt8]) -> [[UInt8]] {
    var documents: [[UInt8]] = []
    var at = 0
    while let end = input[at...].firstIndex(of: 10), let size = Int(String(decoding: input[at..<end], as: UTF8.self)) {
        documents.append(Array(input[end + 1..<min(end + 1 + size, input.count)]))
        at = min(end + 1 + size, input.count)
    }
    return documents
}

func run(_ name: String, _ body: () -> Void) {
    guard CommandLine.arguments.contains(name) else { return body() }
    counted(body)
    finished()
}

let all = documents(Array(FileHandle.standardInput.readDataToEndOfFile()))
// What is made once, such as tables, is made here, and not counted with the first story.
let first = all.prefix(8).map { Reading(of: $0) }
_ = all.prefix(8).map { NotText.kind(of: $0) }
_ = first.map { $0.encoded() }
_ = judge(first.map { ComparableText(of: $0) })

var (readings, texts): ([Reading], [ComparableText]) = ([], [])
var (bytes, copies, binaries) = (0, 0, 0)
run("kind") { binaries = all.count { NotText.kind(of: $0) != nil } }
run("read") { readings = all.map { Reading(of: $0) } }
run("encode") { bytes = readings.reduce(0) { $0 + $1.encoded().count } }
run("sketch") { texts = readings.map { ComparableText(of: $0) } }
run("judge") { copies = judge(texts) }
print("\(all.count) stories, \(binaries) no text, \(bytes) bytes of readings, \(copies) copies")
