import Files
import Foundation
import Parts
import Readers
import Story
import TestSupport
import Testing

/// The processes as the daemon sees them: what they read, and what becomes of those that crash, hang and lie.
struct PoolTests {
    static let samples = Checkout.root.appendingPathComponent("Tests/FormatsTests/Samples")

    static func pool(_ program: String = Checkout.reader, seconds: Int = 30) -> ReaderPool {
        var options = ReaderPool.Options(program: program)
        options.limits.seconds = seconds
        return ReaderPool(options)
    }

    static func read(_ pool: ReaderPool, _ path: String) throws -> (parts: [Part], outcome: ReaderPool.Outcome) {
        let url = URL(filePath: path)
        let name = try #require(FileName(Array(url.lastPathComponent.utf8)))
        let file = try Directory(path: url.deletingLastPathComponent().path).open(name)
        let head = try file.read(at: 0, count: Recognizer.length)
        var parts: [Part] = []
        let outcome = pool.read(file, size: Int(try file.status().size), format: Recognizer.format(of: head)) {
            parts.append($0)
        }
        return (parts, outcome)
    }

    /// A program that does something else.
    static func program(_ script: String, in scratch: Scratch) throws -> String {
        let path = scratch.write("#!/bin/sh\n\(script)\n", to: "reader")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    /// Every sample comes through the sandbox as it comes in process: the sandbox takes nothing away from what is read.
    @Test func everySampleIsRead() throws {
        let pool = Self.pool()
        defer { pool.close() }
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.samples.path).sorted() {
            let (parts, outcome) = try Self.read(pool, Self.samples.appendingPathComponent(name).path)
            #expect(outcome == .read, "\(name)")
            #expect(!parts.isEmpty, "\(name)")
            let hasStory = parts.contains { if case .story = $0.content { true } else { false } }
            #expect(hasStory, "\(name)")
        }
    }

    @Test func aProcessIsUsedAgain() throws {
        let pool = Self.pool()
        defer { pool.close() }
        let path = Self.samples.appendingPathComponent("nitf.xml").path
        let first = try Self.read(pool, path).parts
        for _ in 0..<20 { #expect(try Self.read(pool, path).parts == first) }
    }

    @Test func withoutTheProgramTheHintNamesThePackage() throws {
        let (parts, outcome) = try Self.read(
            Self.pool("/nonexistent/reader"), Self.samples.appendingPathComponent("nitf.xml").path)
        #expect(parts.isEmpty)
        guard case .rejected(let rejection) = outcome else {
            Issue.record("it was read by nobody")
            return
        }
        #expect(rejection.code == "no-reader")
        #expect(rejection.hint.contains("copytaster-formats"))
    }

    @Test(arguments: [
        ("kill -SEGV $$", "ended by signal 11"), ("exit 3", "ended with 3"),
        ("head -c 10 <&0 >/dev/null; echo hello there, what is all this about", "sent what no reader sends"),
        ("exec 0<&- 1>&-; sleep 30 & exit 0", "ended with 0"),
    ])
    func aReaderThatFailsCostsOneFile(script: String, words: String) throws {
        let scratch = Scratch()
        let pool = Self.pool(try Self.program(script, in: scratch))
        let (_, outcome) = try Self.read(pool, Self.samples.appendingPathComponent("nitf.xml").path)
        guard case .failed(let rejection) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(rejection.code == "reader-failed")
        #expect(rejection.sentence.contains(words))
    }

    @Test func aReaderThatHangsIsEnded() throws {
        let scratch = Scratch()
        let pool = Self.pool(try Self.program("exec sleep 60", in: scratch), seconds: 1)
        let start = ContinuousClock.now
        let (_, outcome) = try Self.read(pool, Self.samples.appendingPathComponent("nitf.xml").path)
        #expect(ContinuousClock.now - start < .seconds(20))
        guard case .failed(let rejection) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(rejection.sentence.contains("was not done after 1 seconds"))
    }

    /// A file that some thread has open without closing it on exec would be held by the process, and by what it starts.
    @Test func aProcessHasNoFileOfOurs() throws {
        let scratch = Scratch()
        let leaked = open(scratch.write("somebody's", to: "file"), O_RDONLY)
        defer { close(leaked) }
        // The shell reads the script by descriptor 10.
        let script = "[ -e /proc/$$/fd/\(leaked) ] && [ \(leaked) != 10 ] || echo nitf"
        #expect(Self.pool(try Self.program(script, in: scratch)).formats() == [.nitf])
    }

    @Test func aProgramThatClosesItsOutputAndGoesOnIsEnded() throws {
        let scratch = Scratch()
        let began = ContinuousClock.now
        #expect(Self.pool(try Self.program("exec 0<&- 1>&-; exec sleep 60", in: scratch)).formats() == [])
        #expect(ContinuousClock.now - began < .seconds(30))
    }

    @Test func aPDFIsReadByPdftotext() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftotext") else { return }
        let scratch = Scratch()
        let pool = Self.pool()
        defer { pool.close() }
        let (parts, outcome) = try Self.read(
            pool, scratch.write(PDF.of("The mayor opened a bridge on Tuesday."), to: "a.pdf"))
        #expect(outcome == .read)
        #expect(parts.first?.format == .pdf)
        guard case .story(let reading) = parts.first?.content else {
            Issue.record("\(String(describing: parts.first?.content))")
            return
        }
        #expect(String(decoding: reading.text, as: UTF8.self).contains("The mayor opened a bridge on Tuesday."))
        let broken = try Self.read(pool, scratch.write(Array("%PDF-1.4 nothing".utf8), to: "b.pdf"))
        guard case .rejected(let rejection) = broken.parts.first?.content else {
            Issue.record("a PDF without pages has no text")
            return
        }
        #expect(rejection.code == "damaged" && rejection.sentence.contains("pdftotext cannot open it"))
    }

    @Test func itSaysWhatItReads() {
        let formats = Self.pool().formats()
        #expect(formats.contains(.nitf) && formats.contains(.warc))
        #expect(formats.count >= 25)
    }
}

/// A PDF of one page with one line.
enum PDF {
    static func of(_ line: String) -> [UInt8] {
        let content = "BT /F1 12 Tf 72 700 Td (\(line)) Tj ET"
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        var text = "%PDF-1.4\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 6\n0000000000 65535 f \n"
        for offset in offsets {
            text += String(repeating: "0", count: 10 - String(offset).count) + "\(offset) 00000 n \n"
        }
        text += "trailer << /Size 6 /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }
}
