// inotify(7), typed. Events are hints; this file only carries them, with the overflow event (wd -1) that
// tells the watcher to look for itself.

internal import Glibc
internal import inotify_shim

/// One inotify instance. Used from one thread at a time.
public final class INotify: Sendable {
    /// The kernel's handle of a watched directory.
    public struct Watch: Hashable, Sendable {
        let number: Int32
    }

    /// What happened.
    public struct Event: Sendable, Equatable {
        public enum Kind: Sendable, Equatable {
            /// A file was closed after writing, or moved in: it may be complete.
            case arrived
            /// A name appeared: a directory, a link, or a file whose writer has just begun.
            case created
            /// Mode, owner, access list or times changed.
            case changed
            /// The kernel dropped events: only a scan knows.
            case overflow
            /// The watched directory itself was moved, removed or unmounted.
            case lost
            /// The kernel removed the watch.
            case ended
        }

        public var kind: Kind
        public var watch: Watch
        /// Nil if it is about the watched directory itself.
        public var name: FileName?
        public var isDirectory: Bool
    }

    let descriptor: Descriptor

    public init() throws(FileError) {
        descriptor = Descriptor(try kernel(.inotifyInit, "inotify") { ct_inotify_open() }, path: "inotify")
    }

    /// Watches a directory; the same directory always gets the same watch.
    public func watch(_ directory: Directory) throws(FileError) -> Watch {
        // Not IN_MOVED_FROM: every claim would cause one. IN_MOVE_SELF tells of directories that leave.
        let mask = UInt32(
            IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
        // Through the descriptor: the directory that was opened is watched, whatever its name leads to now.
        let name = "/proc/self/fd/\(directory.descriptor.number)"
        let number = try kernel(.inotifyAddWatch, directory.path) {
            unsafe withNulTerminated(Array(name.utf8)) { unsafe ct_inotify_add(descriptor.number, $0, mask) }
        }
        return Watch(number: number)
    }

    /// Ends a watch; harmless if the kernel ended it already.
    public func end(_ watch: Watch) { _ = ct_inotify_remove(descriptor.number, watch.number) }

    /// The events that wait now, in their order; empty when there are none. `buffer` is scratch space of
    /// at least 4 KB, and bounds how many come at once.
    public func events(_ buffer: inout [UInt8]) throws(FileError) -> [Event] {
        let filled: Int
        do throws(FileError) {
            filled = try descriptor.read(into: &buffer)
        } catch  where error.isBusy {
            return []
        }
        return unsafe buffer.withUnsafeBytes { raw in
            var events: [Event] = []
            var offset = 0
            while offset + headerSize <= filled {
                let watch = unsafe raw.loadUnaligned(fromByteOffset: offset, as: Int32.self)
                let mask = unsafe raw.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                let length = Int(unsafe raw.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
                let field = unsafe raw[(offset + headerSize)..<(offset + headerSize + length)]
                let name = unsafe Array(field.prefix { $0 != 0 })
                offset += headerSize + length
                if let kind = kind(of: mask) {
                    events.append(
                        Event(
                            kind: kind, watch: Watch(number: watch), name: FileName(name),
                            isDirectory: mask & UInt32(IN_ISDIR) != 0))
                }
            }
            return events
        }
    }

    private func kind(of mask: UInt32) -> Event.Kind? {
        func has(_ bits: Int32) -> Bool { mask & UInt32(bits) != 0 }
        if has(IN_Q_OVERFLOW) { return .overflow }
        if has(IN_DELETE_SELF) || has(IN_MOVE_SELF) || has(IN_UNMOUNT) { return .lost }
        if has(IN_IGNORED) { return .ended }
        if has(IN_CLOSE_WRITE) || has(IN_MOVED_TO) { return .arrived }
        if has(IN_CREATE) { return .created }
        if has(IN_ATTRIB) { return .changed }
        return nil
    }
}

private let headerSize = 16

/// Wakes a thread that waits in ``INotify/wait(_:or:milliseconds:)`` from any other thread (eventfd(2)).
public final class Wakeup: Sendable {
    let descriptor: Descriptor

    public init() throws(FileError) {
        descriptor = Descriptor(try kernel(.eventfd, "eventfd") { ct_eventfd() }, path: "eventfd")
    }

    /// Never blocks; many signals before the next wait are one.
    public func signal() { try? descriptor.write([1, 0, 0, 0, 0, 0, 0, 0]) }

    func clear() {
        var scratch = [UInt8](repeating: 0, count: 8)
        _ = try? descriptor.read(into: &scratch)
    }

    /// Waits until signalled, events arrive on `inotify`, or the time is up.
    public func wait(or inotify: INotify?, milliseconds: Int) throws(FileError) -> (woken: Bool, events: Bool) {
        let ready = try kernel(.poll, "inotify") {
            ct_poll(descriptor.number, inotify?.descriptor.number ?? -1, Int32(clamping: milliseconds))
        }
        if ready & 1 != 0 { clear() }
        return (ready & 1 != 0, ready & 2 != 0)
    }
}

/// What is known of a file system by its statfs(2) magic number.
public struct FileSystemTraits: Sendable, Equatable {
    public var name: String
    /// Whether changes made by other machines (or by a user-space server) reach inotify.
    public var reportsEvents: Bool

    /// Looks up linux/magic.h's number; an unknown file system is taken for a local one.
    public init(magic: Int64) {
        let blind: [Int64: String] = [
            0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "SMB", 0xFE53_4D42: "SMB", 0x6573_5546: "FUSE",
            0x0102_1997: "9P", 0x0102_3456: "AFS", 0x5346_414F: "AFS", 0x00C3_6400: "Ceph", 0x7375_7245: "Coda",
            0x0BD0_0BD0: "Lustre", 0x4750_4653: "GPFS", 0x564C: "NCP",
        ]
        name = blind[magic] ?? "local"
        reportsEvents = blind[magic] == nil
    }
}
