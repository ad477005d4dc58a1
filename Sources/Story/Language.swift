// Which language a story is in: by its script, and among the languages of one script by their commonest words
// and letters. Promises: looks at a bounded sample; says nothing where the evidence is thin.

enum Language {
    /// How many bytes of copy are looked at: some hundred and twenty words.
    private static let sampleSize = 800

    /// The ISO 639 code of the copy in `ranges`, or nil.
    static func detect(_ text: [UInt8], _ ranges: [Range<Int>]) -> String? {
        var sample = Sample()
        var left = sampleSize
        for range in ranges where left > 0 {
            let end = min(range.upperBound, range.lowerBound + left)
            sample.take(text, range.lowerBound..<end)
            left -= end - range.lowerBound
        }
        return sample.answer
    }

    /// The languages that are told apart by words, in the order of their bits.
    fileprivate static let codes = [
        "en", "de", "fr", "es", "it", "pt", "nl", "da", "no", "sv", "fi", "is", "pl", "cs", "sk", "hu", "ro", "tr",
        "id", "vi", "lt", "lv", "et", "hr", "sl", "sq", "sw", "ca", "ru", "uk", "bg", "sr", "be", "mk", "ar", "fa",
    ]

    fileprivate static let words: [String] = [
        "the of and to in is that was for on with as by at from his has said have it were which would but not are be will this who been after their they we had its about more than other when new two first year people into over won",
        "der die und den von das mit dem sich des im für auf ist nicht ein eine auch es an werden hat dass sie nach wird bei zu",
        "le la les des et en du un une est que dans qui par pour au sur pas plus ne ce avec il sont été aux son cette mais ou",
        "el la de que y los en del se las un por con para una su al es lo como más pero sus ha fue este entre también según",
        "di il che la e del per un in una è non della con sono dei al da le si nel più alla come anche gli ha ma delle dal",
        "de que o a e do da em um para os com não uma na no se dos as por mais ao como das foi à pelo mas são ou seu pela",
        "de het een van en in is dat op te zijn voor met die niet aan er ook als maar om bij door naar uit wordt over nog",
        "og i at det en er til af på de for den med som ikke har et om fra var men han vi også kan skal efter ved blev mod nu",
        "og i det på en er til av for som at med ikke de har den et om fra var men han vi også kan skal etter ved ble seg nå",
        "och i att det på en är av för som till med den inte de har ett om från var men han vi också kan ska efter vid sig nu",
        "ja on ei että se oli hän mutta myös kun ovat joka mukaan kuin sen olla tai ole vuoden jos niin mitä jo hänen",
        "og að í er á sem það til um við hann var með en ekki af fyrir hún því hafa þess eru verið hefur þeir þá eftir frá",
        "w i na z się do nie że jest to o od po jak przez dla za jego są oraz ze co ale które był tym ich roku który",
        "a v se na je že to s z do o i za si ve pro ale jako od po které podle jsou který byl by také aby jeho už let",
        "a v sa na je že to s z do o aj za si vo pre ale ako od po ktoré podľa sú ktorý bol by tiež aby jeho už rokov",
        "a az és hogy nem is egy volt de meg ez ha már csak el még azt mint vagy azonban szerint ki kell lesz után között",
        "de și în a la cu pe din să nu o care că este un mai pentru fost au sunt al prin ce lui se ai dar după această",
        "ve bir bu da de için ile olarak olan daha çok en gibi kadar sonra ancak ise olduğu göre değil ne her dedi yeni",
        "yang dan di ini itu dengan untuk dari pada tidak dalam akan juga ke telah oleh adalah ada sebagai mereka kepada bisa",
        "và của là có trong cho không được với các một những người này đã từ khi đến cũng ở ông vào tại năm theo đó sau",
        "ir kad į iš su yra tai buvo ne kaip apie bet dėl taip už pat dar po tik jis nuo jų metų savo per ar kurie sakė",
        "un ir ka no uz par ar kas bija arī bet tas pēc gada kā tika vai to lai nav viņš savu gan pie ko jau līdz",
        "ja on et ei see oli ka kui ning mis aga ta seda või oma selle kes pärast nii eesti juba veel olid nende välja",
        "i je u se na da su za od s koji a te to nije kao što bi ili iz će bio ali koje nakon sve ima prema još bila",
        "in je v na se za da so ki z s pa tudi je bil po pri ne kot od še bi ter ki več lahko bo že med zaradi do",
        "të e në dhe për me një nga së që i si ka është nuk më u do por janë ai kjo kanë duke tij ky pas edhe",
        "ya na kwa wa katika ni za la hiyo huo cha kuwa hayo ambao amesema watu mwaka pia hilo wakati kutoka huku baada yake",
        "de la que el i en a les del els un per una amb és es al no ha són com més va també seva aquest aquesta dels pel",
        "и в на что не с по как его он из это для к от о за а было до был также которые при году но же их так сообщил",
        "і в на що не з та у до як за його про від для по це він із які був але також року після є її було під",
        "и на в да се за от не са с е по като че ще към през го до има беше той след това или във които няма също",
        "и у је на се да су за не од са као који што је из о а то до ће би али или није био након због још само",
        "і ў на што не з у да як за яго па для ад пра быў гэта таксама але які якія ён яны было ці паводле гэтага",
        "на и во се да од за со не е што го ќе како по ги беше тоа кои до дека но или има биде бил која нема",
        "في من على إلى أن التي عن مع هذا الذي ما لا هذه بعد كان قال كما بين قد وقال خلال عام لم أو ذلك كل",
        "و در به از که این را با است برای آن یک خود تا بر هم نیز می شد شده گفت ها کرد باید اما بود دو وی",
    ]

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
            for word in list.utf8.split(separator: 0x20) {
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

    mutating func take(_ text: [UInt8], _ range: Range<Int>) {
        let span = text.span
        var at = range.lowerBound
        var hash = Letters.HashState()
        var length = 0
        var latin = 0
        var han = 0
        while at < range.upperBound {
            let start = at
            while at < range.upperBound, Letters.isAsciiLetter(span[at]) {
                hash.add(letter: span[at] | 0x20)
                at += 1
            }
            latin += at - start
            length += at - start
            if at == range.upperBound { break }
            let byte = span[at]
            if byte >= 0xE4, byte <= 0xE9 {
                han += 1
                at += 3
            } else if byte >= 0xC3, let (script, size) = script(text, at) {
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
        case 0xC3...0xC9: return (.latin, 2)
        case 0xCD...0xCF: return (.greek, 2)
        case 0xD0...0xD3: return (.cyrillic, 2)
        case 0xD4, 0xD5: return (.armenian, 2)
        case 0xD6: return (second < 0x90 ? .armenian : .hebrew, 2)
        case 0xD7: return (.hebrew, 2)
        case 0xD8...0xDB: return (.arabic, 2)
        case 0xE0: return (southern(second), 3)
        case 0xE1: return eastern(second, text, at).map { ($0, 3) }
        case 0xE3: return second >= 0x81 && second <= 0x83 ? (.kana, 3) : second >= 0x90 ? (.han, 3) : nil
        case 0xE4...0xE9: return (.han, 3)
        case 0xEA: return second >= 0xB0 ? (.hangul, 3) : nil
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
        case 0x80, 0x81: .burmese
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
