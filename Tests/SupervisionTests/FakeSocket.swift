// A datagram socket that stands in for systemd or journald.

import Glibc
import Synchronization

/// Listens at a path of its own, or at an abstract name when it begins with "@" (unix(7)); `receive` gives up after ten seconds, so a test that fails does not hang.
final class FakeSocket: Sendable {
    let path: String
    private let descriptor: Int32
    private let isOpen = Atomic<Bool>(true)

    init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(errno: errno) }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        unsafe _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // An abstract name begins with a zero byte and is as long as the address says; a path ends with one.
        let isAbstract = path.hasPrefix("@")
        let bytes = isAbstract ? [0] + Array(path.utf8.dropFirst()) : Array(path.utf8) + [0]
        guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else { throw Failure(errno: ENAMETOOLONG) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let descriptor = descriptor
        let bound = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, length)
            }
        }
        guard bound == 0 else { throw Failure(errno: errno) }
    }

    struct Failure: Error { var errno: Int32 }

    func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw Failure(errno: errno) }
        return Array(buffer.prefix(count))
    }

    func receiveText() throws -> String { String(decoding: try receive(), as: UTF8.self) }

    func close() {
        guard isOpen.exchange(false, ordering: .relaxed) else { return }
        _ = Glibc.close(descriptor)
        if !path.hasPrefix("@") { unsafe _ = unlink(path) }
    }

    deinit { close() }
}

/// A directory that vanishes with the test.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/supervision.XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) } != nil
        }
        guard made else { throw FakeSocket.Failure(errno: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A directory below, with its parents.
    func makeDirectory(_ relative: String) throws -> String {
        var path = path
        for part in relative.split(separator: "/") {
            path += "/\(part)"
            guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw FakeSocket.Failure(errno: errno) }
        }
        return path
    }

    deinit { remove(path) }

    private func remove(_ path: String) {
        if let directory = unsafe opendir(path) {
            while let entry = unsafe readdir(directory) {
                let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != "." && name != ".." { remove("\(path)/\(name)") }
            }
            unsafe _ = closedir(directory)
            unsafe _ = rmdir(path)
        } else {
            unsafe _ = unlink(path)
        }
    }
}

/// A clock that a test moves by hand.
final class HandClock: Sendable {
    private let time = Mutex(MonotonicTimeBox(nanoseconds: 1_000_000_000))

    private struct MonotonicTimeBox { var nanoseconds: UInt64 }

    var nanoseconds: UInt64 { time.withLock { $0.nanoseconds } }

    func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        time.withLock { $0.nanoseconds += UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000) }
    }
}
