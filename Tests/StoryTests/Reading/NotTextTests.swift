// What is no text is told by its content; whatever is text, in any encoding and on any wire, stays a story.

import Foundation
import Story
import TestSupport
import Testing

@Suite struct NotTextTests {
    /// Bytes that are nothing: as compressed data looks.
    private static func noise(_ count: Int, seed: UInt64 = 5) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    private static func signed(_ parts: [UInt8]..., noise count: Int = 4_000) -> [UInt8] {
        parts.flatMap { $0 } + noise(count)
    }

    private static func zip(_ member: String, content: String = "", last: String = "") -> [UInt8] {
        [0x50, 0x4B, 3, 4, 20, 0] + [UInt8](repeating: 0, count: 20) + [UInt8(member.utf8.count), 0, 0, 0]
            + Array(member.utf8) + Array(content.utf8) + noise(3_000) + Array(last.utf8)
    }

    static let binaries: [(String, [UInt8])] = [
        ("a JPEG image", signed([0xFF, 0xD8, 0xFF, 0xE0, 0, 16], Array("JFIF".utf8))),
        ("a PNG image", signed([0x89], Array("PNG\r\n".utf8), [0x1A, 0x0A])),
        ("a GIF image", signed(Array("GIF89a".utf8))), ("a TIFF image", signed(Array("II".utf8), [0x2A, 0])),
        ("a WebP image", signed(Array("RIFF".utf8), [0x10, 0x20, 0, 0], Array("WEBPVP8 ".utf8))),
        ("an HEIF image", signed([0, 0, 0, 24], Array("ftypheic".utf8))),
        ("an MP4 video", signed([0, 0, 0, 24], Array("ftypisom".utf8))),
        ("an MP3 recording", signed(Array("ID3".utf8), [4, 0, 0])),
        ("an MP3 recording", signed([0xFF, 0xFB, 0x90, 0])),
        ("a WAV recording", signed(Array("RIFF".utf8), [0x10, 0x20, 0, 0], Array("WAVEfmt ".utf8))),
        ("a gzip archive", signed([0x1F, 0x8B, 8, 0])), ("a bzip2 archive", signed(Array("BZh91AY&SY".utf8))),
        ("an xz archive", signed([0xFD], Array("7zXZ".utf8), [0])),
        ("a zstd archive", signed([0x28, 0xB5, 0x2F, 0xFD])),
        ("a 7z archive", signed(Array("7z".utf8), [0xBC, 0xAF, 0x27, 0x1C])),
        ("a PDF document", Array("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n".utf8)),
        ("an ELF program", signed([0x7F], Array("ELF".utf8), [2, 1, 1, 0])),
        ("a Windows program", signed(Array("MZ".utf8), [0x90, 0, 3, 0])),
        ("a Java class", signed([0xCA, 0xFE, 0xBA, 0xBE])),
        ("an SQLite database", signed(Array("SQLite format 3".utf8), [0])),
        ("an OpenType font", signed(Array("OTTO".utf8), [0])), ("a web font", signed(Array("wOF2".utf8), [0, 1])),
        ("an Office document of the older kind", signed([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])),
        ("a ZIP archive", zip("story.txt")), ("a Word document", zip("[Content_Types].xml", last: "word/document.xml")),
        ("an Excel workbook", zip("[Content_Types].xml", last: "xl/workbook.xml")),
        ("an OpenDocument file", zip("mimetype", content: "application/vnd.oasis.opendocument.text")),
        ("an EPUB book", zip("mimetype", content: "application/epub+zip")),
        ("a tar archive", tar()),
        ("binary data", noise(3_000)), ("binary data", noise(300, seed: 9)),
        ("binary data", [UInt8](repeating: 0, count: 4_096)),
        ("binary data", (0..<3_000).map { UInt8($0 % 7 == 0 ? 0x41 : $0 % 32) }),
        // Numbers in four bytes each, as pictures and recordings have them.
        ("binary data", (0..<2_000).flatMap { [UInt8(truncatingIfNeeded: $0 * 37), UInt8($0 / 16), 0, 0x80] }),
    ]

