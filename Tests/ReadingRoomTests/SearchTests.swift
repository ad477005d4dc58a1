import Foundation
import Testing

@testable import ReadingRoom

struct SearchTests {
    private func search(_ parameters: [String: String]) -> Search { Search { parameters[$0] } }

    @Test func theFormWritesTheQueryLanguage() {
        #expect(search(["q": "cocoa -coffee"]).query == "cocoa -coffee")
        #expect(
            search(["q": "cocoa", "agency": "Reuters", "place": "New \"York\"", "verdict": "new"]).query
                == #"cocoa agency:"Reuters" place:"New  York" verdict:"new""#)
        #expect(search(["from": "2026-11-01", "until": "2026-11"]).query == "received:2026-11-01..2026-11")
        #expect(search(["from": "x\" OR 1"]).isEmpty, "what is no date is left out")
    }

    @Test func aSearchHasAnAddressThatGivesItBack() {
        var first = search(["q": "a&b=“c” +%", "agency": "ANSA", "from": "2026-11-01"])
        first.page = 3
        let address = first.address(page: 3)
        let pairs = address.split(separator: "?")[1].split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts[1].removingPercentEncoding ?? "")
        }
        #expect(search(Dictionary(uniqueKeysWithValues: pairs)) == first)
        #expect(search([:]).address() == "/search")
    }

    @Test func pagesHaveLimits() {
        #expect(search(["page": "-4"]).page == 1)
        #expect(search(["page": "1000000000000"]).page == 500)
        #expect(search(["q": String(repeating: "x", count: 5_000)]).words.count == 1_000)
    }

    @Test func aSnippetIsTakenApartAndEscapedAnew() throws {
        var hit = try Sample.story()
        hit.snippet = "the <mark>cocoa</mark> &lt;b&gt; <img src=x> <mark>open"
        let html = SearchPage.page(search(["q": "cocoa"]), hits: [hit], error: nil).html.text
        #expect(html.contains("the <mark>cocoa</mark> &lt;b&gt; &lt;img src=x&gt; &lt;mark&gt;open"))
    }
}
