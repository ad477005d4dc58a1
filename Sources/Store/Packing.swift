// How documents' bytes are kept: verbatim, or as a zstd frame (RFC 8878) where that is worth the time.

internal import CZstd

enum Packing {
    /// Smaller documents are kept verbatim: zstd costs more than the whole commit of a 3 KB story.
    static let threshold = 16 << 10

    static let verbatim = 0
    static let zstd = 1

    static func pack(_ bytes: [UInt8]) -> (coding: Int, bytes: [UInt8]) {
        guard bytes.count >= threshold else { return (verbatim, bytes) }
        let bound = ZSTD_compressBound(bytes.count)
        let packed = unsafe [UInt8](unsafeUninitializedCapacity: bound) { out, count in
            let n = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compress(out.baseAddress, bound, source.baseAddress, source.count, 1)
            }
            count = ZSTD_isError(n) == 0 ? n : 0
        }
        return packed.isEmpty || packed.count >= bytes.count ? (verbatim, bytes) : (zstd, packed)
    }

    static func unpack(coding: Int, _ bytes: [UInt8], id: Int64) throws -> [UInt8] {
        if coding == verbatim { return bytes }
        let size = unsafe bytes.withUnsafeBytes { unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        // The size comes from the disk: a damaged one must not ask for all memory.
        guard coding == zstd, size < 1 << 32 else { throw damaged(id) }
        let unpacked = unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { out, count in
            let n = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_decompress(out.baseAddress, out.count, source.baseAddress, source.count)
            }
            count = ZSTD_isError(n) == 0 ? n : 0
        }
        guard unpacked.count == Int(size) else { throw damaged(id) }
        return unpacked
    }

    private static func damaged(_ id: Int64) -> StoreError {
        StoreError(damaged: "the bytes of document \(id) cannot be unpacked")
    }
}
