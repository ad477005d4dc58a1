// The access list of a directory (acl(5)), and the one change to it that is made here: one user more may write in it.

internal import Glibc
internal import inotify_shim

/// The entries of an access list.
struct AccessList: Equatable {
    struct Entry: Equatable {
        var tag: Tag
        /// Read 4, write 2, execute 1.
        var permissions: UInt16
        /// A user's or a group's number; `nobody` for the entries that name none.
        var id: UInt32
    }

    /// linux/posix_acl.h's tags; the kernel wants the entries in this order.
    enum Tag: UInt16 {
        case owner = 0x01
        case user = 0x02
        case owningGroup = 0x04
        case group = 0x08
        case mask = 0x10
        case other = 0x20
    }

    static let nobody = UInt32.max
    private static let version: [UInt8] = [2, 0, 0, 0]

    var entries: [Entry]

    /// That of a file that has only a mode.
    init(mode: UInt32) {
        func entry(_ tag: Tag, _ shift: UInt32) -> Entry {
            Entry(tag: tag, permissions: UInt16(mode >> shift & 7), id: Self.nobody)
        }
        entries = [entry(.owner, 6), entry(.owningGroup, 3), entry(.other, 0)]
    }

    /// The kernel's form (linux/posix_acl_xattr.h); nil for another version of it.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Self.version), bytes.count % 8 == 4 else { return nil }
        entries = []
        for start in stride(from: 4, to: bytes.count, by: 8) {
            func number(_ offset: Int, _ count: Int) -> UInt32 {
                (0..<count).reduce(0) { $0 | UInt32(bytes[start + offset + $1]) << UInt32(8 * $1) }
            }
            guard let tag = Tag(rawValue: UInt16(number(0, 2))) else { return nil }
            entries.append(Entry(tag: tag, permissions: UInt16(number(2, 2)), id: number(4, 4)))
        }
    }

    var bytes: [UInt8] {
        func bytes(_ number: UInt32, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
        }
        return entries.reduce(Self.version) {
            $0 + bytes(UInt32($1.tag.rawValue), 2) + bytes(UInt32($1.permissions), 2) + bytes($1.id, 4)
        }
    }

    /// This list with all permissions for one user more. Nobody else gets any: what the mask kept from the others is
    /// taken from them before it is widened.
    func giving(_ user: UInt32) -> AccessList {
        var list = self
        let mask = entries.first { $0.tag == .mask }?.permissions
        for index in list.entries.indices where [.user, .owningGroup, .group].contains(list.entries[index].tag) {
            list.entries[index].permissions &= mask ?? 7
        }
        list.entries.removeAll { $0.tag == .mask || $0.tag == .user && $0.id == user }
        list.entries += [
            Entry(tag: .user, permissions: 7, id: user), Entry(tag: .mask, permissions: 7, id: Self.nobody),
        ]
        list.entries.sort { ($0.tag.rawValue, $0.id) < ($1.tag.rawValue, $1.id) }
        return list
    }
}

extension Directory {
    /// Lets this process's user write in a directory of somebody else, by an entry in its access list: what only its owner
    /// may, and who has CAP_FOWNER. Nobody else may more than before.
    public func giveLeave() throws(FileError) {
        let mode = try descriptor.status().permissions
        var old = AccessList(mode: mode)
        do throws(FileError) {
            if let list = AccessList(try accessList()) { old = list }
        } catch  where error.code == ENODATA {}
        let new = old.giving(Process.user).bytes
        try kernel(.setACL, path) {
            unsafe new.withUnsafeBytes { unsafe ct_set_acl(descriptor.number, $0.baseAddress, $0.count) }
        }
    }

    func accessList() throws(FileError) -> [UInt8] {
        // More entries than anybody keeps; a longer list is an error (ERANGE), and the directory is left alone.
        var buffer = [UInt8](repeating: 0, count: 4096)
        let length = try kernel(.getACL, path) {
            unsafe buffer.withUnsafeMutableBytes { unsafe ct_get_acl(descriptor.number, $0.baseAddress, $0.count) }
        }
        return Array(buffer.prefix(Int(length)))
    }
}
