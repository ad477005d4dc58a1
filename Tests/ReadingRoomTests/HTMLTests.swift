import Testing

@testable import ReadingRoom

struct HTMLTests {
    @Test func whatIsPutIntoAPageIsText() {
        let headline = #"<script>alert("it's")</script> & more"#
        let page: HTML = #"<h1 title="\#(headline)">\#(headline)</h1>"#
        #expect(
            page.text == #"<h1 title="&lt;script&gt;alert(&quot;it&#39;s&quot;)&lt;/script&gt; &amp; more">"#
                + "&lt;script&gt;alert(&quot;it&#39;s&quot;)&lt;/script&gt; &amp; more</h1>")
    }

    @Test func pagesAreMadeOfPages() {
        let items = ["a", "<b>"].map { "<li>\($0)</li>" as HTML }
        let list: HTML = "<ul>\(items)</ul>"
        #expect(list.text == "<ul><li>a</li><li>&lt;b&gt;</li></ul>")
        #expect(("<p>\(12)</p>" as HTML).text == "<p>12</p>")
    }

    @Test func controlsAndOverridesOfTheDirectionAreGone() {
        #expect(HTML.escaped("a\u{0}b\u{1B}[31m\u{202E}gnp.exe\u{202C}\u{9}\n") == "a b [31mgnp.exe\u{202C}\t\n")
    }

    @Test func aHeadlineOfAMegabyteIsALine() {
        let line = Display.line(String(repeating: "é", count: 1 << 20)).text
        #expect(line.count < 400)
        #expect(line.hasSuffix("…</bdi>"))
        #expect(Display.line("short").text == "<bdi>short</bdi>")
    }

    @Test func languagesThatAreNoneAreNotBelieved() {
        #expect(Display.language("ar").text == #" lang="ar" dir="rtl""#)
        #expect(Display.language("zh").text == #" lang="zh" dir="ltr""#)
        #expect(Display.language(nil).text == #" dir="auto""#)
        #expect(Display.language("\" onload=x").text == #" dir="auto""#)
    }
}
