import Formats
import Story
import Testing

/// Pages in the encodings that pages are in, and pages that say something wrong.
struct HTMLEncodingTests {
    static func page(_ text: String, _ meta: String) -> String {
        "<html><head>\(meta)</head><body><h1>\(text)</h1><p>\(text) \(text) \(text)</p><p>\(text) \(text).</p></body></html>"
    }

    static let russian = "Совет гавани решил восстановить старый причал."

    static let windows1251: [UInt8] = page(russian, "<meta charset=windows-1251>").unicodeScalars.map { scalar in
        scalar.value < 0x80 ? UInt8(scalar.value) : UInt8(scalar.value - 0x410 + 0xC0)
    }

    @Test func whatThePageStates() throws {
        #expect(try #require(WebPage.reading(of: Self.windows1251)).headline == Self.russian)
    }

    @Test func whatTheTransportStatesCountsMore() throws {
        let wrong = "<meta http-equiv=content-type content='text/html; charset=iso-8859-2'>"
        let bytes = Self.page(Self.russian, wrong).unicodeScalars.map { scalar in
            scalar.value < 0x80 ? UInt8(scalar.value) : UInt8(scalar.value - 0x410 + 0xC0)
        }
        #expect(try #require(WebPage.reading(of: bytes, charset: "cp1251")).headline == Self.russian)
    }

    @Test func utf8IsReadWhateverThePageSays() throws {
        for charset in ["iso-8859-1", "windows-1251", "gbk", "utf-16", "nonsense"] {
            let page = Self.page(Self.russian, "<meta charset=\(charset)>")
            #expect(try #require(WebPage.reading(of: Array(page.utf8))).headline == Self.russian)
        }
        let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(Self.page(Self.russian, "").utf8)
        #expect(try #require(WebPage.reading(of: marked)).headline == Self.russian)
        let wide: [UInt8] = Self.page(Self.russian, "").utf16.reduce(into: [0xFF, 0xFE]) {
            $0 += [UInt8($1 & 0xFF), UInt8($1 >> 8)]
        }
        #expect(try #require(WebPage.reading(of: wide)).headline == Self.russian)
    }

    /// 日本 in the encodings of East Asia, by their bytes.
    @Test(arguments: [
        ("shift_jis", [0x93, 0xFA, 0x96, 0x7B]), ("euc-jp", [0xC6, 0xFC, 0xCB, 0xDC]),
        ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x1B, 0x28, 0x42]),
        ("gb2312", [0xC8, 0xD5, 0xB1, 0xBE]),
        ("big5", [0xA4, 0xE9, 0xA5, 0xBB]), ("euc-kr", [0xEC, 0xED, 0xDC, 0xE2]),
    ])
    func eastAsia(_ charset: String, _ letters: [UInt8]) throws {
        let page = Self.page("@", "<meta charset=\"\(charset)\">")
        let bytes: [UInt8] = page.utf8.reduce(into: []) { $0 += $1 == UInt8(ascii: "@") ? letters : [$1] }
        #expect(try #require(WebPage.reading(of: bytes)).headline == "日本")
    }

    @Test func aBrokenByteDoesNotCostTheEncoding() throws {
        var bytes = Array(Self.page(Self.russian, "<meta charset=utf-8>").utf8)
        bytes.insert(0xFF, at: bytes.count - 20)
        let reading = try #require(WebPage.reading(of: bytes))
        #expect(reading.headline == Self.russian)
        #expect(!reading.notes.isEmpty)
    }
}
