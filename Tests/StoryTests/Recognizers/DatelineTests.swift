// Datelines in the forms of the world's agencies; and what looks like one but is none.

import Story
import Testing

@Suite struct DatelineTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var dateline: String
        var located: [String] = []
        var agency: String?
        var date: String?
        var bylines: [String] = []
        var testDescription: String { text }
    }

    static let cases = [
        Case(
            text: "BEIJING, Dec. 3 (Xinhua) -- China said on Tuesday", dateline: "BEIJING, Dec. 3 (Xinhua) --",
            located: ["Beijing"], agency: "Xinhua", date: "--12-03"),
        Case(
            text: "NEW YORK, March 2 - Shares rose on Monday", dateline: "NEW YORK, March 2 -", located: ["New York"],
            date: "--03-02"),
        Case(
            text: "Beijing, July 24th – A spokesperson said", dateline: "Beijing, July 24th –", located: ["Beijing"],
            date: "--07-24"),
        Case(text: "(Reuters) - Oil prices fell", dateline: "(Reuters) -", agency: "Reuters"),
        Case(
            text: "PHNOM PENH (AP) — The election was held", dateline: "PHNOM PENH (AP) —", located: ["Phnom Penh"],
            agency: "AP"),
        Case(
            text: "BOCA RATON, Fla., Feb 26 - The company said", dateline: "BOCA RATON, Fla., Feb 26 -",
            located: ["Boca Raton, Fla."], date: "--02-26"),
        Case(
            text: "LONDON/PARIS, Jan 5 (Reuters) - Leaders met", dateline: "LONDON/PARIS, Jan 5 (Reuters) -",
            located: ["London", "Paris"], agency: "Reuters", date: "--01-05"),
        Case(text: "LONDON — The prime minister said", dateline: "LONDON —", located: ["London"]),
        Case(text: "Berlin (dpa) - Der Kanzler sagte", dateline: "Berlin (dpa) -", located: ["Berlin"], agency: "dpa"),
        Case(text: "Berlin (AFP) Der Kanzler sagte", dateline: "Berlin (AFP)", located: ["Berlin"], agency: "AFP"),
        Case(
            text: "PARIS, 3 déc 2024 (AFP) - Le président a dit", dateline: "PARIS, 3 déc 2024 (AFP) -",
            located: ["Paris"], agency: "AFP", date: "2024-12-03"),
        Case(
            text: "MADRID, 3 Dic. (EUROPA PRESS) - El presidente", dateline: "MADRID, 3 Dic. (EUROPA PRESS) -",
            located: ["Madrid"], agency: "EUROPA PRESS", date: "--12-03"),
        Case(
            text: "Madrid, 3 dic (EFE).- El presidente", dateline: "Madrid, 3 dic (EFE).-", located: ["Madrid"],
            agency: "EFE", date: "--12-03"),
        Case(
            text: "(ANSA) - ROMA, 3 DIC - Il presidente", dateline: "(ANSA) - ROMA, 3 DIC -", located: ["Roma"],
            agency: "ANSA", date: "--12-03"),
        Case(
            text: "МОСКВА, 3 дек - РИА Новости. Президент сказал", dateline: "МОСКВА, 3 дек - РИА Новости.",
            located: ["Москва"], agency: "РИА Новости", date: "--12-03"),
        Case(
            text: "МОСКВА, 3 декабря. /ТАСС/. Президент сказал", dateline: "МОСКВА, 3 декабря. /ТАСС/.",
            located: ["Москва"], agency: "ТАСС", date: "--12-03"),
        Case(
            text: "北京12月3日电（记者 张三、李四四）国家主席", dateline: "北京12月3日电（记者 张三、李四四）", located: ["北京"],
            date: "--12-03", bylines: ["张三", "李四四"]),
        Case(
            text: "新华社金边7月24日电 柬埔寨首相洪森", dateline: "新华社金边7月24日电", located: ["金边"], agency: "新华社",
            date: "--07-24"),
        Case(
            text: "（法新社曼谷3日电）泰国总理", dateline: "（法新社曼谷3日电）", located: ["曼谷"], agency: "法新社"),
        Case(text: "【ワシントン共同】米国の大統領は", dateline: "【ワシントン共同】", located: ["ワシントン"], agency: "共同"),
        Case(
            text: "［東京　３日　ロイター］ - 日経平均は", dateline: "［東京　３日　ロイター］ -", located: ["東京"],
            agency: "ロイター"),
        Case(
            text: "(서울=연합뉴스) 홍길동 기자 = 대통령은", dateline: "(서울=연합뉴스) 홍길동 기자 =", located: ["서울"],
            agency: "연합뉴스", bylines: ["홍길동"]),
        Case(text: "(ភ្នំពេញ)៖ សម្តេច ហ៊ុន សែន បាន", dateline: "(ភ្នំពេញ)៖", located: ["ភ្នំពេញ"]),
        Case(
            text: "بنوم بنه 3 ديسمبر (شينخوا) -- قال رئيس الوزراء", dateline: "بنوم بنه 3 ديسمبر (شينخوا) --",
            located: ["بنوم بنه"], agency: "شينخوا", date: "--12-03"),
    ]

    @Test(arguments: cases)
    func readsDateline(_ example: Case) {
        let reading = Reading(
            of: Array("A headline of some words\n\n\(example.text) and so on and on.\n\nMore.\n".utf8))
        #expect(reading.dateline == example.dateline)
        #expect(reading.located == example.located)
        #expect(reading.infosource == example.agency)
        #expect(reading.contentCreated == example.date)
        #expect(reading.bylines == example.bylines)
        #expect(reading.body.first?.hasPrefix(example.dateline) == false)
    }

    @Test(arguments: [
        "IBM said on Monday - after a delay - that it would sell.",
        "The Bank of England, March 2023 report - was late.",
        "He said (on Monday) - and he meant it.",
        "A month in Paris, a week in London - that was it.",
        "NOTE - Figures are in millions.",
        "新华社长篇通讯：肩负光荣使命",
        "电影节北京开幕",
        "Im Mai 2024 - so der Minister - kam es anders.",
    ])
    func leavesAlone(text: String) {
        let reading = Reading(of: Array("A headline of some words\n\n\(text) And more of it.\n".utf8))
        #expect(reading.dateline == nil)
        #expect(reading.contentCreated == nil)
    }

    @Test(arguments: [
        ("2024-12-03", "2024-12-03"), ("3 December 2024", "2024-12-03"), ("December 3, 2024", "2024-12-03"),
        ("Dec. 3rd, 2024", "2024-12-03"), ("3. Dezember 2024", "2024-12-03"), ("03.12.2024", "2024-12-03"),
        ("3 de diciembre de 2024", "2024-12-03"), ("1er décembre 2024", "2024-12-01"), ("3 декабря 2024", "2024-12-03"),
        ("2024年12月3日", "2024-12-03"), ("２０２４年１２月３日", "2024-12-03"), ("2024년 12월 3일", "2024-12-03"),
        ("2024. 12. 3.", "2024-12-03"), ("ថ្ងៃទី ៣ ខែធ្នូ ឆ្នាំ២០២៤", "2024-12-03"), ("٣ ديسمبر ٢٠٢٤", "2024-12-03"),
        ("3 tháng 12 năm 2024", "2024-12-03"), ("3 Aralık 2024", "2024-12-03"), ("31 February 2024", nil),
        ("12 des 27", nil),
    ])
    func readsDates(written: String, iso: String?) {
        let reading = Reading(of: Array("Date: \(written)\n\nA headline\n\nThe story goes on for a while.\n".utf8))
        #expect(reading.contentCreated == iso)
    }

    @Test func yearComesFromACaptionOfTheSameDay() {
        let text = """
            A headline

            A man speaks in Beijing, December 3, 2024. (Xinhua/Xie Huanchi)

            BEIJING, Dec. 3 (Xinhua) -- A man spoke on Tuesday, and others listened.
            """
        #expect(Reading(of: Array(text.utf8)).contentCreated == "2024-12-03")
        let other = text.split(separator: "Dec. 3 (").joined(separator: "Dec. 4 (")
        #expect(Reading(of: Array(other.utf8)).contentCreated == "--12-04")
    }
}
