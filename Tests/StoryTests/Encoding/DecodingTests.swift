// Bytes become valid UTF-8 whatever they are, and nothing in them can hurt a terminal.

import Story
import Text
import Testing

@Suite struct DecodingTests {
    static let sample = "Grüße aus Köln\n\n“Hello” – 北京 😀, said someone. That is the whole story of today."

    private func utf16(_ text: String, big: Bool) -> [UInt8] {
        text.utf16.flatMap { big ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    private func utf32(_ text: String, big: Bool) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar -> [UInt8] in
            let bytes = [24, 16, 8, 0].map { UInt8(scalar.value >> UInt32($0) & 255) }
            return big ? bytes : bytes.reversed()
        }
    }

    @Test func utf8WithAndWithoutMark() {
        let plain = Reading(of: Array(Self.sample.utf8))
        #expect(plain.text == Array(Self.sample.utf8))
        #expect(plain.encoding == .utf8)
        #expect(plain.notes.isEmpty)
        #expect(Reading(of: [0xEF, 0xBB, 0xBF] + Array(Self.sample.utf8)).text == plain.text)
    }

    @Test(arguments: [true, false], [true, false])
    func utf16AndUtf32(big: Bool, marked: Bool) {
        let text = (marked ? "\u{FEFF}" : "") + Self.sample
        let half = Reading(of: utf16(text, big: big))
        #expect(String(decoding: half.text, as: UTF8.self) == Self.sample)
        #expect(half.encoding == (big ? .utf16BigEndian : .utf16LittleEndian))
        #expect(half.notes.isEmpty == marked)
        let full = Reading(of: utf32(text, big: big))
        #expect(String(decoding: full.text, as: UTF8.self) == Self.sample)
        #expect(full.encoding == (big ? .utf32BigEndian : .utf32LittleEndian))
    }

    @Test func windows1252IsSaid() {
        let bytes =
            Array("Gr".utf8) + [0xFC, 0xDF] + Array("e ".utf8) + [0x93] + Array("Hello".utf8) + [0x94, 0x20, 0x80]
        let reading = Reading(of: bytes)
        #expect(String(decoding: reading.text, as: UTF8.self) == "Grüße “Hello” €")
        #expect(reading.encoding == .windows1252)
        #expect(reading.notes.count == 1)
    }

    @Test func controlCharactersAreBlankedInPlace() {
        let reading = Reading(of: Array("A\u{0}B\u{1B}[31mC\u{7F}D\u{9B}E\tF\r\nG".utf8))
        #expect(String(decoding: reading.text, as: UTF8.self) == "A B [31mC D  E\tF\r\nG")
    }

    @Test func damagedUtf8IsRepairedNotDropped() throws {
        let damaged = Array("北京 上海 広州 深圳 ".utf8) + [0xE5, 0x8C, 0x20, 0xFF] + Array(" 天津".utf8)
        let reading = Reading(of: damaged)
        #expect(String(decoding: reading.text, as: UTF8.self) == "北京 上海 広州 深圳 \u{FFFD} \u{FFFD} 天津")
        #expect(reading.notes.count == 1)
        #expect(try Reading(encoded: reading.encoded(), raw: damaged) == reading)
    }

    @Test func everyPairOfBytesIsReadable() throws {
        for first in UInt8.min...UInt8.max {
            var bytes: [UInt8] = []
            for second in UInt8.min...UInt8.max { bytes += [first, second, 0x20] }
            let reading = Reading(of: bytes)
            let decoded = String(decoding: reading.text, as: UTF8.self)
            #expect(Array(decoded.utf8) == reading.text)
            let controls = reading.text.filter { $0 < 0x20 || $0 == 0x7F }
            #expect(controls.allSatisfy { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D })
            #expect(try Reading(encoded: reading.encoded(), raw: bytes) == reading)
        }
    }

    @Test func emptyAndBlankFilesRead() {
        #expect(Reading(of: []).fields.isEmpty)
        #expect(Reading(of: Array(" \n\r\n\t".utf8)).fields.isEmpty)
        #expect(Reading(of: []).displayTitle.isEmpty)
    }
}
