// Stands for systemd: takes what a service notifies (sd_notify(3)).

public import Foundation
internal import Synchronization

/// Listens on a notification socket, and remembers when the watchdog was last answered.
public final class FakeManager: Sendable {
    public let path: String
    private let descriptor: Int32
    private let lastPing = Mutex(Date())

    public init() {
        path = NSTemporaryDirectory() + "copytaster-notify-\(UUID().uuidString.prefix(8))"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        let thread = Thread { [weak self, descriptor] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0, let self {
                if buffer[..<count].firstRange(of: Array("WATCHDOG=1".utf8)) != nil { self.expectPing() }
            }
        }
        thread.start()
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
        unlink(path)
    }

    /// Counts silence from now on.
    public func expectPing() { lastPing.withLock { $0 = Date() } }

    public func hasBeenSilent(for seconds: Double) -> Bool { lastPing.withLock { -$0.timeIntervalSinceNow > seconds } }
}
