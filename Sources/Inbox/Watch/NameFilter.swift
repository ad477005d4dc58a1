// Which names are left alone because a tool is still writing the file under them.

public import Files

/// Patterns of names that senders' tools use for unfinished files.
///
/// A pattern is matched against the last component of a path: `.*` (a leading dot), `*.part` (an ending),
/// `name*` (a beginning), `*~`, or a whole name. There is one `*` at most, at either end.
public struct NameFilter: Sendable, Equatable {
    /// What browsers, FTP servers, editors, rsync (`.NAME.XXXXXX`, so a leading dot) and scp-like tools use.
    public static let defaultPatterns = [
        ".*", "*~", "*.part", "*.partial", "*.tmp", "*.temp", "*.filepart", "*.crdownload", "*.download",
        "*.swp", "*.swx", "*.lock", "*.!sync", "~*",
    ]

    public struct InvalidPattern: Error, CustomStringConvertible {
        public var pattern: String
        public var description: String {
            "'\(pattern)' is not a pattern: a name with at most one '*', at its beginning or its end, and no '/'"
        }
    }

    /// Leaves only this program's own names alone.
    public static let none = NameFilter()

    private init() {}

    private var beginnings: [[UInt8]] = []
    private var endings: [[UInt8]] = []
    private var names: Set<[UInt8]> = []

    public init(_ patterns: [String]) throws(InvalidPattern) {
        for pattern in patterns {
            let bytes = Array(pattern.utf8)
            let star = UInt8(ascii: "*")
            guard !bytes.isEmpty, bytes != [star], !bytes.contains(UInt8(ascii: "/")),
                bytes.count(where: { $0 == star }) <= 1
            else { throw InvalidPattern(pattern: pattern) }
            if bytes.first == star {
                endings.append(Array(bytes.dropFirst()))
            } else if bytes.last == star {
                beginnings.append(Array(bytes.dropLast()))
            } else if !bytes.contains(star) {
                names.insert(bytes)
            } else {
                throw InvalidPattern(pattern: pattern)
            }
        }
    }

    /// Names of this program's own: half-delivered files, and the stations of an inbox elsewhere.
    public static let ownPrefix = Array(".copytaster".utf8)

    /// Whether a file or directory of this name (one component) is left alone.
    public func ignores(_ name: FileName) -> Bool {
        let name = name.bytes
        if name.starts(with: Self.ownPrefix) { return true }
        for beginning in beginnings where name.starts(with: beginning) { return true }
        for ending in endings where name.count >= ending.count && name.suffix(ending.count).elementsEqual(ending) {
            return true
        }
        return names.contains(name)
    }
}
