// The pages of a store as its files hold them, read without SQLite, which gives up where a recovery begins. Nothing is
// written, and a sector that cannot be read counts as one of zeros. The file formats: https://www.sqlite.org/fileformat2.html

internal import Foundation
internal import Store

/// Where an image of a page lies.
struct ImagePlace: Hashable {
    /// From 1.
    var page: UInt32
    /// The frame of the log that holds it, from 0; nil in the database file.
    var frame: UInt32?
}

/// All images of pages in a database file and its log.
final class PageImages {
    let pageSize: Int
    /// Pages of the database file.
    let pages: UInt32
    /// For each page that the log holds: the frame that counts, by SQLite's rules.
    private(set) var current: [UInt32: UInt32] = [:]
    /// Frames of the log that do not count: overtaken, of a transaction that was not committed, or damaged.
    private(set) var others: [ImagePlace] = []
    /// Reads that the disk refused.
    private(set) var refused = 0
    private let database: CInt
    private let log: CInt
    private var cached: [ImagePlace: [UInt8]] = [:]

    init(ofStore path: String) throws(StoreError) {
        database = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard database >= 0 else {
            throw StoreError(
                .missing, "\(path) cannot be opened", hint: "name the damaged store's directory with --state")
        }
        log = unsafe open(path + "-wal", O_RDONLY | O_CLOEXEC)
        var head: [UInt8] = []
        head = PageImages.read(database, at: 0, count: 100) ?? []
        let logHead = PageImages.read(log, at: 0, count: 32) ?? []
        pageSize = PageImages.pageSize(database: head, log: logHead)
        pages = UInt32(clamping: (PageImages.size(database) + Int64(pageSize) - 1) / Int64(pageSize))
        readLog(logHead)
    }

    deinit {
        close(database)
        if log >= 0 { close(log) }
    }

    private static func size(_ file: CInt) -> Int64 {
        var status = stat()
        return unsafe file >= 0 && fstat(file, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// What both headers say of it may be damaged: then it is what this program makes.
    private static func pageSize(database: [UInt8], log: [UInt8]) -> Int {
        let stated = database.count > 17 ? Int(database[16]) << 8 | Int(database[17]) : 0
        let inLog = log.count > 11 ? Int(log.number(at: 8)) : 0
        func isPossible(_ size: Int) -> Bool { size >= 512 && size <= 65536 && size & (size - 1) == 0 }
        if isPossible(inLog) { return inLog }
        return stated == 1 ? 65536 : isPossible(stated) ? stated : 16384
    }

    /// Nil where the disk refuses; shorter at the end of the file.
    private static func read(_ file: CInt, at offset: Int64, count: Int) -> [UInt8]? {
        guard file >= 0 else { return nil }
        var failed = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let n = unsafe pread(
                    file, buffer.baseAddress.map { unsafe $0 + done }, count - done, off_t(offset) + off_t(done))
                if n < 0, errno == EINTR { continue }
                failed = failed || n < 0
                if n <= 0 { break }
                done += n
            }
        }
        return failed ? nil : bytes
    }

    /// A whole page; what cannot be read, or lies behind the end, is zeros.
    private func bytes(_ file: CInt, at offset: Int64) -> [UInt8] {
        if let page = PageImages.read(file, at: offset, count: pageSize), page.count == pageSize { return page }
        var page: [UInt8] = []
        for sector in stride(from: 0, to: pageSize, by: 512) {
            let part = PageImages.read(file, at: offset + Int64(sector), count: 512)
            if part == nil { refused += 1 }
            page += (part ?? []) + [UInt8](repeating: 0, count: 512 - (part?.count ?? 0))
        }
        return page
    }

    func image(_ place: ImagePlace) -> [UInt8] {
        if let known = cached[place] { return known }
        let image =
            if let frame = place.frame { bytes(log, at: frameOffset(frame) + 24) } else {
                bytes(database, at: Int64(place.page - 1) * Int64(pageSize))
            }
        // Rows are read in the order of ids, so a few pages of each table are in use at a time.
        if cached.count >= 64 { cached.removeAll(keepingCapacity: true) }
        cached[place] = image
        return image
    }

    /// The image of a page that counts.
    func current(_ page: UInt32) -> [UInt8] { image(ImagePlace(page: page, frame: current[page])) }

    /// Every image, those that count first.
    func forEach(_ body: (ImagePlace, _ counts: Bool) -> Void) {
        let last = max(pages, current.keys.max() ?? 0)
        for page in 1...max(1, last) { body(ImagePlace(page: page, frame: current[page]), true) }
        for place in others { body(place, false) }
    }

    // MARK: The log

    private func frameOffset(_ frame: UInt32) -> Int64 { 32 + Int64(frame) * Int64(pageSize + 24) }

    private func readLog(_ header: [UInt8]) {
        let frames = (PageImages.size(log) - 32) / Int64(pageSize + 24)
        guard header.count == 32, frames > 0 else { return }
        let salt = Array(header[16..<24])
        let isBigEndian = header.number(at: 0) & 1 == 1
        var sum = LogSum(isBigEndian: isBigEndian)
        sum.add(header[..<24])
        var isChained = sum.matches(header, at: 24)
        var waiting: [UInt32: UInt32] = [:]
        for frame in 0..<UInt32(clamping: frames) {
            guard let head = PageImages.read(log, at: frameOffset(frame), count: 24), head.count == 24 else {
                isChained = false
                continue
            }
            let place = ImagePlace(page: head.number(at: 0), frame: frame)
            guard place.page > 0, place.page < 1 << 31 else {
                isChained = false
                continue
            }
            if isChained {
                sum.add(head[..<8])
                sum.add(bytes(log, at: frameOffset(frame) + 24)[...])
                isChained = Array(head[8..<16]) == salt && sum.matches(head, at: 16)
            }
            guard isChained else {
                others.append(place)
                continue
            }
            supersede(waiting.updateValue(frame, forKey: place.page), place.page)
            if head.number(at: 4) > 0 {
                for (page, frame) in waiting { supersede(current.updateValue(frame, forKey: page), page) }
                waiting = [:]
            }
        }
        others += waiting.map { ImagePlace(page: $0.key, frame: $0.value) }
        for page in current.keys where page <= pages { others.append(ImagePlace(page: page, frame: nil)) }
    }

    private func supersede(_ frame: UInt32?, _ page: UInt32) {
        if let frame { others.append(ImagePlace(page: page, frame: frame)) }
    }
}

/// The log's running checksum (https://www.sqlite.org/fileformat2.html#checksum_algorithm).
private struct LogSum {
    let isBigEndian: Bool
    private var (first, second): (UInt32, UInt32) = (0, 0)

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        var at = bytes.startIndex
        while at + 8 <= bytes.endIndex {
            let (a, b) = (bytes.number(at: at), bytes.number(at: at + 4))
            first = first &+ (isBigEndian ? a : a.byteSwapped) &+ second
            second = second &+ (isBigEndian ? b : b.byteSwapped) &+ first
            at += 8
        }
    }

    func matches(_ bytes: [UInt8], at place: Int) -> Bool {
        bytes.number(at: place) == first && bytes.number(at: place + 4) == second
    }
}

extension RandomAccessCollection where Element == UInt8, Index == Int {
    /// Four bytes, the highest first.
    func number(at place: Int) -> UInt32 {
        UInt32(self[place]) << 24 | UInt32(self[place + 1]) << 16 | UInt32(self[place + 2]) << 8
            | UInt32(self[place + 3])
    }
}
