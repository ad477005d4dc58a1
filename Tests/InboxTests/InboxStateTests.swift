import Foundation
import TestSupport
import Testing

@testable import Files
@testable import Inbox

struct NameFilterTests {
    @Test(arguments: [
        (".hidden", true), ("a.part", true), ("a.tmp", true), ("a.filepart", true), ("a.crdownload", true),
        ("a~", true),
        (".a.txt.Xy12Zq", true), (".copytaster-1-2", true), ("a.txt", false), ("part", false), ("a.part.txt", false),
    ])
    func unfinishedNamesAreLeftAlone(name: String, isIgnored: Bool) throws {
        #expect(try NameFilter(NameFilter.defaultPatterns).ignores(#require(FileName(Array(name.utf8)))) == isIgnored)
    }

    @Test(arguments: ["*", "a*b", "**a", "", "a/b"])
    func wrongPatternsAreRefused(pattern: String) {
        #expect(throws: NameFilter.InvalidPattern.self) { try NameFilter([pattern]) }
    }

    @Test func ourOwnNamesAreAlwaysLeftAlone() {
        #expect(NameFilter.none.ignores(".copytaster"))
        #expect(!NameFilter.none.ignores(".hidden"))
    }
}

struct DeferralsTests {
    private let second: Int64 = 1_000_000_000
    private let name: RelativePath = "a"

    @Test func delaysDoubleUpToAMinute() {
        var list = Deferrals<RelativePath>()
        var now: Int64 = 0
        var delays: [Int64] = []
        for _ in 0..<12 {
            list.postpone(name, now: now)
            delays.append((list[name]?.due ?? 0) - now)
            now += delays.last ?? 0
            let due = list.due(now: now)
            #expect(due == [name])
        }
        #expect(delays.prefix(4) == [second, 2 * second, 4 * second, 8 * second])
        #expect(delays.last == 60 * second)
    }

    @Test func theListIsBounded() {
        var list = Deferrals<RelativePath>()
        for i in 0..<Deferrals<RelativePath>.limit + 100 {
            list.postpone(RelativePath(FileName(Int64(i))), now: 0)
        }
        #expect(list.count == Deferrals<RelativePath>.limit)
    }

    @Test func nothingIsDueBeforeItsTime() {
        var list = Deferrals<RelativePath>()
        list.postpone(name, now: 0)
        let early = list.due(now: second - 1)
        #expect(early == [])
        #expect(list.isWaiting(name, now: second - 1))
        #expect(list.nextDue == second)
        let due = list.due(now: second)
        #expect(due == [name])
    }
}

struct WatchTableTests {
    @Test func aMovedDirectoryKeepsItsWatchUnderItsNewPath() throws {
        let scratch = Scratch()
        mkdir(scratch.path("a"), 0o700)
        mkdir(scratch.path("a/b"), 0o700)
        let inotify = try INotify()
        var table = WatchTable()
        let a = try inotify.watch(Directory(path: scratch.path("a")))
        let b = try inotify.watch(Directory(path: scratch.path("a/b")))
        table.add(a, at: "a")
        table.add(b, at: "a/b")
        table.add(a, at: "c")
        #expect(table.path(of: a) == "c")
        #expect(!table.isWatched("a"))
        #expect(table.path(of: b) == "c/b", "and what lies in it is below the new path")
        let none = table.removeTree("a")
        #expect(none == [])
        let removed = table.removeTree("c")
        #expect(Set(removed) == [a, b])
        #expect(table.count == 0)
    }
}

struct ScanTests {
    private func scan(_ scratch: Scratch, depth: Int = 16) throws -> (names: [String], tooDeep: [String]) {
        var list = ScanList()
        list.begin(.root)
        let inbox = try Directory(path: scratch.path)
        let options = Scan.Options(
            filter: try NameFilter(NameFilter.defaultPatterns), maximumDepth: depth, removesEmptyDirectories: false)
        var names: [String] = []
        var tooDeep: [String] = []
        var steps = 0
        while list.step(
            open: { Scan($0, in: inbox, options: options) },
            see: { if case .tooDeep(let path) = $0 { tooDeep.append(path.description) } },
            hand: { found, _, _ in
                names.append(found.name.description)
                return true
            })
        {
            steps += 1
            if steps > 10_000 { break }
        }
        #expect(list.isEmpty)
        return (names, tooDeep)
    }

    @Test func theOldestComeFirst() throws {
        let scratch = Scratch()
        for (index, name) in ["c", "a", "d/b"].enumerated() {
            let path = scratch.write("x", to: "sub/" + name)
            var times = [timeval(tv_sec: 1000 + index, tv_usec: 0), timeval(tv_sec: 1000 + index, tv_usec: 0)]
            utimes(path, &times)
        }
        #expect(try scan(scratch).names == ["sub/c", "sub/a", "sub/d/b"])
    }

    @Test func unfinishedNamesAndWhatLiesTooDeepStay() throws {
        let scratch = Scratch()
        scratch.write("x", to: "1/2/in")
        scratch.write("x", to: "1/2/3/out")
        scratch.write("x", to: ".hidden/a")
        scratch.write("x", to: "a.part")
        let found = try scan(scratch, depth: 2)
        #expect(found.names == ["1/2/in"])
        #expect(found.tooDeep == ["1/2/3"])
    }

    @Test func symbolicLinksToDirectoriesAreNotEntered() throws {
        let scratch = Scratch()
        let elsewhere = Scratch()
        elsewhere.write("x", to: "secret")
        symlink(elsewhere.path, scratch.path("link"))
        #expect(try scan(scratch).names == ["link"], "the link itself is seen, to be rejected")
    }

    @Test func aWalkWaitsWhileItsSendersLineIsFullAndOthersGoOn() throws {
        let scratch = Scratch()
        for i in 0..<3 { scratch.write("x", to: "flood/\(i)") }
        scratch.write("x", to: "other/a")
        let inbox = try Directory(path: scratch.path)
        var list = ScanList()
        list.begin(.root)
        var (names, isFull) = ([String](), true)
        let options = Scan.Options(filter: .none, maximumDepth: 16, removesEmptyDirectories: false)
        func walk() {
            for _ in 0..<100 {
                let hasMoved = list.step(open: { Scan($0, in: inbox, options: options) }, see: { _ in }) {
                    found, _, _ in
                    if isFull, found.name.source == "flood" { return false }
                    names.append(found.name.description)
                    return true
                }
                if !hasMoved { return }
            }
        }
        walk()
        #expect(names == ["other/a"])
        #expect(!list.isEmpty)
        isFull = false
        walk()
        #expect(Set(names) == ["other/a", "flood/0", "flood/1", "flood/2"])
        #expect(list.isEmpty)
    }
}
