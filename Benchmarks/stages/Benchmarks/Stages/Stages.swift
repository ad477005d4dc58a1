import Benchmark
@testable import Story

let benchmarks: @Sendable () -> Void = {
    Benchmark("decode") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(Decoding.decode([65, 66, 67])) }
    }
}
