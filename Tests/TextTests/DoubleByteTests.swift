// The double-byte encodings are the program's own: the same bytes give the same text on every machine.

import Testing

@testable import Text

@Suite struct DoubleByteTests {
    static let encodings: [(encoding: TextEncoding, iconv: String, hash: UInt64)] = [
        (.gb18030, "GB18030", 0xEDC3_BD4E_98E1_153A), (.big5, "BIG5-HKSCS", 0x5F16_16A6_BCF8_FC7E),
        (.shiftJIS, "CP932", 0x54E7_AC8C_5498_99E0), (.eucJP, "EUC-JP", 0x5031_16C3_2E72_3073),
        (.eucKR, "CP949", 0x3D15_13CD_E485_8920),
    ]

    /// Every pair of bytes, each followed by a line end; and those after a third and in GB18030's four bytes.
    static let everything: [UInt8] = {
        var bytes: [UInt8] = []
        for lead in 0x80...0xFF as ClosedRange<UInt8> {
            bytes += [lead, 0x0A]
            for trail in 0x20...0xFF as ClosedRange<UInt8> { bytes += [lead, trail, 0x0A] }
        }
        for lead in 0xA1...0xFE as ClosedRange<UInt8> {
            for trail in 0xA1...0xFE as ClosedRange<UInt8> { bytes += [0x8F, lead, trail, 0x0A] }
        }
        for place in 0..<189_000 where place < 39_600 || place % 97 == 0 {
            bytes += [0x81 + UInt8(place / 12_600), 0x30 + UInt8(place / 1_260 % 10)]
            bytes += [0x81 + UInt8(place / 10 % 126), 0x30 + UInt8(place % 10), 0x0A]
        }
        for place in stride(from: 189_000, to: 189_000 + 0x10_0200, by: 97) {
            bytes += [0x81 + UInt8(place / 12_600), 0x30 + UInt8(place / 1_260 % 10)]
            bytes += [0x81 + UInt8(place / 10 % 126), 0x30 + UInt8(place % 10), 0x0A]
        }
        return bytes
    }()

    /// Whatever the tables say changes what is stored: then the parser's version rises, and this hash is another.
    @Test(arguments: encodings.indices)
    func tablesAreWhatTheyWere(index: Int) throws {
        let (encoding, name, hash) = Self.encodings[index]
        let text = try #require(DoubleByte.decode(Self.everything, as: encoding))
        #expect(text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } == hash, "\(name)")
        #expect(UTF8Check.isValid(text))
    }

    /// A damaged byte costs one letter, not the rest.
    @Test func damageIsPassedOver() {
        #expect(
            DoubleByte.decode([0xB1, 0xB1, 0xFF, 0xBE, 0xA9, 0xBE], as: .gb18030) == Array("北\u{FFFD}京\u{FFFD}".utf8))
        #expect(DoubleByte.decode([0x84, 0x31, 0xA4, 0x37], as: .gb18030) == Array("\u{FFFD}".utf8))
        #expect(DoubleByte.decode([0x88, 0x62, 0xB1], as: .shiftJIS) != nil)
        #expect(DoubleByte.decode([0x41], as: .utf8) == nil)
    }
}
