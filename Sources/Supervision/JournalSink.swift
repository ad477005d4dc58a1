// The way into the journal: sd_journal_sendv(3).
//
// Promise: a record arrives whole, or the caller learns the errno and can write it elsewhere. This may block while
// journald does not read; whoever must not wait (the pipeline) goes through ``Reporter``.

internal import CSystemd
internal import Glibc

/// Where journal records go.
protocol JournalSink: Sendable {
    /// Returns 0 or an errno.
    func send(_ record: JournalRecord) -> Int32
}

/// journald itself.
struct Journald: JournalSink {
    /// Where journald listens; fixed in libsystemd.
    static let socketPath = "/run/systemd/journal/socket"

    func send(_ record: JournalRecord) -> Int32 {
        var bytes = record.bytes
        return unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return EINVAL }
            // The fields lie in `buffer`, which outlives the call; sendmsg(2) only reads through an iovec.
            let vectors = unsafe record.fields.map { field in
                unsafe iovec(iov_base: base + field.lowerBound, iov_len: field.count)
            }
            return unsafe vectors.withUnsafeBufferPointer { vectors in
                let result = unsafe sd_journal_sendv(vectors.baseAddress, Int32(vectors.count))
                return result < 0 ? -result : 0
            }
        }
    }

    /// Whether somebody listens at a datagram socket. libsystemd keeps silent when nobody does (it returns 0 on ENOENT),
    /// so this has to be asked once, before the journal is chosen.
    static func isReachable(at path: String = socketPath) -> Bool {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
