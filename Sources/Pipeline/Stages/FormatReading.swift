// Files that are not plain text: read by processes of their own, which give back parts. What comes back keeps to the limits
// (`ReaderPool` sees to that); here it becomes what the store keeps.

internal import Files
internal import Foundation
internal import Inbox
internal import Parts
internal import Readers
internal import Resemblance
internal import Store
internal import Story
internal import Text

/// A claimed file that needs a reader process.
struct FormattedFile: Sendable {
    let claim: Claim
    let file: Descriptor
    let bytes: [UInt8]
    let sha256: SHA256Digest
    let format: Format
}

extension PartsReading {
    /// Wire text in one of the two telegraphic formats, which is read here.
    func content(ofTelegraph bytes: [UInt8], _ format: Format, _ sha256: SHA256Digest, from source: String?)
        -> Delivery.Content
    {
        var limits = ReadLimits()
        limits.parts = options.mostParts + 1
        let parts = Telegraph.parts(of: bytes, format: format, limits: limits).map {
            stored($0, bytes, sha256, from: source)
        }
        return content(parts, bytes, sha256, format, nil)
    }

    /// What a reader process makes of a file.
    func content(of formatted: FormattedFile, _ pool: ReaderPool) -> Delivery.Content {
        let (bytes, sha256) = (formatted.bytes, formatted.sha256)
        let source = formatted.claim.name.source?.description
        var parts: [NamedPart] = []
        var isTooMuch = false
        let outcome = pool.read(formatted.file, size: bytes.count, format: formatted.format) { part in
            isTooMuch = isTooMuch || parts.count == options.mostParts
            if !isTooMuch { parts.append(stored(part, bytes, sha256, from: source)) }
        }
        if isTooMuch {
            return .refused(.tooManyParts(parts.count + 1, most: options.mostParts), sha256: sha256)
        }
        switch outcome {
        case .read: return content(parts, bytes, sha256, formatted.format, nil)
        case .rejected(let rejection):
            return content(parts, bytes, sha256, formatted.format, RejectionReason(rejection))
        case .failed(let rejection): return .refused(RejectionReason(rejection), sha256: sha256)
        }
    }

    private func content(
        _ parts: [NamedPart], _ bytes: [UInt8], _ sha256: SHA256Digest, _ format: Format, _ rejection: RejectionReason?
    ) -> Delivery.Content {
        guard parts.count <= options.mostParts else {
            return .refused(.tooManyParts(parts.count, most: options.mostParts), sha256: sha256)
        }
        if parts.isEmpty { return .refused(rejection ?? .empty(format), sha256: sha256) }
        // One story that is the file itself.
        if parts.count == 1, rejection == nil, parts[0].name.isEmpty, !parts[0].part.isKept {
            return parts[0].part.content
        }
        return .parts(
            ReadParts(
                whole: container(bytes, sha256, note: "A file in the format \(format.rawValue)."),
                parts: parts.enumerated().map { $1.part(number: $0 + 1) }, rejection: rejection))
    }

    /// A part as the store keeps it, while it has no name of its own perhaps.
    private struct NamedPart {
        let name: String
        let part: ReadPart

        func part(number: Int) -> ReadPart {
            var part = part
            part.name = Array((name.isEmpty ? "#\(number)" : name).utf8)
            return part
        }
    }

    private func stored(_ part: Part, _ delivery: [UInt8], _ sha256: SHA256Digest, from source: String?) -> NamedPart {
        let bytes = part.bytes(in: delivery)
        let digest = bytes.count == delivery.count ? sha256 : SHA256Digest(of: bytes)
        var (start, isKept): (Int64?, Bool) = (nil, false)
        if case .range(let range) = part.bytes { start = Int64(range.lowerBound) }
        let content: Delivery.Content
        switch part.content {
        case .rejected(let rejection): content = .refused(RejectionReason(rejection), sha256: digest)
        case .kept(let reading):
            isKept = true
            content = .story(unread(bytes, digest, reading, isStored: true))
        // As it would be read if it were delivered alone.
        case .story where part.format == .text: content = .story(reader.story(bytes, digest))
        case .story(let reading): content = .story(story(bytes, digest, reading, from: source))
        }
        return NamedPart(
            name: part.name,
            part: ReadPart(
                name: [], format: part.format.rawValue, mediaType: part.mediaType, isKept: isKept, start: start,
                size: Int64(bytes.count), content: content))
    }

    /// A story whose text was taken out of a format.
    private func story(
        _ bytes: [UInt8], _ sha256: SHA256Digest, _ reading: Reading, from source: String?
    ) -> ReadStory {
        let text = ComparableText(of: reading)
        let identifier = StoryIdentifier(reading, from: source)
        let content = StoryContent(
            compressed: reader.compressor.compress(bytes, by: reader.store.dictionary),
            text: reader.compressor.compress(reading.text, by: reader.store.dictionary), fields: reading.encoded(),
            parser: Reading.parserVersion, fingerprint: text.fingerprint.encoded(),
            version: identifier?.key ?? reading.versionKey, relations: [])
        return ReadStory(
            sha256: sha256, headline: reading.displayTitle, text: text,
            updateKind: identifier == nil && reading.isVersion ? reading.updateKind : nil, content: content,
            size: Int64(bytes.count), identifier: identifier)
    }
}

extension StoryIdentifier {
    /// Nil if the format states none.
    init?(_ reading: Reading, from source: String?) {
        func first(_ kind: Field.Kind) -> String? {
            reading.fields.first { $0.kind == kind }.map { reading.string(of: $0) }
        }
        guard let stated = first(.guid), !stated.isEmpty else { return nil }
        // A URI (`urn:`, `tag:`, `https:`) is one for all the world; a bare number only for its sender.
        let isGlobal = stated.contains(":")
        guid = isGlobal ? stated : "\(source ?? "")#\(stated)"
        self.source = source
        version = first(.version)
        signal = first(.signal) ?? first(.updatekind)
    }

    /// What all versions share (FNV-1a: Fowler, Noll, Vo 1991). The guid of the earlier one is compared besides.
    var key: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "guid \(guid)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}

extension RejectionReason {
    init(_ rejection: PartRejection) {
        self.init(code: rejection.code, sentence: rejection.sentence, hint: rejection.hint)
    }

    static func empty(_ format: Format) -> RejectionReason {
        RejectionReason(
            code: "empty", sentence: "this is \(format.name), and it holds nothing",
            hint: "`copytaster read FILE` shows what is found in it; ask its sender")
    }
}
