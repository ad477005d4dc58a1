// How long reading takes, for Benchmarks/formats: `--time COUNT FILE...`, each file read so often, in this process, locked in.

internal import Files
internal import Formats
internal import Glibc
internal import Parts

enum Timing {
    static func run(_ arguments: [String]) throws {
        guard let count = arguments.first.flatMap({ Int($0) }), count > 0 else { exit(64) }
        var files: [(name: String, bytes: [UInt8])] = []
        for path in arguments.dropFirst() {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            let folder = parts.dropLast().joined(separator: "/")
            guard let last = parts.last, let name = FileName(Array(last.utf8)) else { exit(64) }
            let file = try Directory(path: folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder).open(name)
            files.append((path, try file.readAll(expected: 0, limit: 1 << 30)))
        }
        try Sandbox.enter()
        for (name, bytes) in files {
            let head = Array(bytes.prefix(Recognizer.length))
            let format = Recognizer.format(of: head)
            let request = ReadRequest(size: bytes.count, format: format, limits: ReadLimits())
            var parts = 0
            var best = Duration.seconds(1000)
            let clock = ContinuousClock()
            for _ in 0..<count {
                parts = 0
                best = min(best, clock.measure { _ = FormatRegistry.read(bytes, request) { _ in parts += 1 } })
            }
            let recognition = clock.measure { for _ in 0..<10_000 { _ = Recognizer.format(of: head) } } / 10_000
            print("\(micro(best))\t\(micro(recognition))\t\(parts)\t\(format.rawValue)\t\(bytes.count)\t\(name)")
        }
    }

    private static func micro(_ duration: Duration) -> String {
        let nanoseconds = duration.components.attoseconds / 1_000_000_000 + duration.components.seconds * 1_000_000_000
        let fraction = String(nanoseconds % 1000 + 1000).dropFirst()
        return "\(nanoseconds / 1000).\(fraction)"
    }
}
