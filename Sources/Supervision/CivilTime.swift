// A moment as people write it: for the lines on standard error, and for nothing that decides.

internal import Glibc

/// A broken-down time of the wall clock.
struct CivilTime {
    private let fields: [Int32]
    private let suffix: String

    /// The corresponding C function is `localtime_r`.
    init(local time: time_t) {
        var time = time
        var parts = unsafe tm()
        unsafe _ = localtime_r(&time, &parts)
        unsafe self.init(parts, suffix: "")
    }

    /// The corresponding C function is `gmtime_r`.
    init(utc time: time_t) {
        var time = time
        var parts = unsafe tm()
        unsafe _ = gmtime_r(&time, &parts)
        unsafe self.init(parts, suffix: "Z")
    }

    /// `tm` points to the name of its zone, so only its numbers are kept.
    private init(_ parts: tm, suffix: String) {
        fields = unsafe [
            parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ]
        self.suffix = suffix
    }

    /// 14:03:22
    var timeOfDay: String { fields[3...].map(Self.two).joined(separator: ":") }

    /// 2024-12-03T14:03:22Z
    var dateAndTime: String { fields[..<3].map(Self.two).joined(separator: "-") + "T" + timeOfDay + suffix }

    private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
