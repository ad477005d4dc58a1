// The control socket: one line in, one line out, between a command and the running daemon of one machine.

internal import Glibc
internal import inotify_shim

/// A Unix socket (unix(7)) in a directory of ours.
public struct LocalSocket: Sendable {
    let descriptor: Descriptor

    /// Listens under `name` in `directory`, replacing what a dead daemon left; the caller holds the lock
    /// that says there is no living one. Only the owner may connect.
    public init(listening directory: Directory, name: RelativePath) throws(FileError) {
        let path = directory.name(name)
        let number = try kernel(.socket, path) {
            unsafe name.withCString { unsafe ct_socket_listen(directory.descriptor.number, $0, 0o600) }
        }
        descriptor = Descriptor(number, path: path)
    }

    /// Connects to whoever listens.
    public init(connecting directory: Directory, name: RelativePath) throws(FileError) {
        let path = directory.name(name)
        let number = try kernel(.connect, path) {
            unsafe name.withCString { unsafe ct_socket_connect(directory.descriptor.number, $0) }
        }
        descriptor = Descriptor(number, path: path)
    }

    init(_ descriptor: Descriptor) { self.descriptor = descriptor }

    /// Waits for the next visitor.
    public func accept() throws(FileError) -> LocalSocket {
        let path = descriptor.path
        return LocalSocket(
            Descriptor(try kernel(.accept, path) { ct_socket_accept(descriptor.number) }, path: path))
    }

    /// The user on the other side.
    public func peer() throws(FileError) -> UInt32 {
        UInt32(truncatingIfNeeded: try kernel(.socket, descriptor.path) { ct_socket_peer(descriptor.number) })
    }

    /// Reads up to and without the next newline; nil when the other side is gone or sends over 64 KB.
    public func readLine() throws(FileError) -> [UInt8]? {
        var line: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while line.count < 65536 {
            let n = try descriptor.read(into: &chunk)
            if n == 0 { return line.isEmpty ? nil : line }
            line += chunk[..<n]
            if let end = line.firstIndex(of: 0x0A) { return Array(line[..<end]) }
        }
        return nil
    }

    public func writeLine(_ line: [UInt8]) throws(FileError) { try descriptor.write(line + [0x0A]) }
}
