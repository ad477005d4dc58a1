// Each thing that the sandbox forbids, tried from inside it: what tests look at is how this process ends.

internal import Glibc

enum Forbidden {
    /// 0 if it could be done after all, which no test forgives; 3 if it was refused without ending the process.
    static func attempt(_ what: String) -> Int32 {
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
        default: return 64
        }
    }
}
