// A file beside the store says how far it goes: the newest row and its hash, written after each COMMIT and never synced. After a crash it
// knows whether SQLite's log still gives every row that was promised: a log whose end is damaged is silently shorter,
// and a file that an older copy took the place of shows nothing either. After a power cut it may be older than the
// store, never newer, so it raises no false alarm. Without one (a restored backup), nothing is claimed.

internal import Foundation
internal import Synchronization

/// What the head file says.
struct ChainHead: Equatable {
    var lastID: Int64
    var chain: [UInt8]

    /// One line: number, hash, and a sum over both, so that a torn or damaged one is no head file.
    var line: [UInt8] {
        let text = "\(lastID) \(SHA256Digest(bytes: chain)?.description ?? "-")"
        let sum = UInt64(bitPattern: RowChecksum.sum(of: Array(text.utf8)))
        return Array("\(text) \(String(sum, radix: 16))\n".utf8)
    }

    init(lastID: Int64, chain: [UInt8]) {
        self.lastID = lastID
        self.chain = chain
    }

    /// Reads the head file of a store; nil if there is none that can be relied on.
    init?(ofStore path: String) {
        guard let bytes = FileManager.default.contents(atPath: HeadFile.path(ofStore: path)),
            let line = bytes.split(separator: UInt8(ascii: "\n")).first
        else { return nil }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 3, let id = Int64(words[0]), let digest = SHA256Digest(hexadecimal: String(words[1]))
        else { return nil }
        self.init(lastID: id, chain: digest.bytes)
        guard Array(line) + [UInt8(ascii: "\n")] == self.line else { return nil }
    }
}

/// Writes the head file. An error here costs nothing but the head file.
struct HeadFile: ~Copyable {
    private let descriptor: CInt

    static func path(ofStore path: String) -> String { path + "-head" }

    init(ofStore path: String) {
        PrivateFile.make(HeadFile.path(ofStore: path))
        descriptor = unsafe open(HeadFile.path(ofStore: path), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    }

    deinit { close(descriptor) }

    /// Numbers only grow, so that a line is never followed by the rest of a longer one.
    borrowing func write(_ head: ChainHead) {
        let line = head.line
        unsafe line.withUnsafeBytes { unsafe _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}
