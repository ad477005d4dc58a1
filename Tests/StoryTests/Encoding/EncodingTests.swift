// Legacy encodings are found by what their bytes say, and read as what they meant.

import Glibc
import Story
import Text
import Testing

@Suite struct EncodingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var encoding: TextEncoding
        var text: String
        var testDescription: String { name }
    }

    static let chinese = "柬埔寨首相洪森表示，柬中友谊经得起时间和国际风云变幻的考验。双方将继续深化各领域务实合作，造福两国人民。"
    static let traditional = "柬埔寨首相洪森表示，兩國友誼經得起時間的考驗。雙方將繼續深化各領域合作，造福兩國人民，這是重要的共識。"
    static let japanese = "カンボジアのフン・セン首相は、両国の友好関係は時間の試練に耐えてきたと述べた。今後も協力を続けるという。"
    static let korean = "캄보디아 총리는 양국의 우정이 시간의 시험을 견뎌냈다고 말했다. 양측은 앞으로도 협력을 계속하기로 했다."
    static let russian =
        "Премьер-министр Камбоджи заявил, что дружба двух стран выдержала испытание временем. Стороны продолжат работу."
    static let ukrainian =
        "Прем'єр-міністр заявив, що дружба двох країн витримала випробування часом. Сторони їхні інтереси є спільні."
    static let polish =
        "Premier powiedział, że przyjaźń między krajami przetrwała próbę czasu. Będą współpracować także w przyszłości."
    static let czech =
        "Předseda vlády řekl, že přátelství obou zemí obstálo ve zkoušce času. Příští jednání se uskuteční v říjnu."
    static let turkish =
        "Başbakan, iki ülke arasındaki dostluğun zamanın sınavından geçtiğini söyledi. İşbirliği önümüzdeki yıl da sürecek."
    static let greek =
        "Ο πρωθυπουργός δήλωσε ότι η φιλία των δύο χωρών άντεξε στη δοκιμασία του χρόνου και ότι θα συνεχιστεί."
    static let hebrew = "ראש הממשלה אמר כי הידידות בין שתי המדינות עמדה במבחן הזמן וכי שיתוף הפעולה יימשך גם בעתיד."
    static let arabic = "قال رئيس الوزراء إن الصداقة بين البلدين صمدت أمام اختبار الزمن وإن التعاون سيستمر في المستقبل."
    static let french =
        "Le président a déclaré que l’amitié des deux pays avait résisté à l’épreuve du temps. Ça continuera à être le cas."
    static let lithuanian =
        "Ministras pirmininkas pareiškė, kad abiejų šalių draugystė išlaikė laiko išbandymą ir toliau bus stiprinama."

    static let cases = [
        Case(name: "GB18030", encoding: .gb18030, text: chinese),
        Case(name: "BIG5", encoding: .big5, text: traditional),
        Case(name: "CP932", encoding: .shiftJIS, text: japanese),
        Case(name: "EUC-JP", encoding: .eucJP, text: japanese),
        Case(name: "EUC-KR", encoding: .eucKR, text: korean),
        Case(name: "CP1251", encoding: .windows1251, text: russian),
        Case(name: "KOI8-R", encoding: .koi8r, text: russian),
        Case(name: "KOI8-U", encoding: .koi8u, text: ukrainian),
        Case(name: "CP1250", encoding: .windows1250, text: polish),
        Case(name: "CP1250", encoding: .windows1250, text: czech),
        Case(name: "ISO-8859-2", encoding: .iso88592, text: polish),
        Case(name: "CP1254", encoding: .windows1254, text: turkish),
        Case(name: "CP1253", encoding: .windows1253, text: greek),
        Case(name: "CP1255", encoding: .windows1255, text: hebrew),
        Case(name: "CP1256", encoding: .windows1256, text: arabic),
        Case(name: "CP1252", encoding: .windows1252, text: french),
        Case(name: "CP1257", encoding: .windows1257, text: lithuanian),
    ]

    static func encode(_ text: String, as name: String) -> [UInt8] {
        let converter = unsafe iconv_open(name, "UTF-8")
        defer { unsafe _ = iconv_close(converter) }
        var input = text.utf8.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: input.count * 4)
        var used = 0
        unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var left = source.count
                var to = target.baseAddress
                var room = target.count
                _ = unsafe iconv(converter, &from, &left, &to, &room)
                used = target.count - room
            }
        }
        return output[..<used].map { UInt8(bitPattern: $0) }
    }

    @Test(arguments: cases)
    func isFoundAndDecoded(_ example: Case) throws {
        let story = "Headline 1\n\n\(example.text)\n\n\(example.text)\n"
        let raw = Self.encode(story, as: example.name)
        try #require(raw.count > 100)
        let reading = Reading(of: raw)
        #expect(reading.encoding == example.encoding)
        #expect(String(decoding: reading.text, as: UTF8.self) == story)
        #expect(reading.notes.count == 1)
        #expect(try Reading(encoded: reading.encoded(), raw: raw) == reading)
    }

    @Test func whatCannotBeDecodedIsMarked() throws {
        var raw = Self.encode(Self.chinese + Self.chinese, as: "GB18030")
        raw += [0xFF, 0x20, 0xB1]
        let reading = Reading(of: raw)
        #expect(reading.encoding == .gb18030)
        let text = String(decoding: reading.text, as: UTF8.self)
        #expect(text.hasPrefix(Self.chinese))
        #expect(text.contains("\u{FFFD}"))
    }

    @Test func textEncodedTwiceIsReadAsMeant() throws {
        let story = "The company’s café\n\nIt’s “the” café’s owner — he said — who’s to blame. And that’s that.\n"
        var raw: [UInt8] = []
        let high: [UInt8: UInt32] = [
            0x80: 0x20AC, 0x94: 0x201D, 0x99: 0x2122, 0x9C: 0x0153, 0x9D: 0x9D,
        ]
        for byte in story.utf8 {
            let value = byte < 0x80 ? UInt32(byte) : high[byte] ?? UInt32(byte)
            raw += Array(String(Character(Unicode.Scalar(value) ?? "?")).utf8)
        }
        let reading = Reading(of: raw)
        #expect(reading.encoding == .utf8Twice)
        #expect(String(decoding: reading.text, as: UTF8.self) == story)
        #expect(try Reading(encoded: reading.encoded(), raw: raw) == reading)
    }

    @Test func plainEuropeanTextIsNotTakenForAsian() {
        for text in [Self.french, "Café, déjà vu, naïve: élève à côté.", "Größe: 5 Füße", "El niño añadió: ¿qué?"] {
            let raw = Self.encode(text, as: "CP1252")
            #expect(Reading(of: raw).encoding == .windows1252)
        }
    }
}
