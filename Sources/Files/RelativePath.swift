// A delivery's name: its path below the inbox, as bytes. It is data: the file itself lies in work/ under a number.

/// The path of a file relative to a directory: names joined by `/`, as raw bytes.
public struct RelativePath: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The bytes, without a leading or trailing `/`; empty for the directory itself.
    public let bytes: [UInt8]

    private init(valid bytes: [UInt8]) { self.bytes = bytes }

    /// The directory itself.
    public static let root = RelativePath(valid: [])

    /// The path of these bytes.
    ///
    /// - Returns: nil if one of its components can be no name (``FileName``): empty, `.`, `..`, or with a NUL.
    public init?(_ bytes: [UInt8]) {
        let components = bytes.split(separator: Self.separator, omittingEmptySubsequences: false)
        guard bytes.isEmpty || components.allSatisfy({ FileName.isValid($0) }) else { return nil }
        self.bytes = bytes
    }

    public init?(_ string: String) { self.init(Array(string.utf8)) }

    public init(_ name: FileName) { bytes = name.bytes }

    /// The path made of these components.
    public init(components: some Sequence<FileName>) {
        bytes = Array(components.map(\.bytes).joined(separator: [Self.separator]))
    }

    /// The byte between components.
    public static let separator = UInt8(ascii: "/")

    /// This path with one more component.
    public func appending(_ name: FileName) -> RelativePath {
        if bytes.isEmpty { return RelativePath(name) }
        var joined = [UInt8]()
        joined.reserveCapacity(bytes.count + 1 + name.bytes.count)
        joined += bytes
        joined.append(Self.separator)
        joined += name.bytes
        return RelativePath(valid: joined)
    }

    /// The last component; nil for the directory itself.
    public var last: FileName? {
        if bytes.isEmpty { return nil }
        guard let cut = bytes.lastIndex(of: Self.separator) else { return FileName(valid: bytes) }
        return FileName(valid: Array(bytes[(cut + 1)...]))
    }

    /// All but the last component; empty when there is only one.
    public var directory: RelativePath {
        guard let cut = bytes.lastIndex(of: Self.separator) else { return .root }
        return RelativePath(valid: Array(bytes[..<cut]))
    }

    public var components: [FileName] {
        bytes.split(separator: Self.separator).map { FileName(valid: Array($0)) }
    }

    /// How many directories lie between the root and this path's last component.
    public var depth: Int { bytes.count { $0 == Self.separator } }

    /// The *source*: the first directory, if there is one.
    public var source: FileName? {
        guard let cut = bytes.firstIndex(of: Self.separator) else { return nil }
        return FileName(valid: Array(bytes[..<cut]))
    }

    public func isBelow(_ directory: RelativePath) -> Bool {
        directory.bytes.isEmpty
            || bytes.count > directory.bytes.count && bytes.starts(with: directory.bytes)
                && bytes[directory.bytes.count] == Self.separator
    }

    public static func < (a: RelativePath, b: RelativePath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    public var description: String { PrintableName(bytes).text }

    /// Calls `body` with the bytes and a closing NUL.
    @inline(__always)
    func withCString<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe withNulTerminated(bytes, body)
    }
}

extension RelativePath: ExpressibleByStringLiteral {
    /// - Precondition: it is a path; literals are ours.
    public init(stringLiteral: String) {
        guard let path = RelativePath(Array(stringLiteral.utf8)) else {
            preconditionFailure("no path: \(stringLiteral)")
        }
        self = path
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
