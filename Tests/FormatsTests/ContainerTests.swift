import Foundation
import Formats
import Parts
import Story
import Testing

/// Archives, web archives, documents.
struct ContainerTests {
    @Test func aZip() throws {
        let parts = try Samples.parts(of: "wire.zip")
        #expect(
            parts.map(\.name) == [
                "dir/a.txt", "dir/b.xml", "feed.xml#tag:xyz.example,2024:1", "feed.xml#tag:xyz.example,2024:2", "c.bin",
            ])
        #expect(parts.map(\.format) == [.text, .nitf, .atom, .atom, .unknown])
        #expect(parts.at(4).rejection?.code == "not-text")
    }

    @Test func anArchiveWithinAnArchive() throws {
        let parts = try Samples.parts(of: "wire.tar.gz")
        #expect(parts.map(\.name).prefix(3) == ["a.txt", "inner.zip!dir/a.txt", "inner.zip!dir/b.xml"])
    }

    @Test(arguments: [("rss.xml.bz2", "#xyz-1"), ("story.xml.xz", ""), ("wire.zip.zst", "dir/a.txt")])
    func whatIsCompressedIsTheFile(name: String, first: String) throws {
        let parts = try Samples.parts(of: name)
        #expect(parts.first?.name == first)
        #expect(parts.first?.reading != nil)
    }

    @Test(arguments: ["pages.warc", "pages.warc.gz"])
    func aWebArchive(name: String) throws {
        let parts = try Samples.parts(of: name)
        #expect(parts.map(\.name) == ["#https://xyz.example/bridge", "#https://xyz.example/a.txt"])
        #expect(parts.map(\.format) == [.html, .text])
        #expect(parts.at(0)[.headline] == ["Mayor opens the new bridge"])
    }

    @Test func documents() throws {
        let docx = try #require(try Samples.parts(of: "story.docx").first)
        AgencyTests.expect(
            docx,
            [
                .headline: ["Mayor opens the new bridge"], .byline: ["Jane Doe"], .keyword: ["bridge"],
                .contentcreated: ["2024-05-07T10:15:00Z"],
                .paragraph: ["The mayor opened a bridge.", "Nobody objected."],
            ])
        let odt = try #require(try Samples.parts(of: "story.odt").first)
        AgencyTests.expect(
            odt,
            [
                .headline: ["Mayor opens the new bridge"], .byline: ["Jane Doe"],
                .paragraph: ["Harbour", "The mayor opened a bridge.", "Nobody objected."],
            ])
        let rtf = try #require(try Samples.parts(of: "story.rtf").first)
        AgencyTests.expect(
            rtf,
            [
                .headline: ["Mayor opens the new bridge"], .byline: ["Jane Doe"],
                .paragraph: ["The mayor opened a bridge in Pärnu — at last.", "Nobody {objected}."],
            ])
    }

    // MARK: Bombs

    @Test func aRatioIsABomb() throws {
        let zeros = [UInt8](repeating: 0x20, count: 8 << 20)
        let packed = try ContainerTests.gzip(zeros)
        let parts = Samples.parts(packed).parts
        #expect(parts.count == 1)
        #expect(parts.first?.rejection?.code == "bomb")
        #expect(parts.first?.rejection?.sentence.contains(" bytes came out of ") == true)
    }

    @Test func sizesDepthAndCountAreBounded() throws {
        let bytes = try Samples.bytes("wire.tar.gz")
        var small = ReadLimits()
        small.partBytes = 1000
        let rejected = Samples.parts(bytes, limits: small).parts.filter { $0.rejection?.code == "bomb" }
        #expect(rejected.map(\.name) == ["inner.zip"])
        var total = ReadLimits()
        total.totalBytes = 1000
        #expect(Samples.parts(bytes, limits: total).rejection?.code == "bomb")
        var shallow = ReadLimits()
        shallow.depth = 1
        #expect(
            Samples.parts(bytes, limits: shallow).parts.contains {
                $0.rejection?.sentence.contains("1 containers") == true
            })
        var few = ReadLimits()
        few.parts = 3
        let (parts, rejection) = Samples.parts(bytes, limits: few)
        #expect(parts.count == 3)
        #expect(rejection?.code == "bomb")
    }

    @Test func entitiesDoNotExplode() {
        var doctype = "<!ENTITY a0 \"ha\">"
        for level in 1..<20 { doctype += "<!ENTITY a\(level) \"&a\(level - 1);&a\(level - 1);&a\(level - 1);\">" }
        let parts = Samples.text(
            "<?xml version=\"1.0\"?><!DOCTYPE nitf [\(doctype)]><nitf><body><body.content><p>&a19; &a0;</p></body.content></body></nitf>"
        )
        #expect(parts.first?[.paragraph] == ["&a19; ha"])
    }

    @Test func nothingOutsideIsLoaded() {
        let parts = Samples.text(
            "<?xml version=\"1.0\"?><!DOCTYPE nitf SYSTEM \"file:///etc/passwd\" [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
                + "<nitf><body><body.content><p>a &x; b</p></body.content></body></nitf>")
        #expect(parts.first?[.paragraph] == ["a &x; b"])
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: "<p>", count: 5000)
        let parts = Samples.text("<?xml version=\"1.0\"?><nitf><body>\(deep)")
        #expect(parts.count == 1)
    }

    @Test func aDamagedMemberLosesNoOther() throws {
        var bytes = try Samples.bytes("wire.zip")
        // Into the packed bytes of dir/b.xml.
        let name = try #require(bytes.firstRange(of: Array("dir/b.xml".utf8)))
        for at in 20..<60 { bytes[name.upperBound + at] ^= 0x55 }
        let parts = Samples.parts(bytes).parts
        #expect(parts.first { $0.name == "dir/b.xml" }?.rejection?.code == "damaged")
        #expect(parts.contains { $0.name == "feed.xml#tag:xyz.example,2024:2" })
    }

    @Test func whatIsOffIsRejected() throws {
        let parts = Samples.parts(try Samples.bytes("wire.zip"), off: [.nitf]).parts
        #expect(parts.first { $0.name == "dir/b.xml" }?.rejection?.code == "format-off")
    }

    static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/gzip")
        process.arguments = ["-c"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        DispatchQueue.global().async {
            try? input.fileHandleForWriting.write(contentsOf: Data(bytes))
            try? input.fileHandleForWriting.close()
        }
        return Array(try output.fileHandleForReading.readToEnd() ?? Data())
    }
}
