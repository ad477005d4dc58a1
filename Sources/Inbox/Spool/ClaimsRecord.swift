// What the claims journal (work/.claims) says: pure text in, values out.
//
//     copytaster-claims 1 STORE LAST SETTLED      the store that has the rows; the last number; rows of claims not listed
//     17 xinhua/story%20one.txt 5f3a90c1          claim 17 is about to be made, of this name
//     -17 02ce8f77                                claim 17 goes back to the inbox, without a row
//
// Names are percent-escaped, so that a line is a line and a word a word. The last word of a line is its checksum. A number
// whose claim failed is used for the next one: so number 18 says that claim 17 was made, and the later line of a number
// counts. Behind the lines lies room for more, as zeros, so that a full file system can still be emptied. The journal is not synced on the way of a file; what a power cut leaves of it ends at the first line that is
// not whole.

public import Files

/// The content of a claims journal.
public struct ClaimsRecord: Sendable, Equatable {
    /// The store whose ledger has the rows; empty in a journal that no service has used yet.
    public var store = ""
    /// The last number given to a claim.
    public var last: Int64 = 0
    /// How many claims are no longer listed because their files are finished: so many rows the ledger has of them.
    public var settled: Int64 = 0
    /// The claims that are listed, with their delivered names.
    public var names: [Int64: RelativePath] = [:]
    /// Those of them that went back to the inbox without a row.
    public var returned: Set<Int64> = []
    /// Whether all lines are whole.
    public var isWhole = true
    /// The bytes up to the end of the last whole line.
    var length = 0

    static let fileName: FileName = ".claims"
    static let nextFileName: FileName = ".claims.next"

    public init() {}

    /// Reads the journal of a work directory; an empty record where there is none.
    public init(work: Directory) throws(FileError) {
        let file: Descriptor
        do throws(FileError) {
            file = try work.open(Self.fileName)
        } catch  where error.isMissing {
            self.init()
            return
        }
        self.init(try file.readAll(expected: Int(clamping: try file.status().size), limit: .max >> 1))
    }

    init(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            // What is reserved for the lines to come.
            if bytes[start] == 0 {
                isWhole = bytes[start...].allSatisfy { $0 == 0 }
                return
            }
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")),
                follow(bytes[start..<end], isFirst: start == 0)
            else {
                isWhole = false
                return
            }
            start = end + 1
            length = start
        }
    }

    /// Applies one line; false if it is none.
    private mutating func follow(_ line: ArraySlice<UInt8>, isFirst: Bool) -> Bool {
        let words = line.split(separator: UInt8(ascii: " "))
        guard let check = words.last, Array(check) == Self.checksum(line.dropLast(check.count + 1)) else {
            return false
        }
        if isFirst { return begin(words) }
        guard let number = Int64(String(decoding: words[0], as: UTF8.self)), number != 0 else { return false }
        if number < 0 {
            guard words.count == 2, names[-number] != nil else { return false }
            returned.insert(-number)
            return true
        }
        guard words.count == 3, let bytes = PrintableName.bytes(percentEscaped: words[1]),
            let name = RelativePath(bytes)
        else { return false }
        names[number] = name
        returned.remove(number)
        last = max(last, number)
        return true
    }

    private mutating func begin(_ words: [ArraySlice<UInt8>]) -> Bool {
        let texts = words.map { String(decoding: $0, as: UTF8.self) }
        guard texts.count == 6, texts[0] == "copytaster-claims", texts[1] == "1", let last = Int64(texts[3]),
            let settled = Int64(texts[4])
        else { return false }
        store = texts[2] == "-" ? "" : texts[2]
        self.last = last
        self.settled = settled
        return true
    }

    // MARK: Writing

    /// The whole journal as a new file says it.
    var text: [UInt8] {
        var text = Self.line(
            ["copytaster-claims", "1", store.isEmpty ? "-" : store, "\(last)", "\(settled)"].joined(separator: " "))
        for (number, name) in names.sorted(by: { $0.key < $1.key }) where !returned.contains(number) {
            text += Self.line(of: number, name)
        }
        return text
    }

    static func line(of number: Int64, _ name: RelativePath) -> [UInt8] {
        line("\(number) \(PrintableName.percentEscaped(name.bytes))")
    }

    static func line(returning number: Int64) -> [UInt8] { line("-\(number)") }

    private static func line(_ words: String) -> [UInt8] {
        let words = Array(words.utf8)
        return words + [UInt8(ascii: " ")] + checksum(words[...]) + [UInt8(ascii: "\n")]
    }

    /// FNV-1a in 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/), in hexadecimal: enough to tell a line from what
    /// a power cut leaves.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var hash: UInt32 = 0x811C_9DC5
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let text = String(hash, radix: 16)
        return Array((String(repeating: "0", count: 8 - text.count) + text).utf8)
    }
}
