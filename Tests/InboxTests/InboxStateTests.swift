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
        #expect(try NameFilter(NameFilter.defaultPatterns).ignores(Array(name.utf8)) == isIgnored)
    }

    @Test(arguments: ["*", "a*b", "**a", "", "a/b"])
    func wrongPatternsAreRefused(pattern: String) {
        #expect(throws: NameFilter.InvalidPattern.self) { try NameFilter([pattern]) }
    }

    @Test func ourOwnNamesAreAlwaysLeftAlone() {
        #expect(NameFilter.none.ignores(Array(".copytaster".utf8)))
        #expect(!NameFilter.none.ignores(Array(".hidden".utf8)))
    }
}

struct DeferralsTests {
    private let second: Int64 = 1_000_000_000
    private let name = RelativePath("a")

    @Test func delaysDoubleUpToFiveMinutes() {
        var list = Deferrals()
        var now: Int64 = 0
        var delays: [Int64] = []
        for _ in 0..<12 {
            _ = list.postpone(name, now: now, isNews: false)
            delays.append((list[name]?.due ?? 0) - now)
            now += delays.last ?? 0
            let due = list.due(now: now)
            #expect(due == [name])
        }
        #expect(delays.prefix(4) == [second, 2 * second, 4 * second, 8 * second])
        #expect(delays.last == 300 * second)
    }

    @Test func aPersonIsToldOnce() {
        var list = Deferrals()
        var told: [Bool] = []
        for isNews in [false, true, true] { told.append(list.postpone(name, now: 0, isNews: isNews)) }
        list.remove(name)
        told.append(list.postpone(name, now: 0, isNews: true))
        #expect(told == [false, true, false, true], "a new delivery is news again")
    }

    @Test func theListIsBounded() {
        var list = Deferrals()
        for i in 0..<Deferrals.limit + 100 { _ = list.postpone(RelativePath("\(i)"), now: 0, isNews: true) }
        #expect(list.count == Deferrals.limit)
    }

    @Test func nothingIsDueBeforeItsTime() {
        var list = Deferrals()
        _ = list.postpone(name, now: 0, isNews: false)
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
        table.add(a, at: RelativePath("a"))
        table.add(b, at: RelativePath("a/b"))
        table.add(a, at: RelativePath("c"))
        #expect(table.path(of: a) == RelativePath("c"))
        #expect(!table.isWatched(RelativePath("a")))
        let removed = table.removeTree(RelativePath("a"))
        #expect(removed == [b])
        #expect(table.count == 1)
    }
}

struct ScannerTests {
    private func scan(_ scratch: Scratch, depth: Int = 16) throws -> (names: [String], tooDeep: [String]) {
        let scanner = Scanner(
            inbox: try Directory(path: scratch.path), filter: try NameFilter(NameFilter.defaultPatterns),
            maximumDepth: depth, removesEmptyDirectories: false)
        var names: [String] = []
        var tooDeep: [String] = []
        let isComplete = scanner.walk(
            RelativePath([]),
            see: { if case .tooDeep(let path) = $0 { tooDeep.append(path.description) } },
            take: {
                names += $0.map(\.name.description)
                return true
            })
        #expect(isComplete)
        return (names, tooDeep)
    }

    @Test func theOldestComeFirst() throws {
        let scratch = Scratch()
        for (index, name) in ["c", "a", "sub/b"].enumerated() {
            let path = scratch.write("x", to: name)
            var times = [timeval(tv_sec: 1000 + index, tv_usec: 0), timeval(tv_sec: 1000 + index, tv_usec: 0)]
            utimes(path, &times)
        }
        #expect(try scan(scratch).names == ["c", "a", "sub/b"])
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
}
