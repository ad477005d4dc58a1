// Leaves out what the parser would only skip: the contents of scripts and style sheets, drawings, comments. Promises: linear
// time; text and all other markup stay as they are. libxml2 takes each letter of a script for itself, and scripts are more than
// half of most pages: measured, a page of 174 KB takes half the time.

internal import Text

enum PageTrimming {
    /// The page without them. Scripts of JSON-LD stay.
    static func trimmed(_ page: [UInt8]) -> [UInt8] {
        var trimmed: [UInt8] = []
        trimmed.reserveCapacity(page.count)
        let span = page.span
        var kept = 0
        var at = 0
        // Where there is no end of one kind, there is none further on: without this, each beginning would look again.
        var unending: Set<UInt8> = []
        while true {
            at = next(span, from: at)
            guard at + 3 < page.count else { break }
            guard let skipped = skipped(page, span, at), !unending.contains(page[at + 2]) else {
                at += 1
                continue
            }
            guard let end = skipped.end else {
                unending.insert(page[at + 2])
                at += 1
                continue
            }
            trimmed.append(contentsOf: page[kept..<skipped.start])
            kept = end
            at = end
        }
        trimmed.append(contentsOf: page[kept...])
        return trimmed
    }

    private static func next(_ span: Span<UInt8>, from start: Int) -> Int {
        let less = Byte.less
        return Bytes.next(of: (less, less, less, less), span, in: min(start, span.count)..<span.count)
    }

    /// What can be left out of an element or a comment that begins at `at`; without an end where the page has none.
    private static func skipped(_ page: [UInt8], _ span: Span<UInt8>, _ at: Int) -> (start: Int, end: Int?)? {
        switch page[at + 1] | Byte.caseBit {
        case UInt8(ascii: "s"):
            for name in elements where hasWord(name, page, at + 1) {
                guard let tagEnd = page[at...].prefix(4_096).firstIndex(of: Byte.greater) else { return nil }
                if page[tagEnd - 1] == Byte.slash || isData(page, at..<tagEnd) { return nil }
                return (tagEnd + 1, end(of: name, page, span, from: tagEnd + 1))
            }
            return nil
        case Byte.exclamation | Byte.caseBit where Letters.has("<!--", page, at: at):
            var stop = at + 4
            while true {
                let greater = Byte.greater
                stop = Bytes.next(
                    of: (greater, greater, greater, greater), span, in: min(stop, span.count)..<span.count)
                if stop >= page.count { return (at, nil) }
                if page[stop - 1] == Byte.hyphen, page[stop - 2] == Byte.hyphen { return (at, stop + 1) }
                stop += 1
            }
        default: return nil
        }
    }

    private static let elements: [StaticString] = ["script", "style", "svg"]

    /// Where the end tag of an element begins.
    private static func end(of name: StaticString, _ page: [UInt8], _ span: Span<UInt8>, from start: Int) -> Int? {
        var at = start
        while true {
            at = next(span, from: at)
            guard at + 2 < page.count else { return nil }
            if page[at + 1] == Byte.slash, hasWord(name, page, at + 2) { return at }
            at += 1
        }
    }

    /// Whether a tag is that of a script of data.
    private static func isData(_ page: [UInt8], _ tag: Range<Int>) -> Bool {
        tag.contains { page[$0] == UInt8(ascii: "l") && Letters.has("ld+json", page, at: $0) }
    }

    /// Whether a name stands at `at`, in any case, and ends there.
    private static func hasWord(_ word: StaticString, _ text: [UInt8], _ at: Int) -> Bool {
        let end = at + word.utf8CodeUnitCount
        guard end < text.count, !Letters.isAsciiLetter(text[end]), text[end] != Byte.hyphen else { return false }
        return word.withUTF8Buffer { letters in
            for index in letters.indices where unsafe text[at + index] | Byte.caseBit != letters[index] { return false }
            return true
        }
    }
}
