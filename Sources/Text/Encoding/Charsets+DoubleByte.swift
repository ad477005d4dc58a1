// GB18030, Big5, Shift_JIS, EUC-JP and EUC-KR -> UTF-8, by generated tables. Promises: linear time; a byte that belongs
// to no letter becomes U+FFFD, and the next byte is looked at anew.

/// The letters of one lead byte after another.
private struct LetterTable: Sendable {
    /// 0 where there is none.
    private var letters: [UInt32] = []
    private let lead: ClosedRange<UInt8>
    private let trail: ClosedRange<UInt8>

    init(_ data: StaticString, lead: ClosedRange<UInt8>, trail: ClosedRange<UInt8>) {
        (self.lead, self.trail) = (lead, trail)
        letters.reserveCapacity(lead.count * trail.count)
        var run: Int?
        for scalar in data.description.unicodeScalars {
            if scalar == "!" {
                if let count = run { letters.append(contentsOf: repeatElement(0, count: count)) }
                run = run == nil ? 0 : nil
            } else if let count = run {
                run = count * 62 + Self.digit(scalar.value)
            } else {
                letters.append(scalar.value)
            }
        }
        precondition(letters.count == lead.count * trail.count, "a table that is not whole")
    }

    /// 0...9, A...Z, a...z.
    private static func digit(_ value: UInt32) -> Int {
        Int(value < 0x3A ? value - 0x30 : value < 0x5B ? value - 0x41 + 10 : value - 0x61 + 36)
    }

    /// The letter of two bytes, or nil.
    @inline(__always)
    func letter(_ first: UInt8, _ second: UInt8) -> UInt32? {
        guard lead.contains(first), trail.contains(second) else { return nil }
        let letter = letters[Int(first - lead.lowerBound) * trail.count + Int(second - trail.lowerBound)]
        return letter == 0 ? nil : letter
    }
}

enum DoubleByte {
    /// The text, or nil if the encoding is none of two bytes.
    static func decode(_ bytes: [UInt8], as encoding: TextEncoding) -> [UInt8]? {
        switch encoding {
        case .gb18030: decode(bytes, gb18030, gb18030Letter)
        case .big5: decode(bytes, big5, big5Letter)
        case .shiftJIS: decode(bytes, shiftJIS, shiftJISLetter)
        case .eucJP: decode(bytes, eucJP, eucJPLetter)
        case .eucKR: decode(bytes, eucKR) { _, _, _ in nil }
        default: nil
        }
    }

    private static let gb18030 = wide(CharsetData.gb18030)
    private static let big5 = wide(CharsetData.big5)
    private static let shiftJIS = wide(CharsetData.shiftJIS)
    private static let eucKR = wide(CharsetData.eucKR)
    private static let eucJP = LetterTable(CharsetData.eucJP, lead: 0xA1...0xFE, trail: 0xA1...0xFE)
    private static let eucJPMore = LetterTable(CharsetData.eucJPMore, lead: 0xA1...0xFE, trail: 0xA1...0xFE)

    private static func wide(_ data: StaticString) -> LetterTable {
        LetterTable(data, lead: 0x81...0xFE, trail: 0x40...0xFE)
    }

    /// Decodes by a table and, where it has no letter, by `other`: what it appends, and how many bytes that were.
    private static func decode(
        _ bytes: [UInt8], _ table: LetterTable, _ other: (Span<UInt8>, Int, inout [UInt8]) -> Int?
    ) -> [UInt8] {
        let span = bytes.span
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 2)
        var at = 0
        while at < span.count {
            let byte = span[at]
            if byte < 0x80 {
                text.append(byte)
                at += 1
            } else if at + 1 < span.count, let letter = table.letter(byte, span[at + 1]) {
                Decoding.append(letter, to: &text)
                at += 2
            } else if let length = other(span, at, &text) {
                at += length
            } else {
                Decoding.append(0xFFFD, to: &text)
                at += 1
            }
        }
        return text
    }

    /// Four bytes: a place in the order of all scalars that the two-byte letters leave out.
    private static func gb18030Letter(_ bytes: Span<UInt8>, _ at: Int, _ text: inout [UInt8]) -> Int? {
        guard at + 3 < bytes.count, bytes[at] != 0xFF, bytes[at + 1] &- 0x30 < 10, bytes[at + 2] &- 0x81 < 126,
            bytes[at + 3] &- 0x30 < 10
        else { return nil }
        let upper = UInt32(bytes[at] - 0x81) * 10 + UInt32(bytes[at + 1] - 0x30)
        let place = (upper * 126 + UInt32(bytes[at + 2] - 0x81)) * 10 + UInt32(bytes[at + 3] - 0x30)
        if place >= 189_000 {
            guard place < 189_000 + 0x10_0000 else { return nil }
            Decoding.append(0x1_0000 + place - 189_000, to: &text)
            return 4
        }
        let ranges = CharsetData.fourBytes
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].place + ranges[middle].count <= place { low = middle + 1 } else { high = middle }
        }
        guard low < ranges.count, ranges[low].place <= place else { return nil }
        Decoding.append(ranges[low].scalar + place - ranges[low].place, to: &text)
        return 4
    }

    /// Four pairs are a letter and a mark; 80 is a control character.
    private static func big5Letter(_ bytes: Span<UInt8>, _ at: Int, _ text: inout [UInt8]) -> Int? {
        if bytes[at] == 0x80 {
            Decoding.append(0x80, to: &text)
            return 1
        }
        guard bytes[at] == 0x88, at + 1 < bytes.count else { return nil }
        let pair: (UInt32, UInt32)
        switch bytes[at + 1] {
        case 0x62: pair = (0xCA, 0x304)
        case 0x64: pair = (0xCA, 0x30C)
        case 0xA3: pair = (0xEA, 0x304)
        case 0xA5: pair = (0xEA, 0x30C)
        default: return nil
        }
        Decoding.append(pair.0, to: &text)
        Decoding.append(pair.1, to: &text)
        return 2
    }

    /// Half-width kana, in one byte.
    private static func shiftJISLetter(_ bytes: Span<UInt8>, _ at: Int, _ text: inout [UInt8]) -> Int? {
        guard bytes[at] >= 0xA1, bytes[at] <= 0xDF else { return nil }
        Decoding.append(0xFF61 + UInt32(bytes[at] - 0xA1), to: &text)
        return 1
    }

    /// Half-width kana after 8E, the rarer letters after 8F, and control characters.
    private static func eucJPLetter(_ bytes: Span<UInt8>, _ at: Int, _ text: inout [UInt8]) -> Int? {
        switch bytes[at] {
        case 0x8E:
            guard at + 1 < bytes.count, bytes[at + 1] >= 0xA1, bytes[at + 1] <= 0xDF else { return nil }
            Decoding.append(0xFF61 + UInt32(bytes[at + 1] - 0xA1), to: &text)
            return 2
        case 0x8F:
            guard at + 2 < bytes.count, let letter = eucJPMore.letter(bytes[at + 1], bytes[at + 2]) else { return nil }
            Decoding.append(letter, to: &text)
            return 3
        case 0x80...0x9F:
            Decoding.append(UInt32(bytes[at]), to: &text)
            return 1
        default: return nil
        }
    }
}
