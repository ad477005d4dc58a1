import Formats
import Story
import Testing

/// Pages that were made to do harm, or by nobody.
struct HTMLHostileTests {
    static let text = HTMLArticleTests.article

    static let pages: [String: String] = [
        "deep": String(repeating: "<div>", count: 3_000) + text + String(repeating: "</div>", count: 3_000),
        "too deep": String(repeating: "<div>", count: 100_000) + text,
        "attributes": "<div " + (0..<2_000).map { "a\($0)=1" }.joined(separator: " ") + ">" + text + "</div>",
        "classes": "<div class='" + String(repeating: "article-body ", count: 50_000) + "'>" + text + "</div>",
        "unending comment": text + String(repeating: "<!--", count: 50_000),
        "unending script": text + String(repeating: "<script>", count: 20_000),
        "ends": text + String(repeating: "</b></div></p>", count: 20_000),
        "links": text + String(repeating: "<a href=x>", count: 20_000),
        "signs": String(repeating: "<", count: 100_000) + text,
        "breaks": "<p>" + String(repeating: "<br>", count: 100_000) + text,
        "headings": String(repeating: "<h1>Pier</h1>", count: 3_000) + text,
        "nuls": String(repeating: "\0", count: 1_000) + text, "unending tag": text + "<div class=\"",
        "entities": text + String(repeating: "&#x41;&bogus;&#99999999;&", count: 10_000),
        "siblings": String(repeating: "<p>One short line.</p>", count: 30_000) + text,
    ]

    @Test(.timeLimit(.minutes(1)), arguments: pages.keys.sorted())
    func aHostilePageIsRead(_ name: String) throws {
        let page = try #require(Self.pages[name])
        let reading = try #require(WebPage.reading(of: Array(page.utf8)))
        if name == "too deep" {
            #expect(reading.notes.contains { $0.contains("nested") })
        } else {
            #expect(reading.body.contains(HTMLArticleTests.second), "\(reading.body.prefix(5))")
        }
    }

    @Test func whatIsNoPageHasNoStory() {
        for bytes in [[], [0], Array("<".utf8), Array("<html></html>".utf8), [UInt8](repeating: 0xFF, count: 100)] {
            #expect(WebPage.reading(of: bytes) == nil)
        }
    }

    /// Pages with bytes changed, removed, doubled: the answer does not matter, only that there is one.
    @Test func damagedPagesAreRead() {
        let page = Array(
            HTMLArticleTests.page(
                "<article class=\"story-body\"><figure><img alt='The pier at dawn, in the fog'><figcaption>Fog</figcaption></figure>"
                    + "\(Self.text)<ul><li>One.<li>Two.</ul><table><tr><td>x</table></article>",
                head: HTMLFactsTests.data(
                    "{\"@type\":\"NewsArticle\",\"author\":[{\"name\":\"Jane Doe\"}],\"datePublished\":\"2024\"}")
            ).utf8)
        var state: UInt64 = 42
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<400 {
            var damaged = page
            for _ in 0...random(8) {
                let at = random(damaged.count)
                switch random(4) {
                case 0: damaged[at] = UInt8(random(256))
                case 1: damaged.removeSubrange(at..<min(at + random(40), damaged.count))
                case 2:
                    damaged.insert(
                        contentsOf: damaged[at..<min(at + random(60), damaged.count)], at: random(damaged.count))
                default: damaged[at] = Array("<>\"'&/={}[]".utf8)[random(11)]
                }
                if damaged.isEmpty { damaged = page }
            }
            let reading = WebPage.reading(of: damaged)
            #expect(reading?.fields.allSatisfy { $0.range.upperBound <= reading?.text.count ?? 0 } != false)
        }
    }

    /// Leaving scripts out before the page is parsed changes nothing of what is read.
    @Test func scriptsAreLeftOutWhole() throws {
        let body =
            "<SCRIPT>if (a < b) { document.write('<p>no</p></div>') }</SCRIPT><style>p > a { x: \"</p>\" }</style >"
            + "<svg><text>drawn</text></svg><!-- a > b --><!--[if IE]><p>old</p><![endif]--><script src=x></script>"
        let reading = try HTMLArticleTests.read(HTMLArticleTests.page(body + "<div>\(Self.text)</div>" + body))
        #expect(reading.body == [HTMLArticleTests.first, HTMLArticleTests.second, HTMLArticleTests.third])
    }
}
