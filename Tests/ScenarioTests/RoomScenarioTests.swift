// The reading room, asked by a program: the real one, over the real read service.

import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// The service, its read service and the room.
private final class OpenRoom {
    let program: Program
    let port: Int
    private let service: Process
    private let web = Process()

    init() throws {
        let scratch = Scratch()
        let socket = scratch.path("run/read")
        try FileManager.default.createDirectory(atPath: scratch.path("run"), withIntermediateDirectories: true)
        program = Program(scratch, environment: ["COPYTASTER_READ_SOCKET": socket])
        try program.start()
        program.deliver(Checkout.seed("003"), as: "wire/003.txt")
        program.deliver(Checkout.seed("004"), as: "wire/004.txt")
        #expect(try program.await(2))
        service = try program.begin(["serve"])
        #expect(eventually { FileManager.default.fileExists(atPath: socket) })
        port = Int.random(in: 20_000..<60_000)
        web.executableURL = URL(fileURLWithPath: Checkout.program).deletingLastPathComponent()
            .appendingPathComponent("copytaster-web")
        web.arguments = ["--read", socket, "--listen", "\(port)"]
        web.standardError = FileHandle.nullDevice
        try web.run()
        #expect(eventually { (try? self.ask("/health"))?.status == 200 })
    }

    deinit { web.terminate() }

    func close() {
        for process in [web, service] {
            process.terminate()
            process.waitUntilExit()
        }
        #expect(program.stop() == 0)
    }

    struct Answer {
        var status: Int
        var headers: [String: String]
        var text: String
    }

    /// One request, by curl: it sends what it is told to, a Host that is none included.
    func ask(_ path: String, _ options: String...) throws -> Answer {
        let curl = Process()
        let output = Pipe()
        curl.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        curl.arguments = ["-s", "-i", "--max-time", "20"] + options + ["http://127.0.0.1:\(port)\(path)"]
        curl.standardOutput = output
        try curl.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        curl.waitUntilExit()
        let halves = text.components(separatedBy: "\r\n\r\n")
        let lines = halves[0].components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1] }
        }
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(status: status, headers: headers, text: halves.dropFirst().joined(separator: "\r\n\r\n"))
    }
}

struct RoomScenarioTests {
    @Test func everyPageIsAnsweredAndKeptToItself() throws {
        let room = try OpenRoom()
        defer { room.close() }
        for (path, words) in [
            "/": "Hun Sen", "/story/1": "Hun Sen", "/story/1/original": "<mark", "/family/1": "1 version",
            "/diff/1/2": "<del>", "/ledger": "wire/003.txt", "/health": "2 deliveries", "/search": "<form",
            "/feed.atom": "<entry>", "/api/v1": "openapi", "/api/v1/stories/2": "Diaoyutai",
            "/assets/room.js": "EventSource",
        ] {
            let answer = try room.ask(path)
            #expect(answer.status == 200 && answer.text.contains(words), "\(path): \(answer.status)")
            #expect(answer.headers["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(answer.headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
            #expect(answer.headers["x-content-type-options"] == "nosniff")
        }
        #expect(try room.ask("/story/1/raw").text == String(decoding: Checkout.seed("003"), as: UTF8.self))
    }

    @Test func whatIsNotThereOrNotAllowedIsSaid() throws {
        let room = try OpenRoom()
        defer { room.close() }
        let missing = try room.ask("/api/v1/stories/99")
        #expect(missing.status == 404)
        #expect(missing.headers["content-type"] == "application/problem+json")
        #expect(try room.ask("/story/99").text.contains("There is no such story"))
        #expect(try room.ask("/nosuch").status == 404)
        #expect(try room.ask("/", "-H", "Host: evil.example").status == 421)
        #expect(try room.ask("/", "-X", "POST", "-d", "x=1").status == 405)
        #expect(try room.ask("/search?q=%22open").text.contains("role=\"alert\""))
        #expect(try room.ask("/", "-I").status == 200)
    }

    @Test func whatABrowserHasIsNotSentAgain() throws {
        let room = try OpenRoom()
        defer { room.close() }
        let tag = try #require(try room.ask("/story/1").headers["etag"])
        let again = try room.ask("/story/1", "-H", "If-None-Match: \(tag)")
        #expect(again.status == 304 && again.text.isEmpty)
        #expect(try room.ask("/story/2", "-H", "If-None-Match: \(tag)").status == 200)
    }

    @Test func aConsumerWhoComesBackMissesNothing() throws {
        let room = try OpenRoom()
        defer { room.close() }
        let cursors = try room.program.ledger().compactMap { $0["cursor"] as? String }
        // All that is after the first row, and then what comes: curl is let go after two seconds.
        room.program.deliver(
            Array("A NEW STORY\n\nROME, Feb 24 (ANSA) - It came later than the others.\n".utf8), as: "late.txt")
        #expect(try room.program.await(3))
        let events = try room.ask("/api/v1/events", "-N", "--max-time", "2", "-H", "Last-Event-ID: \(cursors[0])")
        let ids = events.text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { $0.dropFirst(4) }
        #expect(ids.map { $0.split(separator: ":").last } == ["2", "3"])
        #expect(
            try room.ask("/api/v1/events", "--max-time", "2", "-H", "Last-Event-ID: 0123456789abcdef:1").status == 410)
    }
}
