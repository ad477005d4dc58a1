import Foundation
import TestSupport
import Testing

@testable import Files

struct DirectoryTests {
    let scratch = Scratch()

    @Test func movesNeverReplace() throws {
        scratch.write("a", to: "a")
        scratch.write("b", to: "b")
        let directory = try Directory(path: scratch.path)
        #expect(throws: FileError.self) { try directory.move("a", to: directory, as: "b") }
        #expect(scratch.names() == ["a", "b"])
        try directory.move("a", to: directory, as: "c")
        #expect(scratch.names() == ["b", "c"])
    }

    @Test func whereTheFileSystemCanNeitherLinkNorKeepANameItStillMovesAndReplacesNothing() throws {
        scratch.write("a", to: "a")
        scratch.write("b", to: "b")
        let directory = try Directory(path: scratch.path)
        let link = Fault(.link, below: scratch.path, count: 100, code: EPERM)
        defer { link.end() }
        do {
            let rename = Fault(.renameat2, below: scratch.path, count: 1, code: EINVAL)
            defer { rename.end() }
            #expect { try directory.move("a", to: directory, as: "b") } throws: { ($0 as? FileError)?.code == EEXIST }
        }
        let rename = Fault(.renameat2, below: scratch.path, count: 1, code: EINVAL)
        defer { rename.end() }
        try directory.move("a", to: directory, as: "c")
        #expect(scratch.names() == ["b", "c"])
    }

    @Test func symbolicLinksAreNeverFollowed() throws {
        scratch.write("secret", to: "outside/secret")
        scratch.write("x", to: "inside/x")
        symlink(scratch.path("outside"), scratch.path("inside/link"))
        symlink(scratch.path("outside/secret"), scratch.path("inside/file"))
        let inside = try Directory(path: scratch.path("inside"))
        #expect(throws: FileError.self) { try inside.open("file") }
        #expect(throws: FileError.self) { try inside.directory("link") }
        #expect(throws: FileError.self) { try inside.directory(beneath: "link") }
        #expect(throws: FileError.self) { try inside.create("file", mode: 0o600, reuse: true) }
        #expect(try inside.status("file").kind == .symbolicLink)
        #expect(try inside.open("x").readAll(expected: 1, limit: 10) == Array("x".utf8))
    }

    @Test func directoriesAreNeverMadeThroughALink() throws {
        scratch.write("x", to: "outside/x")
        scratch.write("x", to: "inside/x")
        symlink(scratch.path("outside"), scratch.path("inside/link"))
        let inside = try Directory(path: scratch.path("inside"))
        #expect(throws: FileError.self) { try inside.makeDirectories("link/new", mode: 0o700) }
        #expect(!scratch.exists("outside/new"))
        _ = try inside.makeDirectories("a/b", mode: 0o700)
        #expect(scratch.exists("inside/a/b"))
    }

    /// A name is one component: no path with a stranger's directory in it can be passed to a call.
    @Test(arguments: ["", ".", "..", "a/b", "/", "a/", "/a", "a\0b"])
    func whatIsNoNameCannotBePassed(text: String) {
        #expect(FileName(Array(text.utf8)) == nil)
        #expect(text.isEmpty || RelativePath("x/" + text) == nil || text == "a/b")
    }

    @Test(arguments: ["a", "...", ".a", "..a", " "])
    func everyOtherIs(text: String) throws {
        let name = try #require(FileName(Array(text.utf8)))
        #expect(RelativePath(text)?.last == name)
    }

    @Test func numbersAreNamesAsTheyAreWritten() {
        #expect(FileName(17).number == 17)
        for text in ["017", "+17", "-17", "17 ", "0", "x", "99999999999999999999"] {
            #expect(FileName(Array(text.utf8))?.number == nil, "\(text)")
        }
    }

