import Foundation
import Glibc
import Logging
import Synchronization
import Testing

@testable import Supervision

private func event(
    _ level: Logger.Level, _ message: String, error: (any Error)? = nil, metadata: Logger.Metadata? = nil
) -> LogEvent {
    LogEvent(
        level: level, message: "\(message)", error: error, metadata: metadata, source: nil,
        file: "copytaster/Run.swift",
        function: "run()", line: 42)
}

@Suite("A journal record")
struct JournalRecordTests {
    @Test("a file's report has every native field")
    func everyField() {
        let report = FileReport(
            name: Array("xinhua/story.txt".utf8), verdict: "near-duplicate", story: 7, of: 3, family: 2,
            sha256: "ab12", resemblance: 0.8125, containment: 0.9, reason: "shingles agree", headline: "Chinese leaders"
        )
        var metadata = report.metadata
        metadata[Logger.eventKey] = .stringConvertible(report.event)
        let record = JournalRecord(event(.info, "hello"), metadata: metadata, label: "copytaster.pipeline")
        #expect(
            Set(record.texts) == [
                "MESSAGE=hello", "PRIORITY=6", "SYSLOG_IDENTIFIER=copytaster",
                "MESSAGE_ID=\(Event.storyRepeat.messageID)", "CODE_FILE=copytaster/Run.swift", "CODE_LINE=42",
                "CODE_FUNC=run()", "COPYTASTER_LOGGER=copytaster.pipeline", "COPYTASTER_EVENT=story-repeat",
                "COPYTASTER_VERDICT=near-duplicate", "COPYTASTER_STORY=7", "COPYTASTER_OF=3", "COPYTASTER_FAMILY=2",
                "COPYTASTER_FILE=xinhua/story.txt", "COPYTASTER_SHA256=ab12", "COPYTASTER_RESEMBLANCE=0.813",
                "COPYTASTER_CONTAINMENT=0.900", "COPYTASTER_REASON=shingles agree",
                "COPYTASTER_HEADLINE=Chinese leaders",
            ])
    }

    @Test("a name that is not UTF-8 arrives byte for byte")
    func rawBytes() {
        let name: [UInt8] = [0x61, 0xff, 0x0a, 0x3d, 0x62]
        let report = FileReport(name: name, verdict: "new")
        let record = JournalRecord(event(.info, report.sentence), metadata: report.metadata, label: "x")
        let field = Array("COPYTASTER_FILE=".utf8) + name
        #expect(record.fields.contains { Array(record.bytes[$0]) == field })
        #expect(record.texts.contains("MESSAGE=a\\xff\\x0a=b is new"))
    }

    @Test(
        "each level has its syslog priority",
        arguments: zip(Logger.Level.allCases, [7, 7, 6, 5, 4, 3, 2]))
    func priorities(level: Logger.Level, priority: Int) {
        #expect(JournalRecord.priority(level) == priority)
    }

    @Test(
        "a metadata key becomes a field name that journald accepts",
        arguments: [
            ("story", "COPYTASTER_STORY"), ("count_near-duplicate", "COPYTASTER_COUNT_NEAR_DUPLICATE"),
            ("MESSAGE", "COPYTASTER_MESSAGE"), ("_PID", "COPYTASTER__PID"), ("é", "COPYTASTER___"),
            (String(repeating: "k", count: 100), "COPYTASTER_" + String(repeating: "K", count: 53)),
        ])
    func fieldNames(key: String, name: String) {
        #expect(JournalRecord.fieldName(key) == name)
    }

    @Test("an error stands behind the sentence and in a field of its own")
    func errors() {
        struct NoSpace: Error, CustomStringConvertible { var description: String { "no space left" } }
        let record = JournalRecord(event(.error, "Cannot write", error: NoSpace()), metadata: [:], label: "x")
        #expect(record.texts.contains("MESSAGE=Cannot write: no space left"))
        #expect(record.texts.contains("COPYTASTER_ERROR=no space left"))
    }

    @Test("an event that is no event is kept as a field and makes no id")
    func unknownEvent() {
        let record = JournalRecord(event(.info, "x"), metadata: ["event": "no such thing"], label: "x")
        #expect(!record.texts.contains { $0.hasPrefix("MESSAGE_ID=") })
        #expect(record.texts.contains("COPYTASTER_EVENT=no such thing"))
    }
}

@Suite("The journal's log handler")
struct JournalLogHandlerTests {
    final class FakeJournal: JournalSink {
        let records = Mutex<[JournalRecord]>([])
        let answer: Int32

        init(answer: Int32) { self.answer = answer }

        func send(_ record: JournalRecord) -> Int32 {
            records.withLock { $0.append(record) }
            return answer
        }
    }

