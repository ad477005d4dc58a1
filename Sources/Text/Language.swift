// Which language a story is in: by its script, and among the languages of one script by their commonest words
// and letters. Promises: looks at a bounded sample; says nothing where the evidence is thin.

package enum Language {
    /// How many bytes of copy are looked at: some hundred and twenty words.
    private static let sampleSize = 800

    /// The ISO 639 code of the copy in `ranges`, or nil.
    package static func detect(_ text: [UInt8], _ ranges: [Range<Int>]) -> String? {
        var sample = Sample()
        var left = sampleSize
        for range in ranges where left > 0 {
            let end = min(range.upperBound, range.lowerBound + left)
            sample.add(text, range.lowerBound..<end)
            left -= end - range.lowerBound
        }
        return sample.answer
    }

    fileprivate static let table = LanguageTable(words)
}

/// Words to the set of languages they are common in, one bit each. Half of the first-level cache: a sample asks for each of
/// its words. A slot holds the set and as much of the word's hash as there is room for; two words that agree in
/// that would be taken for each other, once in some hundred million.
private struct LanguageTable {
    private static let size = 2_048
    private static let setBits: UInt64 = 36
    private var slots = [UInt64](repeating: 0, count: size)

    init(_ words: [String]) {
        precondition(words.count <= Self.setBits)
        for (language, list) in words.enumerated() {
            for word in list.utf8.split(separator: Byte.space) {
                let bytes = Array(word)
                let hash = Letters.hash(bytes, 0..<bytes.count)
                let slot = slot(of: hash)
                slots[slot] |= Self.tag(hash) | 1 << UInt64(language)
            }
        }
    }

    func languages(_ hash: UInt64) -> UInt64 { slots[slot(of: hash)] & (1 << Self.setBits - 1) }

    private static func tag(_ hash: UInt64) -> UInt64 { hash & ~(1 << setBits - 1) }

    /// The word's slot, or the free one where it would be.
    private func slot(of hash: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & (Self.size - 1)
        while slots[slot] != 0, slots[slot] ^ Self.tag(hash) >= 1 << Self.setBits {
            slot = (slot + 1) & (Self.size - 1)
        }
        return slot
    }
}

/// The letters and words of a sample, counted.
private struct Sample {
    private var scripts = [Int](repeating: 0, count: Script.count)
    private var scores = [Int](repeating: 0, count: Language.codes.count)
    private var words = 0

    private enum Script: Int {
        case latin, cyrillic, greek, hebrew, arabic, devanagari, bengali, tamil, thai, lao, burmese, georgian, khmer
        case armenian, han, kana, hangul
        static let count = 17
    }

    mutating func add(_ text: [UInt8], _ range: Range<Int>) {
        let span = text.span
        var at = range.lowerBound
        var hash = Letters.HashState()
        var length = 0
        var latin = 0
        var han = 0
        while at < range.upperBound {
            let start = at
            while at < range.upperBound, Letters.isAsciiLetter(span[at]) {
                hash.add(letter: span[at] | Byte.caseBit)
                at += 1
            }
            latin += at - start
            length += at - start
            if at == range.upperBound { break }
            let byte = span[at]
            if byte >= Byte.firstHanLead, byte <= Byte.lastHanLead {
                han += 1
                at += 3
            } else if byte >= Byte.latinLead, let (script, size) = script(text, at) {
                scripts[script.rawValue] += 1
                for offset in 0..<size { hash.add(text[at + offset]) }
                length += size
                at += size
            } else {
                if length > 0 {
                    count(hash.value)
                    hash = Letters.HashState()
                    length = 0
                }
                at += 1
            }
        }
        if length > 0, range.upperBound == text.count { count(hash.value) }
        scripts[Script.latin.rawValue] += latin
        scripts[Script.han.rawValue] += han
    }

