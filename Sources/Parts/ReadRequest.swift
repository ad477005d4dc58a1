// What the daemon asks a reader process: one line, with the open file beside it.

/// A line that asks for the parts of a file.
public struct ReadRequest: Sendable, Equatable {
    /// The file's size when it was asked for, which ranges of parts refer to.
    public var size: Int
    /// What its first bytes say that it is.
    public var format: Format
    /// Names of formats that are not read: their files are rejected.
    public var switchedOff: Set<Format> = []
    public var limits: ReadLimits

    public init(size: Int, format: Format, limits: ReadLimits, switchedOff: Set<Format> = []) {
        self.size = size
        self.format = format
        self.limits = limits
        self.switchedOff = switchedOff
    }

    /// The line, without its newline.
    public var line: [UInt8] {
        let numbers = [
            size, limits.parts, limits.partBytes, limits.totalBytes, limits.ratio, limits.depth, limits.textBytes,
            limits.fields, limits.seconds,
        ]
        let off = switchedOff.map(\.rawValue).sorted().joined(separator: ",")
        return Array(
            "read \(format.rawValue) \(numbers.map(String.init).joined(separator: " ")) \(off.isEmpty ? "-" : off)".utf8
        )
    }

    /// Nil for a line that is no such request.
    public init?(line: [UInt8]) {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 12, words[0] == "read", let format = Format(rawValue: String(words[1])) else { return nil }
        let numbers = words[2..<11].compactMap { Int($0) }
        guard numbers.count == 9, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        var limits = ReadLimits()
        limits.parts = numbers[1]
        limits.partBytes = numbers[2]
        limits.totalBytes = numbers[3]
        limits.ratio = numbers[4]
        limits.depth = numbers[5]
        limits.textBytes = numbers[6]
        limits.fields = numbers[7]
        limits.seconds = numbers[8]
        self.init(
            size: numbers[0], format: format, limits: limits,
            switchedOff: words[11] == "-"
                ? [] : Set(words[11].split(separator: ",").compactMap { Format(rawValue: String($0)) }))
    }
}
