import Parts
import Story
import Testing
import Text

/// A stream of parts: what goes in comes out, and nothing else ever does.
struct PartStreamTests {
    static let parts: [Part] = {
        var builder = ReadingBuilder(notes: ["A note."])
        builder.state(.guid, "urn:example:1", rule: "test/guid /a/@guid")
        builder.write(.headline, "Bridge opens", rule: "test/headline /a/h")
        builder.write(.paragraph, "It opened on Tuesday.", rule: "test/body /a/b")
        let reading = builder.reading()
        return [
            Part(
                name: "a.xml", format: .nitf, mediaType: "application/nitf+xml", bytes: .range(3..<9),
                content: .story(reading)),
            Part(
                name: "b!c.jpg", format: .media, mediaType: "image/jpeg", bytes: .own([1, 2, 3]),
                content: .kept(Reading(text: [], encoding: .utf8))),
            Part(
                name: "d", format: .zip, mediaType: "application/zip", bytes: .range(0..<10),
                content: .rejected(PartRejection(code: "bomb", sentence: "It is too large.", hint: "Send less."))),
        ]
    }()

    static let stream: [UInt8] =
        PartStream.begin() + parts.flatMap(PartStream.encode) + PartStream.end(parts: parts.count)

    static func receive(_ bytes: [UInt8], limits: ReadLimits = ReadLimits(), size: Int = 10) throws -> [Part] {
        var receiver = PartReceiver(limits: limits, deliverySize: size)
        let parts = try receiver.feed(bytes)
        guard receiver.isComplete else { throw PartStreamError(description: "cut off") }
        return parts
    }

    @Test func whatGoesInComesOut() throws {
        #expect(try Self.receive(Self.stream) == Self.parts)
    }

    @Test func itComesInPieces() throws {
        var receiver = PartReceiver(limits: ReadLimits(), deliverySize: 10)
        var parts: [Part] = []
        for byte in Self.stream { parts += try receiver.feed([byte]) }
        #expect(parts == Self.parts)
        #expect(receiver.isComplete)
    }

    @Test func everyTruncationIsAnError() {
        for count in Self.stream.indices {
            #expect(throws: PartStreamError.self) { try Self.receive(Array(Self.stream[..<count])) }
        }
    }

    @Test func everyBitFlipIsAnError() {
        for at in Self.stream.indices {
            for bit in 0..<8 {
                var damaged = Self.stream
                damaged[at] ^= 1 << UInt8(bit)
                #expect(throws: PartStreamError.self) { try Self.receive(damaged) }
            }
        }
    }

    @Test func whatLiesOutsideIsRefused() {
        #expect(throws: PartStreamError.self) { try Self.receive(Self.stream, size: 8) }
        var few = ReadLimits()
        few.parts = 2
        #expect(throws: PartStreamError.self) { try Self.receive(Self.stream, limits: few) }
        var small = ReadLimits()
        small.totalBytes = 2
        #expect(throws: PartStreamError.self) { try Self.receive(Self.stream, limits: small) }
        var short = ReadLimits()
        short.textBytes = 10
        #expect(throws: PartStreamError.self) { try Self.receive(Self.stream, limits: short) }
    }

    /// A reader that lies under a right checksum.
    @Test(arguments: [
        (Field(.headline, 0..<99, rule: "x"), [UInt8]("abc".utf8)),
        (Field(.headline, 1..<2, rule: "x"), [UInt8]("ä".utf8)),
        (Field(.headline, 0..<1, rule: "x"), [0x61, 0]), (Field(.headline, 0..<1, rule: "x\u{1B}"), [0x61]),
        (Field(.headline, 0..<1, rule: "x"), [0xFF]),
    ])
    func aLieIsAnError(field: Field, text: [UInt8]) {
        let part = Part(
            name: "", format: .nitf, mediaType: "", bytes: .range(0..<1),
            content: .story(Reading(text: text, encoding: .utf8, fields: [field])))
        #expect(throws: PartStreamError.self) {
            try Self.receive(PartStream.begin() + PartStream.encode(part) + PartStream.end(parts: 1))
        }
    }
}

struct RecognizerTests {
    @Test(arguments: [
        ("BEIJING, Dec. 3 (Xinhua) -- A bridge opened.", Format.text),
        ("date 2023-07-24\nBridge opens\n\nIt did.", .text),
        ("Title: Bridge opens\nDate: 3 May\n\nIt did.", .text), ("{not json}", .text), ("[AP] Bridge opens", .text),
        ("<b>5 per cent < 6 per cent", .html), ("<3 hearts", .text), ("From Moscow with love: 5 things\nmore", .text),
        ("<?xml version=\"1.0\"?><nitf><head/></nitf>", .nitf),
        ("<?xml version=\"1.0\"?>\n<!-- long -->\n<x:newsItem guid=\"1\">", .newsmlG2),
        ("<NewsML Version=\"1.2\">", .newsml1), ("\u{FEFF}<rss version=\"2.0\">", .rss), ("<feed xmlns=\"a\">", .atom),
        ("<rdf:RDF xmlns=\"b\">", .rdf), ("<!DOCTYPE nitf SYSTEM \"nitf.dtd\"><nitf>", .nitf),
        ("<!doctype html><p>x", .html),
        ("<HTML><BODY>", .html), ("<?xml version=\"1.0\"?><Publish>", .xml), ("{\"uri\": \"x\"}", .json),
        ("[{\"uri\": 1}]", .json), ("{\\rtf1\\ansi}", .rtf), ("%PDF-1.4", .pdf), ("WARC/1.0\r\n", .warc),
        ("Received: by x\nFrom: a@b.c\n\nx", .mail), ("From: a@b.c\nDate: today\nSubject: x\n\nHello", .mail),
        ("From a@b.c Mon Sep 14 02:06:01 2015\nFrom: a@b.c\nMessage-ID: <1>\n\nx", .mbox),
        ("\u{1}eca0124 3 i 93 dpa 1888\r\n\u{2}x", .iptc7901),
        ("\u{16}\u{16}\u{1}V4644\u{1F}-----\r\nr e x\u{2}x", .anpa),
        ("V4644\nr e AP-Top-Entertainment  02-09 0121\n^AP-Top,0176<\n", .anpa), ("GIF89a....", .media), ("", .text),
    ])
    func isRecognisedByItsFirstBytes(text: String, format: Format) {
        #expect(Recognizer.format(of: Array(text.utf8)) == format)
    }

    @Test func unicodeOfTwoBytesIsRecognised() {
        let bytes = "<?xml version=\"1.0\"?><rss>".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(Recognizer.format(of: [0xFF, 0xFE] + bytes) == .rss)
        let copy = "A bridge opened.".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(Recognizer.format(of: [0xFF, 0xFE] + copy) == .text)
    }

    /// Whatever the first bytes are, and wherever they are cut.
    @Test func nothingTraps() {
        let samples = [
            "<?xml version=\"1.0\"?><!DOCTYPE nitf><nitf>", "{\"a\":1}", "From: a@b.c\nDate: x\nTo: y\n\n",
            "\u{1}a 1\u{2}b\u{3}",
        ]
        for sample in samples {
            let bytes = Array(sample.utf8)
            for count in 0...bytes.count { _ = Recognizer.format(of: Array(bytes[..<count])) }
            for at in bytes.indices {
                for value in stride(from: 0, through: 255, by: 5) {
                    var changed = bytes
                    changed[at] = UInt8(value)
                    _ = Recognizer.format(of: changed)
                }
            }
        }
    }
}
