// SHA-256 (FIPS 180-4) by OpenSSL's libcrypto, which uses the CPU's instructions for it.

internal import CCrypto

/// A SHA-256 digest: the identity of a document's bytes.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// The digest of `data`.
    public init(of data: [UInt8]) {
        bytes = unsafe [UInt8](unsafeUninitializedCapacity: 32) { out, count in
            unsafe data.withUnsafeBufferPointer { unsafe _ = CCrypto.SHA256($0.baseAddress, $0.count, out.baseAddress) }
            count = 32
        }
    }

    /// A digest that was computed before; nil unless it has 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// A digest written as 64 hexadecimal digits.
    public init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for i in stride(from: 0, to: 64, by: 2) {
            guard let byte = UInt8(String(decoding: digits[i...i + 1], as: UTF8.self), radix: 16) else { return nil }
            bytes.append(byte)
        }
        self.bytes = bytes
    }

    /// The first eight bytes, for tables in memory; a match there must be confirmed.
    public var prefix: UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// 64 hexadecimal digits.
    public var description: String {
        unsafe String(unsafeUninitializedCapacity: 64) { out in
            for (index, byte) in bytes.enumerated() {
                unsafe out[2 * index] = SHA256Digest.digit(byte >> 4)
                unsafe out[2 * index + 1] = SHA256Digest.digit(byte & 15)
            }
            return 64
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }
}
