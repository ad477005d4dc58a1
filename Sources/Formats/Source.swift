// What a format reader is given, and where its parts go. The sink keeps to the limits whatever the readers do.

internal import Parts
internal import Story
internal import Text

/// Bytes to read: a delivery, or something out of one.
struct Source {
    var bytes: [UInt8]
    /// Where they begin in the delivery, if they stand there as they are.
    var offset: Int?
    /// The name of the part that they are; empty for the delivery itself.
    var name = ""
    /// What is stated of them: a media type, a charset, a file's name.
    var mediaType: String?
    var charset: String?
    /// How many containers they were taken out of.
    var depth = 0

    /// A part's bytes that stand at `range` here.
    func place(_ range: Range<Int>) -> Part.Bytes {
        if let offset { return .range(range.lowerBound + offset..<range.upperBound + offset) }
        return .own(range == bytes.indices ? bytes : Array(bytes[range]))
    }

    var whole: Part.Bytes { place(0..<bytes.count) }

    /// The name of an item of this source.
    func item(_ identifier: String) -> String { name + "#" + Source.clean(identifier) }

    /// The name of a member of this source, which is a container.
    func member(_ path: String) -> String { (name.isEmpty ? "" : name + "!") + Source.clean(path) }

    private static func clean(_ name: String) -> String {
        var bytes = Decoding.decode(Array(name.utf8), as: .utf8).map { $0 < 0x20 ? 0x20 : $0 }
        if bytes.count > 1000 {
            var end = 1000
            while bytes[end] & 0xC0 == 0x80 { end -= 1 }
            bytes.removeSubrange(end...)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Reading cannot go on: a limit of the delivery as a whole is reached.
struct Exhausted: Error {
    var rejection: PartRejection
}

/// Where parts go.
final class PartSink {
    let limits: ReadLimits
    let switchedOff: Set<Format>
    private let emit: (Part) -> Void
    private var count = 0
    private var ownBytes = 0
    private var names: [String: Int] = [:]

    init(limits: ReadLimits, switchedOff: Set<Format>, emit: @escaping (Part) -> Void) {
        self.limits = limits
        self.switchedOff = switchedOff
        self.emit = emit
    }

    /// Gives a part away. Names are made unique: a second `a.xml` is `a.xml~2`.
    func add(_ part: Part) throws(Exhausted) {
        count += 1
        guard count <= limits.parts else { throw Exhausted(rejection: .tooManyParts(limits.parts)) }
        if case .own(let bytes) = part.bytes {
            ownBytes += bytes.count
            guard ownBytes <= limits.totalBytes else { throw Exhausted(rejection: .tooLarge(limits.totalBytes)) }
        }
        var part = part
        if part.name.utf8.count > ReadLimits.nameBytes - 16 { part.name = String(part.name.prefix(1000)) + "..." }
        let seen = names[part.name, default: 0] + 1
        names[part.name] = seen
        if seen > 1 { part.name += "~\(seen)" }
        emit(part)
    }

    func add(_ source: Source, _ format: Format, _ mediaType: String, _ reading: Reading) throws(Exhausted) {
        try add(
            Part(name: source.name, format: format, mediaType: mediaType, bytes: source.whole, content: .story(reading))
        )
    }

    func reject(_ source: Source, _ format: Format, _ rejection: PartRejection) throws(Exhausted) {
        try add(
            Part(
                name: source.name, format: format, mediaType: source.mediaType ?? "", bytes: source.whole,
                content: .rejected(rejection)))
    }
}

extension PartRejection {
    static func tooManyParts(_ limit: Int) -> PartRejection {
        PartRejection(
            code: "bomb", sentence: "it holds more than \(limit) parts; the rest was not read",
            hint: "deliver it in pieces, or raise formats.parts in copytaster.conf")
    }

    static func tooLarge(_ limit: Int) -> PartRejection {
        PartRejection(
            code: "bomb", sentence: "unpacked it is larger than \(limit) bytes; the rest was not read",
            hint: "deliver it in pieces, or raise formats.totalsize in copytaster.conf")
    }

    static func partTooLarge(_ limit: Int) -> PartRejection {
        PartRejection(
            code: "bomb", sentence: "unpacked this member is larger than \(limit) bytes",
            hint: "deliver it by itself, or raise formats.partsize in copytaster.conf")
    }

    static func ratio(_ unpacked: Int, _ packed: Int) -> PartRejection {
        PartRejection(
            code: "bomb", sentence: "\(unpacked) bytes came out of \(packed): that is no copy, but made to fill a disk",
            hint: "look at where it comes from")
    }

    static func tooDeep(_ limit: Int) -> PartRejection {
        PartRejection(
            code: "bomb", sentence: "it is packed within more than \(limit) containers",
            hint: "unpack it before it is delivered, or raise formats.depth in copytaster.conf")
    }

    static func damaged(_ format: Format, _ what: String) -> PartRejection {
        PartRejection(
            code: "damaged", sentence: "this is \(format.name), and it cannot be read: \(what)",
            hint: "have it sent again: it was cut off or damaged on its way")
    }

    static let encrypted = PartRejection(
        code: "encrypted", sentence: "it is encrypted", hint: "deliver it without a password")

    static func unreadable(_ what: String) -> PartRejection {
        PartRejection(
            code: "not-text", sentence: "this is \(what), not text",
            hint: "deliver the copy as text or in one of the formats that `copytaster formats` lists")
    }
}
