// What joins the versions of a story together: the headline without its `UPDATE 2-` or `CORRECTED -`.

internal import Text

extension Reading {
    /// Whether the story says that it is a version of an earlier one (or withdraws it).
    public var isVersion: Bool {
        guard let kind = updateKind?.prefix(while: { $0 != " " }) else { return false }
        return ["lead", "writethru", "update", "correction", "refile", "repeat", "hold", "kill"].contains(kind)
    }

    /// A hash of the headline's words without what it says of versions, the same for all versions of a story;
    /// nil without a headline of at least three words, since fewer are no evidence.
    ///
    /// Linear in the headline. FNV-1a (Fowler, Noll, Vo 1991): the key is confirmed by nothing, but a match only
    /// ever joins a story that calls itself a version.
    public var versionKey: UInt64? {
        guard let headline = headlineWithoutUpdate else { return nil }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var words = 0
        var isInWord = false
        for byte in headline.utf8 {
            let isUpper = byte >= Byte.upperA && byte <= Byte.upperZ
            let isLetter =
                isUpper || byte >= Byte.lowerA && byte <= Byte.lowerZ || byte >= Byte.zero && byte <= Byte.nine
                || byte >= Byte.firstBeyondASCII
            if isLetter {
                if !isInWord && words > 0 { hash = (hash ^ 0x20) &* 0x100_0000_01B3 }
                // There are no spaces in Chinese headlines.
                if !isInWord { words += byte >= Byte.kanaLead && byte <= Byte.lastHanLead ? 3 : 1 }
                hash = (hash ^ UInt64(isUpper ? byte | Byte.caseBit : byte)) &* 0x100_0000_01B3
            }
            isInWord = isLetter
        }
        return words >= 3 ? hash : nil
    }
}