    /// A word that few languages share says more.
    private mutating func count(_ hash: UInt64) {
        words += 1
        var set = Language.table.languages(hash)
        guard set != 0 else { return }
        let weight = 12 / min(12, set.nonzeroBitCount)
        while set != 0 {
            scores[set.trailingZeroBitCount] += weight
            set &= set - 1
        }
    }

    private func script(_ text: [UInt8], _ at: Int) -> (Script, Int)? {
        let lead = text[at]
        guard at + 1 < text.count else { return nil }
        let second = text[at + 1]
        switch lead {
        case Byte.latinLead...0xC9: return (.latin, 2)
        case 0xCD...0xCF: return (.greek, 2)
        case 0xD0...0xD3: return (.cyrillic, 2)
        case 0xD4, 0xD5: return (.armenian, 2)
        case 0xD6: return (second < 0x90 ? .armenian : .hebrew, 2)
        case 0xD7: return (.hebrew, 2)
        case 0xD8...0xDB: return (.arabic, 2)
        case Byte.threeByteLead: return (southern(second), 3)
        case Byte.khmerLead: return eastern(second, text, at).map { ($0, 3) }
        case Byte.kanaLead: return second >= 0x81 && second <= 0x83 ? (.kana, 3) : second >= 0x90 ? (.han, 3) : nil
        case Byte.firstHanLead...Byte.lastHanLead: return (.han, 3)
        case Byte.hangulLead: return second >= 0xB0 ? (.hangul, 3) : nil
        case 0xEB, 0xEC, 0xED: return (.hangul, 3)
        default: return nil
        }
    }

    private func southern(_ second: UInt8) -> Script {
        switch second {
        case 0xA4, 0xA5: .devanagari
        case 0xA6, 0xA7: .bengali
        case 0xAE, 0xAF: .tamil
        case 0xB8, 0xB9: .thai
        case 0xBA, 0xBB: .lao
        default: .devanagari
        }
    }

    private func eastern(_ second: UInt8, _ text: [UInt8], _ at: Int) -> Script? {
        switch second {
        case Byte.continuation, 0x81: .burmese
        case 0x82, 0x83: .georgian
        case 0x9E, 0x9F: .khmer
        case 0xB8...0xBB: .latin
        default: nil
        }
    }

    /// The language, if the sample tells.
    var answer: String? {
        let han = scripts[Script.han.rawValue]
        let kana = scripts[Script.kana.rawValue]
        let hangul = scripts[Script.hangul.rawValue]
        let others = scripts[..<Script.han.rawValue]
        guard let most = others.indices.max(by: { others[$0] < others[$1] }) else { return nil }
        // A letter of these scripts says as much as three of an alphabet.
        if (han + kana + hangul) * 3 > others[most] {
            guard han + kana + hangul >= 4 else { return nil }
            if kana * 10 > han { return "ja" }
            return hangul > han ? "ko" : "zh"
        }
        guard others[most] >= 12, let script = Script(rawValue: most) else { return nil }
        switch script {
        case .latin: return best(0..<28)
        case .cyrillic: return best(28..<34)
        case .arabic: return best(34..<36)
        case .greek: return "el"
        case .hebrew: return "he"
        case .devanagari: return "hi"
        case .bengali: return "bn"
        case .tamil: return "ta"
        case .thai: return "th"
        case .lao: return "lo"
        case .burmese: return "my"
        case .georgian: return "ka"
        case .khmer: return "km"
        case .armenian: return "hy"
        case .han, .kana, .hangul: return nil
        }
    }

    /// The language of the highest score, if it has enough and is ahead of the next.
    private func best(_ languages: Range<Int>) -> String? {
        var first = languages.lowerBound
        var second = 0
        for language in languages.dropFirst() {
            if scores[language] > scores[first] {
                second = scores[first]
                first = language
            } else {
                second = max(second, scores[language])
            }
        }
        guard scores[first] >= 18, scores[first] * 3 >= words, scores[first] * 5 > second * 6 else { return nil }
        return Language.codes[first]
    }
}
