// Every station of the pipeline alone, in one thread, over the same stories: what each would cost if it had nothing to
// wait for. An iteration is 1,024 files: the cost of a file is that share of a figure.

import Benchmark
import Files
import Inbox
import Resemblance
import Store

@testable import Story
import Text

let benchmarks: @Sendable () -> Void = {
    /// The export for JMH's viewers, which the driver reads, wants the throughput, too, in whole iterations a second:
    /// a slower stage would be missing there.
    func rounds(_ count: Int) -> Benchmark.Configuration {
        .init(
            metrics: [.wallClock, .throughput], warmupIterations: 1, maxDuration: .seconds(30),
            maxIterations: count)
    }

    /// A stage without state: the same work again and again.
    func repeated<Input>(_ name: String, _ input: @escaping ([[UInt8]]) -> Input, _ body: @escaping (Input) -> Void) {
        Benchmark(name, configuration: rounds(20)) { (_: Benchmark, input: Input) in
            body(input)
        } setup: {
            input(Stories.first)
        }
    }

    /// A stage that uses up what it is given: something new for each iteration, and only `body` is measured.
    func once<State>(_ name: String, _ make: @escaping () throws -> State, _ body: @escaping (State) throws -> Void) {
        Benchmark(name, configuration: rounds(12)) { benchmark in
            let state = try make()
            benchmark.startMeasurement()
            try body(state)
            benchmark.stopMeasurement()
        }
    }

    once("claim", { try Scratch.delivered() }) { blackHole($0.claims()) }
    once("read", { try Scratch.claimed() }) { scratch in
        for claim in scratch.claimed { blackHole(try claim.file?.readAll(expected: Stories.size, limit: 1 << 20)) }
    }
    repeated("hash", { $0 }) { for bytes in $0 { blackHole(SHA256Digest(of: bytes)) } }
    repeated("decode", { $0 }) { for bytes in $0 { blackHole(Decoding.decode(bytes)) } }
    repeated("parse", { $0.map { Decoding.decode($0) } }) { all in
        for decoded in all {
            var reader = Reader(decoded.text, notes: decoded.notes)
            reader.read()
            blackHole(reader.fields)
        }
    }
    repeated("encode", { $0.map { Reading(of: $0) } }) { for reading in $0 { blackHole(reading.encoded()) } }
    repeated("sketch", { $0.map { Reading(of: $0) } }) {
        for reading in $0 { blackHole(ComparableText(of: reading).fingerprint.encoded()) }
    }
    Benchmark("index", configuration: rounds(Archive.iterations - 1)) { (benchmark: Benchmark, archive: Archive) in
        let texts = archive.next()
        benchmark.startMeasurement()
        archive.take(texts)
        benchmark.stopMeasurement()
    } setup: {
        Archive()
    }
    Benchmark("compress", configuration: rounds(20)) { (_: Benchmark, books: Books) in
        for bytes in Stories.all.prefix(Stories.perIteration) { blackHole(books.pack(bytes)) }
    } setup: {
        try Books()
    }
    Benchmark("commit", configuration: rounds(12)) {
        (benchmark: Benchmark, books: Books) in
        let entries = books.entries(Stories.first)
        benchmark.startMeasurement()
        try books.commit(entries)
        benchmark.stopMeasurement()
    } setup: {
        try Books()
    }
    once("release", { try Scratch.claimed() }) { try $0.finish() }
    Benchmark("search indexing", configuration: rounds(12)) { (benchmark: Benchmark, books: Books) in
        try books.fill(Stories.perIteration)
        benchmark.startMeasurement()
        blackHole(try books.search.advance())
        benchmark.stopMeasurement()
    } setup: {
        try Books()
    }
}
