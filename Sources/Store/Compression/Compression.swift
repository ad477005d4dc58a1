// How documents' bytes are kept: verbatim, or as a zstd frame (RFC 8878), by a dictionary of the archive's own
// phrases once there is one. What is compressed here is proved by the document's SHA-256, so frames carry no sum.

internal import CZstd
package import GRDB

package enum Compression {
    /// Smaller documents are kept verbatim: nothing is gained.
    static let threshold = 200

    static let verbatim = 0
    static let zstd = 1
    /// Codings from here on are a frame by a dictionary: 2 by number 1, and so on.
    static let firstDictionary = 2

    /// Beyond level 2 a story of 3 KB costs half as much again, for 3 % less (docs/performance.md).
    static let level: CInt = 2

    /// The bytes of a document as they were delivered. What comes from the disk may be damaged: that is told, and
    /// must never ask for all memory.
    package static func decompress(coding: Int, _ bytes: [UInt8], id: Int64, _ db: Database) throws -> [UInt8] {
        if coding == verbatim { return bytes }
        let size = unsafe bytes.withUnsafeBytes { unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        guard coding >= zstd, size < 1 << 32 else { throw damaged(id) }
        let dictionary = coding == zstd ? nil : try CompressionDictionary.load(coding - firstDictionary + 1, db)
        let decompressed = unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { out, count in
            let n = unsafe bytes.withUnsafeBytes { source in
                if let dictionary {
                    unsafe dictionary.decompress(source, into: UnsafeMutableRawBufferPointer(out))
                } else {
                    unsafe ZSTD_decompress(out.baseAddress, out.count, source.baseAddress, source.count)
                }
            }
            count = ZSTD_isError(n) == 0 ? n : 0
        }
        guard decompressed.count == Int(size) else { throw damaged(id) }
        return decompressed
    }

    private static func damaged(_ id: Int64) -> StoreError {
        StoreError(damaged: "the bytes of document \(id) cannot be decompressed")
    }
}

/// A document's bytes as the store keeps them.
public struct CompressedDocument: Sendable {
    package let coding: Int
    package let bytes: [UInt8]
}

/// Compresses documents; each worker has its own, since what zstd works with is made once and used again and again.
@safe public final class Compressor {
    /// Owned.
    private let context: OpaquePointer?
    private var dictionary: CompressionDictionary?

    public init() {
        unsafe context = ZSTD_createCCtx()
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Compression.level)
        // The row says which dictionary.
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0)
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// Compresses by the given dictionary, or without one.
    public func compress(_ bytes: [UInt8], by dictionary: CompressionDictionary?) -> CompressedDocument {
        let verbatim = CompressedDocument(coding: Compression.verbatim, bytes: bytes)
        guard bytes.count >= Compression.threshold, unsafe context != nil else { return verbatim }
        if dictionary !== self.dictionary {
            unsafe ZSTD_CCtx_refCDict(context, dictionary?.forCompressing)
            self.dictionary = dictionary
        }
        let bound = ZSTD_compressBound(bytes.count)
        let compressed = unsafe withUnsafeTemporaryAllocation(byteCount: bound, alignment: 16) { out in
            let n = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compress2(context, out.baseAddress, bound, source.baseAddress, source.count)
            }
            // Copied, so that what waits for its COMMIT takes no more memory than it needs.
            return ZSTD_isError(n) == 0 && n < bytes.count ? unsafe Array(out.prefix(n)) : []
        }
        if compressed.isEmpty { return verbatim }
        let coding = dictionary.map { Compression.firstDictionary + $0.number - 1 } ?? Compression.zstd
        return CompressedDocument(coding: coding, bytes: compressed)
    }
}
