// Finds rows in page images, whatever the tree above them has become: any page that can be read as a leaf of a table is,
// and each row says by its columns which table it is of. Nothing found here is believed before it has proved itself.

internal import Foundation
internal import GRDB

/// A place where a row was found.
struct FoundRow {
    var id: Int64
    var place: ImagePlace
    var offset: UInt32
    /// Whether its page is one that counts.
    var counts: Bool
}

/// Reads rows out of page images.
struct CellScanner {
    let images: PageImages

    /// A longer row is not believed: it would be larger than any file that is taken.
    private static let longest = 1 << 30

    /// Where the rows of a leaf begin. The number of cells is not asked for, since it may be damaged: the list of
    /// pointers is read up to the first cell.
    func offsets(_ page: [UInt8], number: UInt32) -> [Int] {
        let header = number == 1 ? 100 : 0
        // An inner page of a table, or a page of an index, has no rows.
        guard ![2, 5, 10].contains(page[header]) else { return [] }
        var offsets: [Int] = []
        var first = page.count
        var at = header + 8
        while at + 2 <= first {
            let offset = Int(page[at]) << 8 | Int(page[at + 1])
            if offset > at, offset < page.count - 3 {
                offsets.append(offset)
                first = min(first, offset)
            }
            at += 2
        }
        return offsets
    }

    /// The number and the columns' types of the row at an offset; nil if there is none.
    func head(_ page: [UInt8], _ offset: Int) -> (id: Int64, types: [UInt64])? {
        var at = offset
        guard let length = varint(page, &at), length > 2, length < Self.longest, let id = varint(page, &at),
            let id = Optional(Int64(bitPattern: id)), id > 0
        else { return nil }
        let start = at
        guard let size = varint(page, &at), size > 1, size < 64, start + Int(size) <= page.count else { return nil }
        var types: [UInt64] = []
        while at < start + Int(size) {
            guard let type = varint(page, &at) else { return nil }
            types.append(type)
        }
        return at == start + Int(size) ? (id, types) : nil
    }

    /// The row at an offset, with what overflows its page.
    func row(_ place: ImagePlace, _ offset: Int) -> (id: Int64, values: [DatabaseValue])? {
        let page = images.image(place)
        guard let head = head(page, offset) else { return nil }
        var at = offset
        guard let length = varint(page, &at), varint(page, &at) != nil,
            let payload = payload(page, at, Int(length))
        else { return nil }
        var body = 0
        guard let size = varint(payload, &body) else { return nil }
        body = Int(size)
        var values: [DatabaseValue] = []
        for type in head.types {
            guard let value = value(type, payload, &body) else { return nil }
            values.append(value)
        }
        return body == payload.count ? (head.id, values) : nil
    }

    private func payload(_ page: [UInt8], _ start: Int, _ length: Int) -> [UInt8]? {
        let usable = images.pageSize
        let most = usable - 35
        let least = (usable - 12) * 32 / 255 - 23
        let fitting = least + (length - least) % (usable - 4)
        let local = length <= most ? length : fitting <= most ? fitting : least
        guard local >= 0, start + local <= page.count else { return nil }
        var payload = Array(page[start..<start + local])
        guard local < length else { return payload }
        guard start + local + 4 <= page.count else { return nil }
        var next = page.number(at: start + local)
        while payload.count < length {
            guard next > 0, next < 1 << 31 else { return nil }
            let overflow = images.current(next)
            next = overflow.number(at: 0)
            payload += overflow[4..<min(usable, 4 + length - payload.count)]
        }
        return payload
    }

    private func value(_ type: UInt64, _ payload: [UInt8], _ at: inout Int) -> DatabaseValue? {
        let size: Int
        switch type {
        case 0, 8, 9: size = 0
        case 1...4: size = Int(type)
        case 5: size = 6
        case 6, 7: size = 8
        case 12...UInt64(2 * Self.longest): size = Int(type - 12) / 2
        default: return nil
        }
        guard at + size <= payload.count else { return nil }
        let bytes = payload[at..<at + size]
        at += size
        switch type {
        case 0: return .null
        case 8, 9: return Int64(type - 8).databaseValue
        case 1...6:
            let sign: Int64 = bytes.first.map { $0 & 0x80 != 0 } == true ? -1 : 0
            return bytes.reduce(sign) { $0 << 8 | Int64($1) }.databaseValue
        case 7: return Double(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }).databaseValue
        default:
            return type & 1 == 0 ? Data(bytes).databaseValue : String(decoding: bytes, as: UTF8.self).databaseValue
        }
    }

    /// SQLite's variable-length integer: seven bits a byte, the highest first, nine bytes at most.
    private func varint(_ bytes: [UInt8], _ at: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for place in 0..<9 {
            guard at < bytes.count else { return nil }
            let byte = bytes[at]
            at += 1
            if place == 8 { return value << 8 | UInt64(byte) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { return value }
        }
        return value
    }
}

/// The tables that rows are looked for of.
enum RecoverableTable: CaseIterable {
    case ledger, part, document, reading, relation, sketch, audit, checkpoint, dictionary

    /// What each column may be on the disk: `-` NULL (the id is kept as one), `i` integer, `r` real, `b` bytes, `t` text.
    private var columns: [Set<Character>] {
        let text =
            switch self {
            case .ledger: "- i b i b- t i- t- i i i- i b i- i- b- b-"
            case .part: "- i i b t t i i- i b- t i- t- b- i"
            case .document: "- i b"
            case .reading: "- i i b b- i"
            // A real that is a whole number is kept as an integer.
            case .relation: "- i t ri ri ri t i"
            case .sketch: "- i i- b i"
            case .audit: "- i t i- t i"
            case .checkpoint: "- i i t i"
            case .dictionary: "- i b b"
            }
        return text.split(separator: " ").map { Set($0) }
    }

    private static let shapes = allCases.map { (table: $0, columns: $0.columns) }

    /// The tables that a row with such columns may be of (https://www.sqlite.org/fileformat2.html#record_format).
    static func possible(_ types: [UInt64]) -> [RecoverableTable] {
        let kinds = types.map { type -> Character in
            switch type {
            case 0: "-"
            case 7: "r"
            case 1...9: "i"
            default: type & 1 == 0 ? "b" : "t"
            }
        }
        return shapes.filter { shape in
            kinds.count == shape.columns.count && zip(kinds, shape.columns).allSatisfy { $1.contains($0) }
        }.map(\.table)
    }
}
