// tar and zip, compressed or not, and single compressed files: each member is read as a delivery of its own would be.

internal import Parts
internal import Story
internal import Text

struct Archive: FormatReader {
    let format: Format

    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        if format == .zip {
            if let document = try Office.read(source, into: sink) { return document }
        } else if format != .tar, try !isArchive(source, sink) {
            return try stream(source, sink)
        }
        guard let unpacker = Unpacker(source.bytes, limits: sink.limits, asStream: false) else {
            return try sink.reject(source, format, .damaged(format, "libarchive cannot open it"))
        }
        try members(of: source, unpacker, sink)
    }

    /// Whether what is compressed is a tar archive.
    private func isArchive(_ source: Source, _ sink: PartSink) throws(Exhausted) -> Bool {
        guard let unpacker = Unpacker(source.bytes, limits: sink.limits, asStream: true), (try? unpacker.next()) != nil,
            let head = unpacker.more(512)
        else { return false }
        return Recognizer.format(of: head) == .tar
    }

    private func members(of source: Source, _ unpacker: Unpacker, _ sink: PartSink) throws(Exhausted) {
        while true {
            let member: Unpacker.Member
            do {
                guard let next = try unpacker.next() else { return }
                member = next
            } catch {
                var rest = source
                rest.name = source.member("(the rest)")
                return try sink.add(
                    Part(
                        name: rest.name, format: format, mediaType: "", bytes: .own([]),
                        content: .rejected(.damaged(format, error.trouble))))
            }
            // Resource forks and folders are no members that anybody sent.
            guard member.isFile, !member.path.hasPrefix("__MACOSX/"), !member.path.hasSuffix("/.DS_Store") else {
                continue
            }
            try read(member, of: source, unpacker, sink)
        }
    }

    private func read(_ member: Unpacker.Member, of source: Source, _ unpacker: Unpacker, _ sink: PartSink)
        throws(Exhausted)
    {
        var inner = Source(bytes: [], offset: nil)
        inner.name = source.member(member.path)
        inner.depth = source.depth + 1
        if member.isEncrypted { return try sink.reject(inner, .unknown, .encrypted) }
        switch try unpacker.read() {
        case .rejected(let rejection): try sink.reject(inner, .unknown, rejection)
        case .bytes(let bytes):
            inner.bytes = bytes
            try FormatRegistry.read(inner, into: sink)
        }
    }

    /// One compressed file: what is in it has the name of the file, since it is the file.
    private func stream(_ source: Source, _ sink: PartSink) throws(Exhausted) {
        guard let unpacker = Unpacker(source.bytes, limits: sink.limits, asStream: true), (try? unpacker.next()) != nil
        else {
            return try sink.reject(source, format, .damaged(format, "libarchive cannot open it"))
        }
        guard let head = unpacker.more(16), head.isEmpty || !WARC.begins(head) else {
            return try WARC().read(source, into: sink)
        }
        // Once more from its start.
        guard let whole = Unpacker(source.bytes, limits: sink.limits, asStream: true), (try? whole.next()) != nil else {
            return
        }
        switch try whole.read() {
        case .rejected(let rejection): try sink.reject(source, format, rejection)
        case .bytes(let bytes):
            var inner = source
            inner.bytes = bytes
            inner.offset = nil
            inner.depth = source.depth + 1
            try FormatRegistry.read(inner, into: sink)
        }
    }
}
