// Each thing that the sandbox forbids, tried from inside it: what tests look at is how this process ends.

internal import Glibc

enum Forbidden {
    /// 0 if it could be done after all, which no test forgives; 3 if it was refused without ending the process.
    static func attempt(_ what: String, status: Int32) -> Int32 {
        switch what {
        case "open": return unsafe open("/etc/passwd", O_RDONLY) < 0 ? 3 : 0
        case "write":
            // Standard output may be a file: not a byte may be added to it.
            return unsafe write(1, [UInt8](repeating: 0x61, count: 1), 1) < 0 ? 3 : 0
        case "socket": return socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) < 0 ? 3 : 0
        case "fork":
            var child = pid_t()
            return unsafe posix_spawn(&child, "/bin/true", nil, nil, [nil], nil) != 0 ? 3 : 0
        case "kill": return kill(getppid(), 0) < 0 ? 3 : 0
        case "memory":
            let size = Int(Sandbox.memory)
            return unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
                ? 3 : 0
        case "privileges": return unsafe execv("/bin/su", [nil]) < 0 ? 3 : 0
        case "nothing": return 0
        case "capabilities": return hasCapabilities(status) ? 3 : 0
        default: return 64
        }
    }

    /// What /proc/self/status, opened before the lock, says behind it: no capability, no new privileges, a filter.
    private static func hasCapabilities(_ status: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = unsafe pread(status, &bytes, bytes.count, 0)
        let lines = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
        func value(_ key: String) -> String? {
            lines.first { $0.hasPrefix(key + ":") }?.dropFirst(key.utf8.count + 1).filter { $0 != "\t" && $0 != " " }
        }
        return value("CapEff").flatMap { UInt64($0, radix: 16) } != 0
            || value("CapPrm").flatMap { UInt64($0, radix: 16) } != 0
            || value("NoNewPrivs") != "1" || value("Seccomp") != "2"
    }
}
