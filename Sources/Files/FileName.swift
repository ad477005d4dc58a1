// The name of an entry of a directory. Every call that changes the file system takes one, and a directory that was
// opened before: a path of several components cannot be passed, so no link that a stranger plants on the way leads out.

/// One component of a path, as raw bytes. Linux names are bytes, never assumed to be UTF-8.
public struct FileName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// The name of these bytes; nil if they can name no entry: empty, `.`, `..`, or with a `/` or a NUL.
    public init?(_ bytes: [UInt8]) {
        guard Self.isValid(bytes[...]) else { return nil }
        self.bytes = bytes
    }

    /// - Precondition: the bytes are a name; the kernel gave them, or they were cut out of a valid path.
    init(valid bytes: [UInt8]) { self.bytes = bytes }

    /// A number, in decimal digits.
    public init(_ number: Int64) { bytes = Array(String(number).utf8) }

    /// A number and an ending, such as `17.json`.
    ///
    /// - Precondition: the ending has no `/` and no NUL.
    public init(number: Int64, ending: String) { bytes = Array("\(number)\(ending)".utf8) }

    /// The last component of a path of this machine; nil if that is no name, as of `/`.
    public init?(ofPath path: String) {
        let last = path.utf8.split(separator: RelativePath.separator).last
        self.init(last.map { Array($0) } ?? [])
    }

    /// The number that the name is, as ``init(_:)-(Int64)`` writes it; nil for every other name.
    public var number: Int64? {
        guard bytes.count <= 19, let number = Int64(String(decoding: bytes, as: UTF8.self)), number > 0,
            FileName(number) == self
        else { return nil }
        return number
    }

    static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, !bytes.contains(RelativePath.separator), !bytes.contains(0) else { return false }
        let dot = UInt8(ascii: ".")
        return first != dot || bytes.count > 2 || bytes.contains { $0 != dot }
    }

    public static func < (a: FileName, b: FileName) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    public var description: String { PrintableName(bytes).text }

    /// Calls `body` with the bytes and a closing NUL.
    @inline(__always)
    func withCString<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe withNulTerminated(bytes, body)
    }
}

extension FileName: ExpressibleByStringLiteral {
    /// - Precondition: it is a name; literals are ours.
    public init(stringLiteral: String) {
        guard let name = FileName(Array(stringLiteral.utf8)) else { preconditionFailure("no name: \(stringLiteral)") }
        self = name
    }
}
