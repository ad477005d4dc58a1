// One process at a time: a lock that dies with its holder (flock(2)), in a file that names the holder and
// the boot it ran in.

internal import Glibc

/// Why a lock cannot be had.
public enum LockError: Error, Sendable, CustomStringConvertible {
    case unusable(FileError)
    /// Another process has it; `holder` is its process number.
    case held(path: String, holder: String)

    public var description: String {
        switch self {
        case .unusable(let error): error.description
        case .held(let path, let holder): "\(path) is in use by process \(holder.isEmpty ? "(unknown)" : holder)"
        }
    }

    public var hint: String {
        switch self {
        case .unusable(let error): error.hint ?? "check the directory and its permissions"
        case .held: "stop that process first (systemctl stop copytaster), or name another directory"
        }
    }
}

/// The lock on a directory. Held as long as the value lives.
public struct ProcessLock: Sendable {
    /// The file in the directory; a name that no delivery can have.
    public static let fileName: FileName = ".copytaster.lock"

    public let directory: Directory
    /// Whether the last holder ran since the machine was booted: then no power cut came between.
    public let isSameBoot: Bool
    private let file: Descriptor

    /// Makes the directory if it is missing, and takes its lock.
    public init(directory path: String, mode: UInt32 = 0o700) throws(LockError) {
        let directory: Directory
        do throws(FileError) { directory = try Directory(making: path, mode: mode) } catch { throw .unusable(error) }
        try self.init(directory)
    }

    /// Takes the lock of an open directory.
    public init(_ directory: Directory) throws(LockError) {
        let boot = ProcessLock.boot()
        let previous: [Substring]
        let isMine: Bool
        do throws(FileError) {
            file = try directory.create(Self.fileName, mode: 0o600, reuse: true)
            isMine = try ProcessLock.take(file)
            let text = String(decoding: try file.readAll(expected: 64, limit: 256), as: UTF8.self)
            previous = text.split(whereSeparator: \.isWhitespace)
            if isMine {
                try file.truncate(to: 0)
                try file.write(Array("\(Process.number) \(boot)\n".utf8))
            }
        } catch { throw .unusable(error) }
        guard isMine else { throw .held(path: directory.path, holder: previous.first.map(String.init) ?? "") }
        self.directory = directory
        isSameBoot = previous.count == 2 && previous[1] == boot && !boot.isEmpty
    }

    /// Whoever only looks who has the lock holds it for an instant: that must keep nobody from starting.
    private static func take(_ file: Descriptor) throws(FileError) -> Bool {
        for _ in 0..<20 {
            if try file.lock() { return true }
            Process.sleep(for: .milliseconds(25))
        }
        return false
    }

    /// Lets another process have it, before the value goes.
    public func release() { file.unlock() }

    /// Who holds a lock.
    public enum Holder: Sendable, Equatable {
        case nobody
        /// A process, by its number.
        case process(String)
        /// This user may not see it.
        case hidden
    }

    /// Who holds the lock of a directory now.
    public static func holder(of directory: Directory) -> Holder {
        let file: Descriptor
        do throws(FileError) {
            file = try directory.open(fileName)
        } catch {
            guard error.isForbidden else { return .nobody }
            return holderByKernel(of: directory).map { .process($0) } ?? .hidden
        }
        guard (try? file.lock()) == false, let text = try? file.readAll(expected: 64, limit: 256) else {
            return .nobody
        }
        return .process(String(decoding: text, as: UTF8.self).split(separator: " ").first.map(String.init) ?? "")
    }

    /// The process, as the kernel names it (proc_locks(5)) to those who may not open the lock: who could open it could
    /// also take it. Nil if it names none, or another number for the file, as on an overlay.
    static func holderByKernel(of directory: Directory) -> String? {
        guard let lock = try? directory.status(fileName), let kernel = try? Directory(path: "/proc"),
            let text = try? kernel.open("locks").readAll(expected: 4096, limit: 1 << 20)
        else { return nil }
        func hexadecimal(_ number: UInt64) -> String { (number < 16 ? "0" : "") + String(number, radix: 16) }
        let file = "\(hexadecimal(lock.device >> 32)):\(hexadecimal(lock.device & 0xFFFF_FFFF)):\(lock.inode)"
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            // 1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF
            let fields = line.split(separator: " ")
            if fields.count >= 6, fields[1] == "FLOCK", fields[5] == file { return String(fields[4]) }
        }
        return nil
    }

    /// The kernel's random name of this boot.
    private static func boot() -> String {
        guard let kernel = try? Directory(path: "/proc/sys/kernel/random"),
            let bytes = try? kernel.open("boot_id").readAll(expected: 64, limit: 64)
        else { return "" }
        return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    }
}
