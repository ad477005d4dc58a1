// The data sets, read from ../shared/data beside the project. What is missing is skipped and said so.

import Foundation
import Resemblance
import Story

struct Item {
    var id: String
    var headline: String
    var dateline = ""
    var body: String

    /// The story as it would stand in a file.
    var bytes: [UInt8] { Array((headline.isEmpty ? "" : headline + "\n\n").utf8) + Array((dateline + body).utf8) }

    /// The story as the program reads it.
    var reading: Reading { Reading(of: bytes) }

    var comparable: ComparableText { ComparableText(of: reading) }
}

enum DataSet {
    static let folder: String = {
        if let named = ProcessInfo.processInfo.environment["COPYTASTER_DATA"] { return named }
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../..").standardized
        return root.appending(path: "../shared/data").standardized.path
    }()

    static func bytes(_ name: String) -> Data? {
        let path = folder + "/" + name
        guard FileManager.default.isReadableFile(atPath: path) else {
            print("\(name): missing in \(folder), skipped")
            return nil
        }
        guard name.hasSuffix(".gz") else { return FileManager.default.contents(atPath: path) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/zcat")
        process.arguments = [path]
        let pipe = Pipe()
        process.standardOutput = pipe
        do { try process.run() } catch { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return data
    }

    static func jsonLines(_ name: String) -> [[String: Any]]? {
        bytes(name)?.split(separator: 10).compactMap {
            (try? JSONSerialization.jsonObject(with: $0)) as? [String: Any]
        }
    }

    static func reuters() -> [Item]? {
        jsonLines("reuters-21578-train.jsonl.gz")?.compactMap { row in
            guard row["type"] as? String == "NORM" else { return nil }
            return Item(
                id: "\(row["id"] ?? "")", headline: row["title"] as? String ?? "",
                dateline: row["dateline"] as? String ?? "", body: row["body"] as? String ?? "")
        }
    }

    static func xwlb() -> [Item]? {
        jsonLines("xwlb-2022-2024.jsonl.gz")?.map { row in
            Item(
                id: row["id"] as? String ?? "", headline: row["title"] as? String ?? "",
                body: row["text"] as? String ?? "")
        }
    }

    static func xwlbTemplates() -> [(String, String)]? {
        bytes("xwlb-2022-2024-pairs.tsv.gz").map { data in
            String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { line in
                let cells = line.split(separator: "\t")
                return cells.count > 2 && cells[2] == "template_neg" ? (String(cells[0]), String(cells[1])) : nil
            }
        }
    }

    /// Pairs of articles with their overall similarity, 1 (the same) to 4 (nothing in common).
    static func semeval() -> [(a: String, b: String, overall: Double)]? {
        guard let rows = bytes("semeval22-train.csv.gz").map(csv), let head = rows.first,
            let a = head.firstIndex(of: "text1"), let b = head.firstIndex(of: "text2"),
            let overall = head.firstIndex(of: "Overall")
        else { return nil }
        return rows.dropFirst().compactMap { row in
            guard row.count == head.count, let value = Double(row[overall]) else { return nil }
            return (row[a], row[b], value)
        }
    }

    /// Pages with the text that belongs to the article: (page, title, paragraphs).
    static func fundus() -> [(id: String, page: String, title: String, gold: String)]? {
        jsonLines("fundus-train/gold.jsonl")?.compactMap { row in
            guard let id = row["id"] as? String, let paragraphs = row["paragraphs"] as? [String],
                let page = FileManager.default.contents(atPath: "\(folder)/fundus-train/\(id).txt")
            else { return nil }
            return (
                id, String(decoding: page, as: UTF8.self), row["title"] as? String ?? "",
                paragraphs.joined(separator: "\n\n")
            )
        }
    }

    private static func csv(_ data: Data) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var quoted = false
        var previousQuote = false
        for byte in data {
            if quoted {
                if byte == UInt8(ascii: "\"") {
                    quoted = false
                    previousQuote = true
                } else {
                    cell.append(byte)
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                if previousQuote { cell.append(byte) }
                quoted = true
            case UInt8(ascii: ","), 10:
                row.append(String(decoding: cell, as: UTF8.self))
                cell = []
                if byte == 10 {
                    rows.append(row)
                    row = []
                }
            case 13: break
            default: cell.append(byte)
            }
            previousQuote = false
        }
        return rows
    }
}

/// A small generator of repeatable random numbers (SplitMix64).
struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
