// The loop of a reader process: a request, the file, its parts.

internal import Files
internal import Formats
internal import Parts

/// Answers requests until the socket is closed.
struct Service {
    let socket: LocalSocket

    func run() throws(FileError) {
        var lines = SocketLines(socket)
        while let line = try lines.next() {
            guard let request = ReadRequest(line: line), let file = lines.takeFiles(1)?.first else { return }
            try answer(request, file)
        }
    }

    private func answer(_ request: ReadRequest, _ file: Descriptor) throws(FileError) {
        var output = Output(socket: socket)
        output.add(PartStream.begin())
        var count = 0
        var bytes = try file.readAll(expected: request.size, limit: request.size)
        // Who writes to a file while it is read makes another delivery of it.
        if bytes.count > request.size { bytes.removeSubrange(request.size...) }
        let rejection = FormatRegistry.read(bytes, request) { part in
            count += 1
            output.add(PartStream.encode(part))
        }
        output.add(PartStream.end(parts: count, rejection: rejection))
        output.flush()
        if let failure = output.failure { throw failure }
    }

    /// Gathers small frames, so that a feed of a hundred items is a few writes. After a failure nothing more is written.
    private struct Output {
        let socket: LocalSocket
        var failure: FileError?
        private var buffer: [UInt8] = []

        init(socket: LocalSocket) { self.socket = socket }

        mutating func add(_ frame: [UInt8]) {
            buffer.append(contentsOf: frame)
            if buffer.count >= 64 << 10 { flush() }
        }

        mutating func flush() {
            guard failure == nil else { return }
            do throws(FileError) { try socket.write(buffer) } catch { failure = error }
            buffer.removeAll(keepingCapacity: true)
        }
    }
}
