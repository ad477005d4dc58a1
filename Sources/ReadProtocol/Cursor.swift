// A place in the ledger, as consumers keep it.

/// A ledger row, with the epoch that its number belongs to.
public struct Cursor: Sendable, Equatable, CustomStringConvertible {
    public var epoch: String?
    public var row: Int64

    public var description: String { epoch.map { "\($0):\(row)" } ?? "\(row)" }

    public init(epoch: String?, row: Int64) { (self.epoch, self.row) = (epoch, row) }

    /// `49`, or `0123456789abcdef:49`.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let last = parts.last, last.allSatisfy({ $0.isASCII && $0.isNumber }), let row = Int64(last) else {
            return nil
        }
        guard parts.count > 1 else {
            self.init(epoch: nil, row: row)
            return
        }
        guard parts.count == 2, parts[0].count == 16, parts[0].allSatisfy(\.isHexDigit) else { return nil }
        self.init(epoch: parts[0].lowercased(), row: row)
    }
}
