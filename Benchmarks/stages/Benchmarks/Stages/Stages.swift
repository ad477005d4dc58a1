// Every station of the road alone, in one thread, over the same stories: what each would cost if it had nothing to wait
// for. An iteration is 1,024 files (8,192 for the search index), so a figure divided by that is the cost of a file.

import Benchmark
import Files
import Inbox
import Resemblance
import Store

@testable import Story

let benchmarks: @Sendable () -> Void = {
    /// The export for JMH's viewers, which the driver reads, wants the throughput, too.
    func rounds(_ count: Int, warmup: Int = 1) -> Benchmark.Configuration {
        .init(
            metrics: [.wallClock, .throughput], warmupIterations: warmup, maxDuration: .seconds(30),
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
    // As the workers do it: whatever the store does to the bytes before they are committed.
    repeated("compress", { $0 }) { all in
        for bytes in all {
            blackHole(
                StoryContent(bytes: bytes, fields: [], parser: 1, fingerprint: [], version: nil, relations: []))
        }
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
    Benchmark("search indexing", configuration: rounds(3, warmup: 0)) { (benchmark: Benchmark, books: Books) in
        try books.fill(SearchIndex.batch)
        benchmark.startMeasurement()
        blackHole(try books.search.advance())
        benchmark.stopMeasurement()
    } setup: {
        try Books()
    }
}