    @Test func noDirectoryTakesThePlaceOfAFile() throws {
        scratch.write("", to: "ours/placeholder")
        scratch.write("x", to: "theirs/directory/file")
        let ours = try Directory(path: scratch.path("ours"))
        let theirs = try Directory(path: scratch.path("theirs"))
        #expect { try theirs.replace("directory", to: ours, as: "placeholder") } throws: {
            ($0 as? FileError)?.code == ENOTDIR
        }
        #expect(scratch.names(in: "ours") == ["placeholder"])
    }

    @Test func openingAFifoDoesNotBlock() throws {
        mkfifo(scratch.path("fifo"), 0o600)
        let directory = try Directory(path: scratch.path)
        #expect(try directory.open("fifo").status().kind == .fifo)
    }

    @Test func namesAreBytes() throws {
        let directory = try Directory(path: scratch.path)
        for name: [UInt8] in [
            [0xFF, 0xFE], Array("a\nb".utf8), Array("-rf".utf8), [UInt8](repeating: 0xE4, count: 255),
        ] {
            _ = try directory.create(#require(FileName(name)), mode: 0o600)
        }
        var reader = try DirectoryReader(directory)
        var found: Set<[UInt8]> = []
        while let block = try reader.next() { found.formUnion(block.map(\.name.bytes)) }
        #expect(found == [[0xFF, 0xFE], Array("a\nb".utf8), Array("-rf".utf8), [UInt8](repeating: 0xE4, count: 255)])
    }

    @Test func readsWhatIsThereWhateverWasExpected() throws {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        scratch.write(bytes, to: "file")
        let file = try Directory(path: scratch.path).open("file")
        for expected in [0, 1, 99_999, 100_000, 100_001, 1_000_000] {
            #expect(try file.readAll(expected: expected, limit: 1 << 20) == bytes, "\(expected)")
        }
        #expect(try file.readAll(expected: 0, limit: 10).count == 11, "one more than the limit tells that it is larger")
    }

    @Test func leaseIsRefusedWhileAWriterHasTheFileOpen() throws {
        Process.ignoreSignals()
        let path = scratch.write("text", to: "file")
        let file = try Directory(path: scratch.path).open("file")
        let writer = Foundation.open(path, O_WRONLY)
        #expect { try file.takeLease() } throws: { ($0 as? FileError)?.isBusy == true }
        close(writer)
        try file.takeLease()
        #expect(try file.holdsLease())
        #expect(Foundation.open(path, O_WRONLY | O_NONBLOCK) == -1)
        #expect(try !file.holdsLease(), "a writer waits for it now")
    }

    @Test func aDirectoryIsMadeWithItsParentsAndExactlyItsMode() throws {
        // Bits that every umask takes, and mkdir(2) too.
        let made = try Directory(making: scratch.path("a/b/c"), mode: 0o2777)
        #expect(try made.descriptor.status().permissions == 0o2777)
        #expect(try made.makeDirectory("d", mode: 0o2777).descriptor.status().permissions == 0o2777)
    }

    @Test func faultsAreInjectedAtTheGivenCall() throws {
        scratch.write("text", to: "file")
        let directory = try Directory(path: scratch.path)
        let fault = Fault(.openat2, below: scratch.path, first: 2, count: 1, code: EIO)
        _ = try directory.open("file")
        #expect { try directory.open("file") } throws: { ($0 as? FileError)?.code == EIO }
        _ = try directory.open("file")
        #expect(fault.seen == 3)
    }
}

struct RelativePathTests {
    @Test func partsOfAPath() {
        let path: RelativePath = "xinhua/2024/a.txt"
        #expect(path.last == "a.txt")
        #expect(path.directory == "xinhua/2024")
        #expect(path.source == "xinhua")
        #expect(path.depth == 2)
        #expect(path.isBelow("xinhua"))
        #expect(!path.isBelow("xin"))
        #expect(RelativePath("a.txt").source == nil)
    }

    @Test(
        arguments: [
            (Array("story.txt".utf8), "story.txt", false), (Array("故事.txt".utf8), "故事.txt", false),
            (Array("a\u{1B}[31m".utf8), "a%1B[31m", true), ([0xFF, 0x41], "%FFA", true),
            (Array("a\nb".utf8), "a%0Ab", true),
            (Array("x\u{202E}y".utf8), "x%E2%80%AEy", true),
        ] as [([UInt8], String, Bool)])
    func shownNamesCannotHurt(name: [UInt8], text: String, isEscaped: Bool) {
        let printable = PrintableName(name)
        #expect(printable.text == text)
        #expect(printable.isEscaped == isEscaped)
        #expect(PrintableName.bytes(percentEscaped: PrintableName.percentEscaped(name).utf8) == name)
    }

