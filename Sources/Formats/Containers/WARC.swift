// Web archives (WARC 1.0 and 1.1, and ARC before it): the pages among their records, named by their addresses. Our own reader, on
// libarchive's filters: libarchive's own finds no record in files that other tools read. A file of 30,000 records is read as
// it comes: memory holds one record.

internal import Parts
internal import Story
internal import Text

struct WARC: FormatReader {
    static func begins(_ head: [UInt8]) -> Bool {
        Letters.has("WARC/", head, at: 0) || Letters.has("filedesc://", head, at: 0)
    }

    func read(_ source: Source, into sink: PartSink) throws(Exhausted) {
        guard let stream = RecordStream(source.bytes, limits: sink.limits) else {
            return try sink.reject(source, .warc, .damaged(.warc, "libarchive cannot open it"))
        }
        var number = 0
        while let line = try stream.line() {
            if line.isEmpty { continue }
            number += 1
            let record: Record
            if Letters.has("WARC/", line, at: 0) {
                record = try self.record(stream)
            } else if let arc = Record(arc: line) {
                record = arc
            } else {
                return try reject(source, number, "line \(number) begins no record", sink)
            }
            guard record.length >= 0, record.length <= sink.limits.partBytes else {
                return try reject(source, number, "record \(number) says that it has \(record.length) bytes", sink)
            }
            let content = try stream.bytes(record.length)
            if content.count < record.length {
                return try reject(source, number, "it ends within record \(number)", sink)
            }
            try read(record, content, source, number, sink)
        }
    }

    private struct Record {
        var type = "response"
        var address: String?
        var length = 0
        var mediaType = ""

        init() {}

        /// ARC: `URL IP date type length`.
        init?(arc line: [UInt8]) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
            guard words.count >= 5, words[0].contains("://"), let length = words.last.flatMap({ Int($0) }) else {
                return nil
            }
            type = words[0].hasPrefix("filedesc:") ? "filedesc" : "response"
            address = words[0]
            self.length = length
            mediaType = words[0].hasPrefix("http") ? "application/http" : words[words.count - 2]
        }
    }

    private func record(_ stream: RecordStream) throws(Exhausted) -> Record {
        var record = Record()
        while let line = try stream.line(), !line.isEmpty {
            guard let colon = line.firstIndex(of: Byte.colon) else { continue }
            let value = Array(line[(colon + 1)...]).filter { $0 >= Byte.space }
            let text = String(decoding: WhiteSpace.collapsed(value), as: UTF8.self)
            switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
            case "warc-type": record.type = text.lowercased()
            case "warc-target-uri": record.address = text.hasPrefix("<") ? String(text.dropFirst().dropLast()) : text
            case "content-length": record.length = Int(text) ?? -1
            case "content-type": record.mediaType = text.lowercased()
            default: break
            }
        }
        return record
    }

    private func reject(_ source: Source, _ number: Int, _ what: String, _ sink: PartSink) throws(Exhausted) {
        try sink.add(
            Part(
                name: source.item("record \(number)"), format: .warc, mediaType: "application/warc", bytes: .own([]),
                content: .rejected(.damaged(.warc, what))))
    }

    private func read(_ record: Record, _ content: [UInt8], _ source: Source, _ number: Int, _ sink: PartSink)
        throws(Exhausted)
    {
        guard ["response", "resource", "conversion"].contains(record.type), !content.isEmpty else { return }
        var inner = Source(bytes: content, offset: nil)
        inner.name = source.item(record.address ?? "record \(number)")
        inner.mediaType = String(record.mediaType.prefix { $0 != ";" && $0 != " " })
        inner.depth = source.depth + 1
        if record.mediaType.contains("application/http") || Letters.has("HTTP/", content, at: 0) {
            guard let response = HTTPResponse(content) else { return }
            // Redirections and errors are no pages.
            guard response.status == 200, !response.body.isEmpty else { return }
            inner.bytes = response.body
            inner.mediaType = response.mediaType
            inner.charset = response.charset
        }
        let type = inner.mediaType ?? ""
        // A web archive is full of what makes pages look as they do.
        guard
            !["text/css", "text/javascript", "application/javascript", "application/x-javascript", "text/dns"].contains(
                type),
            !type.hasPrefix("font/")
        else { return }
        try FormatRegistry.read(inner, into: sink)
    }
}

