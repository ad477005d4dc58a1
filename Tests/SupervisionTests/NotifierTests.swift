import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Supervision

@Suite("What systemd still has to be told")
struct NotifyQueueTests {
    @Test("turns of life keep their order and go out one by one")
    func turns() {
        var queue = NotifyQueue()
        queue.add(.turn(["RELOADING=1", "MONOTONIC_USEC=5"]))
        queue.add(.turn(["READY=1", "STATUS=fine"]))
        #expect(queue.next() == "RELOADING=1\nMONOTONIC_USEC=5")
        #expect(queue.next() == "READY=1\nSTATUS=fine")
        #expect(queue.next() == nil)
        #expect(queue.isEmpty)
    }

    @Test("of many figures the newest is sent, of many pings one")
    func coalesce() {
        var queue = NotifyQueue()
        for number in 1...1000 {
            queue.add(.status("\(number) stories"))
            queue.add(.watchdog)
        }
        #expect(queue.next() == "STATUS=1000 stories\nWATCHDOG=1")
        #expect(queue.next() == nil)
    }

    @Test("older figures do not overtake the status of a turn")
    func olderFiguresAreDropped() {
        var queue = NotifyQueue()
        queue.add(.status("old"))
        queue.add(.turn(["STOPPING=1", "STATUS=stopping"]))
        #expect(queue.next() == "STOPPING=1\nSTATUS=stopping")
        #expect(queue.next() == nil)
    }

    @Test("it stays small while nobody listens, and keeps the newest")
    func bounded() {
        var queue = NotifyQueue()
        for number in 1...1000 { queue.add(.turn(["N=\(number)"])) }
        var sent: [String] = []
        while let message = queue.next() { sent.append(message) }
        #expect(sent.count == NotifyQueue.mostTurns)
        #expect(sent.last == "N=1000")
    }
}

@Suite("The notifier")
struct NotifierTests {
    /// What was sent, and a gate that can be held shut.
    final class Line: Sendable {
        let sent = Mutex<[String]>([])
        let gate = DispatchSemaphore(value: 0)
    }

