// Which legacy encoding bytes are in, where they are no Unicode form. Promises: looks at a bounded sample;
// the double-byte encodings by the structure and the commonest ranges of their pairs, the others by the letters
// that each language uses. Where nothing fits better it is windows-1252, which gives every byte a meaning.

enum LegacyDetection {
    /// How many bytes are looked at, from the first that is not ASCII on.
    private static let sampleSize = 2_048

    static func detect(_ bytes: [UInt8]) -> TextEncoding {
        guard let start = bytes.firstIndex(where: { $0 >= 0x80 }) else { return .windows1252 }
        let sample = bytes[start..<min(bytes.count, start + sampleSize)]
        let high = sample.reduce(0) { $0 + ($1 >= 0x80 ? 1 : 0) }
        if high >= 8, let double = doubleByte(Array(sample)) { return double }
        let letters = bytes[max(0, start - 64)..<sample.endIndex].reduce(0) { $0 + (Letters.isAsciiLetter($1) ? 1 : 0) }
        return high > letters ? otherScript(sample) : latin(sample)
    }

    // MARK: Double-byte encodings

    /// What pairs of bytes a sample has, when read as one encoding.
    private struct Pairs {
        var total = 0
        var invalid = 0
        var common = 0
        var kana = 0
        /// Second bytes below 0xA1, which EUC encodings never have.
        var low = 0

        func share(_ part: Int) -> Double { total == 0 ? 0 : Double(part) / Double(total) }
    }

    private static func doubleByte(_ sample: [UInt8]) -> TextEncoding? {
        let euc = pairs(sample, lead: 0xA1...0xFE, trail: [0xA1...0xFE])
        let isEUC = euc.total >= 4 && euc.share(euc.invalid) < 0.02
        if isEUC, euc.share(euc.kana) > 0.15 { return .eucJP }
        let shift = shiftJIS(sample)
        if shift.total >= 4, shift.share(shift.invalid) < 0.02, shift.share(shift.kana) > 0.2 { return .shiftJIS }
        if isEUC, hangulShare(sample) > 0.9 { return .eucKR }
        let gbk = pairs(sample, lead: 0x81...0xFE, trail: [0x40...0x7E, 0x80...0xFE])
        let big5 = pairs(sample, lead: 0x81...0xFE, trail: [0x40...0x7E, 0xA1...0xFE])
        let isBig5 = big5.total >= 4 && big5.share(big5.invalid) < 0.02 && big5.share(big5.low) > 0.12
        if isBig5, big5Share(sample) > 0.8 { return .big5 }
        if gbk.total >= 4, gbk.share(gbk.invalid) < 0.02, gbk.share(gbk.common) > 0.6 { return .gb18030 }
        return nil
    }

    /// The pairs of a sample whose letters have one lead byte and one trail byte; `common` counts those of
    /// GB 2312's first level and its punctuation.
    private static func pairs(_ sample: [UInt8], lead: ClosedRange<UInt8>, trail: [ClosedRange<UInt8>]) -> Pairs {
        var pairs = Pairs()
        var at = 0
        while at < sample.count {
            let byte = sample[at]
            guard byte >= 0x80 else {
                at += 1
                continue
            }
            guard at + 1 < sample.count else { break }
            pairs.total += 1
            let second = sample[at + 1]
            guard lead.contains(byte), trail.contains(where: { $0.contains(second) }) else {
                pairs.invalid += 1
                at += 1
                continue
            }
            if second < 0xA1 { pairs.low += 1 }
            if second >= 0xA1, byte >= 0xB0 && byte <= 0xD7 || byte <= 0xA3 && byte >= 0xA1 { pairs.common += 1 }
            if byte == 0xA4 || byte == 0xA5 { pairs.kana += 1 }
            at += 2
        }
        return pairs
    }

    private static func shiftJIS(_ sample: [UInt8]) -> Pairs {
        var pairs = Pairs()
        var at = 0
        while at < sample.count {
            let byte = sample[at]
            if byte < 0x80 || byte >= 0xA1 && byte <= 0xDF {
                at += 1
                continue
            }
            guard at + 1 < sample.count else { break }
            pairs.total += 1
            let second = sample[at + 1]
            let isLead = byte >= 0x81 && byte <= 0x9F || byte >= 0xE0 && byte <= 0xFC
            guard isLead, second >= 0x40, second != 0x7F, second <= 0xFC else {
                pairs.invalid += 1
                at += 1
                continue
            }
            if byte == 0x82 && second >= 0x9F || byte == 0x83 && second <= 0x96 { pairs.kana += 1 }
            at += 2
        }
        return pairs
    }

    /// The share of the pairs that are Hangul syllables in EUC-KR, punctuation left out.
    private static func hangulShare(_ sample: [UInt8]) -> Double {
        share(sample, common: 0xB0...0xC8, neutral: 0xA1...0xAF)
    }

