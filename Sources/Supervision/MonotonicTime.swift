// The one clock of this module: CLOCK_MONOTONIC, which is what systemd measures a watchdog and a reload with
// (sd_notify(3), systemd.service(5)). The wall clock decides nothing here. Everything that decides takes the time as an
// argument, so a test plays it by hand.

internal import Glibc

/// A reading of CLOCK_MONOTONIC.
public struct MonotonicTime: Sendable, Comparable, Hashable {
    public var nanoseconds: UInt64

    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// The time now. The corresponding C function is `clock_gettime`.
    public static func now() -> MonotonicTime {
        var time = timespec()
        // Cannot fail: the clock is always there and the address is good (clock_gettime(2)).
        unsafe _ = clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    public var microseconds: UInt64 { nanoseconds / 1000 }

    public static func < (a: MonotonicTime, b: MonotonicTime) -> Bool { a.nanoseconds < b.nanoseconds }

    /// This time and a while; a while before zero is zero.
    public static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(UInt64(clamping: duration.nanoseconds))
        return MonotonicTime(nanoseconds: overflow ? .max : sum)
    }

    /// From `b` to `a`; negative when `a` is the earlier.
    public static func - (a: MonotonicTime, b: MonotonicTime) -> Duration {
        .nanoseconds(Int64(clamping: Int128(a.nanoseconds) - Int128(b.nanoseconds)))
    }
}

extension Duration {
    /// In whole nanoseconds; what does not fit is clamped (292 years).
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (seconds > 0 ? .max : .min) : whole &+ attoseconds / 1_000_000_000
    }

    var inSeconds: Double { Double(nanoseconds) / 1e9 }
}
