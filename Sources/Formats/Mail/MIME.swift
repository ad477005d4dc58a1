// Mail as it travels: headers and bodies, nested (RFC 5322, 2045, 2046), in memory-safe code of our own: what news mail consists of is
// little, and a C library for it would bring a hundred times more. Promises: linear, depth bounded, never fails: what is not
// mail at all is one body without headers.

internal import Text

/// A header line, unfolded.
struct MailHeader: Sendable {
    var name: String
    var value: [UInt8]
}

/// A message, or a part of one.
struct MailEntity: Sendable {
    var headers: [MailHeader]
    /// The body as it travels.
    var body: Range<Int>
    /// All of it in the message's bytes, headers included.
    var range: Range<Int>
    var parts: [MailEntity] = []

    static let mostDepth = 20
    static let mostParts = 5000

    init(_ bytes: [UInt8], _ range: Range<Int>, depth: Int = 0) {
        self.range = range
        (headers, body) = MailEntity.headers(bytes, range)
        guard depth < MailEntity.mostDepth else { return }
        let type = contentType
        if type.value.hasPrefix("multipart/"), let boundary = type.parameters["boundary"], !boundary.isEmpty {
            parts = MailEntity.split(bytes, body, by: Array(boundary.utf8)).prefix(MailEntity.mostParts).map {
                MailEntity(bytes, $0, depth: depth + 1)
            }
        } else if type.value == "message/rfc822", transferEncoding != "base64" {
            parts = [MailEntity(bytes, body, depth: depth + 1)]
        }
    }

    func header(_ name: String) -> [UInt8]? { headers.first { $0.name == name }?.value }

    /// A header as text: encoded words are decoded.
    func text(_ name: String) -> String? { header(name).map(HeaderText.decode) }

    var transferEncoding: String {
        String(decoding: header("content-transfer-encoding") ?? [], as: UTF8.self).lowercased().filter { $0 != " " }
    }

    var contentType: (value: String, parameters: [String: String]) {
        HeaderText.parameters(header("content-type") ?? Array("text/plain".utf8))
    }

    var disposition: (value: String, parameters: [String: String]) {
        HeaderText.parameters(header("content-disposition") ?? [])
    }

    /// The name of an attached file.
    var fileName: String? { disposition.parameters["filename"] ?? contentType.parameters["name"] }

    /// Whether the body stands in the message as it is.
    var isVerbatim: Bool { !["base64", "quoted-printable"].contains(transferEncoding) }

    func decodedBody(_ bytes: [UInt8]) -> [UInt8] {
        switch transferEncoding {
        case "base64": Base64.decode(bytes[body])
        case "quoted-printable": QuotedPrintable.decode(bytes[body])
        default: Array(bytes[body])
        }
    }

    private static func headers(_ bytes: [UInt8], _ range: Range<Int>) -> ([MailHeader], Range<Int>) {
        var headers: [MailHeader] = []
        var at = range.lowerBound
        while at < range.upperBound, headers.isEmpty, bytes[at] <= Byte.space { at += 1 }
        let start = at
        while at < range.upperBound {
            let end = bytes[at..<range.upperBound].firstIndex(of: Byte.lineFeed) ?? range.upperBound
            let next = min(end + 1, range.upperBound)
            let line = bytes[at..<(end > at && bytes[end - 1] == Byte.carriageReturn ? end - 1 : end)]
            if line.isEmpty { return (headers, next..<range.upperBound) }
            if line[at] == Byte.space || line[at] == Byte.tab {
                guard !headers.isEmpty else { break }
                headers[headers.count - 1].value.append(contentsOf: line)
            } else if let colon = line.prefix(200).firstIndex(of: Byte.colon),
                line[..<colon].allSatisfy({ $0 > Byte.space && $0 < Byte.delete })
            {
                headers.append(
                    MailHeader(
                        name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
                        value: Array(line[(colon + 1)...].drop { $0 <= Byte.space })))
            } else if !headers.isEmpty {
                // A line that is no header ends them, blank line or not.
                return (headers, at..<range.upperBound)
            } else {
                break
            }
            at = next
            if headers.count > 2000 { break }
        }
        return headers.isEmpty ? ([], start == range.lowerBound ? range : range) : (headers, at..<range.upperBound)
    }

    /// The parts between lines of a boundary.
    private static func split(_ bytes: [UInt8], _ range: Range<Int>, by boundary: [UInt8]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start: Int?
        var at = range.lowerBound
        while at < range.upperBound {
            let end = bytes[at..<range.upperBound].firstIndex(of: Byte.lineFeed) ?? range.upperBound
            let next = min(end + 1, range.upperBound)
            if bytes[at] == Byte.hyphen, at + 1 < end, bytes[at + 1] == Byte.hyphen,
                bytes[(at + 2)..<end].starts(with: boundary)
            {
                let rest = bytes[(at + 2 + boundary.count)..<end].filter { $0 > Byte.space }
                if rest.isEmpty || rest.starts(with: [Byte.hyphen, Byte.hyphen]) {
                    // The line break before a boundary belongs to it.
                    var stop = at
                    if let from = start {
                        if stop > from, bytes[stop - 1] == Byte.lineFeed { stop -= 1 }
                        if stop > from, bytes[stop - 1] == Byte.carriageReturn { stop -= 1 }
                        parts.append(from..<stop)
                    }
                    start = rest.isEmpty ? next : nil
                    if start == nil { break }
                }
            }
            at = next
        }
        // Cut off on its way: the last part is what came.
        if let start { parts.append(start..<range.upperBound) }
        return parts
    }
}
