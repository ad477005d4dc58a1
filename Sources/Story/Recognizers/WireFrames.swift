// The frame of a telegraphic wire: `ZCZC` opens a message, `NNNN` closes it. A file with several frames holds
// several stories; nothing else makes one file several stories.

internal import Text

enum WireFrames {
    /// The stories of a file, in order; the whole file where it has not two frames at least.
    static func stories(in bytes: [UInt8]) -> [Range<Int>] {
        var stories: [Range<Int>] = []
        var start = 0
        var at = 0
        while at < bytes.count {
            let end = bytes[at...].firstIndex(of: Byte.lineFeed) ?? bytes.count
            let next = min(end + 1, bytes.count)
            if isOpening(bytes, at..<end), hasText(bytes, start..<at) {
                stories.append(start..<at)
                start = at
            } else if isClosing(bytes, at..<end) {
                if hasText(bytes, start..<at) { stories.append(start..<next) }
                start = next
            }
            at = next
        }
        if hasText(bytes, start..<bytes.count) { stories.append(start..<bytes.count) }
        return stories.count > 1 ? stories : [0..<bytes.count]
    }

    /// `ZCZC` and what follows it on its line.
    static func isOpening(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        Letters.has("ZCZC", bytes, at: line.lowerBound) && (line.count == 4 || bytes[line.lowerBound + 4] <= Byte.space)
    }

    /// `NNNN` alone on its line.
    static func isClosing(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        Letters.has("NNNN", bytes, at: line.lowerBound) && line.dropFirst(4).allSatisfy { bytes[$0] <= Byte.space }
    }

    private static func hasText(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        range.contains { bytes[$0] > Byte.space }
    }
}
