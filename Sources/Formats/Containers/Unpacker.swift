// libarchive: the one file that calls it. Promises: reads from memory alone; stops where the limits say, with figures; a member
// that is damaged or encrypted is said so and does not hide the others, as far as the container can be read on.

internal import CArchive
internal import Parts

/// An archive being read.
@safe final class Unpacker {
    /// What became of a member's bytes.
    enum Data {
        case bytes([UInt8])
        case rejected(PartRejection)
    }

    struct Member {
        var path: String
        var isFile: Bool
        var isEncrypted: Bool
        var size: Int?
    }

    private let archive: OpaquePointer
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let limits: ReadLimits
    private(set) var unpacked = 0

    /// - Parameter asStream: what is compressed is one file, not an archive.
    init?(_ source: [UInt8], limits: ReadLimits, asStream: Bool) {
        guard let archive = unsafe archive_read_new() else { return nil }
        unsafe self.archive = archive
        self.limits = limits
        // libarchive keeps a pointer to what it reads, so that it has to stay where it is.
        unsafe bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(source.count, 1))
        _ = unsafe bytes.initialize(from: source)
        unsafe archive_read_support_filter_gzip(archive)
        unsafe archive_read_support_filter_bzip2(archive)
        unsafe archive_read_support_filter_xz(archive)
        unsafe archive_read_support_filter_lzma(archive)
        unsafe archive_read_support_filter_zstd(archive)
        if asStream {
            unsafe archive_read_support_format_raw(archive)
        } else {
            unsafe archive_read_support_format_tar(archive)
            unsafe archive_read_support_format_zip(archive)
        }
        guard unsafe archive_read_open_memory(archive, bytes.baseAddress, source.count) == ARCHIVE_OK else {
            return nil
        }
    }

    deinit {
        unsafe archive_read_free(archive)
        unsafe bytes.deallocate()
    }

    /// What libarchive says is wrong.
    var trouble: String {
        guard let text = unsafe archive_error_string(archive) else { return "it is damaged" }
        return unsafe String(cString: text)
    }

    /// The next member; nil at the end. Throws what is wrong if the rest cannot be read.
    func next() throws(Damage) -> Member? {
        var entry: OpaquePointer?
        switch unsafe archive_read_next_header(archive, &entry) {
        case ARCHIVE_EOF: return nil
        case ARCHIVE_OK, ARCHIVE_WARN:
            guard let entry = unsafe entry else { return nil }
            return unsafe Unpacker.member(entry)
        default: throw Damage(trouble: trouble)
        }
    }

    private static func member(_ entry: OpaquePointer) -> Member {
        // In what encoding names are, most archives do not say.
        var name: [UInt8] = []
        if let text = unsafe archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) {
            unsafe name.append(contentsOf: String(cString: text).utf8)
        }
        return Member(
            path: String(decoding: name, as: UTF8.self), isFile: unsafe archive_entry_filetype(entry) == 0o100000,
            isEncrypted: unsafe archive_entry_is_data_encrypted(entry) != 0,
            size: unsafe archive_entry_size_is_set(entry) != 0
                ? Int(clamping: unsafe archive_entry_size(entry)) : nil)
    }

    struct Damage: Error {
        var trouble: String
    }

    /// The bytes of the member that came last.
    func read() throws(Exhausted) -> Data {
        var data: [UInt8] = []
        while true {
            let room = 64 << 10
            let start = data.count
            var count = 0
            data.append(contentsOf: repeatElement(0, count: room))
            unsafe data.withUnsafeMutableBytes { raw in
                guard let base = raw.baseAddress else { return }
                unsafe count = archive_read_data(archive, base + start, room)
            }
            data.removeSubrange((start + max(count, 0))...)
            if count == 0 { return .bytes(data) }
            if count < 0 {
                return .rejected(
                    PartRejection(
                        code: "damaged", sentence: "it cannot be unpacked: \(trouble)",
                        hint: "have it sent again: it was cut off or damaged on its way"))
            }
            unpacked += count
            if unpacked > limits.totalBytes { throw Exhausted(rejection: .tooLarge(limits.totalBytes)) }
            if data.count > limits.partBytes { return .rejected(.partTooLarge(limits.partBytes)) }
            let packed = max(1, Int(unsafe archive_filter_bytes(archive, -1)))
            if unpacked > 1 << 20, unpacked / limits.ratio > packed { return .rejected(.ratio(unpacked, packed)) }
        }
    }

    /// Up to so many more bytes of a stream; empty at its end, nil if it is damaged.
    func more(_ count: Int) -> [UInt8]? {
        var data = [UInt8](repeating: 0, count: count)
        let got = unsafe data.withUnsafeMutableBytes { unsafe archive_read_data(archive, $0.baseAddress, count) }
        guard got >= 0 else { return nil }
        unpacked += got
        data.removeSubrange(got...)
        return data
    }

    /// How many of the packed bytes were read.
    var packed: Int { max(1, Int(unsafe archive_filter_bytes(archive, -1))) }
}