/// The response of a web server, as a web archive keeps it.
private struct HTTPResponse {
    var status = 0
    var mediaType: String?
    var charset: String?
    var body: [UInt8] = []

    init?(_ content: [UInt8]) {
        guard let end = content.firstIndex(of: Byte.lineFeed) else { return nil }
        let words = String(decoding: content[..<end], as: UTF8.self).split(separator: " ")
        guard words.count >= 2, let status = Int(words[1].prefix { $0.isNumber }) else { return nil }
        self.status = status
        let entity = MailEntity(content, (end + 1)..<content.count, depth: MailEntity.mostDepth)
        let type = entity.header("content-type").map(HeaderText.parameters)
        mediaType = type?.value
        charset = type?.parameters["charset"]
        body = Array(content[entity.body])
        let transfer = String(decoding: entity.header("transfer-encoding") ?? [], as: UTF8.self).lowercased()
        if transfer.contains("chunked") { body = HTTPResponse.unchunked(body) ?? body }
    }

    /// RFC 9112, 7.1; nil if it is not chunked after all, as archives often say that it is.
    private static func unchunked(_ body: [UInt8]) -> [UInt8]? {
        var out: [UInt8] = []
        var at = 0
        while at < body.count {
            guard let end = body[at...].prefix(32).firstIndex(of: Byte.lineFeed) else { return out.isEmpty ? nil : out }
            let size = String(decoding: body[at..<end].prefix { QuotedPrintable.hex($0) != nil }, as: UTF8.self)
            guard let count = Int(size, radix: 16), count >= 0, count <= body.count - end - 1 else {
                return out.isEmpty ? nil : out
            }
            if count == 0 { return out }
            out.append(contentsOf: body[(end + 1)..<(end + 1 + count)])
            at = end + 1 + count
            while at < body.count, body[at] == Byte.carriageReturn || body[at] == Byte.lineFeed { at += 1 }
        }
        return out
    }
}

/// The records' bytes, unpacked as they are needed.
private final class RecordStream {
    private let unpacker: Unpacker?
    private let limits: ReadLimits
    private var buffer: [UInt8] = []
    private var at = 0
    private var isAtEnd = false

    init?(_ bytes: [UInt8], limits: ReadLimits) {
        self.limits = limits
        if WARC.begins(bytes) {
            unpacker = nil
            buffer = bytes
            isAtEnd = true
        } else {
            guard let unpacker = Unpacker(bytes, limits: limits, asStream: true), (try? unpacker.next()) != nil else {
                return nil
            }
            self.unpacker = unpacker
        }
    }

    private func fill() throws(Exhausted) {
        guard let unpacker else { return }
        if at > 1 << 20 {
            buffer.removeFirst(at)
            at = 0
        }
        guard let more = unpacker.more(256 << 10), !more.isEmpty else {
            isAtEnd = true
            return
        }
        buffer.append(contentsOf: more)
        if unpacker.unpacked > limits.totalBytes { throw Exhausted(rejection: .tooLarge(limits.totalBytes)) }
        if unpacker.unpacked > 1 << 20, unpacker.unpacked / limits.ratio > unpacker.packed {
            throw Exhausted(rejection: .ratio(unpacker.unpacked, unpacker.packed))
        }
    }

    /// The next line without its end; nil at the end of the file.
    func line() throws(Exhausted) -> [UInt8]? {
        var searched = at
        while true {
            if let end = buffer[searched...].firstIndex(of: Byte.lineFeed) {
                let line = buffer[at..<(end > at && buffer[end - 1] == Byte.carriageReturn ? end - 1 : end)]
                at = end + 1
                return Array(line)
            }
            if isAtEnd || buffer.count - at > 1 << 16 {
                defer { at = buffer.count }
                return at < buffer.count ? Array(buffer[at...]) : nil
            }
            let rest = buffer.count - at
            try fill()
            searched = at + rest
        }
    }

    func bytes(_ count: Int) throws(Exhausted) -> [UInt8] {
        while buffer.count - at < count, !isAtEnd { try fill() }
        let end = min(at + count, buffer.count)
        defer { at = end }
        return Array(buffer[at..<end])
    }
}
