// What systemd is told: sd_notify(3), without ever waiting for it.
//
// Promise: every method returns at once. The messages go out in order from a queue of its own, because sendmsg(2) to a
// systemd that does not read would block, and with it the pipeline. Without NOTIFY_SOCKET in the environment everything
// here does nothing. A status text cannot smuggle in a second assignment: line breaks in it are escaped, and with percent
// signs, because systemd 252 takes a backslash in a message for an escape of its own and drops it.
// BUGS: a message that systemd refuses is lost; there is nobody to tell.

internal import CSystemd
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Tells systemd what the service is doing.
public final class Notifier: Sendable {
    /// False when nobody asked to be told, as in a terminal.
    public let isListening: Bool
    private let send: @Sendable (String) -> Void
    private let queue = DispatchQueue(label: "copytaster.notify")
    private let waiting = Mutex(Waiting())

    private struct Waiting {
        var messages = NotifyQueue()
        /// Whether a drain is under way or scheduled.
        var draining = false
    }

    /// A notifier for the systemd that started this process, or for nobody.
    public convenience init() {
        // sd_notify(3): NOTIFY_SOCKET names the socket; unset means that nobody waits for us.
        let isListening = unsafe getenv("NOTIFY_SOCKET") != nil
        self.init(isListening: isListening) { message in
            unsafe _ = sd_notify(0, message)
        }
    }

    /// A notifier that sends with `send`, for tests.
    init(isListening: Bool, send: @escaping @Sendable (String) -> Void) {
        self.isListening = isListening
        self.send = send
    }

    /// The service works: recovery is done and the inbox is watched. Also ends ``reloading()``.
    public func ready(status: String) { add(.turn(["READY=1", assignment(status: status)])) }

    /// One line for `systemctl status`.
    public func status(_ text: String) { add(.status(Self.escape(text))) }

    /// The configuration is being read again; ``ready(status:)`` must follow. The time is systemd's way to tell this
    /// reload from an earlier one (sd_notify(3), MONOTONIC_USEC=).
    public func reloading(at time: MonotonicTime = .now()) {
        add(.turn(["RELOADING=1", "MONOTONIC_USEC=\(time.microseconds)"]))
    }

    /// The service is about to end. Call ``flush(atMost:)`` before the process does.
    public func stopping(status: String) { add(.turn(["STOPPING=1", assignment(status: status)])) }

    /// Start-up or stopping takes longer than the unit allows: grant this much from now on, and say why.
    public func extendTimeout(by time: Duration, status: String) {
        add(.turn(["EXTEND_TIMEOUT_USEC=\(time.nanoseconds / 1000)", assignment(status: status)]))
    }

    /// The service fails with this errno; `systemctl status` shows both.
    public func failed(errno: Int32, status: String) {
        add(.turn(["ERRNO=\(errno)", assignment(status: status)]))
    }

    /// The pipeline lives. Only ``Watchdog`` has a reason to call this.
    public func watchdog() { add(.watchdog) }

    /// Waits until everything is sent, but no longer than this.
    public func flush(atMost limit: Duration) {
        guard isListening else { return }
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + .nanoseconds(Int(limit.nanoseconds)))
    }

    /// How often systemd wants to hear ``watchdog()``, or nil when it does not watch.
    /// The corresponding C function is `sd_watchdog_enabled`.
    public static var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        let enabled = unsafe sd_watchdog_enabled(0, &microseconds)
        return enabled > 0 && microseconds > 0 ? .microseconds(Int64(clamping: microseconds)) : nil
    }

    private func assignment(status: String) -> String { "STATUS=" + Self.escape(status) }

    /// One line without backslashes: `\x0a` becomes `%0a`, as in a URL.
    private static func escape(_ status: String) -> String {
        let line = PrintableText.line(status)
        guard line.utf8.contains(UInt8(ascii: "\\")) else { return line }
        return line.replacing("\\\\", with: "%5c").replacing("\\x", with: "%").replacing("\\", with: "%")
    }

    private func add(_ message: NotifyMessage) {
        guard isListening else { return }
        let mustStart = waiting.withLock { waiting in
            waiting.messages.add(message)
            defer { waiting.draining = true }
            return !waiting.draining
        }
        if mustStart { queue.async { self.drain() } }
    }

    private func drain() {
        while let message = nextMessage() { send(message) }
    }

    private func nextMessage() -> String? {
        waiting.withLock { waiting in
            let message = waiting.messages.next()
            if message == nil { waiting.draining = false }
            return message
        }
    }
}
