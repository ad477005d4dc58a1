import Foundation
import TestSupport
import Testing

@testable import Files

struct INotifyTests {
    let scratch = Scratch()

    private func collect(_ inotify: INotify, _ bufferSize: Int = 1 << 16) throws -> [INotify.Event] {
        var all: [INotify.Event] = []
        var buffer = [UInt8](repeating: 0, count: bufferSize)
        while case let events = try inotify.events(&buffer), !events.isEmpty { all += events }
        return all
    }

    @Test func closingAndMovingInAreArrivals() throws {
        let inotify = try INotify()
        let watch = try inotify.watch(Directory(path: scratch.path))
        scratch.write("text", to: "written")
        let elsewhere = Scratch()
        rename(elsewhere.write("text", to: "x"), scratch.path("moved"))
        let arrived = try collect(inotify).filter { $0.kind == .arrived }
        // Foundation writes by way of a temporary file when asked to be atomic, but not here.
        #expect(arrived.map { $0.name?.description } == ["written", "moved"])
        #expect(arrived.allSatisfy { $0.watch == watch })
    }

    @Test func overflowIsNotLost() throws {
        let inotify = try INotify()
        _ = try inotify.watch(Directory(path: scratch.path))
        let directory = try Directory(path: scratch.path)
        // Each file is created and closed: two events, and the queue holds 16,384.
        for i in 0..<9_000 { _ = try directory.create(FileName(number: Int64(i), ending: ""), mode: 0o600) }
        let events = try collect(inotify)
        #expect(events.last?.kind == .overflow)
        #expect(events.count < 18_000)
    }

    @Test func losingTheWatchedDirectoryIsTold() throws {
        mkdir(scratch.path("a"), 0o700)
        mkdir(scratch.path("b"), 0o700)
        let inotify = try INotify()
        _ = try inotify.watch(Directory(path: scratch.path("a")))
        _ = try inotify.watch(Directory(path: scratch.path("b")))
        rename(scratch.path("a"), scratch.path("c"))
        rmdir(scratch.path("b"))
        #expect(try collect(inotify).filter { $0.kind == .lost }.count >= 1)
    }

    @Test func aSignalEndsTheWait() throws {
        let wakeup = try Wakeup()
        wakeup.signal()
        wakeup.signal()
        #expect(try wakeup.wait(or: nil, milliseconds: 10_000).woken)
        #expect(try !wakeup.wait(or: nil, milliseconds: 0).woken, "many signals are one")
    }

    @Test(arguments: [(0x6969, false), (0xFF53_4D42, false), (0x6573_5546, false), (0xEF53, true), (0x0102_1994, true)])
    func networkFileSystemsArePolled(magic: Int64, reports: Bool) {
        #expect(FileSystemTraits(magic: magic).reportsEvents == reports)
    }
}
