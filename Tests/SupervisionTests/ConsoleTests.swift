import Logging
import Synchronization
import Testing

@testable import Supervision

@Suite("The log on standard error")
struct ConsoleTests {
    private let lines = SentMessages()
    private let threshold = LogThreshold()

    private func logger(_ style: ConsoleStyle) -> Logger {
        Logger(label: "copytaster") { [lines, threshold] _ in
            // 2024-12-03T14:03:02Z
            ConsoleLogHandler(style: style, threshold: threshold, wallClock: { 1_733_234_582 }) { bytes in
                lines.list.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
            }
        }
    }

    private var written: [String] { lines.list.withLock { $0 } }

    @Test("a journal stream gets the priority before the line, and no time")
    func prefixed() {
        let logger = logger(.prefixed)
        logger.info("a")
        logger.critical("b")
        #expect(written == ["<6>a\n", "<2>b\n"])
    }

    @Test("a file gets date, time and level")
    func dated() {
        logger(.dated).warning("careful")
        #expect(written == ["2024-12-03T14:03:02Z warning: careful\n"])
    }

    @Test("a terminal gets colours for what matters, one without colours does not")
    func colours() throws {
        logger(.coloured).error("bad")
        logger(.coloured).info("fine")
        logger(.plain).error("bad")
        #expect(written[0].contains("\u{1b}[31merror: bad\u{1b}[0m"))
        #expect(written[1].hasSuffix(" fine\n"))
        #expect(!written[2].contains("\u{1b}"))
        #expect(written[2].hasSuffix(" error: bad\n"))
    }

    @Test("whatever a file is called, an event is one harmless line")
    func hostileNames() {
        let name = Array("a\u{1b}[2J\n<2>forged\r".utf8) + [0xff]
        for style in [ConsoleStyle.coloured, .plain, .dated, .prefixed] {
            let report = FileReport(name: name, verdict: "rejected", reason: "a\nb")
            logger(style).warning("\(report.sentence)", metadata: ["file": .stringConvertible(RawBytes(name))])
            logger(style).warning("raw \u{1b}[2J\nx", metadata: ["k\n": "v\u{9b}"])
        }
        for line in written {
            let inner = line.dropLast().replacing("\u{1b}[33m", with: "").replacing("\u{1b}[0m", with: "")
                .replacing("\u{1b}[2m", with: "")
            #expect(line.last == "\n")
            #expect(
                !inner.unicodeScalars.contains { $0.properties.generalCategory == .control }, "\(line.debugDescription)"
            )
        }
    }

    @Test("the fields of a report are not said twice, unless somebody debugs")
    func fields() {
        let report = FileReport(name: Array("s.txt".utf8), verdict: "new", story: 2)
        logger(.prefixed).record(report.event, "\(report.sentence)", metadata: report.metadata)
        logger(.prefixed).error("cannot write", metadata: ["path": "/x y"])
        threshold.level = .debug
        logger(.prefixed).record(report.event, "\(report.sentence)", metadata: report.metadata)
        #expect(
            written == [
                "<6>s.txt is new: story 2\n", "<3>cannot write path=/x y\n",
                "<6>s.txt is new: story 2 event=story-new file=s.txt story=2 verdict=new\n",
            ])
    }
}

@Suite("Where the log goes")
struct LogDestinationTests {
    private let pipe = LogDestination.StandardError(device: 8, inode: 1234, isTerminal: false)
    private let terminal = LogDestination.StandardError(device: 8, inode: 5, isTerminal: true)

    private func choose(
        _ stream: String?, _ standardError: LogDestination.StandardError?, reachable: Bool = true,
        noColour: String? = nil, term: String? = "xterm"
    ) -> LogDestination {
        LogDestination.choose(
            journalStream: stream, noColour: noColour, terminal: term, standardError: standardError,
            journalIsReachable: { reachable })
    }

    @Test("to the journal when standard error is a journal stream and journald listens")
    func journal() {
        #expect(choose("8:1234", pipe) == .journal)
        #expect(choose("8:1234", pipe, reachable: false) == .standardError(.prefixed))
    }

    @Test(
        "to standard error when the stream is another one, or nonsense",
        arguments: ["8:1235", "9:1234", "8", "8:1234:1", "", "-8:1234", "a:b", "8:99999999999999999999999"])
    func otherStream(stream: String) {
        #expect(choose(stream, pipe) == .standardError(.dated))
    }

    @Test("to the terminal in colours, unless it or the user does not want them")
    func terminals() {
        #expect(choose(nil, terminal) == .standardError(.coloured))
        #expect(choose(nil, terminal, noColour: "1") == .standardError(.plain))
        #expect(choose(nil, terminal, noColour: "") == .standardError(.coloured))
        #expect(choose(nil, terminal, term: "dumb") == .standardError(.plain))
        #expect(choose(nil, terminal, term: nil) == .standardError(.plain))
        // A shell inside a service: the variable is inherited, the terminal is what counts.
        #expect(choose("8:1234", terminal) == .standardError(.coloured))
    }

    @Test("a closed standard error is no reason to fail")
    func closed() {
        #expect(choose("8:1234", nil) == .standardError(.dated))
        #expect(choose(nil, pipe) == .standardError(.dated))
    }
}
