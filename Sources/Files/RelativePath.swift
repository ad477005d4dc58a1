// A file's name on the road: its path below the inbox, as bytes. Linux names are bytes, never assumed
// to be UTF-8; only `display` and `json` make text of them.

/// The path of a file relative to a directory: components joined by `/`, as raw bytes.
public struct RelativePath: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The bytes, without a leading or trailing `/`; empty for the directory itself.
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public init(_ string: String) { bytes = Array(string.utf8) }

    /// The path made of these components.
    public init(components: some Sequence<[UInt8]>) {
        bytes = Array(components.joined(separator: [Self.separator]))
    }

    /// The byte between components.
    public static let separator = UInt8(ascii: "/")

    /// This path with one more component.
    public func appending(_ component: [UInt8]) -> RelativePath {
        if bytes.isEmpty { return RelativePath(component) }
        var joined = [UInt8]()
        joined.reserveCapacity(bytes.count + 1 + component.count)
        joined += bytes
        joined.append(Self.separator)
        joined += component
        return RelativePath(joined)
    }

    /// The last component.
    public var last: [UInt8] {
        guard let cut = bytes.lastIndex(of: Self.separator) else { return bytes }
        return Array(bytes[(cut + 1)...])
    }

    /// All but the last component; empty when there is only one.
    public var directory: RelativePath {
        guard let cut = bytes.lastIndex(of: Self.separator) else { return RelativePath([]) }
        return RelativePath(Array(bytes[..<cut]))
    }

    public var components: [[UInt8]] { bytes.split(separator: Self.separator).map(Array.init) }

    /// How many directories lie between the root and this path's last component.
    public var depth: Int { bytes.count { $0 == Self.separator } }

    /// The *source*: the first directory, if there is one.
    public var source: RelativePath? {
        guard let cut = bytes.firstIndex(of: Self.separator) else { return nil }
        return RelativePath(Array(bytes[..<cut]))
    }

    public func isBelow(_ directory: RelativePath) -> Bool {
        directory.bytes.isEmpty
            || bytes.count > directory.bytes.count && bytes.starts(with: directory.bytes)
                && bytes[directory.bytes.count] == Self.separator
    }

    public static func < (a: RelativePath, b: RelativePath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    /// The name as text that cannot hurt a terminal or a log: as it is when it is printable UTF-8, else
    /// with every other byte and `%` itself percent-escaped.
    public var display: (text: String, escaped: Bool) {
        if let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ !RelativePath.isUnprintable($0) })
        {
            return (text, false)
        }
        return (RelativePath.percentEscaped(bytes), true)
    }

    public var description: String { display.text }

    static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }

    static func percentEscaped(_ bytes: [UInt8]) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in bytes {
            if byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "%") {
                out.append(byte)
            } else {
                out += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Calls `body` with the bytes and a closing NUL.
    @inline(__always)
    func withCString<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe withNulTerminated(bytes, body)
    }
}

/// Calls `body` with `bytes` as a C string, without touching the heap.
@inline(__always)
func withNulTerminated<Result, Failure: Error>(
    _ bytes: [UInt8], _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
) throws(Failure) -> Result {
    try unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) {
        buffer throws(Failure) -> Result in
        for i in bytes.indices { unsafe buffer[i] = CChar(bitPattern: bytes[i]) }
        unsafe buffer[bytes.count] = 0
        // A temporary allocation of at least one element always has an address.
        guard let base = buffer.baseAddress else { preconditionFailure("empty temporary allocation") }
        return try unsafe body(UnsafePointer(base))
    }
}
