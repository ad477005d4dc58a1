// The control socket: one line in, one line out, between a command and the running daemon of one machine.

internal import Glibc
internal import inotify_shim

/// A Unix socket (unix(7)) in a directory of ours.
public struct LocalSocket: Sendable {
    let descriptor: Descriptor

    /// Listens under `name` in `directory`, replacing what a dead daemon left; the caller holds the lock
    /// that says there is no living one. `mode` says who may connect: the owner, unless told otherwise.
    public init(listening directory: Directory, name: FileName, mode: UInt32 = 0o600) throws(FileError) {
        let path = directory.name(name)
        let number = try kernel(.socket, path) {
            unsafe name.withCString { unsafe ct_socket_listen(directory.descriptor.number, $0, mode) }
        }
        descriptor = Descriptor(number, path: path)
    }

    /// Connects to whoever listens.
    public init(connecting directory: Directory, name: FileName) throws(FileError) {
        let path = directory.name(name)
        let number = try kernel(.connect, path) {
            unsafe name.withCString { unsafe ct_socket_connect(directory.descriptor.number, $0) }
        }
        descriptor = Descriptor(number, path: path)
    }

    /// Takes over a socket that this process was started with, by its number (sd_listen_fds(3)).
    public init(inherited number: Int32, path: String) { descriptor = Descriptor(number, path: path) }

    init(_ descriptor: Descriptor) { self.descriptor = descriptor }

    /// Two sockets that are connected with each other (socketpair(2)).
    public static func pair() throws(FileError) -> (LocalSocket, LocalSocket) {
        var numbers: [Int32] = [-1, -1]
        try kernel(.socket, "socketpair") { unsafe ct_socket_pair(&numbers) }
        return (
            LocalSocket(Descriptor(numbers[0], path: "socketpair")),
            LocalSocket(Descriptor(numbers[1], path: "socketpair"))
        )
    }

    /// The descriptor's number, to start a process with.
    public var number: Int32 { descriptor.number }

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

    /// The process on the other side, by its number when it connected.
    public func peerProcess() throws(FileError) -> Int32 {
        Int32(truncatingIfNeeded: try kernel(.socket, descriptor.path) { ct_socket_peer_process(descriptor.number) })
    }

    /// How long each receiving and each sending may wait: after that it fails as busy. In whole
    /// seconds; nil is for ever.
    public func limit(to time: Duration?) throws(FileError) {
        try kernel(.socket, descriptor.path) { ct_socket_limit(descriptor.number, time?.wholeSeconds ?? 0) }
    }

    /// Waits until something can be received, or accepted, or the other side is gone; false after `time`.
    public func wait(for time: Duration) throws(FileError) -> Bool {
        try kernel(.poll, descriptor.path) { ct_poll(descriptor.number, -1, time.milliseconds) } != 0
    }

    /// Writes all of `bytes`.
    public func write(_ bytes: [UInt8]) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let rest = done == 0 ? bytes : Array(bytes[done...])
            done += Int(
                try kernel(.sendmsg, descriptor.path) {
                    unsafe ct_socket_send(descriptor.number, rest, rest.count, nil, 0)
                })
        }
    }

    /// Reads what is there, up to so many bytes; empty once the other side is gone.
    public func read(most: Int) throws(FileError) -> [UInt8] { try descriptor.read(at: -1, count: most) }

    /// Writes one line, with open files: the other side gets descriptors of its own (unix(7), SCM_RIGHTS).
    ///
    /// - Precondition: at most ``mostPassed`` files.
    public func writeLine(_ line: [UInt8], passing files: [Descriptor] = []) throws(FileError) {
        let line = line + [0x0A]
        var passed = files.map(\.number)
        var done = 0
        while done < line.count {
            let rest = Array(line[done...])
            done += Int(
                try kernel(.sendmsg, descriptor.path) {
                    unsafe ct_socket_send(descriptor.number, rest, rest.count, passed, passed.count)
                })
            passed = []
        }
        // Open until they are sent.
        withExtendedLifetime(files) {}
    }

    /// How many files may go with one line.
    public static let mostPassed = Int(CT_MOST_PASSED)
}

/// The lines that come through a socket, and the files that were passed with them.
public struct SocketLines {
    public let socket: LocalSocket
    private var buffer: [UInt8] = []
    private var files: [Descriptor] = []

    public init(_ socket: LocalSocket) { self.socket = socket }

    /// The next line, without its newline; nil when the other side is gone or sends over `limit` bytes without one.
    public mutating func next(limit: Int = 65536) throws(FileError) -> [UInt8]? {
        var searched = 0
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { buffer.removeFirst(end + 1) }
                return Array(buffer[..<end])
            }
            searched = buffer.count
            if searched > limit { return nil }
            if try receive() == 0 { return nil }
        }
    }

    /// The next `count` files of those that came so far; nil if there are fewer. What goes with a line comes with its
    /// first byte, so a line that says how many it has finds them here.
    public mutating func takeFiles(_ count: Int) -> [Descriptor]? {
        guard count >= 0, count <= files.count else { return nil }
        defer { files.removeFirst(count) }
        return Array(files.prefix(count))
    }

    /// The next `count` bytes; nil when the other side is gone before they came.
    public mutating func next(bytes count: Int) throws(FileError) -> [UInt8]? {
        while buffer.count < count { if try receive() == 0 { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private mutating func receive() throws(FileError) -> Int {
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        var passed = [Int32](repeating: -1, count: LocalSocket.mostPassed)
        var count = 0
        let n = try kernel(.recvmsg, socket.descriptor.path) {
            unsafe ct_socket_receive(socket.descriptor.number, &chunk, chunk.count, &passed, &count)
        }
        files += passed.prefix(count).map { Descriptor($0, path: "a file that was passed") }
        buffer += chunk.prefix(Int(n))
        return Int(n)
    }
}
