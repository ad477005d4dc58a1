// A file beside the store says how far it goes: the newest row and its hash, written after each COMMIT, and synced only when
// it is made. After a crash it knows whether SQLite's log still gives every row that was promised: a log whose end is
// damaged is silently shorter, and a file that an older copy took the place of shows nothing either. After a power cut it
// may be older than the store, never newer, so it raises no false alarm. A store that has rows and no such file was put in
// place by somebody (a restored backup): it begins a new epoch.

internal import Files
internal import Foundation

/// A place in the chain: the newest row and its hash.
package struct ChainHead: Equatable, Sendable {
    package var lastID: Int64
    package var chain: [UInt8]

    /// One line: number, hash, and a sum over both, so that a torn or damaged one is no head file.
    var line: [UInt8] {
        let text = "\(lastID) \(SHA256Digest(bytes: chain)?.description ?? "-")"
        let sum = UInt64(bitPattern: RowChecksum.sum(of: Array(text.utf8)))
        return Array("\(text) \(String(sum, radix: 16))\n".utf8)
    }

    package init(lastID: Int64, chain: [UInt8]) {
        self.lastID = lastID
        self.chain = chain
    }

    /// Reads the head file of a store; nil if there is none that can be relied on.
    package init?(ofStore path: String) {
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

/// Writes the head file.
struct HeadFile: Sendable {
    private let file: Descriptor

    static func path(ofStore path: String) -> String { path + "-head" }

    /// Opens it, and makes it durable with what it says first.
    init(ofStore path: String, first head: ChainHead) throws(StoreError) {
        let name = HeadFile.path(ofStore: path)
        PrivateFile.make(name)
        do throws(FileError) {
            let directory = try Directory(path: (path as NSString).deletingLastPathComponent)
            file = try directory.create(
                FileName(ofPath: name) ?? "copytaster.sqlite-head", mode: PrivateFile.mode, reuse: true)
            try file.write(head.line, at: 0)
            try file.sync()
            try directory.sync()
        } catch { throw StoreError(error, doing: "opening \(name)") }
    }

    /// Numbers only grow, so that a line is never followed by the rest of a longer one. An error costs nothing but what the
    /// file would say more: an older line is still true.
    func write(_ head: ChainHead) { try? file.write(head.line, at: 0) }
}