    /// The share of the pairs that are of Big5's first level.
    private static func big5Share(_ sample: [UInt8]) -> Double {
        share(sample, common: 0xA4...0xC6, neutral: 0xA1...0xA3)
    }

    private static func share(_ sample: [UInt8], common: ClosedRange<UInt8>, neutral: ClosedRange<UInt8>) -> Double {
        var hits = 0
        var total = 0
        var at = 0
        while at + 1 < sample.count {
            guard sample[at] >= 0x80 else {
                at += 1
                continue
            }
            if !neutral.contains(sample[at]) {
                total += 1
                if common.contains(sample[at]) { hits += 1 }
            }
            at += 2
        }
        return total == 0 ? 0 : Double(hits) / Double(total)
    }

    // MARK: Other scripts, one byte a letter

    /// The commonest letters of the languages that write most of their text in the upper half.
    private static let scripts: [(TextEncoding, Set<UInt16>)] = [
        (.windows1251, letters("оеаинтсрвліў")), (.koi8r, letters("оеаинтсрвл")), (.koi8u, letters("оеаинтсрвлії")),
        (.windows1253, letters("αοιετσνηυρκπόςάί")), (.windows1255, letters("יוהלארתבשמ")),
        (.windows1256, letters("اليمونرتبهةدعسف")), (.windows874, letters("านรอกเงมยลว่ีทต้สั")),
    ]

    private static func letters(_ text: String) -> Set<UInt16> { Set(text.utf16) }

    private static func otherScript(_ sample: ArraySlice<UInt8>) -> TextEncoding {
        var best: (encoding: TextEncoding, share: Double) = (.windows1252, 0.45)
        for (encoding, common) in scripts {
            let share = share(of: common, in: sample, Charsets.upperHalf(encoding))
            if share > best.share { best = (encoding, share) }
        }
        return best.encoding
    }

    /// How much of the upper half is common letters; a capital inside a word counts against it, because the
    /// Cyrillic encodings differ in just that.
    private static func share(of common: Set<UInt16>, in sample: ArraySlice<UInt8>, _ half: [UInt16]) -> Double {
        var hits = 0
        var total = 0
        var previousIsSmall = false
        for byte in sample {
            guard byte >= 0x80 else {
                previousIsSmall = false
                continue
            }
            total += 1
            let letter = half[Int(byte) - 0x80]
            let properties = Unicode.Scalar(letter)?.properties
            let isCapital = properties?.isUppercase == true
            if common.contains(letter) { hits += 1 } else if isCapital, previousIsSmall { hits -= 1 }
            previousIsSmall = properties?.isLowercase == true
        }
        return total == 0 ? 0 : Double(hits) / Double(total)
    }

    // MARK: Latin

    private static let alphabets: [(TextEncoding, [Set<UInt16>])] = [
        (
            .windows1252,
            [
                "éèêëàâîïôûùüçœæÉÈÀÇÊÔŒ", "äöüßÄÖÜé", "áéíóúñüÁÉÍÓÚÑ¿¡", "áàâãçéêíóôõúÁÀÂÃÇÉÊÍÓÔÕÚ", "àèéìòùÀÈÉ",
                "åäöøæÅÄÖØÆéü", "áðéíóúýþæöÁÐÉÍÓÚÝÞÆÖ", "ëïéèöüç",
            ].map(letters)
        ),
        (
            .windows1250,
            [
                "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", "áäčďéíĺľňóôŕšťúýžÁČĎÉÍĽŇÓŠŤÚÝŽ",
                "áéíóöőúüűÁÉÍÓÖŐÚÜŰ", "ăâîşţĂÂÎŞŢ", "čćđšžČĆĐŠŽ",
            ].map(letters)
        ),
        (.windows1254, ["çğıöşüâîÇĞİÖŞÜ"].map(letters)),
        (.windows1257, ["ąčęėįšųūžĄČĘĖĮŠŲŪŽ", "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ", "äõöüšžÄÕÖÜŠŽ"].map(letters)),
        (.iso88592, ["ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ"].map(letters)),
    ]

    /// Quotes, dashes and signs that any language may have.
    private static let signs = letters("€‚„…‰‹›‘’“”•–—™«»©®°§¶·£¥´ªº\u{A0}\u{AD}")

    private static func latin(_ sample: ArraySlice<UInt8>) -> TextEncoding {
        var best: (encoding: TextEncoding, share: Double) = (.windows1252, 0)
        for (encoding, languages) in alphabets {
            let half = Charsets.upperHalf(encoding)
            let found = sample.lazy.filter { $0 >= 0x80 }.map { half[Int($0) - 0x80] }
            let letters = found.filter { !signs.contains($0) }
            for alphabet in languages {
                let hits = letters.reduce(0) { $0 + (alphabet.contains($1) ? 1 : 0) }
                // A sign in the place of a letter fits none of them.
                let share = Double(hits) / Double(max(1, letters.count))
                if share > best.share + 0.02 { best = (encoding, share) }
            }
        }
        return best.share >= 0.9 ? best.encoding : .windows1252
    }
}
