// What the workers do with a file that holds several stories: each becomes a part, read and compressed like any story.

internal import Foundation
internal import Resemblance
internal import Store
internal import Story
internal import Text

/// Makes parts of a file.
struct PartsReading {
    let reader: CopyReader
    let options: FormatOptions

    /// The stories between a wire's `ZCZC` and `NNNN`, without the blank lines around them, of which senders put any number:
    /// so a message that comes again in another file has the same bytes. Only white space lies between two of them.
    func content(ofWire stories: [Range<Int>], in bytes: [UInt8], _ sha256: SHA256Digest) -> Delivery.Content {
        guard stories.count <= options.mostParts else {
            return .refused(.tooManyParts(stories.count, most: options.mostParts), sha256: sha256)
        }
        let parts = stories.enumerated().map { index, story in
            let range = trimmed(story, in: bytes)
            let part = Array(bytes[range])
            let digest = SHA256Digest(of: part)
            let content: Delivery.Content =
                if let kind = NotText.kind(of: part) {
                    .refused(RejectionReason(notText: kind, size: part.count), sha256: digest)
                } else {
                    .story(reader.story(part, digest))
                }
            return ReadPart(
                name: Array("#\(index + 1)".utf8), format: "text", mediaType: "text/plain",
                start: Int64(range.lowerBound), size: Int64(part.count), content: content)
        }
        return .parts(ReadParts(whole: container(bytes, sha256, note: "A file of wire copy."), parts: parts))
    }

    private func trimmed(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
        let first = bytes[range].firstIndex { $0 > UInt8(ascii: " ") } ?? range.lowerBound
        let last = bytes[range].lastIndex { $0 > UInt8(ascii: " ") } ?? first
        return first..<min(last + 1, range.upperBound)
    }

    /// What is known of the file as a whole: its digest, so that it is not read again when it comes again; and its bytes, if
    /// containers are kept.
    func container(_ bytes: [UInt8], _ sha256: SHA256Digest, note: String) -> ReadStory {
        unread(bytes, sha256, Reading(text: [], encoding: .utf8, notes: [note]), isStored: options.keepsContainers)
    }

    /// What is stored as it is, and not compared by its words.
    func unread(
        _ bytes: [UInt8], _ sha256: SHA256Digest, _ reading: Reading, isStored: Bool
    ) -> ReadStory {
        let content = StoryContent(
            compressed: isStored ? reader.compressor.compress(bytes, by: reader.store.dictionary) : nil,
            text: reader.compressor.compress(reading.text, by: reader.store.dictionary), fields: reading.encoded(),
            parser: Reading.parserVersion, fingerprint: [], version: nil, relations: [])
        return ReadStory(
            sha256: sha256, headline: nil, text: ComparableText(of: reading), updateKind: nil, content: content,
            size: Int64(bytes.count), isCompared: false)
    }
}

extension RejectionReason {
    static func tooManyParts(_ count: Int, most: Int) -> RejectionReason {
        let locale = Locale(identifier: "en_US")
        return RejectionReason(
            code: "too-many-parts",
            sentence:
                "it holds \(count.formatted(.number.locale(locale))) stories, and \(most.formatted(.number.locale(locale))) are taken of one file",
            hint: "deliver it in pieces, or set formats.maxparts higher and requeue it")
    }
}
