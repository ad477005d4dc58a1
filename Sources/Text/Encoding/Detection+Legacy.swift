// Which legacy encoding bytes are in, where they are no Unicode form. Promises: looks at a bounded sample;
// the double-byte encodings by the structure and the commonest ranges of their pairs, the others by the letters
// that each language uses. Where nothing fits better it is windows-1252, which gives every byte a meaning.

package enum LegacyDetection {
    /// How many bytes are looked at, from the first that is not ASCII on.
    private static let sampleSize = 1_024

    package static func detect(_ bytes: [UInt8]) -> TextEncoding {
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
        let gbk = pairs(sample, lead: 0x81...0xFE, trail: [Byte.at...0x7E, 0x80...0xFE])
        let big5 = pairs(sample, lead: 0x81...0xFE, trail: [Byte.at...0x7E, 0xA1...0xFE])
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
            guard isLead, second >= Byte.at, second != Byte.delete, second <= 0xFC else {
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

    // MARK: Single-byte encodings

    /// One encoding with the letters that a language or a script writes most, for each byte of the upper half.
    private struct Candidate {
        var encoding: TextEncoding
        /// 1 for a letter that belongs, 0 for any other.
        var belongs = [Int](repeating: 0, count: 128)
        var isCapital = [Bool](repeating: false, count: 128)
        var isSmall = [Bool](repeating: false, count: 128)
        /// 1 for quotes, dashes and signs that any language may have.
        var isSign = [Int](repeating: 0, count: 128)

        init(_ encoding: TextEncoding, _ letters: String) {
            self.encoding = encoding
            let set = Set(letters.utf16)
            for (index, letter) in Charsets.upperHalf(encoding).enumerated() {
                if set.contains(letter) { belongs[index] = 1 }
                if LegacyDetection.signs.contains(letter) { isSign[index] = 1 }
                isCapital[index] = Unicode.Scalar(letter)?.properties.isUppercase == true
                isSmall[index] = Unicode.Scalar(letter)?.properties.isLowercase == true
            }
        }
    }

    private static let signs = Set("€‚„…‰‹›‘’“”•–—™«»©®°§¶·£¥´ªº\u{A0}\u{AD}".utf16)

    /// The commonest letters of the languages that write most of their text in the upper half.
    private static let scripts = [
        Candidate(.windows1251, "оеаинтсрвліў"), Candidate(.koi8r, "оеаинтсрвл"), Candidate(.koi8u, "оеаинтсрвлії"),
        Candidate(.windows1253, "αοιετσνηυρκπόςάί"), Candidate(.windows1255, "יוהלארתבשמ"),
        Candidate(.windows1256, "اليمونرتبهةدعسف"), Candidate(.windows874, "านรอกเงมยลว่ีทต้สั"),
    ]

    private static func otherScript(_ sample: ArraySlice<UInt8>) -> TextEncoding {
        var best: (encoding: TextEncoding, share: Double) = (.windows1252, 0.45)
        for candidate in scripts {
            let share = share(of: candidate, in: sample)
            if share > best.share { best = (candidate.encoding, share) }
        }
        return best.encoding
    }

    /// How much of the upper half is common letters; a capital inside a word counts against it, because the
    /// Cyrillic encodings differ in just that.
    private static func share(of candidate: Candidate, in sample: ArraySlice<UInt8>) -> Double {
        var hits = 0
        var total = 0
        var previousIsSmall = false
        for byte in sample {
            guard byte >= 0x80 else {
                previousIsSmall = false
                continue
            }
            let index = Int(byte) - 0x80
            total += 1
            hits += candidate.belongs[index]
            if candidate.isCapital[index], previousIsSmall { hits -= 1 }
            previousIsSmall = candidate.isSmall[index]
        }
        return total == 0 ? 0 : Double(hits) / Double(total)
    }

    /// The letters beyond ASCII of the languages that are mostly ASCII, in the encodings made for them.
    private static let alphabets = [
        Candidate(.windows1252, "éèêëàâîïôûùüçœæÉÈÀÇÊÔŒ"), Candidate(.windows1252, "äöüßÄÖÜé"),
        Candidate(.windows1252, "áéíóúñüÁÉÍÓÚÑ¿¡"), Candidate(.windows1252, "áàâãçéêíóôõúÁÀÂÃÇÉÊÍÓÔÕÚ"),
        Candidate(.windows1252, "àèéìòùÀÈÉ"), Candidate(.windows1252, "åäöøæÅÄÖØÆéü"),
        Candidate(.windows1252, "áðéíóúýþæöÁÐÉÍÓÚÝÞÆÖ"), Candidate(.windows1252, "ëïéèöüç"),
        Candidate(.windows1250, "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"), Candidate(.windows1250, "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ"),
        Candidate(.windows1250, "áäčďéíĺľňóôŕšťúýžÁČĎÉÍĽŇÓŠŤÚÝŽ"), Candidate(.windows1250, "áéíóöőúüűÁÉÍÓÖŐÚÜŰ"),
        Candidate(.windows1250, "ăâîşţĂÂÎŞŢ"), Candidate(.windows1250, "čćđšžČĆĐŠŽ"),
        Candidate(.windows1254, "çğıöşüâîÇĞİÖŞÜ"), Candidate(.windows1257, "ąčęėįšųūžĄČĘĖĮŠŲŪŽ"),
        Candidate(.windows1257, "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ"), Candidate(.windows1257, "äõöüšžÄÕÖÜŠŽ"),
        Candidate(.iso88592, "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"), Candidate(.iso88592, "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ"),
    ]

    private static func latin(_ sample: ArraySlice<UInt8>) -> TextEncoding {
        var counts = [Int](repeating: 0, count: 128)
        for byte in sample where byte >= 0x80 { counts[Int(byte) - 0x80] += 1 }
        var best: (encoding: TextEncoding, share: Double) = (.windows1252, 0)
        for candidate in alphabets {
            var letters = 0
            var hits = 0
            for index in 0..<128 where counts[index] > 0 {
                hits += counts[index] * candidate.belongs[index]
                letters += counts[index] * (1 - candidate.isSign[index])
            }
            // A sign in the place of a letter fits none of them.
            let share = Double(hits) / Double(max(1, letters))
            if share > best.share + 0.02 { best = (candidate.encoding, share) }
        }
        return best.share >= 0.9 ? best.encoding : .windows1252
    }
}