    private func logger(_ journal: FakeJournal, threshold: LogThreshold, lines: SentMessages) -> Logger {
        Logger(label: "copytaster") { label in
            let fallback = ConsoleLogHandler(
                style: .prefixed, threshold: threshold, wallClock: { 0 },
                put: { bytes in lines.list.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } })
            return JournalLogHandler(label: label, threshold: threshold, sink: journal, fallback: fallback)
        }
    }

    @Test("a record of a kind carries its MESSAGE_ID and level")
    func record() throws {
        let journal = FakeJournal(answer: 0)
        let lines = SentMessages()
        let logger = logger(journal, threshold: LogThreshold(), lines: lines)
        logger.record(.diskFull, "No space", metadata: ["reason": "ENOSPC"])
        let texts = try #require(journal.records.withLock { $0.first }).texts
        #expect(texts.contains("PRIORITY=2"))
        #expect(texts.contains("MESSAGE_ID=\(Event.diskFull.messageID)"))
        #expect(texts.contains("COPYTASTER_REASON=ENOSPC"))
        #expect(texts.contains { $0.hasPrefix("CODE_FILE=") && $0.hasSuffix("JournalTests.swift") })
        #expect(lines.list.withLock { $0.isEmpty })
    }

    @Test("a record that the journal refuses is written to standard error")
    func fallback() {
        let lines = SentMessages()
        let logger = logger(FakeJournal(answer: ECONNREFUSED), threshold: LogThreshold(), lines: lines)
        logger.warning("careful")
        #expect(lines.list.withLock { $0 } == ["<4>careful\n"])
    }

    @Test("the shared threshold moves every logger that has no level of its own")
    func threshold() {
        let journal = FakeJournal(answer: 0)
        let threshold = LogThreshold(.info)
        let shared = logger(journal, threshold: threshold, lines: SentMessages())
        var own = shared
        own.logLevel = .error
        shared.debug("1")
        threshold.level = .debug
        shared.debug("2")
        own.warning("3")
        #expect(shared.logLevel == .debug)
        #expect(journal.records.withLock { $0.map { $0.texts[0] } } == ["MESSAGE=2"])
    }

    @Test("metadata is a value: what one logger adds another does not see")
    func valueSemantics() {
        let journal = FakeJournal(answer: 0)
        let first = logger(journal, threshold: LogThreshold(), lines: SentMessages())
        var second = first
        second[metadataKey: "source"] = "xinhua"
        first.info("a")
        second.info("b")
        let records = journal.records.withLock { $0 }
        #expect(!records[0].texts.contains("COPYTASTER_SOURCE=xinhua"))
        #expect(records[1].texts.contains("COPYTASTER_SOURCE=xinhua"))
    }
}

/// libsystemd's own sender against a socket that stands in for journald. Its path is fixed, so a thread of its own gets
/// a root directory of its own (chroot(2) after unshare(2) CLONE_FS changes it for that thread alone).
@Suite("sd_journal_sendv(3) itself")
struct JournaldTests {
    @Test(
        "a record arrives with every byte",
        .enabled(if: geteuid() == 0, "needs root, to give a thread its own root directory"))
    func arrives() throws {
        let scratch = try ScratchDirectory()
        let socket = try FakeSocket(path: scratch.makeDirectory("run/systemd/journal") + "/socket")
        defer { socket.close() }
        let outcome = Mutex<(answer: Int32, reachable: Bool)>((-1, false))
        let done = DispatchSemaphore(value: 0)
        let thread = Thread { [path = scratch.path] in
            defer { done.signal() }
            guard Self.leaveSharedRoot(), unsafe chroot(path) == 0 else { return }
            var record = JournalRecord()
            record.add("MESSAGE", "two\nlines")
            record.add("COPYTASTER_FILE", [0x61, 0xff] as [UInt8])
            record.add("COPYTASTER_EMPTY", "")
            let answer = Journald().send(record)
            outcome.withLock { $0 = (answer, Journald.isReachable()) }
        }
        thread.start()
        done.wait()
        #expect(outcome.withLock { $0.answer } == 0)
        #expect(outcome.withLock { $0.reachable })
        // The native protocol: "NAME=value\n", or NAME, a length of 64 bits and the bytes when a line would not do.
        var expected = Array("MESSAGE\n".utf8) + [9, 0, 0, 0, 0, 0, 0, 0] + Array("two\nlines\n".utf8)
        expected += Array("COPYTASTER_FILE=a".utf8) + [0xff] + Array("\nCOPYTASTER_EMPTY=\n".utf8)
        let received = try socket.receive()
        #expect(Array(received.prefix(expected.count)) == expected)
    }

    /// unshare(2) with CLONE_FS, which Swift's Glibc does not declare.
    private static func leaveSharedRoot() -> Bool {
        guard let symbol = unsafe dlsym(nil, "unshare") else { return false }
        // int unshare(int flags); CLONE_FS is 0x200 in <sched.h> on every architecture.
        let unshare = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
        return unshare(0x200) == 0
    }

    @Test("a socket that is not there is not reachable, and neither is one that nobody reads")
    func unreachable() throws {
        let scratch = try ScratchDirectory()
        #expect(!Journald.isReachable(at: scratch.path + "/none"))
        let path = scratch.path + "/socket"
        let socket = try FakeSocket(path: path)
        #expect(Journald.isReachable(at: path))
        socket.close()
        #expect(!Journald.isReachable(at: path))
        #expect(!Journald.isReachable(at: String(repeating: "x", count: 200)))
    }
}
