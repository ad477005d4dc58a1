// A moment as people write it: for the lines on standard error, and for nothing that decides.

internal import Glibc

enum CivilTime {
    /// 14:03:22, where this machine is. The corresponding C function is `localtime_r`.
    static func timeOfDay(_ time: time_t) -> String {
        var (time, parts) = unsafe (time, tm())
        unsafe _ = localtime_r(&time, &parts)
        return unsafe text(&parts, "%H:%M:%S")
    }

    /// 2024-12-03T14:03:22Z. The corresponding C function is `gmtime_r`.
    static func dateAndTime(_ time: time_t) -> String {
        var (time, parts) = unsafe (time, tm())
        unsafe _ = gmtime_r(&time, &parts)
        return unsafe text(&parts, "%Y-%m-%dT%H:%M:%SZ")
    }

    /// Nothing in these formats depends on a language (strftime(3)).
    private static func text(_ parts: inout tm, _ format: String) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            let count = unsafe strftime(start, buffer.count, format, &parts)
            return unsafe String(decoding: UnsafeRawBufferPointer(buffer)[..<count], as: UTF8.self)
        }
    }
}
