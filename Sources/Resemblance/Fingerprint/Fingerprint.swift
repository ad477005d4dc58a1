// A story's fingerprint: what the archive keeps in memory of each story, and what is stored of it so that
// the memory can be rebuilt. About 130 bytes for a story of 3 KB.

/// The fingerprint of one story: enough to find it again among millions.
public struct Fingerprint: Sendable, Equatable {
    /// The version of the encoded form and of the hash functions behind it. Fingerprints of another version
    /// cannot be compared with these; make them anew from the stories.
    public static let formatVersion: UInt8 = 1

    /// The identity of the story's words: all words of the text as delivered (headline included), after
    /// decoding, NFKC and case folding, with white space, quotes, dashes and other punctuation left out.
    public var textHash: UInt64
    /// How many shingles (five words in a row) the body has, repeats included.
    public var shingleCount: Int
    /// Every shingle hash of the body at or below ``limit``: ascending, without repeats.
    public var sketch: [UInt64]
    /// The largest shingle hash that the sketch would hold: the sketch is a fair sample of
    /// (`limit` + 1) / 2^40 of the story's shingles.
    public var limit: UInt64

    init(textHash: UInt64, shingleCount: Int, sketch: [UInt64], limit: UInt64) {
        self.textHash = textHash
        self.shingleCount = shingleCount
        self.sketch = sketch
        self.limit = limit
    }
}

/// Why stored bytes are not a fingerprint.
public enum FingerprintError: Error, Sendable, Equatable {
    /// The bytes were made by another version of this program: rebuild the fingerprints from the stories.
    case otherVersion(UInt8)
    /// The bytes are damaged.
    case malformed
}

extension Fingerprint {
    /// The compact stored form: version, text hash, shingle count, limit, then the sketch as gaps.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = [Self.formatVersion]
        bytes.reserveCapacity(24 + sketch.count * 5)
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: textHash >> UInt64(shift)))
        }
        appendNumber(UInt64(shingleCount), to: &bytes)
        appendNumber(limit, to: &bytes)
        appendNumber(UInt64(sketch.count), to: &bytes)
        var previous: UInt64 = 0
        for hash in sketch {
            appendNumber(hash - previous, to: &bytes)
            previous = hash
        }
        return bytes
    }

    /// Reads the stored form back. Complexity: linear in the bytes.
    public init(encoded bytes: [UInt8]) throws(FingerprintError) {
        guard let version = bytes.first else { throw .malformed }
        guard version == Self.formatVersion else { throw .otherVersion(version) }
        guard bytes.count >= 9 else { throw .malformed }
        var offset = 9
        textHash = 0
        for index in 1...8 { textHash |= UInt64(bytes[index]) << UInt64((index - 1) * 8) }
        let shingles = try Self.number(bytes, &offset)
        limit = try Self.number(bytes, &offset)
        let count = try Self.number(bytes, &offset)
        guard shingles < 1 << 40, count <= UInt64(bytes.count), limit >> UInt64(Shingles.bits) == 0 else {
            throw .malformed
        }
        shingleCount = Int(shingles)
        sketch = []
        sketch.reserveCapacity(Int(count))
        var previous: UInt64 = 0
        for index in 0..<count {
            let gap = try Self.number(bytes, &offset)
            guard gap <= limit - previous, gap > 0 || index == 0 else { throw .malformed }
            previous += gap
            sketch.append(previous)
        }
        guard offset == bytes.count else { throw .malformed }
    }

    /// LEB128: seven bits a byte, the lowest first.
    private func appendNumber(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private static func number(_ bytes: [UInt8], _ offset: inout Int) throws(FingerprintError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count && shift < 63 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .malformed
    }
}