    /// Zero width, direction, fillers, tags: names that look like others are escaped.
    @Test(arguments: [
        "a\u{200B}b", "a\u{200E}b", "a\u{FEFF}b", "a\u{E0041}b", "a\u{E0000}b", "a\u{3164}b", "a\u{202E}b",
    ])
    func namesThatLookLikeOthersAreEscaped(name: String) {
        let printable = PrintableName(Array(name.utf8))
        #expect(printable.isEscaped && printable.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }

    @Test func emojiKeepTheirShape() {
        #expect(PrintableName(Array("\u{2764}\u{FE0F} 北京.txt".utf8)).isEscaped == false)
    }
}

struct LockTests {
    @Test func theSecondHolderIsToldWhoTheFirstIs() throws {
        let scratch = Scratch()
        let lock = try ProcessLock(directory: scratch.path("state"))
        #expect { try ProcessLock(directory: scratch.path("state")) } throws: {
            guard case LockError.held(_, let holder) = $0 else { return false }
            return holder == "\(getpid())"
        }
        #expect(ProcessLock.holder(of: lock.directory) == .process("\(getpid())"))
        #expect(!lock.isSameBoot, "nobody held it before")
    }

    @Test func theKernelTellsTheHolderToThoseWhoMayNotOpenTheLock() throws {
        let scratch = Scratch()
        let lock = try ProcessLock(directory: scratch.path("state"))
        let free = try ProcessLock(directory: scratch.path("free"))
        free.release()
        #expect(ProcessLock.holderByKernel(of: lock.directory) == "\(getpid())")
        #expect(ProcessLock.holderByKernel(of: free.directory) == nil)
        #expect(try ProcessLock.holderByKernel(of: Directory(path: scratch.path)) == nil, "no lock at all")
        #expect(ProcessLock.holder(of: free.directory) == .nobody)
    }

    @Test func theLockDiesWithItsHolderAndRemembersTheBoot() throws {
        let scratch = Scratch()
        do { _ = try ProcessLock(directory: scratch.path("state")) }
        let again = try ProcessLock(directory: scratch.path("state"))
        #expect(again.isSameBoot)
        scratch.write("1 another-boot\n", to: "other/.copytaster.lock")
        #expect(try !ProcessLock(directory: scratch.path("other")).isSameBoot)
    }
}

struct LocalSocketTests {
    let scratch = Scratch()

    /// Both ends of a conversation.
    private func conversation() throws -> (visitor: LocalSocket, host: LocalSocket) {
        let directory = try Directory(path: scratch.path)
        let socket = try LocalSocket(listening: directory, name: "socket")
        let visitor = try LocalSocket(connecting: directory, name: "socket")
        return (visitor, try socket.accept())
    }

    @Test func filesArePassedWithTheirLines() throws {
        for name in ["a", "b", "c"] { scratch.write(name, to: name) }
        let directory = try Directory(path: scratch.path)
        let (visitor, host) = try conversation()
        #expect(try host.peer() == geteuid())
        try visitor.writeLine(
            Array("two".utf8), passing: ["a", "b"].map { try directory.open(FileName(Array($0.utf8)) ?? "none") })
        try visitor.writeLine(Array("none".utf8))
        // Longer than one read.
        let long = [UInt8](repeating: 0x78, count: 100_000)
        try visitor.writeLine(long, passing: [directory.open("c")])
        var lines = SocketLines(host)
        #expect(try lines.next() == Array("two".utf8))
        #expect(lines.takeFiles(3) == nil, "not so many came")
        let texts = try lines.takeFiles(2)?.map { try $0.readAll(expected: 1, limit: 10) }
        #expect(texts == [[0x61], [0x62]])
        #expect(try lines.next() == Array("none".utf8))
        #expect(try lines.next(limit: 1 << 20) == long)
        #expect(try lines.takeFiles(1)?.first?.readAll(expected: 1, limit: 10) == [0x63])
    }

    @Test func aLineWithoutAnEndIsGivenUp() throws {
        let (visitor, host) = try conversation()
        try visitor.writeLine([UInt8](repeating: 0x78, count: 100_000))
        var lines = SocketLines(host)
        #expect(try lines.next() == nil, "over 64 KB")
    }

    @Test func theEndOfTheOtherSideIsTheEndOfTheLines() throws {
        var (visitor, host): (LocalSocket?, LocalSocket) = try conversation()
        try visitor?.writeLine(Array("last".utf8))
        visitor = nil
        var lines = SocketLines(host)
        #expect(try lines.next() == Array("last".utf8))
        #expect(try lines.next() == nil)
        #expect(throws: FileError.self) { try host.writeLine(Array("too late".utf8)) }
    }
}
