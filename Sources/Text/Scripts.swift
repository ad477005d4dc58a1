// Which script a letter belongs to, by its lead byte. Promises: a position outside the text is no letter.

public enum Scripts {
    /// Whether a Chinese, Japanese or Korean letter starts at `at`.
    @inlinable @inline(__always)
    public static func isCJK(_ text: [UInt8], at: Int) -> Bool {
        guard at + 2 < text.count else { return false }
        switch text[at] {
        case Byte.kanaLead: return text[at + 1] >= 0x81
        case Byte.firstHanLead...Byte.lastHanLead: return true
        case Byte.hangulLead: return text[at + 1] >= 0xB0
        case 0xEB...0xED: return true
        default: return false
        }
    }
}
