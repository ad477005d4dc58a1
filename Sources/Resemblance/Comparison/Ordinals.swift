// Which words count events: `sixth`, `60th`, 第六轮, a day beside its month, a year. Two stories that differ in one throughout
// are about two events, while a figure that differs may be a correction or a later count.

internal import Story

enum Ordinals {
    /// Whether the word at `index` is an ordinal, or the day, the month or the year of a date.
    static func isOrdinal(_ passage: Passage, _ index: Int) -> Bool {
        isDate(passage, index) || isOrdinalWord(passage.words[index].hash)
            || isCounting(passage, index)
    }

    /// Whether the word is a part of a date, or an ordinal in figures.
    static func isDate(_ passage: Passage, _ index: Int) -> Bool {
        let word = bytes(passage, index)
        guard let first = word.first, let last = word.last else { return false }
        if first >= UInt8(ascii: "0"), first <= UInt8(ascii: "9") {
            let isFigure = last >= UInt8(ascii: "0") && last <= UInt8(ascii: "9")
            if !isFigure { return word.count <= 6 }
            return isYear(word) || isBesideMonth(passage, index) || isCounted(passage, index)
        }
        return month(passage, index) != nil && passage.facts[index] != .number
    }

    /// Whether the word is an ordinal, and no part of a date.
    static func isNumbered(_ passage: Passage, _ index: Int) -> Bool {
        isOrdinalWord(passage.words[index].hash)
            || passage.facts[index] == .number && bytes(passage, index - 1).elementsEqual("第".utf8)
    }

    /// A number in words, of another script than Latin, that counts rounds, years or days.
    private static func isCounting(_ passage: Passage, _ index: Int) -> Bool {
        passage.facts[index] == .number && isCounted(passage, index)
    }

    /// Whether two words are one ordinal or one month in two forms.
    static func areSame(_ a: Passage, _ mine: Int, _ b: Passage, _ theirs: Int) -> Bool {
        if a.words[mine].hash == b.words[theirs].hash { return true }
        guard let one = month(a, mine), let other = month(b, theirs) else { return false }
        return one == other
    }

    /// A year of our time in four figures.
    static func isYear(_ word: ArraySlice<UInt8>) -> Bool {
        word.count == 4 && (word.starts(with: "19".utf8) || word.starts(with: "20".utf8))
            && word.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }

    static func isOrdinalWord(_ hash: UInt64) -> Bool { words.contains(hash) || firsts.contains(hash) }

    /// Whether the word is `first`, which is said of much that is not counted: only another ordinal in its place counts.
    static func isFirst(_ passage: Passage, _ index: Int) -> Bool { firsts.contains(passage.words[index].hash) }

    private static func bytes(_ passage: Passage, _ index: Int) -> ArraySlice<UInt8> {
        guard passage.words.indices.contains(index) else { return [] }
        let word = passage.words[index]
        return passage.text.text[Int(word.start)..<Int(word.end)]
    }

    private static func month(_ passage: Passage, _ index: Int) -> Int? {
        guard passage.words.indices.contains(index) else { return nil }
        let word = passage.words[index]
        return Months.number(passage.text.text, Int(word.start)..<Int(word.end))
    }

    private static func isBesideMonth(_ passage: Passage, _ index: Int) -> Bool {
        month(passage, index - 1) != nil || month(passage, index + 1) != nil
    }

    /// Whether a number stands before a Chinese or Japanese word for rounds, years and days, or after the sign of ordinals.
    private static func isCounted(_ passage: Passage, _ index: Int) -> Bool {
        var before = index - 1
        while before >= 0, passage.facts[before] == .number { before -= 1 }
        if bytes(passage, before).elementsEqual("第".utf8) { return true }
        var after = index + 1
        while after < passage.words.count, passage.facts[after] == .number { after += 1 }
        return counters.contains { bytes(passage, after).elementsEqual($0.utf8) }
    }

    private static let counters = ["届", "轮", "周", "次", "期", "批", "号", "日", "月", "年", "回"]

    private static let firsts = hashes(
        """
        first erste ersten erster premier première primer primero primera primo prima primeiro primeira eerste
        первый первая первого pierwszy pierwsza birinci ilk الأول الأولى
        """)

    /// Ordinals in words, second to twentieth where the language writes them so.
    private static let words = hashes(
        """
        second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
        sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth
        zweite dritte vierte fünfte sechste siebte siebente achte neunte zehnte elfte zwölfte zwanzigste
        zweiten dritten vierten fünften sechsten siebten siebenten achten neunten zehnten elften zwölften zwanzigsten
        zweiter dritter vierter fünfter sechster siebter achter neunter zehnter
        deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième vingtième
        segundo segunda tercero tercera tercer cuarto cuarta quinto quinta sexto sexta séptimo séptima octavo octava
        noveno novena décimo décima undécimo duodécimo
        secondo seconda terzo terza quarto quarta sesto sesta settimo settima ottavo ottava nono nona decimo decima
        terceiro terceira sétimo sétima oitavo oitava
        tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde twintigste
        второй вторая второго третий третья третьего четвертый четвёртый четвертая пятый пятая пятого шестой шестая
        шестого седьмой седьмая восьмой восьмая девятый девятая десятый десятая
        drugi druga trzeci trzecia czwarty czwarta piąty piąta szósty szósta siódmy siódma ósmy ósma dziewiąty dziesiąty
        ikinci üçüncü dördüncü beşinci altıncı yedinci sekizinci dokuzuncu onuncu
        الثاني الثانية الثالث الثالثة الرابع الرابعة الخامس الخامسة السادس السادسة السابع السابعة الثامن الثامنة
        التاسع التاسعة العاشر العاشرة
        """)

    private static func hashes(_ words: String) -> Set<UInt64> {
        Set(WordScanner.words(of: Array(words.utf8)).map(\.hash))
    }
}
