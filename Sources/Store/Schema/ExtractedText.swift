// The text that a reader took out of a document that is not text itself (XML, a web page): kept with the reading, so that
// no parser of such formats runs when a story is looked at. Compressed as documents are, with the coding in front.

package import GRDB

package enum ExtractedText {
    /// The coding in two bytes, then the bytes.
    static func encoded(_ text: CompressedDocument) -> [UInt8] {
        [UInt8(truncatingIfNeeded: text.coding >> 8), UInt8(truncatingIfNeeded: text.coding)] + text.bytes
    }

    package static func decoded(_ bytes: [UInt8], id: Int64, _ db: Database) throws -> [UInt8] {
        guard bytes.count >= 2 else { throw StoreError(damaged: "the text of story \(id) is cut off") }
        return try Compression.decompress(
            coding: Int(bytes[0]) << 8 | Int(bytes[1]), Array(bytes[2...]), id: id, db)
    }
}