    @Test("each call says what sd_notify(3) prescribes")
    func messages() {
        let line = Line()
        let notifier = Notifier(isListening: true) { message in line.sent.withLock { $0.append(message) } }
        notifier.extendTimeout(by: .seconds(30), status: "Recovering: 3 of 10")
        notifier.flush(atMost: .seconds(10))
        notifier.ready(status: "watching")
        notifier.flush(atMost: .seconds(10))
        notifier.reloading(at: MonotonicTime(nanoseconds: 7_654_321_999))
        notifier.failed(errno: 28, status: "no space")
        notifier.stopping(status: "stopping")
        notifier.flush(atMost: .seconds(10))
        notifier.status("12 stories")
        notifier.watchdog()
        notifier.flush(atMost: .seconds(10))
        let sent = line.sent.withLock { $0 }
        #expect(
            sent.prefix(5) == [
                "EXTEND_TIMEOUT_USEC=30000000\nSTATUS=Recovering: 3 of 10", "READY=1\nSTATUS=watching",
                "RELOADING=1\nMONOTONIC_USEC=7654321", "ERRNO=28\nSTATUS=no space", "STOPPING=1\nSTATUS=stopping",
            ])
        // The figures and the ping may go together or one after the other.
        #expect(sent.dropFirst(5).joined(separator: "\n") == "STATUS=12 stories\nWATCHDOG=1")
    }

    @Test("a file's name cannot smuggle in an assignment")
    func injection() {
        let line = Line()
        let notifier = Notifier(isListening: true) { message in line.sent.withLock { $0.append(message) } }
        notifier.status("last: evil\nSTOPPING=1\n.txt")
        notifier.flush(atMost: .seconds(10))
        notifier.ready(status: "x\nWATCHDOG=trigger")
        notifier.flush(atMost: .seconds(10))
        #expect(
            line.sent.withLock { $0 } == [
                "STATUS=last: evil%0aSTOPPING=1%0a.txt", "READY=1\nSTATUS=x%0aWATCHDOG=trigger",
            ])
    }

    @Test("no backslash reaches systemd, which would take it for an escape of its own")
    func backslashes() {
        let line = Line()
        let notifier = Notifier(isListening: true) { message in line.sent.withLock { $0.append(message) } }
        let name = PrintableText.name(Array("a\\b\u{1b}\u{202e}".utf8) + [0xff])
        #expect(name == "a\\\\b\\x1b\\u{202e}\\xff")
        notifier.status(name)
        notifier.flush(atMost: .seconds(10))
        #expect(line.sent.withLock { $0 } == ["STATUS=a%5cb%1b%u{202e}%ff"])
    }

    @Test("a systemd that does not read holds nobody up")
    func neverBlocks() {
        let line = Line()
        let notifier = Notifier(isListening: true) { message in
            line.gate.wait()
            line.sent.withLock { $0.append(message) }
        }
        notifier.status("first")
        for number in 1...1000 { notifier.status("\(number)") }
        notifier.stopping(status: "stop")
        notifier.flush(atMost: .milliseconds(1))
        // Nothing could be sent, and we are here all the same.
        #expect(line.sent.withLock { $0.isEmpty })
        for _ in 0..<10 { line.gate.signal() }
        notifier.flush(atMost: .seconds(10))
        #expect(line.sent.withLock { $0.last } == "STOPPING=1\nSTATUS=stop")
        #expect(line.sent.withLock { $0.count } <= 3)
    }

    @Test("where nobody listens nothing is sent")
    func silentWithoutSystemd() {
        let line = Line()
        let notifier = Notifier(isListening: false) { message in line.sent.withLock { $0.append(message) } }
        notifier.ready(status: "x")
        notifier.watchdog()
        notifier.flush(atMost: .seconds(10))
        #expect(line.sent.withLock { $0.isEmpty })
    }
}

/// The real libsystemd against a socket that stands in for systemd. The environment is set once for the whole process.
@Suite("sd_notify(3) itself", .serialized)
struct NotifySocketTests {
    static let socket: FakeSocket? = {
        guard let socket = try? FakeSocket(path: "@copytaster-tests-notify-\(getpid())") else { return nil }
        unsafe _ = setenv("NOTIFY_SOCKET", socket.path, 1)
        unsafe _ = setenv("WATCHDOG_USEC", "30000000", 1)
        unsafe _ = setenv("WATCHDOG_PID", "\(getpid())", 1)
        return socket
    }()

    @Test("what is told arrives at NOTIFY_SOCKET")
    func arrives() throws {
        let socket = try #require(Self.socket)
        let notifier = Notifier()
        #expect(notifier.isListening)
        notifier.ready(status: "3 stories, 北京")
        #expect(try socket.receiveText() == "READY=1\nSTATUS=3 stories, 北京")
        notifier.watchdog()
        #expect(try socket.receiveText() == "WATCHDOG=1")
    }

    @Test("the watchdog's interval is the one that systemd asks for")
    func interval() throws {
        _ = try #require(Self.socket)
        #expect(Notifier.watchdogInterval == .seconds(30))
    }

    @Test("a full socket holds nobody up, and what was kept is the newest")
    func fullSocket() throws {
        let socket = try #require(Self.socket)
        let notifier = Notifier()
        // Far more than any net.unix.max_dgram_qlen: the sender inside blocks, the caller must not.
        for number in 1...5000 {
            notifier.extendTimeout(by: .microseconds(number), status: "step \(number)")
        }
        notifier.stopping(status: "stopping")
        var last = ""
        while !last.hasPrefix("STOPPING=1") { last = try socket.receiveText() }
        #expect(last == "STOPPING=1\nSTATUS=stopping")
    }
}