    private static func tar() -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        header.replaceSubrange(0..<9, with: Array("story.txt".utf8))
        header.replaceSubrange(257..<262, with: Array("ustar".utf8))
        return header + Array("Some words".utf8)
    }

    @Test(arguments: binaries.indices)
    func binariesAreNamed(index: Int) {
        let (kind, bytes) = Self.binaries[index]
        #expect(NotText.kind(of: bytes) == kind)
    }

    /// Whatever the noise, it is no story.
    @Test func noiseIsNeverText() {
        for seed in 0..<300 as Range<UInt64> {
            #expect(NotText.kind(of: Self.noise(400 + Int(seed) * 10, seed: seed)) != nil, "seed \(seed)")
        }
    }

    static let texts: [(String, [UInt8])] = [
        ("empty", []), ("blank", [0x20]), ("a flash", Array("FLASH".utf8)),
        ("HTML", Array("<!DOCTYPE html>\n<html><body><p>Some words.</p></body></html>".utf8)),
        ("XML", Array("<?xml version=\"1.0\"?><nitf><body/></nitf>".utf8)),
        ("JSON", Array("{\"headline\": \"x\"}".utf8)),
        ("RTF", Array("{\\rtf1\\ansi Some words.}".utf8)),
        ("mail", Array("From: a@b.c\nSubject: Story\n\nWords.".utf8)),
        ("WARC", Array("WARC/1.0\r\nWARC-Type: response\r\n\r\n".utf8)),
        ("letters of a signature", Array("BMW and MZ, PAR1S; GIF89a is a format. ID3 too.".utf8)),
        ("BM alone", Array("BMW sold more cars".utf8)), ("MZ alone", Array("MZ was a maker of motorcycles".utf8)),
        ("ID3 alone", Array("ID3 tags explained".utf8)), ("GIF alone", Array("GIF89a explained in a minute".utf8)),
        (
            "a wire's frame",
            [0x16, 0x16, 1] + Array("s0001 u f bc-story 04-09 0321\r\n".utf8) + [2]
                + Array("^BC-Story\n   WASHINGTON (AP) _ A few words.\n".utf8) + [3, 4, 0, 0, 0, 0]
        ),
        ("a short frame", [0, 0, 0x16, 0x16, 0x16, 1, 0x14, 0x0E] + Array("FLASH Pope dies.".utf8) + [2, 3, 4]),
        ("padding", Array("A headline\n\nSome words of copy.\n".utf8) + [UInt8](repeating: 0, count: 2_000)),
        (
            "IPTC 7901",
            [1] + Array("ABC123 4 POL 50 \r\n".utf8) + [2] + Array("Headline\r\n\r\nText of it.".utf8) + [3, 4]
        ),
        ("a terminal's log", Array((0..<200).map { "\u{1B}[31mred \($0)\u{1B}[0m\n" }.joined().utf8)),
        ("overstruck", Array((0..<400).map { _ in "x\u{8}x" }.joined().utf8)),
        ("one byte damaged", Array("A headline\n\nSome words\u{1}of copy and more of it.\n".utf8) + [0xFF]),
    ]

    @Test(arguments: texts.indices)
    func textsAreText(index: Int) {
        #expect(NotText.kind(of: Self.texts[index].1) == nil, "\(Self.texts[index].0)")
    }

    @Test(arguments: Golden.seeds)
    func copyInEveryEncodingIsText(name: String) throws {
        let text = String(decoding: Golden.seed(name), as: UTF8.self)
        let scripts = [text, "北京举行会议讨论经济发展，各方表示将继续合作。\n\n" + text, "Москва. Кремль\n\n" + text]
        for script in scripts {
            let encodings: [String.Encoding] = [
                .utf8, .utf16, .utf16LittleEndian, .utf16BigEndian, .utf32, .utf32LittleEndian, .utf32BigEndian,
            ]
            for encoding in encodings {
                let bytes = Array(try #require(script.data(using: encoding)))
                #expect(NotText.kind(of: bytes) == nil, "\(encoding)")
                #expect(NotText.kind(of: [0x16, 1] + Array(script.utf8) + [3, 0, 0]) == nil)
            }
        }
    }

    /// The encodings and shapes of the other tests.
    @Test func copyOfTheOtherTestsIsText() {
        for test in EncodingTests.cases {
            let bytes = EncodingTests.encode(test.text, as: test.name)
            #expect(NotText.kind(of: bytes) == nil, "\(test.name)")
            #expect(NotText.kind(of: [0x16, 0x16, 1] + bytes + [3, 4, 0, 0]) == nil, "\(test.name) on a wire")
            let marked: [UInt8] = bytes.indices.flatMap { $0 % 24 == 23 ? [bytes[$0], 0x20, 0x0E] : [bytes[$0]] }
            #expect(NotText.kind(of: marked) == nil, "\(test.name) with marks")
        }
        for test in DatelineTests.cases { #expect(NotText.kind(of: Array(test.text.utf8)) == nil) }
        #expect(NotText.kind(of: Array(ShapeTests.page.utf8)) == nil)
    }
}
